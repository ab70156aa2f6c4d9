"""One slot for many subscribers over 5,000 entries: composing, writing, and how long a chat waits meanwhile.
`python -m benchmarks.fanout` adds 100,000 subscribers of whom one in five has a wish of its own: it takes minutes."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from bot.feature import Hub, Settings
from bot.letters.editions import draft_slot, prepare
from bot.letters.slots import latest
from club.news import Harvest, Item, Origin, Source, SourceKind
from club.people import Place
from club.subscription import Cadence, Rhythm, Subscription, Wish
from club.texts import Texts
from storage.insert import batched
from storage.news import Marks
from storage.store import Store
from storage.tables import delivery, subscription

ENTRIES = 5_000
TOPICS = range(1, 21)
REGIONS = ("11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93", "94", "01", "02", "03", "04", "06")
NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
CADENCE = Cadence(Rhythm.INTERVAL, minutes=60)


@dataclass(frozen=True, slots=True)
class Slot:
    """Seconds, of CPU unless said: composing all texts, the whole slot. `waited`: the longest that a chat's command
    waited for the database meanwhile, by the clock."""

    subscribers: int
    signatures: int
    letters: int
    compose: float
    whole: float
    wall: float
    waited: float


async def measure(subscribers: int, *, at_random: bool = False) -> Slot:
    """One slot of that many subscribers; one in five with a wish of its own when `at_random`, else of 494 presets."""
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite3'}")
        try:
            await _publish(store)
            await _subscribe(store, _wishes(subscribers, at_random=at_random))
            return await _serve(store, subscribers)
        finally:
            await store.close()


async def _serve(store: Store, subscribers: int) -> Slot:
    hub = Hub(store, Texts(), Settings(), lambda: NOW + timedelta(hours=1))
    async with store.read() as tx:
        [schedule] = await tx.subscriptions.schedules()
    slot = latest(schedule.cadence, hub.clock())
    begun = time.process_time()
    drafted = await draft_slot(hub, schedule, slot)
    compose = time.process_time() - begun
    waits: list[float] = []
    chat = asyncio.create_task(_chat(store, waits))
    begun, wall = time.process_time(), time.perf_counter()
    letters = await prepare(hub, schedule, slot)
    whole, wall = time.process_time() - begun, time.perf_counter() - wall
    chat.cancel()
    with suppress(asyncio.CancelledError):
        await chat
    async with store.read() as tx:
        assert letters == await tx.connection.scalar(select(func.count()).select_from(delivery))
    return Slot(subscribers, len(drafted.groups), letters, compose, whole, wall, max(waits))


async def _chat(store: Store, waits: list[float]) -> None:
    """Somebody writes to the hub again and again: how long a change waits for its turn."""
    while True:
        begun = time.perf_counter()
        async with store.begin() as tx:
            await tx.journal.note(NOW, "bench")
        waits.append(time.perf_counter() - begun)
        await asyncio.sleep(0.02)


async def _publish(store: Store) -> None:
    """Entries of one or two topics; half of them national, the others of one region; 40 sources."""
    chance = random.Random(7)  # noqa: S311 — the same at each run
    async with store.begin() as tx:
        for number in range(40):
            await tx.sources.add(Source(f"s{number}", f"https://s{number}.example/", SourceKind.FEED), NOW)
        for place, state in enumerate(await tx.sources.all()):
            items = tuple(
                Item(f"g{n}", f"g{n}", f"Projet {n} du quartier {n % 97}", f"https://s.example/{n}", NOW)
                for n in range(place, ENTRIES, 40)
            )
            await tx.news.keep([(state.source, Harvest(SourceKind.FEED, items=items))], NOW)
        while waiting := await tx.news.unfiled():
            marks = [
                Marks(
                    one.news.id,
                    one.fingerprint,
                    one.news.story,
                    tuple(sorted(chance.sample(TOPICS, chance.choice((1, 1, 2))))),
                    () if chance.random() < 0.5 else (chance.choice(REGIONS),),
                )
                for one in waiting
            ]
            await tx.news.file(marks, NOW)


def _wishes(count: int, *, at_random: bool) -> Sequence[Wish]:
    chance = random.Random(11)  # noqa: S311 — the same at each run
    topics = [(n,) for n in TOPICS] + [(n, n + 1) for n in range(1, 7)]
    presets = [Wish(some, where) for some in topics for where in ((), *((one,) for one in REGIONS))]

    def own() -> Wish:
        some, where = chance.sample(TOPICS, chance.randint(1, 3)), chance.sample(REGIONS, chance.randint(0, 2))
        return Wish(tuple(sorted(some)), tuple(sorted(where)))

    return [own() if at_random and chance.random() < 0.2 else chance.choice(presets) for _ in range(count)]


async def _subscribe(store: Store, wishes: Sequence[Wish]) -> None:
    since = NOW - timedelta(days=1)
    async with store.begin() as tx:
        first = Subscription(Place("bench", "0"), wishes[0], CADENCE, since, name="0")
        await tx.subscriptions.add(first, NOW)
        [schedule] = await tx.subscriptions.schedules()
        common = {"platform": "bench", "thread": "", "theme": "", "schedule_id": schedule.id, "watermark": since}
        common |= {"paused": "", "origin": Origin.CHAT, "created_at": NOW, "person_id": None}
        rows = [
            {**common, "place": str(n), "name": str(n), "topics": wish.topics, "regions": wish.regions}
            for n, wish in enumerate(wishes)
        ][1:]
        for some in batched(rows, 10_000):
            await tx.connection.execute(insert(subscription), list(some))


async def main() -> None:
    for count, at_random in ((1_000, False), (10_000, False), (100_000, False), (100_000, True)):
        print(await measure(count, at_random=at_random), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
