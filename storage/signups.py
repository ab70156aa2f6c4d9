"""Who signed up for what: one row a person and gathering, and the order in which they came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from club.seats import Seat, Signup
from storage.insert import insert_for
from storage.locks import SEATS, take_turn
from storage.tables import gathering, signup


class Signups:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, number: int) -> None:
        """One decision on the places of this gathering at a time: two people never take the last one."""
        await take_turn(self._connection, SEATS + number)

    async def of(self, number: int) -> list[Signup]:
        """All sign-ups of a gathering, in their order, withdrawn ones too."""
        return await self._many(signup.c.gathering_id == number)

    async def mine(self, number: int, person: int) -> Signup | None:
        """This person's, withdrawn or not."""
        found = await self._many(signup.c.gathering_id == number, signup.c.person_id == person)
        return found[0] if found else None

    async def of_person(self, person: int) -> list[Signup]:
        """Those of this person that stand."""
        return await self._many(signup.c.person_id == person, signup.c.seat != Seat.WITHDRAWN)

    async def put(self, one: Signup, private: Place, consent: str, now: datetime) -> Signup:
        """Signed up, last in the order; what this person said before is replaced. The lock is the caller's."""
        last = select(func.coalesce(func.max(signup.c.rank), 0)).where(signup.c.gathering_id == one.gathering)
        rank = int(await self._connection.scalar(last) or 0) + 1
        said = {
            "private": str(private),
            "family": one.family,
            "seat": one.seat,
            "rank": rank,
            "name": one.name,
            "organisation": one.organisation,
            "shares_name": one.shares_name,
            "shares_organisation": one.shares_organisation,
            "consent": consent,
            "needs": one.needs,
            "answers": one.answers,
            "reminded": 0,
            "made_at": now,
            "came_at": None,
        }
        new = insert_for(self._connection, signup).values(gathering_id=one.gathering, person_id=one.person, **said)
        await self._connection.execute(
            new.on_conflict_do_update(index_elements=["gathering_id", "person_id"], set_=said)
        )
        kept = await self.mine(one.gathering, one.person)
        if kept is None:
            raise LookupError(one.gathering)
        return kept

    async def move(self, numbers: Sequence[int], seat: Seat) -> None:
        """Give these sign-ups that seat."""
        await self._connection.execute(update(signup).where(signup.c.id.in_(numbers)).values(seat=seat))

    async def say(self, number: int, answers: Sequence[str]) -> None:
        """What this person answers to the organiser's questions, in their order."""
        await self._connection.execute(update(signup).where(signup.c.id == number).values(answers=tuple(answers)))

    async def came(self, number: int, now: datetime) -> bool:
        """This person came; False when that was known."""
        here = (signup.c.id == number, signup.c.came_at.is_(None))
        return bool((await self._connection.execute(update(signup).where(*here).values(came_at=now))).rowcount)

    async def to_remind(self, number: int, fewer_than: int) -> list[Signup]:
        """Those who have a place and got fewer reminders than that."""
        here = (signup.c.gathering_id == number, signup.c.seat == Seat.TAKEN, signup.c.reminded < fewer_than)
        return await self._many(*here)

    async def reminded(self, numbers: Sequence[int], times: int) -> None:
        """Note that these got so many reminders."""
        await self._connection.execute(update(signup).where(signup.c.id.in_(numbers)).values(reminded=times))

    async def private_of(self, numbers: Sequence[int]) -> dict[int, Place]:
        """Where these sign-ups' persons are told, by sign-up."""
        rows = await self._connection.execute(select(signup.c.id, signup.c.private).where(signup.c.id.in_(numbers)))
        return {row.id: Place.parse(row.private) for row in rows}

    async def purge(self, over_before: datetime) -> int:
        """Forget who signed up for what was over before that instant; how many."""
        ended = select(gathering.c.id).where(func.coalesce(gathering.c.ends_at, gathering.c.starts_at) < over_before)
        gone = delete(signup).where(signup.c.gathering_id.in_(ended))
        return int((await self._connection.execute(gone)).rowcount)

    async def _many(self, *here: Any) -> list[Signup]:
        rows = await self._connection.execute(select(signup).where(*here).order_by(signup.c.rank, signup.c.id))
        return [_signup(row) for row in rows]


def _signup(row: Row[Any]) -> Signup:
    return Signup(
        id=row.id,
        gathering=row.gathering_id,
        person=row.person_id,
        family=row.family,
        seat=row.seat,
        rank=row.rank,
        name=row.name,
        organisation=row.organisation,
        shares_name=row.shares_name,
        shares_organisation=row.shares_organisation,
        needs=row.needs,
        answers=tuple(row.answers),
        made_at=row.made_at,
        came_at=row.came_at,
    )
