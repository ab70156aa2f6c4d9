"""Places that refuse what is sent there, for a reason that may pass: when they are asked again, and what waits for
them meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, delete, insert, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.lanes import SKEW
from storage.tables import barred, delivery, subscription
from storage.tables.delivery import PENDING

FIRST, LONGEST = timedelta(hours=1), timedelta(hours=24)  # until a place is asked again: at first, at most
GIVE_UP = timedelta(days=7)  # a letter that is no edition waits so long


@dataclass(frozen=True, slots=True)
class Barred:
    """A place that refuses us since an instant, and why (a text key). `tries`: refusals in a row, 0 = it is said to be
    open again; `again_at`: when it is asked again."""

    place: Place
    why: str
    since: datetime
    tries: int
    again_at: datetime


class BarredPlaces:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def bar(self, place: Place, why: str, now: datetime) -> bool:
        """The place refused: what waits for it is asked again after a while that grows with each refusal, between them
        it does not; True when it is new. Letters that waited a week are given up."""
        known = await self.get(place)
        tries = 1 if known is None else known.tries + 1
        again_at = now + min(FIRST * (1 << min(tries - 1, 10)), LONGEST)
        if known is None:
            row = {"platform": place.platform, "place": place.id, "thread": place.thread, "since": now}
            values = {"why": why, "tries": tries, "tried_at": now, "again_at": again_at}
            await self._connection.execute(insert(barred).values(**row, **values))
        elif _is_due(known, now):
            values = {"why": why, "tries": tries, "tried_at": now, "again_at": again_at}
            await self._connection.execute(update(barred).where(*_at(barred, place)).values(**values))
        else:
            again_at = known.again_at
        waiting = (*_at(delivery, place), PENDING)
        old = (*waiting, delivery.c.put_at < now - GIVE_UP)
        await self._connection.execute(update(delivery).where(*old).values(state="dead", error=why))
        await self._connection.execute(update(delivery).where(*waiting).values(not_before=again_at, error=why))
        return known is None

    async def threads(self, place: Place) -> list[Place]:
        """The place by the threads that receive something."""
        served = select(subscription.c.thread).where(*_around(subscription, place), subscription.c.paused == "")
        waiting = select(delivery.c.thread).where(*_around(delivery, place), PENDING)
        found = await self._connection.scalars(union(served, waiting))
        return [Place(place.platform, place.id, thread) for thread in sorted(found)]

    async def get(self, place: Place) -> Barred | None:
        """What is known of this place; None when it does not refuse."""
        row = (await self._connection.execute(select(barred).where(*_at(barred, place)))).first()
        return None if row is None else _barred(row)

    async def all(self) -> list[Barred]:
        """Every place that refuses, the one that does so for longest first."""
        rows = await self._connection.execute(select(barred).order_by(barred.c.since, *barred.primary_key))
        return [_barred(row) for row in rows]

    async def due(self, now: datetime) -> list[Barred]:
        """Those that are to be asked again."""
        time = or_(barred.c.again_at <= now, barred.c.tried_at > now + SKEW)
        rows = await self._connection.execute(select(barred).where(time).order_by(*barred.primary_key))
        return [_barred(row) for row in rows]

    async def ask(self, place: Place) -> bool:
        """What waits there may leave now; whether anything does."""
        waiting = (*_at(delivery, place), PENDING)
        held = (*waiting, delivery.c.error.startswith("unreachable-"))
        await self._connection.execute(update(delivery).where(*held).values(not_before=delivery.c.put_at))
        busy = (*_at(delivery, place), delivery.c.state.in_(("pending", "sending")))
        return await self._connection.scalar(select(delivery.c.id).where(*busy).limit(1)) is not None

    async def reopen(self, place: Place, now: datetime, *, threads: bool) -> None:
        """The network says that it can be written to again: it is asked at once."""
        here = _around(barred, place) if threads else _at(barred, place)
        await self._connection.execute(update(barred).where(*here).values(tries=0, again_at=now))

    async def ask_all(self, now: datetime) -> None:
        """An operator may have mended something: every place is asked again now."""
        await self._connection.execute(update(barred).values(again_at=now))

    async def forget(self, place: Place) -> bool:
        """Something arrived there, or nothing goes there any more; whether it refused until then."""
        gone = delete(barred).where(*_at(barred, place)).returning(barred.c.since)
        return await self._connection.scalar(gone) is not None

    async def untold(self) -> list[Barred]:
        """Those of which nobody was told."""
        query = select(barred).where(barred.c.told_at.is_(None), barred.c.tries > 0).order_by(*barred.primary_key)
        return [_barred(row) for row in await self._connection.execute(query)]

    async def told(self, places: Sequence[Place], now: datetime) -> None:
        """Somebody was told of these."""
        for place in places:
            await self._connection.execute(update(barred).where(*_at(barred, place)).values(told_at=now))


def _is_due(one: Barred, now: datetime) -> bool:
    return one.again_at <= now


def _at(table: Table, place: Place) -> tuple[Any, ...]:
    return (*_around(table, place), table.c.thread == place.thread)


def _around(table: Table, place: Place) -> tuple[Any, ...]:
    """The place with all its threads."""
    return (table.c.platform == place.platform, table.c.place == place.id)


def _barred(row: Any) -> Barred:
    return Barred(Place(row.platform, row.place, row.thread), row.why, row.since, row.tries, row.again_at)
