"""Lanes and buckets: the order and the spacing of each chat, the pace of each network (decision 16).

A wait holds from the instant at which it was set. A clock that stands before that instant went back, and the wait is
over: a clock that jumps never freezes what is to be sent (promise 44).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.columns import Utc
from storage.insert import batched, insert_for, insert_new
from storage.tables import bucket, delivery, lane
from storage.tables.delivery import PENDING, SENDING

# The clocks of several workers differ by less.
SKEW = timedelta(minutes=1)


class Lanes:
    """One row a chat: whether its next letter may leave, and from when on. One row a network: when anything may."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, platform: str, places: Iterable[str], priority: int, now: datetime) -> None:
        """Something waits for these chats; it may leave unless something is on its way there."""
        for chats in batched(sorted(set(places))):
            row = {"platform": platform, "ready": False, "rank": -priority, "next_at": now, "set_at": now}
            new = insert_for(self._connection, lane).on_conflict_do_nothing()
            await self._connection.execute(new, [{**row, "place": place} for place in chats])
            here = (lane.c.platform == platform, lane.c.place.in_(chats))
            await self._lock(*here)
            ready = and_(exists().where(is_pending()), ~exists().where(SENDING, in_lane()))
            rank = case((lane.c.rank > -priority, -priority), else_=lane.c.rank)
            await self._set(*here, ready=ready, rank=rank)

    async def open_all(self, chats: Subquery, now: datetime) -> None:
        """As `open`, in one go, for a table of platform, place and priority."""
        waits = select(
            chats.c.platform, chats.c.place, false(), -chats.c.priority, literal(now, Utc), literal(now, Utc)
        )
        new = insert_for(self._connection, lane).from_select(
            ["platform", "place", "ready", "rank", "next_at", "set_at"],
            waits.where(true()).order_by(chats.c.platform, chats.c.place),
        )
        await self._connection.execute(new.on_conflict_do_nothing())
        await self._lock(tuple_(lane.c.platform, lane.c.place).in_(select(chats.c.platform, chats.c.place)))
        here = (lane.c.platform == chats.c.platform, lane.c.place == chats.c.place)
        ready = and_(exists().where(is_pending()), ~exists().where(SENDING, in_lane()))
        rank = case((lane.c.rank > -chats.c.priority, -chats.c.priority), else_=lane.c.rank)
        await self._set(*here, ready=ready, rank=rank)

    async def wait(self, place: Place, now: datetime, after: timedelta) -> None:
        """Nothing leaves for this chat before so long; a longer wait stays."""
        shorter = or_(lane.c.next_at < now + after, lane.c.set_at > now + SKEW)
        await self._set(*_here(place), shorter, next_at=now + after, set_at=now)

    async def close(self, place: Place) -> None:
        """Something is on its way to this chat."""
        await self._set(*_here(place), ready=False)

    async def reopen(self, place: Place, now: datetime, after: timedelta) -> None:
        """Nothing is on its way any more; the chat's next letter, if any, may leave after so long."""
        await self._lock(*_here(place))
        priority = select(func.coalesce(func.max(delivery.c.priority), 0)).where(is_pending()).scalar_subquery()
        waiting = exists().where(is_pending())
        await self._set(*_here(place), ready=waiting, rank=-priority, next_at=now + after, set_at=now)

    async def _lock(self, *here: ColumnElement[bool]) -> None:
        # In a statement of its own: on PostgreSQL the next one then sees what the other writer of this lane did.
        # Without it, a letter put while another one arrives could find its lane closed for ever.
        # SQLite lets one transaction write at a time.
        if self._connection.dialect.name != "sqlite":
            await self._connection.execute(select(lane.c.ready).where(*here).order_by(lane.c.place).with_for_update())

    async def _set(self, *here: ColumnElement[bool], **values: Any) -> None:
        await self._connection.execute(update(lane).where(*here).values(**values))

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
    return and_(PENDING, in_lane())


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
