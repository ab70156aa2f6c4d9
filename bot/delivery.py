"""Empties the outbox: claim, send, commit the result, next (delivery.md). Decides when to try again or give up."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.platforms.base import Malformed, Moved, Platform, TryLater, Unreachable
from bot.seal import Seal
from storage.outbox import Claimed
from storage.owner import Worker
from storage.store import Store

log = logging.getLogger(__name__)

# Another process may put letters too (`ecohub digest send`): how often the outbox is looked at without being told.
LOOK_EVERY = timedelta(seconds=1)
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a network may be written to: letters a second over all chats, and the gap within one chat."""

    rate: float = 1000.0
    gap: timedelta = timedelta(0)
    in_flight: int = 1
    hold_doubt: bool = False


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
        """Deliver until `stop`; what is being sent then is finished first."""
        async with asyncio.TaskGroup() as group:
            for name in self._platforms:
                for _ in range(self._paces.get(name, Pace()).in_flight):
                    group.create_task(self._serve(name))

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
                wait = await self._until_due(name)
                if wait <= timedelta(0) and await self.deliver_one(name):
                    continue
            except Exception:
                # The database is away or full: what is committed waits, and so do we.
                log.exception("delivery failed", extra={"platform": name})
                wait = LOOK_EVERY
            await self._rest(told, max(wait, timedelta(milliseconds=5)))

    async def _until_due(self, name: str) -> timedelta:
        now = self._clock()
        async with self._store.read() as tx:
            due = await tx.outbox.next_due(name, now)
        return LOOK_EVERY if due is None else min(due - now, LOOK_EVERY)

    async def _rest(self, told: asyncio.Event, wait: timedelta) -> None:
        waiting = [asyncio.ensure_future(told.wait()), asyncio.ensure_future(self._stopping.wait())]
        try:
            await asyncio.wait(waiting, timeout=wait.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*waiting, return_exceptions=True)

    async def _deliver(self, letter: Claimed) -> None:
        platform = self._platforms[letter.place.platform]
        pace = self._pace(letter.place.platform)
        try:
            message = self._seal.message(letter.message, letter.place)
            ref = await platform.send(letter.place, message, name_of(letter))
        except TryLater as wait:
            await self._wait(letter, wait, pace)
        except Unreachable as gone:
            await self._give_up(letter, gone.why, pause=True)
        except Malformed as refused:
            await self._give_up(letter, refused.why, pause=False)
        except Moved as moved:
            await self._follow(letter, moved)
        except Exception:
            # A fault of ours must not stop the others; the letter is tried again, and given up after a day.
            log.exception("letter failed", extra={"letter": letter.id})
            await self._wait(letter, TryLater(0, doubt=True), pace)
        else:
            async with self._store.begin() as tx:
                await tx.outbox.sent(letter, ref, self._clock(), pace.gap)
                if letter.doubtful:
                    await tx.journal.note(self._clock(), "letter.maybe-twice", f"letter={letter.id}")
            log.info("letter sent", extra={"letter": letter.id, "attempts": letter.attempts + 1})

    async def _wait(self, letter: Claimed, wait: TryLater, pace: Pace) -> None:
        now = self._clock()
        async with self._store.begin() as tx:
            if wait.doubt and pace.hold_doubt:
                await tx.outbox.uncertain(letter, now, "answer lost")
                return
            after = (
                timedelta(seconds=wait.after) if wait.told else max(retry_after(letter), timedelta(seconds=wait.after))
            )
            await tx.outbox.later(letter, now, after, "try later", doubt=wait.doubt, counts=not wait.told)
            if wait.told:
                await tx.outbox.hold_back(letter.place.platform, now + after)
        log.info("letter waits", extra={"letter": letter.id, "seconds": after.total_seconds()})

    async def _give_up(self, letter: Claimed, why: str, *, pause: bool) -> None:
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.outbox.dead(letter, now, why)
            if pause:
                # Promise 41: nobody is written to again after a clear refusal; coming back wakes it.
                await tx.subscriptions.pause_place(letter.place, "paused-unreachable")
            await tx.journal.note(now, "letter.dead", f"letter={letter.id}", why=why)
        log.warning("letter given up", extra={"letter": letter.id, "why": why})

    async def _follow(self, letter: Claimed, moved: Moved) -> None:
        now = self._clock()
        async with self._store.begin() as tx:
            await tx.outbox.later(letter, now, timedelta(0), "moved", doubt=False, counts=False)
            await tx.outbox.move(letter.place, moved.place, now)
            await tx.subscriptions.move(letter.place, moved.place)


def retry_after(letter: Claimed) -> timedelta:
    """Growing waits: 2 s, 4 s, 8 s … ten minutes at most."""
    return min(FIRST_RETRY * (1 << min(letter.attempts, 10)), LONGEST_RETRY)


def name_of(letter: Claimed) -> str:
    """The letter's name on its network, at most 25 characters (Discord's nonce): the same at each try, and another
    one in another database."""
    return f"{letter.id}-{hashlib.blake2b(letter.key.encode(), digest_size=5).hexdigest()}"
