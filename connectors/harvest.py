"""Visit the sources that are due and keep what is new. A broken source never disturbs another (promises 12, 13)."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from club.news import Harvest, Health, SourceTrouble
from connectors.fetch import Fetcher, Memo, NotModified, Page
from connectors.reader import Reader
from connectors.sources.document import Document
from storage.news import Kept
from storage.sources import SourceState
from storage.store import Store, Transaction
from storage.trouble import NotKept

log = logging.getLogger(__name__)

VISITORS = 50  # at once; the fetcher allows four of them a host
BATCH = 25  # sources a transaction: a chat's answer waits behind one of these at most (settled.md S4)
USUAL = timedelta(minutes=30)
LONGEST = timedelta(hours=24)
READ_AGAIN = timedelta(days=7)  # an unchanged calendar still gains occurrences as its window moves


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of one visit: a harvest, nothing new (harvest None), or trouble."""

    state: SourceState
    page: Page | NotModified | None = None
    body_digest: str | None = None
    harvest: Harvest | None = None
    trouble: SourceTrouble | None = None


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
) -> Pass:
    """Visit what is due (`everything`: every source, save those that asked to wait) and store it, visit by visit."""
    done = Pass()
    waiting: asyncio.Queue[SourceState] = asyncio.Queue()
    finished: asyncio.Queue[Visit] = asyncio.Queue(VISITORS)

    async def visitor() -> None:
        while True:
            state = await waiting.get()
            await finished.put(await visit(state, fetcher, reader, clock()))

    visitors = [asyncio.create_task(visitor()) for _ in range(VISITORS)]
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
            await _store(store, batch, clock, every, done)
            on_visit(done)
    finally:
        await _end(visitors)


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


async def visit(state: SourceState, fetcher: Fetcher, reader: Reader, now: datetime) -> Visit:
    """One visit; whatever goes wrong is in its result."""
    try:
        page = await fetcher.fetch(state.source.url, _memo(state, now))
        if isinstance(page, NotModified):
            return Visit(state, page)
        body_digest = hashlib.blake2b(page.body, digest_size=20).hexdigest()
        if body_digest == state.body_digest and _is_recent(state, now):
            return Visit(state, page, body_digest)
        document = Document(page.body, page.url, page.content_type, now)
        return Visit(state, page, body_digest, await reader.read(document, state.source))
    except SourceTrouble as trouble:
        return Visit(state, trouble=trouble)
    except Exception:
        log.exception("visit failed", extra={"source": state.source.id})
        return Visit(state, trouble=SourceTrouble("trouble-parse-failed"))


def _memo(state: SourceState, now: datetime) -> Memo:
    return Memo(state.etag or "", state.last_modified or "") if _is_recent(state, now) else Memo()


def _is_recent(state: SourceState, now: datetime) -> bool:
    return state.parsed_at is not None and now - state.parsed_at < READ_AGAIN


async def _store(store: Store, batch: list[Visit], clock: Callable[[], datetime], every: timedelta, done: Pass) -> None:
    async with store.begin() as tx:
        now = clock()
        for one in batch:
            try:
                async with tx.apart():
                    await _keep(tx, one, now, every, done)
            except NotKept:
                # One document that the database refuses must not cost the others of its batch (promise 12).
                log.exception("visit not kept", extra={"source": one.state.source.id})
                refused = Visit(one.state, trouble=SourceTrouble("trouble-parse-failed"))
                await _keep(tx, refused, now, every, done)


async def _keep(tx: Transaction, one: Visit, now: datetime, every: timedelta, done: Pass) -> None:
    source = one.state.source
    if one.trouble is not None:
        await _keep_trouble(tx, one.state, one.trouble, now, every)
        done.visited += 1
        done.failed += 1
        return
    kept = Kept() if one.harvest is None else await tx.news.keep(source, one.harvest, now)
    await tx.sources.succeeded(source.id, now, now + _wait(one, every), **_memory(one, now))
    done.visited += 1
    done.unchanged += one.harvest is None
    done.new += kept.new
    done.changed += kept.changed
    if one.harvest and one.harvest.skipped:
        done.skipped += one.harvest.skipped
        done.unreadable[source.name] = one.harvest.skipped
    log.info("source visited", extra={"source": source.id, "new": kept.new, "changed": kept.changed})


async def _keep_trouble(
    tx: Transaction, state: SourceState, trouble: SourceTrouble, now: datetime, every: timedelta
) -> None:
    await tx.sources.failed(
        state,
        now,
        now + _wait_after(state, trouble, every),
        Health.BLOCKED if trouble.blocked else Health.ERROR,
        trouble.key,
        trouble.values,
        gone=trouble.key == "trouble-gone",
        deadly=trouble.key in ("trouble-parse-slow", "trouble-parse-died"),
    )
    log.info("source failed", extra={"source": state.source.id, "trouble": trouble.key})


def _memory(one: Visit, now: datetime) -> dict[str, str | datetime | None]:
    if not isinstance(one.page, Page):
        return {}
    memory: dict[str, str | datetime | None] = {
        "etag": one.page.etag,
        "last_modified": one.page.last_modified,
        "body_digest": one.body_digest,
        "moved_to": one.page.moved,
    }
    return memory if one.harvest is None else {**memory, "parsed_at": now}


def _wait(one: Visit, every: timedelta) -> timedelta:
    """Until the next visit: longer when the publisher says so, a day at most."""
    max_age = one.page.max_age if one.page is not None else None
    ttl = one.harvest.ttl if one.harvest else None
    asked = max(timedelta(seconds=max_age or 0), timedelta(minutes=ttl or 0))
    # The demonstration visits more often than any publisher would ask.
    return every if every < USUAL else min(max(every, asked), LONGEST)


def _wait_after(state: SourceState, trouble: SourceTrouble, every: timedelta) -> timedelta:
    """Until the next try: what the site asked for, else twice as long after each failure, a day at most."""
    asked = trouble.values.get("retry_after")
    if isinstance(asked, int):
        return min(max(timedelta(seconds=asked), every), LONGEST)
    return min(every * (1 << min(state.failures, 10)), LONGEST)
