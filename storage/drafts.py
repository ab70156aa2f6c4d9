"""Half-given answers: a restart in the middle of a form loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.tables import draft


@dataclass(frozen=True, slots=True)
class Draft:
    """What was given so far, raw; `asked` are the fields to be asked, in order; step = len(asked) is the preview."""

    id: int
    person_id: int
    place: str
    route: str
    given: Mapping[str, str]
    asked: tuple[str, ...]
    step: int
    active: bool
    begun_at: datetime
    touched_at: datetime
    shown: str | None = None  # the place where a chooser was shown last
    ref: str | None = None


class Drafts:
    """At most one is active for a person in a place; others are set aside and come back by their buttons."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(
        self, person: int, place: str, route: str, given: Mapping[str, str], asked: tuple[str, ...], now: datetime
    ) -> Draft:
        """A new active draft."""
        await self.set_aside(person, place)
        number = await self._connection.scalar(
            insert(draft)
            .values(
                person_id=person,
                place=place,
                route=route,
                given=dict(given),
                asked=list(asked),
                step=0,
                active=True,
                begun_at=now,
                touched_at=now,
            )
            .returning(draft.c.id)
        )
        return Draft(int(number or 0), person, place, route, dict(given), asked, 0, True, now, now)

    async def active(self, person: int, place: str) -> Draft | None:
        """The one that free words go to."""
        return await self._one(draft.c.person_id == person, draft.c.place == place, draft.c.active)

    async def latest(self, person: int, place: str) -> Draft | None:
        """The one touched last, set aside or not."""
        return await self._one(draft.c.person_id == person, draft.c.place == place)

    async def get(self, number: int, person: int, place: str) -> Draft | None:
        """This draft, if it is this person's, in this place."""
        return await self._one(draft.c.id == number, draft.c.person_id == person, draft.c.place == place)

    async def keep(self, changed: Draft, now: datetime) -> None:
        """Write its answers and its step; it becomes the active one."""
        await self.set_aside(changed.person_id, changed.place)
        await self._connection.execute(
            update(draft)
            .where(draft.c.id == changed.id)
            .values(given=dict(changed.given), step=changed.step, active=True, touched_at=now)
        )

    async def shown(self, number: int, place: Place | None, ref: str) -> None:
        """This chooser was shown there, under that reference; None: it is not to be edited any more."""
        values = {"shown": place and str(place), "ref": ref or None}
        await self._connection.execute(update(draft).where(draft.c.id == number).values(**values))

    async def shown_before(self, touched_before: datetime) -> list[Draft]:
        """Choosers that were shown and not touched since that instant, oldest first."""
        left = (draft.c.ref.is_not(None), draft.c.touched_at <= touched_before)
        rows = await self._connection.execute(select(draft).where(*left).order_by(draft.c.id))
        return [_draft(row) for row in rows]

    async def set_aside(self, person: int, place: str) -> None:
        """Nothing is active here any more; nothing is lost."""
        await self._connection.execute(
            update(draft)
            .where(draft.c.person_id == person, draft.c.place == place, draft.c.active)
            .values(active=False)
        )

    async def drop(self, number: int) -> None:
        """Delete it: sent, or given up."""
        await self._connection.execute(delete(draft).where(draft.c.id == number))

    async def purge(self, before: datetime) -> int:
        """Drop those untouched since that instant (choice C23: 30 days)."""
        result = await self._connection.execute(delete(draft).where(draft.c.touched_at < before))
        return int(result.rowcount)

    async def _one(self, *where: object) -> Draft | None:
        query = select(draft).where(*where).order_by(draft.c.touched_at.desc(), draft.c.id.desc()).limit(1)  # type: ignore[arg-type]
        row = (await self._connection.execute(query)).first()
        return None if row is None else _draft(row)


def _draft(row: Row[Any]) -> Draft:
    return Draft(**{**row._asdict(), "asked": tuple(row.asked)})
