"""The outbox: letters wait in rows, leave one at a time a chat, at a shared pace, and are never lost (decision 16).

pending → sending (claimed by a worker) → sent | pending again | dead | uncertain. Each step is one transaction,
and the result of a letter is committed before the same slot takes the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.dialogue import Letter, Message
from club.people import Place
from storage.insert import batched, insert_for, insert_new
from storage.lanes import Lanes, is_due, is_open, is_pending, leaves_at
from storage.shown import is_shown
from storage.tables import delivery, digest_body, lane
from storage.tables.delivery import PENDING, SENDING

# Promise 40. A day alone is not enough: the hub may have been down, or its clock may have jumped.
GIVE_UP = timedelta(hours=24)
GIVE_UP_TRIES = 8


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that this worker now holds. `parts_sent`: how much of it left before, under the reference `ref`;
    `doubtful`: it may be a double."""

    id: int
    key: str
    place: Place
    message: Message
    attempts: int
    parts_sent: int
    doubtful: bool
    subscription: int | None
    ref: str = ""
    edits: str = ""
    instead: Place | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """One recipient of a text that several receive."""

    key: str
    place: Place
    subscription: int | None = None
    priority: int = 0
    edits: str = ""
    instead: Place | None = None


class Outbox:
    """Letters of every network; each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection, on_letter: Callable[[], None]) -> None:
        self._connection = connection
        self._on_letter = on_letter
        self._lanes = Lanes(connection)

    async def put(self, letter: Letter, now: datetime) -> bool:
        """Write a letter; False when a letter with its key was written before."""
        body = await self.write("letter", letter.key, letter.message, now)
        address = Address(letter.key, letter.place, letter.subscription, letter.priority, letter.edits, letter.instead)
        return await self.post(body, [address], letter.due_at, now) == 1

    async def write(self, slot: str, signature: str, message: Message, now: datetime) -> int:
        """The number of the text of this slot and signature; it is written once."""
        return (await self.write_all(slot, {signature: message}, now))[signature]

    async def write_all(self, slot: str, messages: Mapping[str, Message], now: datetime) -> Mapping[str, int]:
        """The numbers of the texts of this slot, by signature; each is written once."""
        numbers: dict[str, int] = {}
        for signatures in batched(list(messages)):
            rows = [
                {"slot": slot, "signature": one, "message": messages[one].to_json(), "written_at": now}
                for one in signatures
            ]
            await insert_new(self._connection, digest_body, rows)
            same = (digest_body.c.slot == slot, digest_body.c.signature.in_(signatures))
            found = await self._connection.execute(select(digest_body.c.signature, digest_body.c.id).where(*same))
            numbers |= {row.signature: row.id for row in found}
        return numbers

    async def text(self, body: int) -> Message | None:
        """A text that was written, None when it is no longer kept."""
        stored = await self._connection.scalar(select(digest_body.c.message).where(digest_body.c.id == body))
        return None if stored is None else Message.from_json(stored)

    async def post(self, body: int, addresses: Iterable[Address], due_at: datetime, now: datetime) -> int:
        """Send that text to these addresses; how many were not addressed before (decision 16)."""
        rows = [
            {
                "dedup_key": address.key,
                "platform": address.place.platform,
                "place": address.place.id,
                "thread": address.place.thread,
                "body_id": body,
                "subscription_id": address.subscription,
                "priority": address.priority,
                "edits": address.edits or None,
                "instead": address.instead and str(address.instead),
                "state": "pending",
                "attempts": 0,
                "not_before": due_at,
                "parts_sent": 0,
                "doubtful": False,
                "withdrawn": False,
                "error": "",
                "put_at": now,
            }
            for address in addresses
        ]
        if not rows:
            return 0
        new = insert_for(self._connection, delivery).on_conflict_do_nothing()
        inserted = new.returning(delivery.c.platform, delivery.c.priority, delivery.c.place)
        put = (await self._connection.execute(inserted, rows)).all()
        for platform, priority in sorted({(row.platform, row.priority) for row in put}):
            places = (row.place for row in put if (row.platform, row.priority) == (platform, priority))
            await self._lanes.open(platform, places, priority, now)
        if put:
            self._on_letter()
        return len(put)

    async def claim(self, platform: str, rate: float, worker: int, now: datetime) -> Claimed | None:
        """The next letter that may leave now, marked as this worker's; None when there is none or the pace forbids.

        `rate` is the network's, in letters a second, over all workers; spacing, no burst.
        """
        if not await self._lanes.pass_bucket(platform, now):
            return None
        picked = await self._connection.scalar(
            select(lane.c.place)
            .where(lane.c.platform == platform, lane.c.ready, is_open(now))
            .where(exists().where(is_pending(), is_due(now)))
            .order_by(lane.c.rank, lane.c.next_at, lane.c.place)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if picked is None:
            return None
        place = Place(platform, picked)
        here = and_(PENDING, delivery.c.platform == platform, delivery.c.place == picked)
        oldest = select(func.min(delivery.c.id)).where(here, is_due(now)).scalar_subquery()
        number = await self._connection.scalar(
            update(delivery)
            .where(delivery.c.id == oldest, here)  # again: on PostgreSQL it may have moved or gone meanwhile
            .values(state="sending", worker=worker)
            .returning(delivery.c.id)
        )
        if number is None:
            return None
        await self._lanes.close(place)
        await self._lanes.fill_bucket(platform, now, now + timedelta(seconds=1 / rate))
        return await self._claimed(number)

    async def _claimed(self, number: int) -> Claimed:
        query = select(delivery, digest_body.c.message).join(digest_body).where(delivery.c.id == number)
        row = (await self._connection.execute(query)).one()
        return Claimed(
            id=row.id,
            key=row.dedup_key,
            place=Place(row.platform, row.place, row.thread),
            message=Message.from_json(row.message),
            attempts=row.attempts,
            parts_sent=row.parts_sent,
            doubtful=row.doubtful,
            subscription=row.subscription_id,
            ref=row.platform_id or "",
            edits=row.edits or "",
            instead=Place.parse(row.instead) if row.instead else None,
        )

    async def next_due(self, platform: str, now: datetime) -> datetime | None:
        """When something of this network may leave at the earliest; None when nothing waits."""
        here = (lane.c.platform == platform, lane.c.ready)
        waiting = select(delivery.c.id).select_from(delivery).join(lane, is_pending()).where(*here)
        if await self._connection.scalar(waiting.limit(1)) is None:
            return None
        paced = await self._lanes.paced_until(platform, now)
        if paced > now:
            return paced  # asked again after each letter: nobody counts a long queue for that
        earliest = select(func.min(leaves_at(now))).select_from(delivery).join(lane, is_pending()).where(*here)
        due: datetime | None = await self._connection.scalar(earliest)
        return due

    # What became of a claimed letter

    async def sent(self, letter: Claimed, ref: str, now: datetime, gap: timedelta) -> None:
        """It arrived; the chat may hear from us again after `gap`."""
        await self._close(letter, "sent", platform_id=ref, sent_at=now)
        await self._lanes.reopen(letter.place, now, gap)

    async def go_elsewhere(self, letter: Claimed, now: datetime, why: str) -> None:
        """What it was to replace cannot be changed any more: it is a new message in its other place. Without one
        nothing is said, and nothing is left to do: it has left, at no instant."""
        if letter.instead is None:
            await self._close(letter, "sent", error=why)
            await self._lanes.reopen(letter.place, now, timedelta(0))
            return
        other = letter.instead
        await self._close(letter, "pending", place=other.id, thread=other.thread, edits=None, instead=None, error=why)
        await self._lanes.reopen(letter.place, now, timedelta(0))
        await self._lanes.open(other.platform, [other.id], 0, now)

    async def part_sent(self, number: int, parts: int, ref: str = "") -> None:
        """So many parts of this long letter left, under that reference so far: they will not leave again."""
        left = {"parts_sent": parts, **({"platform_id": ref} if ref else {})}
        await self._connection.execute(update(delivery).where(delivery.c.id == number).values(**left))

    async def thread_of(self, place: Place, ref: str) -> str:
        """The thread in which the letter whose last part has this reference was posted; "" when none is kept."""
        mine = or_(delivery.c.platform_id == ref, delivery.c.platform_id.endswith(f",{ref}", autoescape=True))
        here = (delivery.c.platform == place.platform, delivery.c.place == place.id, mine)
        newest = select(delivery.c.thread).where(*here).order_by(delivery.c.id.desc()).limit(1)
        return await self._connection.scalar(newest) or ""

    async def turn(self, platform: str, rate: float, now: datetime) -> datetime:
        """When an answer to a person may leave at the network's pace: the time is taken, and letters wait behind it."""
        await self._lanes.pass_bucket(platform, now)
        at = await self._lanes.paced_until(platform, now)
        await self._lanes.fill_bucket(platform, now, at + timedelta(seconds=1 / rate))
        return at

    async def later(
        self, letter: Claimed, now: datetime, after: timedelta, why: str, *, doubt: bool, counts: bool = True
    ) -> None:
        """Try again after `after`, in its place in the order; given up after a day of tries that count (promise 40).

        A letter that was withdrawn meanwhile is not tried again.
        """
        if counts and await self._is_hopeless(letter, now):
            await self.dead(letter, now, why)
            return
        state = case((delivery.c.withdrawn, "dead"), else_="pending")
        values = {"doubtful": letter.doubtful or doubt, "attempts": letter.attempts + int(counts)}
        await self._close(letter, state, error=why, **values)
        await self._lanes.reopen(letter.place, now, after)

    async def _is_hopeless(self, letter: Claimed, now: datetime) -> bool:
        times = select(delivery.c.put_at, delivery.c.not_before).where(delivery.c.id == letter.id)
        since = max((await self._connection.execute(times)).one())
        return letter.attempts + 1 >= GIVE_UP_TRIES and now - since > GIVE_UP

    async def hold_back(self, platform: str, now: datetime, until: datetime) -> None:
        """The network asked every worker for silence until then (429)."""
        await self._lanes.fill_bucket(platform, now, until)

    async def dead(self, letter: Claimed, now: datetime, why: str) -> None:
        """It will not leave any more, unless an operator sends it again."""
        await self._close(letter, "dead", error=why)
        await self._lanes.reopen(letter.place, now, timedelta(0))

    async def close_place(self, place: Place, why: str, *, threads: bool = False) -> None:
        """Nothing that waits for this place, for its threads too if asked, will leave (promise 41), unless an operator
        sends it again."""
        here = [delivery.c.platform == place.platform, delivery.c.place == place.id]
        if not threads:
            here.append(delivery.c.thread == place.thread)
        await self._connection.execute(update(delivery).where(*here, PENDING).values(state="dead", error=why))

    async def uncertain(self, letter: Claimed, now: datetime, why: str) -> None:
        """It may have arrived, and doubt is to be settled by a person (`on_doubt = "hold"`)."""
        await self._close(letter, "uncertain", error=why, doubtful=True)
        await self._lanes.reopen(letter.place, now, timedelta(0))

    async def _close(self, letter: Claimed, state: Any, **values: Any) -> None:
        await self._connection.execute(
            update(delivery).where(delivery.c.id == letter.id).values(state=state, worker=None, **values)
        )

    async def recover(self, workers: Iterable[int], now: datetime, gap: timedelta, *, hold: Iterable[str] = ()) -> int:
        """Letters that dead workers held go on, keeping their chats' spacing; how many. All are doubtful.

        On networks of `hold` they wait for a person instead: at most once rather than at least once.
        """
        held = and_(SENDING, delivery.c.worker.in_(list(workers)))
        places = (await self._connection.execute(select(delivery.c.platform, delivery.c.place).where(held))).all()
        anew = delivery.c.edits.is_(None)  # to replace a message twice is to do it once
        held_back = and_(delivery.c.platform.in_(list(hold)), anew)
        state = case((delivery.c.withdrawn, "dead"), (held_back, "uncertain"), else_="pending")
        doubtful = or_(delivery.c.doubtful, anew)
        await self._connection.execute(
            update(delivery).where(held).values(state=state, worker=None, doubtful=doubtful, error="worker died")
        )
        for row in places:
            await self._lanes.reopen(Place(row.platform, row.place), now, gap)
        return len(places)

    async def workers_in_flight(self) -> list[int]:
        """Workers that hold a letter, alive or dead."""
        rows = await self._connection.scalars(select(delivery.c.worker).where(SENDING).distinct())
        return [int(number) for number in rows if number is not None]

    async def move(self, old: Place, new: Place, now: datetime, after: timedelta = timedelta(0)) -> None:
        """The place has another id: what waits for it goes there, after so long (promise 42)."""
        waiting = (delivery.c.platform == old.platform, delivery.c.place == old.id, PENDING)
        moved = (await self._connection.execute(select(delivery.c.id).where(*waiting))).all()
        await self._connection.execute(update(delivery).where(*waiting).values(place=new.id))
        if moved:
            await self._lanes.open(new.platform, [new.id], 0, now)
            await self._lanes.wait(new, now, after)

    async def resend(self, number: int, now: datetime) -> bool:
        """An operator or moderator lets a dead or uncertain letter leave again; False when it was withdrawn."""
        row = (
            await self._connection.execute(
                update(delivery)
                .where(delivery.c.id == number, delivery.c.state.in_(["dead", "uncertain"]), ~delivery.c.withdrawn)
                .values(state="pending", put_at=now, not_before=now, attempts=0)
                .returning(delivery.c.platform, delivery.c.place)
            )
        ).first()
        if row is None:
            return False
        await self._lanes.open(row.platform, [row.place], 0, now)
        self._on_letter()
        return True

    async def take_back(self, key: str) -> None:
        """The letter of that key is not sent, if it is not on its way yet."""
        await self._connection.execute(delete(delivery).where(delivery.c.dedup_key == key, PENDING))

    async def ref(self, key: str) -> str:
        """The network's reference of the letter of that key, once it arrived; "" until then."""
        here = (delivery.c.dedup_key == key, delivery.c.state == "sent")
        return await self._connection.scalar(select(delivery.c.platform_id).where(*here)) or ""

    async def counts(self) -> Mapping[str, int]:
        """How many letters are in each state."""
        rows = await self._connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
        return {row[0]: row[1] for row in rows}

    async def purge(self, before: datetime) -> None:
        """Forget what was settled before that instant, and texts that nothing refers to (promise 76); what may yet be
        edited stays."""
        at, kept = func.coalesce(delivery.c.sent_at, delivery.c.not_before), is_shown(delivery.c.body_id)
        settled = (delivery.c.state.in_(["sent", "dead"]), at < before, ~kept)
        await self._connection.execute(delete(delivery).where(*settled))
        used = or_(exists().where(delivery.c.body_id == digest_body.c.id), is_shown(digest_body.c.id))
        await self._connection.execute(delete(digest_body).where(digest_body.c.written_at < before, ~used))
