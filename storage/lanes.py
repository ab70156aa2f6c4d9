"""Lanes and buckets: the order and the spacing of each chat, the pace of each network (delivery.md).

A wait holds from the instant at which it was set. A clock that stands before that instant went back, and the wait is
over: a clock that jumps never freezes what is to be sent (promise 44).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.columns import Utc
from storage.insert import insert_new
from storage.tables import bucket, delivery, lane

# The clocks of several workers differ by less.
SKEW = timedelta(minutes=1)


class Lanes:
    """One row a chat: whether its next letter may leave, and from when on. One row a network: when anything may."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, place: Place, priority: int, now: datetime) -> None:
        """Something waits for this chat; it may leave unless something is on its way there."""
        row = {"platform": place.platform, "place": place.id, "ready": False, "priority": priority}
        await insert_new(self._connection, lane, [{**row, "next_at": now, "set_at": now}])
        await self._lock(place)
        in_flight = exists().where(delivery.c.state == "sending", in_lane())
        highest = case((lane.c.priority < priority, priority), else_=lane.c.priority)
        await self._set(place, ready=and_(exists().where(is_pending()), ~in_flight), priority=highest)

    async def wait(self, place: Place, now: datetime, after: timedelta) -> None:
        """Nothing leaves for this chat before so long; a longer wait stays."""
        shorter = or_(lane.c.next_at < now + after, lane.c.set_at > now + SKEW)
        await self._connection.execute(
            update(lane).where(*_here(place), shorter).values(next_at=now + after, set_at=now)
        )

    async def close(self, place: Place) -> None:
        """Something is on its way to this chat."""
        await self._set(place, ready=False)

    async def reopen(self, place: Place, now: datetime, after: timedelta) -> None:
        """Nothing is on its way any more; the chat's next letter, if any, may leave after so long."""
        await self._lock(place)
        priority = select(func.coalesce(func.max(delivery.c.priority), 0)).where(is_pending()).scalar_subquery()
        waiting = exists().where(is_pending())
        await self._set(place, ready=waiting, priority=priority, next_at=now + after, set_at=now)

    async def _lock(self, place: Place) -> None:
        # In a statement of its own: on PostgreSQL the next one then sees what the other writer of this lane did.
        # Without it, a letter put while another one arrives could find its lane closed for ever.
        await self._connection.execute(select(lane.c.ready).where(*_here(place)).with_for_update())

    async def _set(self, place: Place, **values: Any) -> None:
        await self._connection.execute(update(lane).where(*_here(place)).values(**values))

    async def pass_bucket(self, platform: str, now: datetime) -> bool:
        """Whether the network's pace allows a letter now; its bucket is locked until the end of the transaction."""
        row = select(bucket).where(bucket.c.platform == platform).with_for_update()
        if (await self._connection.execute(row)).first() is None:
            await insert_new(self._connection, bucket, [{"platform": platform, "tat": 0.0, "set_at": 0.0}])
            await self._connection.execute(row)
        return await self.paced_until(platform, now) <= now

    async def paced_until(self, platform: str, now: datetime) -> datetime:
        """From when on the network's pace allows a letter."""
        found = (await self._connection.execute(select(bucket).where(bucket.c.platform == platform))).first()
        if found is None or found.set_at > (now + SKEW).timestamp():
            return now
        return max(now, datetime.fromtimestamp(found.tat, UTC))

    async def fill_bucket(self, platform: str, now: datetime, until: datetime) -> None:
        """Nothing more may leave on this network until then; a longer silence that was asked for stays."""
        shorter = or_(bucket.c.tat < until.timestamp(), bucket.c.set_at > (now + SKEW).timestamp())
        await self._connection.execute(
            update(bucket)
            .where(bucket.c.platform == platform, shorter)
            .values(tat=until.timestamp(), set_at=now.timestamp())
        )


def in_lane() -> ColumnElement[bool]:
    """A letter and its lane."""
    return and_(delivery.c.platform == lane.c.platform, delivery.c.place == lane.c.place)


def is_pending() -> ColumnElement[bool]:
    """A letter that waits in its lane."""
    return and_(delivery.c.state == "pending", in_lane())


def is_due(now: datetime) -> ColumnElement[bool]:
    """A letter's time has come; one that was due when it was put is due for ever, whatever the clock says."""
    return or_(delivery.c.not_before <= now, delivery.c.not_before <= delivery.c.put_at)


def is_open(now: datetime) -> ColumnElement[bool]:
    """A lane's spacing is over."""
    return or_(lane.c.next_at <= now, lane.c.set_at > now + SKEW)


def leaves_at(now: datetime) -> ColumnElement[datetime]:
    """When a pending letter may leave its lane, `now` for the past."""
    this = literal(now, Utc)
    letter = case((is_due(now), this), else_=delivery.c.not_before)
    chat = case((is_open(now), this), else_=lane.c.next_at)
    return case((letter > chat, letter), else_=chat)


def _here(place: Place) -> tuple[ColumnElement[bool], ...]:
    return lane.c.platform == place.platform, lane.c.place == place.id
