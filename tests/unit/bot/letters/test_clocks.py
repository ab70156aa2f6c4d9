"""The nights of the change of hour, from the tick to the letter: each order receives each day's news once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.feature import Hub, Settings
from bot.letters.editions import prepare_due
from bot.sources.filing import file_new
from club.people import Place
from club.regions import Regions
from club.subscription import Cadence, Rhythm
from club.texts import Texts
from club.topics import Topics
from storage.store import Store
from tests.kit.memory import Clock, add_source, harvest, item, order, words_of

HOURS = (time(2, 30), time(3), time(8))
ZONES = ("Europe/Paris", "America/Guadeloupe", "Indian/Reunion", "America/Miquelon", "Pacific/Noumea")


class World:
    """A channel for each hour and each zone, one piece of news a day."""

    def __init__(self, store: Store, begin: datetime) -> None:
        self.store = store
        self.clock = Clock(begin)
        self.hub = Hub(store, Texts(), Settings(), self.clock)
        self.topics, self.regions = Topics.load(), Regions.load()
        self.told: Counter[tuple[str, str]] = Counter()  # place and news

    async def begins(self) -> None:
        async with self.store.begin() as tx:
            for zone in ZONES:
                for at in HOURS:
                    place = Place("simulator", f"{zone.partition('/')[2].lower()}-{at:%H%M}")
                    cadence = Cadence(Rhythm.DAILY, at, zone=zone)
                    await tx.subscriptions.add(order(since=self.clock(), place=place, cadence=cadence), self.clock())

    async def publishes(self, name: str) -> None:
        now = self.clock()
        async with self.store.begin() as tx:
            state = await tx.sources.get("dreal")
            origin = state.source if state else await add_source(tx, "dreal", now)
            await tx.news.keep([(origin, harvest(item(name, name, now, f"https://dreal.example/{name}")))], now)
        await file_new(self.store, self.topics, self.regions, self.clock)

    async def ticks(self) -> None:
        await prepare_due(self.hub)
        async with self.store.begin() as tx:
            while letter := await tx.outbox.claim("simulator", 1e9, 1, self.clock()):
                await tx.outbox.sent(letter, "ref", self.clock(), timedelta(0))
                words = words_of(letter.message)
                self.told.update((letter.place.id, word) for word in words.split() if word.startswith("Annonce-"))


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("jump", [0, -24, -1, 1, 24])
async def test_each_digest_once_over_the_change(store: Store, night: date, jump: int) -> None:
    begin = datetime.combine(night - timedelta(days=2), time(12), UTC)
    world = World(store, begin)
    await world.begins()
    published = []
    for half_hours in range(4 * 48):
        if half_hours % 48 == 0:
            published.append(f"Annonce-{half_hours // 48}")
            await world.publishes(published[-1])
        if half_hours == 80:
            world.clock.jumps(hours=jump)
        await world.ticks()
        world.clock.jumps(minutes=30)
    for _ in range(3 if jump else 1):  # what a jump made late leaves with the next slot
        world.clock.jumps(days=1)
        await world.ticks()
    places = {place for place, _ in world.told}
    assert len(places) == len(ZONES) * len(HOURS)
    assert world.told == Counter((place, news) for place in places for news in published)
