"""What becomes of a place: it has another id, it cannot be written to any more, it can be again (promises 41, 42)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.changes import change, of_subscription
from bot.platforms.base import PASSING
from club.people import Place
from storage.store import Store, Transaction

log = logging.getLogger(__name__)

UNREACHABLE = "paused-unreachable"


@dataclass(frozen=True, slots=True)
class Places:
    """Keeps what networks tell of their places, one transaction each."""

    store: Store
    clock: Callable[[], datetime]

    async def moved(self, old: Place, new: Place) -> None:
        """What is known of the place follows it."""
        async with self.store.begin() as tx:
            await move(tx, old, new, self.clock())
        log.info("place moved", extra={"platform": new.platform})

    async def closed(self, place: Place, why: str) -> None:
        """Nothing is sent there until it opens, or is asked again; without a thread, all its threads are meant."""
        async with self.store.begin() as tx:
            now = self.clock()
            if why not in PASSING:
                count = await close(tx, place, why, now, threads=not place.thread)
            else:
                threads = [place] if place.thread else await tx.barred.threads(place)
                for one in threads:
                    await bar(tx, one, why, now)
                count = len(threads)
        log.info("place closed", extra={"platform": place.platform, "why": why, "count": count})

    async def opened(self, place: Place) -> None:
        """What was paused because it could not be sent there is sent again, from the next letter on."""
        async with self.store.begin() as tx:
            now = self.clock()
            await tx.barred.reopen(place, now, threads=not place.thread)
            woken = await tx.subscriptions.wake_place(place, UNREACHABLE, threads=not place.thread)
            for number in woken:
                await tx.journal.note(
                    now,
                    "subscription.woken",
                    f"subscription={number}",
                    **change(of_subscription(UNREACHABLE), of_subscription()),
                )
        if woken:
            log.info("place open", extra={"platform": place.platform, "woken": len(woken)})

    async def whole(self, place: Place, ref: str) -> Place:
        """The place with the thread in which a letter under that reference stands, where the network does not say."""
        async with self.store.read() as tx:
            return replace(place, thread=await tx.outbox.thread_of(place, ref))


async def move(tx: Transaction, old: Place, new: Place, now: datetime, after: timedelta = timedelta(0)) -> None:
    """The place has another id: its subscriptions go there, and what waits for it, after so long."""
    await tx.outbox.move(old, new, now, after)
    await tx.subscriptions.move(old, new)


async def bar(tx: Transaction, place: Place, why: str, now: datetime) -> None:
    """The place refuses, and may not for long: it is asked again in a while. Its subscriptions go on; editions that
    wait for it leave their entries to the next one, other letters wait."""
    since = await tx.editions.take_back(place, why)
    if await tx.barred.bar(place, why, now):
        for one in await tx.subscriptions.at(place):
            await tx.journal.note(now, "subscription.barred", f"subscription={one.id}", why=why)
    await tx.subscriptions.go_back(since)


async def accepted(tx: Transaction, place: Place) -> None:
    """Something arrived there: what waited for it may leave too."""
    if await tx.barred.forget(place):
        await tx.barred.ask(place)
        log.info("place open", extra={"platform": place.platform})


async def close(tx: Transaction, place: Place, why: str, now: datetime, *, threads: bool = False) -> int:
    """The place cannot be written to any more: its subscriptions are paused (how many), what waits for it is given
    up."""
    since = await tx.editions.take_back(place, why, threads=threads)
    await tx.outbox.close_place(place, why, threads=threads)
    await tx.subscriptions.go_back(since)
    paused = await tx.subscriptions.pause_place(place, UNREACHABLE, threads=threads)
    for number in paused:
        detail = change(of_subscription(), of_subscription(UNREACHABLE))
        await tx.journal.note(now, "subscription.paused", f"subscription={number}", why=why, **detail)
    return len(paused)
