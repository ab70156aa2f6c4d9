"""Who decided what, when; and the hub's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_new
from storage.tables import journal, setting, update_seen


class Journal:
    """Written in the transaction of what it tells; never edited."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(
        self, at: datetime, action: str, subject: str = "", person: int | None = None, **detail: object
    ) -> None:
        """One more line: row numbers only, never a name or a text."""
        await self._connection.execute(
            insert(journal).values(at=at, person_id=person, action=action, subject=subject, detail=detail)
        )

    async def last(self, count: int = 20) -> list[Mapping[str, Any]]:
        """The newest lines, newest first."""
        rows = await self._connection.execute(select(journal).order_by(journal.c.id.desc()).limit(count))
        return [row._asdict() for row in rows]

    async def last_time(self, action: str, subject: str) -> datetime | None:
        """When that was last noted."""
        same = (journal.c.action == action, journal.c.subject == subject)
        query = select(journal.c.at).where(*same).order_by(journal.c.id.desc()).limit(1)
        at: datetime | None = await self._connection.scalar(query)
        return at

    async def setting(self, name: str, default: str) -> str:
        """The stored value; `default` is stored when there is none yet, and the one who was first wins."""
        found = await self._connection.scalar(select(setting.c.value).where(setting.c.name == name))
        if found is None:
            await insert_new(self._connection, setting, [{"name": name, "value": default}])
            found = await self._connection.scalar(select(setting.c.value).where(setting.c.name == name))
        return str(found)

    async def first_time(self, platform: str, update: str, at: datetime) -> bool:
        """True unless this update of this network acted before (promise 33)."""
        row = {"platform": platform, "update_id": update[:128], "seen_at": at}
        return await insert_new(self._connection, update_seen, [row]) == 1

    async def forget_updates(self, before: datetime) -> None:
        """Updates seen before that instant cannot come back any more."""
        await self._connection.execute(delete(update_seen).where(update_seen.c.seen_at < before))
