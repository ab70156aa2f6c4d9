"""Empties the outbox: claim, send, commit the result, next (decision 16). Decides when to try again or give up."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.platforms.base import PASSING, Malformed, Moved, Pace, Parts, Platform, TryLater, Unreachable
from bot.post.places import accepted, bar, close, move
from bot.talk.seal import Seal
from club.dialogue import Message
from club.people import Place
from storage.outbox import Claimed
from storage.owner import Worker, recover
from storage.store import Store, Transaction

log = logging.getLogger(__name__)

# Another process may put letters too (`ecohub digest send`): how often the outbox is looked at without being told.
LOOK_EVERY = timedelta(seconds=1)
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=10)
SEND_WITHIN = 60.0  # seconds; no network takes longer, and one that hangs must not silence its chats
LAST = 8.0  # seconds for what is being sent when stopping, of the ten that promise 84 gives

# Writes what became of a letter, in a transaction and at an instant.
Settle = Callable[[Transaction, datetime], Awaitable[None]]


class Delivery:
    """Sends what waits, for the platforms that are on, one letter at a time a slot, in order within each chat."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        paces: Mapping[str, Pace],
        seal: Seal,
        worker: Worker,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._paces = paces
        self._seal = seal
        self._worker = worker
        self._clock = clock
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Deliver until `stop`; what is being sent then may end, for eight seconds at most."""
        async with asyncio.TaskGroup() as group:
            slots = [
                group.create_task(self._serve(name))
                for name in self._platforms
                for _ in range(self._pace(name).in_flight)
            ]
            if not self._store.on_sqlite:
                group.create_task(self._watch_peers())
            await self._stopping.wait()
            for slot in (await asyncio.wait(slots, timeout=LAST))[1] if slots else ():
                slot.cancel()  # its letter stays on its way, and is recovered as one that may have arrived

    def stop(self) -> None:
        """Take no further letter."""
        self._stopping.set()

    async def deliver_one(self, name: str) -> bool:
        """Send the next letter of this network that may leave now; False when there is none."""
        async with self._store.begin() as tx:
            letter = await tx.outbox.claim(name, self._pace(name).rate, self._worker.number, self._clock())
        if letter is None:
            return False
        await self._deliver(letter)
        return True

    def _pace(self, name: str) -> Pace:
        return self._paces.get(name, Pace())

    async def _serve(self, name: str) -> None:
        while not self._stopping.is_set():
            told = self._store.letters  # taken before looking: a letter put meanwhile is not missed
            try:
                if await self.deliver_one(name):
                    continue
                wait = await self._until_due(name)
            except Exception:
                # The database is away or full: what is committed waits, and so do we.
                log.exception("delivery failed", extra={"platform": name})
                wait = LOOK_EVERY
            await self._rest(told, max(wait, timedelta(milliseconds=5)))

    async def _watch_peers(self) -> None:
        """What another process held when it died goes on; on SQLite there is no other."""
        gap = max((pace.longest_gap for pace in self._paces.values()), default=timedelta(0))
        while not self._stopping.is_set():
            try:
                if found := await recover(self._store, self._worker, self._clock(), gap):
                    log.warning("letters recovered", extra={"count": found})
            except Exception:
                log.exception("recovery failed")
            await self._rest(None, LOOK_EVERY)

    async def _until_due(self, name: str) -> timedelta:
        now = self._clock()
        async with self._store.read() as tx:
            due = await tx.outbox.next_due(name, now)
        return LOOK_EVERY if due is None else min(due - now, LOOK_EVERY)

    async def _rest(self, told: asyncio.Event | None, wait: timedelta) -> None:
        events = [self._stopping] if told is None else [self._stopping, told]
        waiting = [asyncio.ensure_future(event.wait()) for event in events]
        try:
            await asyncio.wait(waiting, timeout=wait.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*waiting, return_exceptions=True)

    async def _deliver(self, letter: Claimed) -> None:
        """Send it and commit what became of it, however long that takes: its chat waits for nothing else."""
        settle = await self._send(letter)
        while True:
            try:
                async with self._store.begin() as tx:
                    await settle(tx, self._clock())
                return
            except Exception:
                if self._stopping.is_set():
                    raise  # recovered at the next start, as a letter that may have arrived
                log.exception("result not kept", extra={"letter": letter.id})
                await self._rest(None, LOOK_EVERY)

    async def _send(self, letter: Claimed) -> Settle:
        """Send it; what is to be written about it."""
        platform = self._platforms[letter.place.platform]
        try:
            message = self._seal.message(letter.message, letter.place)
        except ValueError as error:  # a button too long for any network: it would fail for ever
            log.exception("letter not sealed", extra={"letter": letter.id})
            return partial(_give_up, letter, str(error)[:200])
        pace = self._pace(letter.place.platform)
        try:
            if letter.edits:
                return await self._replace(platform, letter, message)
            ref, plainly = await self._show(platform, letter, message)
        except TryLater as wait:
            return partial(_wait, letter, pace, wait)
        except Unreachable as gone:
            return partial(_close_place, letter, gone.why)
        except Malformed as refused:
            return partial(_give_up, letter, refused.why)
        except Moved as moved:
            return partial(_follow, letter, moved.place)
        except Exception:
            # A fault of ours must not stop the others; the letter is tried again, and given up after a day.
            log.exception("letter failed", extra={"letter": letter.id})
            return partial(_wait, letter, pace, TryLater(0, doubt=True))
        return partial(_note_sent, letter, pace, ref, plainly)

    async def _replace(self, platform: Platform, letter: Claimed, message: Message) -> Settle:
        """Show it in place of what was shown; again is harmless, and what cannot be changed is said anew elsewhere."""
        try:
            async with asyncio.timeout(SEND_WITHIN):
                await platform.edit(letter.place, letter.edits, message)
        except (Malformed, Unreachable) as refused:
            return partial(_go_elsewhere, letter, refused.why)
        except Moved:
            return partial(_go_elsewhere, letter, "moved")
        return partial(_note_sent, letter, self._pace(letter.place.platform), letter.edits, "")

    async def _show(self, platform: Platform, letter: Claimed, message: Message) -> tuple[str, str]:
        """The network's reference of what was sent, and why it had to be plain text ("" = it had not, promise 28)."""
        left = Parts(letter.parts_sent, letter.ref, doubt=letter.doubtful)

        async def note(count: int, ref: str) -> None:
            nonlocal left
            left = Parts(count, ref, doubt=letter.doubtful)
            async with self._store.begin() as tx:
                await tx.outbox.part_sent(letter.id, count, ref)

        async with asyncio.timeout(SEND_WITHIN):
            try:
                return await platform.send(letter.place, message, name_of(letter), replace(left, note=note)), ""
            except Malformed as refused:
                log.warning("letter sent as plain text", extra={"letter": letter.id, "why": refused.why})
                bare = replace(message, bare=True)
                ref = await platform.send(letter.place, bare, name_of(letter), replace(left, note=note))
                return ref, refused.why or "refused"


