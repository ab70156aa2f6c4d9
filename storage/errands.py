"""Errands: rows that wait to be run outside any transaction, claimed so that each is run by one process at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.dialogue import Request
from club.people import Place, Role
from storage.tables import errand

# A runner that died lets its errands go by itself: longer than any may last.
CLAIM = timedelta(minutes=2)
# Networks tell where the message that waits was shown; the errand starts then, or after so long without a word.
UNTOLD = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be done for somebody. `place` and `ref`: where the message that waits was shown; "" = not told."""

    id: int
    name: str
    person: int
    granted: Role
    private: Place
    given: Mapping[str, str]
    place: Place
    ref: str
    attempts: int


class Errands:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection, on_errand: Callable[[], None]) -> None:
        self._connection = connection
        self._on_errand = on_errand

    async def put(self, name: str, request: Request, given: Mapping[str, str], now: datetime) -> int:
        """A new one for who asks; its number."""
        row = {
            "name": name,
            "person_id": request.person.number,
            "granted": int(request.granted),
            "private": str(Place(request.person.platform, request.person.id)),
            "given": dict(given),
            "asked_at": now,
            "not_before": now + UNTOLD,
            "attempts": 0,
        }
        number = await self._connection.scalar(insert(errand).values(**row).returning(errand.c.id))
        self._on_errand()
        return int(number or 0)

    async def waiting(self, person: int) -> int:
        """How many are under way for this person."""
        query = select(func.count()).where(errand.c.person_id == person)
        return int(await self._connection.scalar(query) or 0)

    async def shown(self, number: int, place: Place, ref: str, now: datetime) -> None:
        """The message that waits was shown there: its errand may start."""
        values = {"shown": str(place), "ref": ref, "not_before": now}
        await self._connection.execute(update(errand).where(errand.c.id == number).values(**values))
        self._on_errand()

    async def are_due(self, now: datetime) -> bool:
        """Whether something may start now."""
        return await self._connection.scalar(select(errand.c.id).where(*_due(now)).limit(1)) is not None

    async def claim(self, limit: int, now: datetime) -> list[Errand]:
        """At most so many to run now, oldest first, marked as somebody's."""
        picked = select(errand.c.id).where(*_due(now)).order_by(errand.c.id).limit(limit)
        rows = await self._connection.execute(
            update(errand)
            .where(errand.c.id.in_(picked.with_for_update(skip_locked=True)))
            .values(claimed_until=now + CLAIM, attempts=errand.c.attempts + 1)
            .returning(errand)
        )
        return sorted(map(_errand, rows), key=lambda one: one.id)

    async def release(self, numbers: Iterable[int] | None = None) -> None:
        """These, or all, are nobody's any more: whoever ran them stopped."""
        mine = () if numbers is None else (errand.c.id.in_(list(numbers)),)
        await self._connection.execute(update(errand).where(*mine).values(claimed_until=None))

    async def finish(self, number: int) -> Errand | None:
        """The errand as it is now, done with; None when it was done before."""
        row = (await self._connection.execute(delete(errand).where(errand.c.id == number).returning(errand))).first()
        return None if row is None else _errand(row)


def _due(now: datetime) -> tuple[Any, ...]:
    """What may start; an instant that lies too far ahead was noted by a clock that went back since."""
    start, claim = errand.c.not_before, errand.c.claimed_until
    return (
        or_(start <= now, start > now + UNTOLD),
        or_(claim.is_(None), claim <= now, claim > now + CLAIM),
    )


def _errand(row: Row[Any]) -> Errand:
    private = Place.parse(row.private)
    return Errand(
        id=row.id,
        name=row.name,
        person=row.person_id,
        granted=Role(row.granted),
        private=private,
        given=row.given,
        place=Place.parse(row.shown) if row.shown else private,
        ref=row.ref or "",
        attempts=row.attempts,
    )
