"""Who receives what and when; which slots of which schedule were served."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import Integer, Row, Text, cast, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.news import Origin
from club.people import Place
from club.subscription import Cadence, Subscription, Wish
from storage.insert import batched, insert_new, listed
from storage.locks import CONFIG, take_turn
from storage.moves import Moves, note_move
from storage.tables import delivery, schedule, schedule_slot, subscription
from storage.tables.delivery import PENDING

PAUSED_LEFT_CONFIG = "paused-left-config"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cadence that somebody follows."""

    id: int
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class Followers:
    """The subscriptions, by number, that receive one text: the same wish, served up to the same instant."""

    wish: Wish
    since: datetime
    personal: bool
    numbers: tuple[int, ...]


class Subscriptions:
    """Standing orders of persons and channels, grouped by schedule."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Subscription, now: datetime, origin: Origin = Origin.CHAT) -> int:
        """The number of the new subscription."""
        number = await self._connection.scalar(
            insert(subscription)
            .values(
                **_settings(new),
                schedule_id=await self._schedule(new.cadence),
                watermark=new.watermark,
                paused="",
                origin=origin,
                created_at=now,
            )
            .returning(subscription.c.id)
        )
        return int(number or 0)

    async def of_person(self, person: int) -> list[Subscription]:
        """What this person receives, oldest first."""
        return await self._where(subscription.c.person_id == person)

    async def of_place(self, place: Place) -> list[Subscription]:
        """What this channel receives, oldest first."""
        return await self._where(subscription.c.person_id.is_(None), *_at(place))

    async def at(self, place: Place) -> list[Subscription]:
        """What is sent to this very place, to a person or a channel."""
        return await self._where(*_at(place), subscription.c.paused == "")

    async def get(self, number: int) -> Subscription | None:
        """This subscription, if it is still there."""
        found = await self._where(subscription.c.id == number)
        return found[0] if found else None

    async def channels(self) -> list[Subscription]:
        """What channels receive, those of the configuration and those subscribed in chat."""
        return await self._where(subscription.c.person_id.is_(None))

    async def origin(self, number: int) -> Origin | None:
        """Who owns this row."""
        return await self._connection.scalar(select(subscription.c.origin).where(subscription.c.id == number))

    async def remove(self, number: int) -> None:
        """End it; what waits for it in the outbox goes with it (promise 45)."""
        await self._withdraw(number)
        await self._connection.execute(delete(subscription).where(subscription.c.id == number))

    async def pause(self, number: int, why: str) -> None:
        """Nothing is sent until it wakes, not even what waits in the outbox; `why` is a text key, "" wakes it."""
        if why:
            await self._withdraw(number)
        await self._connection.execute(update(subscription).where(subscription.c.id == number).values(paused=why))

    async def _withdraw(self, number: int) -> None:
        # Locked first: on PostgreSQL an edition that is being composed for it is committed, and seen, before we go on.
        await self._connection.execute(select(subscription.c.id).where(subscription.c.id == number).with_for_update())
        mine = delivery.c.subscription_id == number
        await self._connection.execute(delete(delivery).where(mine, PENDING))
        await self._connection.execute(update(delivery).where(mine, delivery.c.state != "sent").values(withdrawn=True))

    async def pause_place(self, place: Place, why: str, *, threads: bool = False) -> list[int]:
        """Every subscription of a place that cannot be written to any more, its threads' too if asked (promise 41);
        their numbers."""
        return await self._change_place(place, "", why, threads=threads)

    async def wake_place(self, place: Place, why: str, *, threads: bool = False) -> list[int]:
        """Wake those of this place that were paused for `why`; their numbers."""
        return await self._change_place(place, why, "", threads=threads)

    async def _change_place(self, place: Place, old: str, new: str, *, threads: bool) -> list[int]:
        changed = (
            update(subscription)
            .where(*(_around(place) if threads else _at(place)), subscription.c.paused == old)
            .values(paused=new)
            .returning(subscription.c.id)
        )
        return sorted(await self._connection.scalars(changed))

    async def move(self, old: Place, new: Place) -> None:
        """The place has another id now, with all its threads, whatever the configuration calls it (promise 42)."""
        await note_move(self._connection, old, new)
        await self._connection.execute(update(subscription).where(*_around(old)).values(place=new.id))

    async def moves(self) -> Moves:
        """Where places went that had another id before."""
        return await Moves.read(self._connection)

    async def follow_config(self, wanted: Iterable[Subscription], now: datetime) -> None:
        """The file's channels are as the file says; those that left it are paused (choice C31)."""
        await take_turn(self._connection, CONFIG)
        moves = await self.moves()
        orders = {one.name: replace(one, place=moves.now(one.place)) for one in wanted}
        known = {one.name: one for one in await self._where(subscription.c.origin == Origin.CONFIG)}
        schedules = {cadence: await self._schedule(cadence) for cadence in {one.cadence for one in orders.values()}}
        new = [
            {**_settings(one), "schedule_id": schedules[one.cadence], "watermark": one.watermark, "paused": ""}
            | {"origin": Origin.CONFIG, "created_at": now}
            for name, one in orders.items()
            if name not in known
        ]
        for some in batched(new):
            await self._connection.execute(insert(subscription), list(some))
        for name, one in orders.items():
            if name in known and (values := _followed(known[name], one, now)):
                mine = subscription.c.id == known[name].id
                values["schedule_id"] = schedules[one.cadence]
                await self._connection.execute(update(subscription).where(mine).values(**values))
        for name, one in known.items():
            if name not in orders and not one.paused:
                await self.pause(one.id, PAUSED_LEFT_CONFIG)

    async def try_again(self, why: str) -> None:
        """The file's channels that were paused for `why` are written to again: an operator starts the hub after having
        mended something."""
        paused = (subscription.c.origin == Origin.CONFIG, subscription.c.paused == why)
        await self._connection.execute(update(subscription).where(*paused).values(paused=""))

    async def retime(self, cadence: Cadence) -> None:
        """Everybody who follows this rhythm follows it at these times now."""
        same = select(schedule.c.id).where(schedule.c.rhythm == cadence.rhythm)
        number = await self._schedule(cadence)
        await self._connection.execute(
            update(subscription).where(subscription.c.schedule_id.in_(same)).values(schedule_id=number)
        )

    # Schedules and their slots

    async def schedules(self) -> list[Schedule]:
        """Schedules that somebody active follows."""
        followed = exists().where(subscription.c.schedule_id == schedule.c.id, subscription.c.paused == "")
        rows = await self._connection.execute(select(schedule).where(followed).order_by(schedule.c.id))
        return [Schedule(row.id, _cadence(row)) for row in rows]

    async def is_served(self, number: int, slot_key: str) -> bool:
        """True when this slot of this schedule was composed or skipped already."""
        here = (schedule_slot.c.schedule_id == number, schedule_slot.c.slot_key == slot_key)
        return await self._connection.scalar(select(schedule_slot.c.slot_key).where(*here)) is not None

    async def take_slot(self, number: int, slot_key: str, due_at: datetime, now: datetime, *, skipped: bool) -> bool:
        """Claim the slot; False when it was served already. In one transaction with its deliveries."""
        row = {
            "schedule_id": number,
            "slot_key": slot_key,
            "due_at": due_at,
            "composed_at": now,
            "skipped": skipped,
        }
        return await insert_new(self._connection, schedule_slot, [row]) == 1

    async def following(self, number: int) -> list[Subscription]:
        """The active subscriptions of a schedule."""
        return await self._where(subscription.c.schedule_id == number, subscription.c.paused == "")

    async def followers(self, number: int, before: datetime) -> list[Followers]:
        """The active subscriptions of a schedule that were served up to an instant before that one, like with like."""
        topics, regions = cast(subscription.c.topics, Text), cast(subscription.c.regions, Text)
        same = (topics, regions, subscription.c.watermark, subscription.c.person_id.is_not(None))
        numbers = func.aggregate_strings(cast(subscription.c.id, Text), ",")
        query = (
            select(*same, numbers)
            .where(subscription.c.schedule_id == number, subscription.c.paused == "", subscription.c.watermark < before)
            .group_by(*same)
            .order_by(func.min(subscription.c.id))
        )
        return [
            Followers(
                Wish(tuple(json.loads(topics)), tuple(json.loads(regions))), since, bool(personal), _numbers(several)
            )
            for topics, regions, since, personal, several in await self._connection.execute(query)
        ]

    async def still_waiting(self, numbers: Sequence[int], before: datetime) -> set[int]:
        """Those of them that are active and were not served since that instant."""
        these = listed(self._connection, ((number,) for number in numbers), number=Integer)
        query = select(subscription.c.id).join(these, these.c.number == subscription.c.id)
        waiting = query.where(subscription.c.paused == "", subscription.c.watermark < before)
        return set(await self._connection.scalars(waiting))

    async def advance(self, numbers: Iterable[int], watermark: datetime, since: datetime | None = None) -> None:
        """They were served up to that instant; a clock that went back never makes it earlier (promise 44). Those that
        what they were sent does not reach, since it tells only what came after `since`, stay where they are."""
        these = select(listed(self._connection, ((number,) for number in numbers), number=Integer))
        theirs = [subscription.c.id.in_(these), subscription.c.watermark < watermark]
        if since is not None:
            theirs.append(subscription.c.watermark >= since)
        await self._connection.execute(update(subscription).where(*theirs).values(watermark=watermark))

    async def go_back(self, since: Mapping[int, datetime]) -> None:
        """What these were sent after those instants did not arrive: the next edition tells it."""
        for number, began in since.items():
            theirs = (subscription.c.id == number, subscription.c.watermark > began)
            await self._connection.execute(update(subscription).where(*theirs).values(watermark=began))

    async def _schedule(self, cadence: Cadence) -> int:
        values = {
            "rhythm": cadence.rhythm,
            "at": f"{cadence.at:%H:%M:%S}",
            "weekday": cadence.weekday,
            "zone": cadence.zone,
            "minutes": cadence.minutes,
        }
        same = select(schedule.c.id).where(*(schedule.c[name] == value for name, value in values.items()))
        if (known := await self._connection.scalar(same)) is not None:
            return int(known)
        await insert_new(self._connection, schedule, [values])
        return int(await self._connection.scalar(same) or 0)

    async def _where(self, *where: Any) -> list[Subscription]:
        cadence = schedule.c.rhythm, schedule.c.at, schedule.c.weekday, schedule.c.zone, schedule.c.minutes
        query = (
            select(subscription, *cadence)
            .join(schedule, schedule.c.id == subscription.c.schedule_id)
            .where(*where)
            .order_by(subscription.c.id)
        )
        return [_subscription(row) for row in await self._connection.execute(query)]


