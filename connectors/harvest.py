"""Visit the sources that are due and keep what is new. A broken source never disturbs another (promises 12, 13)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import random

from club.news import Health, SourceTrouble
from connectors.fetch import Fetcher
from connectors.reader import Reader
from connectors.rhythm import LONGEST, USUAL, pause, pause_after_failure
from connectors.visit import Visit, empties_after, memory_of, visit
from storage.arrivals import Kept
from storage.sources import Memory, Outcome, SourceState, failure, success
from storage.store import Store, Transaction
from storage.trouble import NotKept

log = logging.getLogger(__name__)

VISITORS = 50  # at once; the fetcher allows four of them a host
# A transaction is begun as soon as one of these is reached: a chat's answer waits behind one at most (choice S4).
BATCH = 25  # sources
ENTRIES = 1000
SECONDS = 1.0


@dataclass(slots=True)
class Pass:
    """The sum of one pass over due sources."""

    visited: int = 0
    failed: int = 0
    unchanged: int = 0
    new: int = 0
    changed: int = 0
    skipped: int = 0
    unreadable: dict[str, int] = field(default_factory=dict)  # entries that were skipped, by source


async def visit_due(
    store: Store,
    fetcher: Fetcher,
    reader: Reader,
    clock: Callable[[], datetime],
    *,
    everything: bool = False,
    every: timedelta = USUAL,
    on_visit: Callable[[Pass], None] = lambda _: None,
    chance: Callable[[], float] = random,
) -> Pass:
    """Visit what is due (`everything`: every source, save those that asked to wait) and store it, visit by visit.

    `every` is the shortest pause between two visits; `chance` in [0, 1) spreads those of the sources.
    """
    done = Pass()
    waiting: asyncio.Queue[SourceState] = asyncio.Queue()
    finished: asyncio.Queue[Visit] = asyncio.Queue(VISITORS)
    visitors = [asyncio.create_task(_visit_all(waiting, finished, fetcher, reader, clock)) for _ in range(VISITORS)]
    seen: list[int] = []
    try:
        under_way, more = 0, True
        while True:
            free = VISITORS - under_way  # a claim lasts two minutes: nothing is claimed to wait in a queue
            if more and free:
                async with store.begin() as tx:
                    claimed = await tx.sources.claim_due(clock(), free, everything=everything, skip=seen)
                seen += [state.source.id for state in claimed]
                under_way, more = under_way + len(claimed), len(claimed) == free
                _hand_out(claimed, waiting)
            if not under_way:
                return done
            batch = await _take(finished, under_way)
            under_way -= len(batch)
            await _store(store, batch, clock, _Pace(every, chance), done)
            on_visit(done)
    finally:
        await _end(visitors)


async def _visit_all(
    waiting: asyncio.Queue[SourceState],
    finished: asyncio.Queue[Visit],
    fetcher: Fetcher,
    reader: Reader,
    clock: Callable[[], datetime],
) -> None:
    while True:
        await finished.put(await visit(await waiting.get(), fetcher, reader, clock()))


def _hand_out(claimed: Iterable[SourceState], waiting: asyncio.Queue[SourceState]) -> None:
    for state in claimed:
        waiting.put_nowait(state)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _take(finished: asyncio.Queue[Visit], under_way: int) -> list[Visit]:
    """What is finished, as much as a transaction stores: it waits a second for the rest at most."""
    batch = [await finished.get()]
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS):
            while len(batch) < min(BATCH, under_way) and sum(map(_size, batch)) < ENTRIES:
                batch.append(await finished.get())
    return batch


def _size(one: Visit) -> int:
    return 0 if one.harvest is None else len(one.harvest.items) + len(one.harvest.events)


@dataclass(frozen=True, slots=True)
class _Pace:
    """The shortest pause between two visits of a source, and what spreads those of many."""

    every: timedelta
    chance: Callable[[], float]


async def _store(store: Store, batch: list[Visit], clock: Callable[[], datetime], pace: _Pace, done: Pass) -> None:
    async with store.begin() as tx:
        now = clock()
        try:
            async with tx.apart():
                stored = await _keep(tx, batch, now, pace)
        except NotKept:
            # One document that the database refuses must not cost the others of its batch (promise 12).
            stored = [one for visit in batch for one in await _keep_alone(tx, visit, now, pace)]
    for one, kept in stored:
        _count(one, kept, done)


_Stored = list[tuple[Visit, Kept]]


async def _keep(tx: Transaction, batch: Sequence[Visit], now: datetime, pace: _Pace) -> _Stored:
    read = [(one.state.source, one.harvest) for one in batch if one.harvest is not None and one.trouble is None]
    kept = await tx.news.keep(read, now)
    stored = [(one, kept.get(one.state.source.id, Kept())) for one in batch]
    await tx.sources.note({one.state.source.id: _outcome(one, some, now, pace) for one, some in stored})
    return stored


async def _keep_alone(tx: Transaction, one: Visit, now: datetime, pace: _Pace) -> _Stored:
    try:
        async with tx.apart():
            return await _keep(tx, [one], now, pace)
    except NotKept:
        log.exception("visit not kept", extra={"source": one.state.source.id})
        return await _keep(tx, [Visit(one.state, trouble=SourceTrouble("trouble-parse-failed"))], now, pace)


def _count(one: Visit, kept: Kept, done: Pass) -> None:
    source = one.state.source
    done.visited += 1
    if one.trouble is not None:
        done.failed += 1
        log.info("source failed", extra={"source": source.id, "trouble": one.trouble.key})
        return
    done.unchanged += one.harvest is None
    done.new += kept.new
    done.changed += kept.changed
    if one.harvest and one.harvest.skipped:
        done.skipped += one.harvest.skipped
        done.unreadable[source.name] = one.harvest.skipped
    if kept.new or kept.changed:
        log.info("source visited", extra={"source": source.id, "new": kept.new, "changed": kept.changed})


def _outcome(one: Visit, kept: Kept, now: datetime, pace: _Pace) -> Outcome:
    if one.trouble is not None:
        return _failure(one, one.trouble, now, pace)
    memory = memory_of(one, now, is_new=kept.new > 0)
    return success(now, now + _wait(one, memory, now, pace), **memory)


def _failure(one: Visit, trouble: SourceTrouble, now: datetime, pace: _Pace) -> Outcome:
    memory: dict[str, Memory] = {"sought_at": now} if one.sought else {}
    if one.page is not None:
        memory["empties"] = empties_after(one)
    return failure(
        one.state,
        now,
        now + _wait_after(one.state, trouble, pace),
        Health.BLOCKED if trouble.blocked else Health.ERROR,
        trouble.key,
        trouble.values,
        gone=trouble.key == "trouble-gone",
        deadly=trouble.key in ("trouble-parse-slow", "trouble-parse-died"),
        **memory,
    )


def _wait(one: Visit, memory: Mapping[str, Memory], now: datetime, pace: _Pace) -> timedelta:
    """Until the next visit: the source's own rhythm, longer when the publisher says so."""
    max_age = one.page.max_age if one.page is not None else None
    ttl = one.harvest.ttl if one.harvest else None
    asked = max(timedelta(seconds=max_age or 0), timedelta(minutes=ttl or 0))
    minutes = memory.get("rhythm", one.state.rhythm)
    rhythm = timedelta(minutes=minutes) if isinstance(minutes, int) else None
    news_at = memory.get("news_at", one.state.news_at)
    silence = now - news_at if isinstance(news_at, datetime) else timedelta(0)
    return pause(rhythm, silence, asked, pace.every, pace.chance())


def _wait_after(state: SourceState, trouble: SourceTrouble, pace: _Pace) -> timedelta:
    """Until the next try: what the site asked for, else longer after each failure; a day where no feed was found."""
    if trouble.key == "trouble-no-feed" and pace.every >= USUAL:
        return LONGEST
    asked = trouble.values.get("retry_after")
    after = timedelta(seconds=asked) if isinstance(asked, int) else None
    return pause_after_failure(state.failures, after, pace.every, pace.chance())
