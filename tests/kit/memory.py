"""What tests of the memory are made of: short letters, orders and sources, and waiting for a condition."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from club.dialogue import Letter, Message
from club.markup import Span
from club.news import Harvest, Item, Source, SourceKind
from club.people import Place
from club.subscription import Cadence, Rhythm, Subscription, Wish
from storage.news import Marks
from storage.outbox import Claimed
from storage.store import Store, Transaction

WORKER = 7
RATE = 1000.0
CHANNEL = Place("simulator", "actualites")
DAILY = Cadence(Rhythm.DAILY)


class Clock:
    """A clock that is moved by hand, and by `step` each time somebody looks at it."""

    def __init__(self, now: datetime, step: timedelta = timedelta(0)) -> None:
        self.now = now
        self.step = step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now

    def jumps(self, **by: float) -> None:
        self.now += timedelta(**by)


def said(words: str) -> Message:
    return Message(((Span(words),),))


def words_of(message: Message) -> str:
    return "\n".join("".join(span.text for span in line) for line in message.lines)


def letter(key: str, now: datetime, place: str = "ana", priority: int = 0, after: timedelta = timedelta(0)) -> Letter:
    return Letter(key, Place("simulator", place), said(key), now + after, priority)


async def put(store: Store, now: datetime, *keys: str, place: str = "ana", priority: int = 0) -> None:
    async with store.begin() as tx:
        for key in keys:
            assert await tx.outbox.put(letter(key, now, place, priority), now)


async def claim(store: Store, now: datetime, rate: float = RATE, worker: int = WORKER) -> Claimed | None:
    async with store.begin() as tx:
        return await tx.outbox.claim("simulator", rate, worker, now)


async def send(store: Store, now: datetime, gap: timedelta = timedelta(0)) -> str | None:
    """Claim the next letter and say that it arrived; its key."""
    claimed = await claim(store, now)
    if claimed is None:
        return None
    async with store.begin() as tx:
        await tx.outbox.sent(claimed, "ref", now, gap)
    return claimed.key


async def counts(store: Store) -> dict[str, int]:
    async with store.read() as tx:
        return dict(await tx.outbox.counts())


def order(
    name: str = "Actualités",
    *,
    since: datetime,
    place: Place = CHANNEL,
    cadence: Cadence = DAILY,
    wish: Wish | None = None,
    person: int | None = None,
) -> Subscription:
    return Subscription(place, wish or Wish(), cadence, since, person=person, name=name)


def source(name: str, url: str = "", kind: SourceKind = SourceKind.AUTO, zone: str = "Europe/Paris") -> Source:
    return Source(name, url or f"https://{name}.example/", kind, partner=name.title(), zone=zone)


async def add_source(tx: Transaction, name: str, now: datetime, zone: str = "Europe/Paris") -> Source:
    assert await tx.sources.add(source(name, zone=zone), now)
    state = await tx.sources.get(name)
    assert state
    return state.source


def item(guid: str, title: str, published: datetime | None = None, link: str | None = None) -> Item:
    return Item(guid, guid, title, link, published)


def harvest(*items: Item) -> Harvest:
    return Harvest(SourceKind.FEED, items=items)


async def file_alone(tx: Transaction, now: datetime) -> list[int]:
    """File what waits, each entry its own story."""
    waiting = await tx.news.unfiled()
    marks = [Marks(one.news.id, one.fingerprint, one.news.story, one.news.topics, one.news.regions) for one in waiting]
    await tx.news.file(marks, now)
    return [mark.id for mark in marks]


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 30) -> None:
    """Poll; fails when the condition never holds."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.005)


async def until_someone_waits(store: Store, *tasks: asyncio.Task[object]) -> None:
    """Until a transaction waits for another one's lock (on SQLite: one of `tasks` had its chance to begin)."""
    if store.on_sqlite:
        await asyncio.sleep(0)
        return

    async def waits() -> bool:
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        async with store.read() as tx:
            return bool(await tx.connection.scalar(query)) or any(task.done() for task in tasks)

    await until(waits)


async def together(*calls: Awaitable[object]) -> Sequence[object]:
    return await asyncio.gather(*calls)
