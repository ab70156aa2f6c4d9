"""Places that have another id now, for as long as the configuration calls them by the old one (promise 42)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.insert import insert_for
from storage.tables import setting

_NAME = "moved "  # and the old place; the value is the new one


async def note_move(connection: AsyncConnection, old: Place, new: Place) -> None:
    """Remember where the place went; the last time counts."""
    row = {"name": f"{_NAME}{replace(old, thread='')}"[:64], "value": str(replace(new, thread=""))}
    written = insert_for(connection, setting)
    same = written.on_conflict_do_update(index_elements=["name"], set_={"value": written.excluded.value})
    await connection.execute(same, [row])


class Moves:
    """Where places went, one after the other."""

    def __init__(self, moved: Iterable[tuple[str, str]]) -> None:
        self._moved = {old: Place.parse(new) for old, new in moved}

    @classmethod
    async def read(cls, connection: AsyncConnection) -> Moves:
        """Those that were noted."""
        rows = await connection.execute(select(setting).where(setting.c.name.like(f"{_NAME}%")))
        return cls((row.name.removeprefix(_NAME), row.value) for row in rows)

    def now(self, place: Place) -> Place:
        """The place as it is called now, in the same thread."""
        for _ in self._moved:
            found = self._moved.get(str(replace(place, thread="")))
            if found is None:
                break
            place = replace(found, thread=place.thread)
        return place
