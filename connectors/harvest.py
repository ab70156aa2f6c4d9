"""Visit the sources that are due and keep what is new. A broken source never disturbs another (promises 12, 13)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import random

from club.news import Health, SourceTrouble
from connectors.fetch import Fetcher
from connectors.reader import Reader
from connectors.rhythm import LONGEST, USUAL, pause, pause_after_failure
from connectors.visit import EMPTY, Visit, empties_after, memory_of, visit
from storage.news import Kept
from storage.sources import Memory, SourceState
from storage.store import Store, Transaction
from storage.trouble import NotKept

log = logging.getLogger(__name__)

VISITORS = 50  # at once; the fetcher allows four of them a host
BATCH = 25  # sources a transaction: a chat's answer waits behind one of these at most (settled.md S4)


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
            batch = await _take(finished)
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


async def _take(finished: asyncio.Queue[Visit]) -> list[Visit]:
    """What is finished, one visit at least and a batch at most."""
    batch = [await finished.get()]
    while len(batch) < BATCH and not finished.empty():
        batch.append(finished.get_nowait())
    return batch


@dataclass(frozen=True, slots=True)
class _Pace:
    """The shortest pause between two visits of a source, and what spreads those of many."""

    every: timedelta
    chance: Callable[[], float]


async def _store(store: Store, batch: list[Visit], clock: Callable[[], datetime], pace: _Pace, done: Pass) -> None:
    async with store.begin() as tx:
        now = clock()
        for one in batch:
            try:
                async with tx.apart():
                    await _keep(tx, one, now, pace, done)
            except NotKept:
                # One document that the database refuses must not cost the others of its batch (promise 12).
                log.exception("visit not kept", extra={"source": one.state.source.id})
                refused = Visit(one.state, trouble=SourceTrouble("trouble-parse-failed"))
                await _keep(tx, refused, now, pace, done)


async def _keep(tx: Transaction, one: Visit, now: datetime, pace: _Pace, done: Pass) -> None:
    trouble = one.trouble
    if trouble is None and empties_after(one) >= EMPTY:
        trouble = SourceTrouble("trouble-emptied")
    if trouble is not None:
        await _keep_trouble(tx, one, trouble, now, pace)
        done.visited += 1
        done.failed += 1
        return
    source = one.state.source
    kept = Kept() if one.harvest is None else await tx.news.keep(source, one.harvest, now)
    memory = memory_of(one, now, is_new=kept.new > 0)
    await tx.sources.succeeded(source.id, now, now + _wait(one, memory, now, pace), **memory)
    done.visited += 1
    done.unchanged += one.harvest is None
    done.new += kept.new
    done.changed += kept.changed
    if one.harvest and one.harvest.skipped:
        done.skipped += one.harvest.skipped
        done.unreadable[source.name] = one.harvest.skipped
    log.info("source visited", extra={"source": source.id, "new": kept.new, "changed": kept.changed})


async def _keep_trouble(tx: Transaction, one: Visit, trouble: SourceTrouble, now: datetime, pace: _Pace) -> None:
    memory: dict[str, Memory] = {"sought_at": now} if one.sought else {}
    if one.trouble is None:
        memory["empties"] = empties_after(one)
    await tx.sources.failed(
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
    log.info("source failed", extra={"source": one.state.source.id, "trouble": trouble.key})


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
