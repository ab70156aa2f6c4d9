"""Who decided what, when; and the hub's own settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_new
from storage.tables import journal, setting, update_seen

PERSON = "person="  # how a line's subject names somebody


class Journal:
    """Written in the transaction of what it tells; never edited."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(
        self, at: datetime, action: str, subject: str = "", person: int | None = None, **detail: object
    ) -> None:
        """One more line. People are numbers in it: never a name, never their words; `detail` says what changed."""
        await self._connection.execute(
            insert(journal).values(at=at, person_id=person, action=action, subject=subject, detail=detail)
        )

    async def last(self, count: int = 20, skip: int = 0) -> list[Mapping[str, Any]]:
        """The newest lines, newest first, those `skip` newest left out."""
        query = select(journal).order_by(journal.c.id.desc()).limit(count).offset(skip)
        rows = await self._connection.execute(query)
        return [row._asdict() for row in rows]

    async def last_line(self, action: str, subject: str) -> Mapping[str, Any] | None:
        """The newest line that notes that."""
        same = (journal.c.action == action, journal.c.subject == subject)
        query = select(journal).where(*same).order_by(journal.c.id.desc()).limit(1)
        row = (await self._connection.execute(query)).first()
        return None if row is None else row._asdict()

    async def last_time(self, action: str, subject: str) -> datetime | None:
        """When that was last noted."""
        same = (journal.c.action == action, journal.c.subject == subject)
        query = select(journal.c.at).where(*same).order_by(journal.c.id.desc()).limit(1)
        at: datetime | None = await self._connection.scalar(query)
        return at

    async def purge(self, before: datetime) -> None:
        """Forget what was decided before that instant."""
        await self._connection.execute(delete(journal).where(journal.c.at < before))

    async def hide_persons(self, before: datetime, hide: Callable[[int], int]) -> None:
        """In the lines before that instant, say pseudonyms in place of persons' numbers. `hide` gives them, below zero
        so that a line is known to be done."""
        named = or_(journal.c.person_id > 0, journal.c.subject.like(f"{PERSON}%"))
        open_lines = (journal.c.at < before, named, journal.c.subject.not_like(f"{PERSON}-%"))
        query = select(journal.c.id, journal.c.person_id, journal.c.subject).where(*open_lines)
        for row in (await self._connection.execute(query)).all():
            about = row.subject.removeprefix(PERSON) if row.subject.startswith(PERSON) else ""
            values = {
                "person_id": row.person_id and hide(row.person_id),
                "subject": f"{PERSON}{hide(int(about))}" if about.isdecimal() else row.subject,
            }
            await self._connection.execute(update(journal).where(journal.c.id == row.id).values(**values))

    async def setting(self, name: str, default: str) -> str:
        """The stored value; `default` is stored when there is none yet, and the one who was first wins."""
        found = await self._connection.scalar(select(setting.c.value).where(setting.c.name == name))
        if found is None:
            await insert_new(self._connection, setting, [{"name": name, "value": default}])
            found = await self._connection.scalar(select(setting.c.value).where(setting.c.name == name))
        return str(found)

    async def mark(self, name: str, value: str) -> bool:
        """Keep that value under that name; True for the one who changed it."""
        if await insert_new(self._connection, setting, [{"name": name, "value": value}]):
            return True
        other = (setting.c.name == name, setting.c.value != value)
        changed = update(setting).where(*other).values(value=value).returning(setting.c.name)
        return await self._connection.scalar(changed) is not None

    async def first_time(self, platform: str, update: str, at: datetime) -> bool:
        """True unless this update of this network acted before (promise 33)."""
        row = {"platform": platform, "update_id": update[:128], "seen_at": at}
        return await insert_new(self._connection, update_seen, [row]) == 1

    async def forget_updates(self, before: datetime) -> None:
        """Updates seen before that instant cannot come back any more."""
        await self._connection.execute(delete(update_seen).where(update_seen.c.seen_at < before))
