"""The bad times of sources that people were told of: begun once, ended once, whoever looks (choice A12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.news import Problem
from storage.insert import insert_for
from storage.tables import episode


@dataclass(frozen=True, slots=True)
class Episode:
    """A bad time that lasts; `source` is the source's number, `told_at` None while nobody was told."""

    id: int
    source: int
    kind: Problem
    began_at: datetime
    told_at: datetime | None


class Episodes:
    """Episodes by source and kind: at most one of each lasts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lasting(self) -> list[Episode]:
        """Those that are not over, oldest first."""
        query = select(episode).where(episode.c.ended_at.is_(None)).order_by(episode.c.id)
        rows = await self._connection.execute(query)
        return [Episode(row.id, row.source_id, row.kind, row.began_at, row.told_at) for row in rows]

    async def begin(self, source: int, kind: Problem, began_at: datetime) -> Episode | None:
        """A new one, not told yet; None when it lasts already."""
        new = insert_for(self._connection, episode).on_conflict_do_nothing()
        row = {"source_id": source, "kind": kind, "began_at": began_at}
        number = await self._connection.scalar(new.values(row).returning(episode.c.id))
        return None if number is None else Episode(int(number), source, kind, began_at, None)

    async def told(self, number: int, now: datetime) -> bool:
        """It is told from now on; False when another process was first."""
        untold = (episode.c.id == number, episode.c.told_at.is_(None))
        told = update(episode).where(*untold).values(told_at=now).returning(episode.c.id)
        return await self._connection.scalar(told) is not None

    async def end(self, number: int, now: datetime) -> bool:
        """It is over; False when another process was first."""
        lasting = (episode.c.id == number, episode.c.ended_at.is_(None))
        ended = update(episode).where(*lasting).values(ended_at=now).returning(episode.c.id)
        return await self._connection.scalar(ended) is not None
