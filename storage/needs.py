"""Trainings that people ask for, by theme and region: counted, and told to them when a session opens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.insert import insert_new
from storage.tables import need


@dataclass(frozen=True, slots=True)
class Demand:
    """How many people ask for one theme in one region ("" = anywhere)."""

    theme: str
    region: str
    count: int


class Needs:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, person: int, private: Place, theme: str, region: str, now: datetime) -> bool:
        """This person asks for it; False when that was known."""
        row = {"person_id": person, "private": str(private), "theme": theme, "region": region, "made_at": now}
        return await insert_new(self._connection, need, [row]) == 1

    async def drop(self, person: int) -> int:
        """This person asks for nothing any more; how many needs that were."""
        return int((await self._connection.execute(delete(need).where(need.c.person_id == person))).rowcount)

    async def count(self, theme: str, region: str) -> int:
        """How many people ask for that theme there; everywhere when `region` is ""."""
        here = [need.c.theme == theme, *([need.c.region == region] if region else [])]
        return int(await self._connection.scalar(select(func.count(need.c.person_id.distinct())).where(*here)) or 0)

    async def counts(self) -> list[Demand]:
        """Who asks for what, the most wanted first."""
        people = func.count(need.c.person_id)
        query = select(need.c.theme, need.c.region, people).group_by(need.c.theme, need.c.region)
        rows = await self._connection.execute(query.order_by(people.desc(), need.c.theme, need.c.region))
        return [Demand(*row) for row in rows]

    async def waiting(self, themes: Collection[str], regions: Collection[str]) -> dict[int, Place]:
        """Where those are told who ask for one of these themes, in one of these regions (none = anywhere), and were
        not told of a session yet; by person."""
        here = [need.c.told_at.is_(None), need.c.theme.in_(themes)]
        if regions:
            here.append(need.c.region.in_(["", *regions]))
        rows = await self._connection.execute(select(need.c.person_id, need.c.private).where(*here).order_by(need.c.id))
        return {row.person_id: Place.parse(row.private) for row in rows}

    async def told(self, persons: Sequence[int], themes: Collection[str], now: datetime) -> None:
        """These persons were told of a session on these themes."""
        theirs = (need.c.person_id.in_(persons), need.c.theme.in_(themes))
        await self._connection.execute(update(need).where(*theirs).values(told_at=now))

    async def purge(self, before: datetime) -> None:
        """Forget what was asked before that instant."""
        await self._connection.execute(delete(need).where(need.c.made_at < before))