def _at(place: Place) -> tuple[Any, ...]:
    return (*_around(place), subscription.c.thread == place.thread)


def _around(place: Place) -> tuple[Any, ...]:
    """The place with all its threads."""
    return (subscription.c.platform == place.platform, subscription.c.place == place.id)


def _numbers(several: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, several.split(","))))


def _settings(one: Subscription) -> dict[str, Any]:
    return {
        "person_id": one.person,
        "platform": one.place.platform,
        "place": one.place.id,
        "thread": one.place.thread,
        "name": one.name,
        "theme": one.theme,
        "topics": one.wish.topics,
        "regions": one.wish.regions,
    }


def _followed(known: Subscription, one: Subscription, now: datetime) -> dict[str, Any]:
    """What changes of a channel that the file describes otherwise now; {} when nothing does."""
    values = _settings(one)
    if known.paused == PAUSED_LEFT_CONFIG:
        return values | {"paused": "", "watermark": now}
    if known.place != one.place:
        return values | {"paused": ""}  # it could not be written to there
    return values if values != _settings(known) or known.cadence != one.cadence else {}


def _cadence(row: Row[Any]) -> Cadence:
    return Cadence(row.rhythm, time.fromisoformat(row.at), row.weekday, row.zone, row.minutes)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        place=Place(row.platform, row.place, row.thread),
        wish=Wish(row.topics, row.regions),
        cadence=_cadence(row),
        watermark=row.watermark,
        id=row.id,
        person=row.person_id,
        name=row.name,
        theme=row.theme,
        paused=row.paused,
    )