async def _note_sent(letter: Claimed, pace: Pace, ref: str, plainly: str, tx: Transaction, now: datetime) -> None:
    await tx.outbox.sent(letter, ref, now, pace.gap_at(letter.place))
    await accepted(tx, letter.place)
    if plainly:
        await tx.journal.note(now, "letter.plain", f"letter={letter.id}", why=plainly)
    if letter.doubtful:
        await tx.journal.note(now, "letter.maybe-twice", f"letter={letter.id}")
    log.info("letter sent", extra={"letter": letter.id, "attempts": letter.attempts + 1})


async def _wait(letter: Claimed, pace: Pace, wait: TryLater, tx: Transaction, now: datetime) -> None:
    doubt = wait.doubt and not letter.edits
    if doubt and pace.hold_doubt:
        await tx.outbox.uncertain(letter, now, "answer lost")
        await tx.journal.note(now, "letter.uncertain", f"letter={letter.id}")
        return
    after = timedelta(seconds=wait.after)
    if wait.told:
        await tx.outbox.hold_back(letter.place.platform, now, now + after)
    else:
        after = max(after, retry_after(letter))
    await tx.outbox.later(letter, now, after, "try later", doubt=doubt, counts=not wait.told)
    log.info("letter waits", extra={"letter": letter.id, "seconds": after.total_seconds()})


async def _go_elsewhere(letter: Claimed, why: str, tx: Transaction, now: datetime) -> None:
    await tx.outbox.go_elsewhere(letter, now, why)
    log.info("message not replaced", extra={"letter": letter.id, "why": why})


async def _give_up(letter: Claimed, why: str, tx: Transaction, now: datetime) -> None:
    await tx.outbox.dead(letter, now, why)
    await tx.journal.note(now, "letter.dead", f"letter={letter.id}", why=why)
    log.warning("letter given up", extra={"letter": letter.id, "why": why})


async def _close_place(letter: Claimed, why: str, tx: Transaction, now: datetime) -> None:
    """Promise 41: nobody is written to again after a clear refusal; coming back wakes it. A refusal that may pass is
    asked again. What was refused is what waits there first."""
    await tx.outbox.later(letter, now, timedelta(0), why, doubt=False, counts=False)
    log.warning("place refused", extra={"letter": letter.id, "why": why})
    if why in PASSING:
        await bar(tx, letter.place, why, now)
        return
    await tx.journal.note(now, "letter.dead", f"letter={letter.id}", why=why)
    await close(tx, letter.place, why, now)


async def _follow(letter: Claimed, place: Place, tx: Transaction, now: datetime) -> None:
    # At once, unless the network sends us round in circles.
    after = retry_after(letter) if letter.attempts else timedelta(0)
    await tx.outbox.later(letter, now, timedelta(0), "moved", doubt=False)
    await move(tx, letter.place, place, now, after)


def retry_after(letter: Claimed) -> timedelta:
    """Growing waits: 2 s, 4 s, 8 s … ten minutes at most."""
    return min(FIRST_RETRY * (1 << min(letter.attempts, 10)), LONGEST_RETRY)


def name_of(letter: Claimed) -> str:
    """The letter's name on its network, at most 25 characters (Discord's nonce): the same at each try, and another
    one in another database."""
    return f"{letter.id}-{hashlib.blake2b(letter.key.encode(), digest_size=5).hexdigest()}"
