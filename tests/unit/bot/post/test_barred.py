"""A place that refuses for a while is asked again, later and later, and misses nothing; one that is gone stops."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.feature import Hub, Settings
from bot.features import FEATURES
from bot.letters.barred import watch
from bot.letters.editions import prepare_due
from bot.platforms.base import Pace, Unreachable
from bot.post.delivery import Delivery
from bot.post.places import Places
from bot.sources.filing import file_new
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Request
from club.people import Person, Place, Role
from club.regions import regions
from club.subscription import Cadence, Rhythm
from club.texts import Texts
from club.topics import topics
from storage.owner import Worker
from storage.store import Store
from tests.kit.memory import CHANNEL, Clock, add_source, counts, harvest, item, order, put, words_of
from tests.kit.network import Network

TEAM = Place("simulator", "moderation")
ROOT = Person("simulator", "root", "Root")
RIGHTS, CLOSED = Unreachable("unreachable-forbidden"), Unreachable("unreachable-closed")


class House:
    """A hub with a source, a channel that receives its news each morning, and a network with moods."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.clock, self.network = store, Clock(now), Network()
        self.hub = Hub(store, Texts(), Settings(moderators=(TEAM,), networks=("simulator",)), self.clock)
        self.delivery = Delivery(
            store, {"simulator": self.network}, {"simulator": Pace()}, Seal(b"k" * 32), Worker(7), self.clock
        )
        self.number = 0

    async def begins(self) -> int:
        async with self.store.begin() as tx:
            self.source = await add_source(tx, "ush", self.clock())
            root = await tx.people.meet(ROOT, self.clock())
            await tx.people.give(root.number, Role.ADMIN, self.clock(), "test")
            self.number = await tx.subscriptions.add(order(since=self.clock()), self.clock())
        return self.number

    async def publishes(self, title: str) -> None:
        async with self.store.begin() as tx:
            link = f"https://ush.example/{title.lower().replace(' ', '-')}"
            await tx.news.keep([(self.source, harvest(item(title, title, self.clock(), link)))], self.clock())
        await file_new(self.store, topics(), regions(), self.clock)

    async def passes(self, hours: int) -> None:
        """Time passes, an hour at a time, and the hub does what it has to do."""
        for _ in range(hours):
            self.clock.jumps(hours=1)
            await prepare_due(self.hub)
            await watch(self.hub)
            for _ in range(100):
                if not await self.delivery.deliver_one("simulator"):
                    break

    def read(self, place: str = CHANNEL.id) -> list[str]:
        return self.network.read_by(place)

    async def barred(self) -> dict[Place, int]:
        async with self.store.read() as tx:
            return {one.place: one.tries for one in await tx.barred.all()}

    async def is_paused(self) -> str:
        async with self.store.read() as tx:
            found = await tx.subscriptions.get(self.number)
        assert found
        return found.paused


@pytest.fixture
async def house(any_store: Store, now: datetime) -> House:
    made = House(any_store, now)
    await made.begins()
    return made


def refusing(house: House, *places: str, error: Exception = RIGHTS) -> dict[str, Exception]:
    """Places that refuse, until they are taken out of what is given back."""
    refused: dict[str, Exception] = dict.fromkeys(places, error)

    def mood(place: Place) -> None:
        house.network.moods.append(mood)
        if place.id in refused:
            raise refused[place.id]

    house.network.moods.append(mood)
    return refused


@pytest.mark.parametrize("error", [RIGHTS, CLOSED])
async def test_what_a_place_refused_comes_hours_later_without_anybody_doing_anything(
    house: House, error: Exception
) -> None:
    refused = refusing(house, CHANNEL.id, error=error)
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(24)
    assert house.read() == []
    assert await house.is_paused() == ""
    assert set(await house.barred()) == {CHANNEL}
    refused.clear()
    await house.passes(24)
    [letter] = house.read()
    assert "Un jardin de pluie à Rennes" in letter
    assert await house.barred() == {}


async def test_the_next_letter_tells_what_did_not_arrive_and_nothing_twice(house: House) -> None:
    refused = refusing(house, CHANNEL.id)
    for title in ("Un jardin de pluie à Rennes", "La chaleur en ville", "Un prix pour les noues"):
        await house.publishes(title)
        await house.passes(24)
    refused.clear()
    await house.publishes("Le sol vivant")
    await house.passes(48)
    said = "\n".join(house.read())
    for title in ("Un jardin de pluie à Rennes", "La chaleur en ville", "Un prix pour les noues", "Le sol vivant"):
        assert said.count(title) == 1


async def test_it_is_asked_later_and_later_and_once_a_day_at_most_besides_its_letters(house: House) -> None:
    refusing(house, CHANNEL.id)
    await house.publishes("Un jardin de pluie à Rennes")
    asked = []
    for _ in range(10):
        before = house.network.asked
        await house.passes(24)
        asked.append(house.network.asked - before)
    assert asked[0] <= 8  # with what the team is told
    assert max(asked[3:]) <= 2
    assert min(asked) >= 1


async def test_those_who_hold_the_place_are_told_once(house: House) -> None:
    refusing(house, CHANNEL.id)
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(72)
    for place in (TEAM.id, ROOT.id):
        [told] = house.read(place)
        assert "Actualités" in told
        assert "on ne m’en donne pas le droit" in told


async def test_whoever_subscribed_the_channel_is_told(house: House) -> None:
    async with house.store.begin() as tx:
        ana = await tx.people.meet(Person("simulator", "ana", "Ana"), house.clock())
        about = f"subscription={house.number}"
        await tx.journal.note(house.clock(), "subscription.added", about, ana.number, by="member")
    refusing(house, CHANNEL.id)
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(24)
    assert len(house.read("ana")) == 1


async def test_nobody_is_told_of_somebodys_private_talk(house: House) -> None:
    async with house.store.begin() as tx:
        ana = await tx.people.meet(Person("simulator", "ana", "Ana"), house.clock())
        mine = order(since=house.clock(), place=Place("simulator", "ana"), person=ana.number)
        await tx.subscriptions.add(mine, house.clock())
    refused = refusing(house, "ana")
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(24)
    assert (house.read(TEAM.id), house.read(ROOT.id)) == ([], [])
    refused.clear()
    await house.passes(24)
    assert len(house.read("ana")) == 1


async def test_one_closed_thread_does_not_hold_the_others(house: House) -> None:
    async with house.store.begin() as tx:
        for thread in ("5", "6"):
            place = Place("simulator", "forum", thread)
            await tx.subscriptions.add(order(since=house.clock(), place=place, name=thread), house.clock())

    def mood(place: Place) -> None:
        house.network.moods.append(mood)
        if place.thread == "5":
            raise CLOSED

    house.network.moods.append(mood)
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(24)
    assert len(house.read("forum")) == 1
    assert set(await house.barred()) == {Place("simulator", "forum", "5")}


async def test_other_letters_wait_there_and_are_given_up_after_a_week(house: House) -> None:
    refused = refusing(house, "cafe")
    await put(house.store, house.clock(), "bonjour", place="cafe")
    await house.passes(48)
    assert await counts(house.store) == {"pending": 1}
    refused.clear()
    await house.passes(24)
    assert house.read("cafe") == ["bonjour"]
    refused["cafe"] = RIGHTS
    await put(house.store, house.clock(), "bonsoir", place="cafe")
    await house.passes(24 * 9)
    assert await counts(house.store) == {"sent": 1, "dead": 1}
    assert await house.barred() == {}


@pytest.mark.parametrize("why", ["unreachable-gone", "unreachable-blocked"])
async def test_a_clear_refusal_stops_and_what_was_missed_comes_when_it_is_back(house: House, why: str) -> None:
    refused = refusing(house, CHANNEL.id, error=Unreachable(why))
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(24)
    asked = house.network.asked
    await house.publishes("La chaleur en ville")
    await house.passes(72)
    assert (await house.is_paused(), house.network.asked) == ("paused-unreachable", asked)
    refused.clear()
    await Places(house.store, house.clock).opened(CHANNEL)
    await house.passes(24)
    said = "\n".join(house.read())
    assert said.count("Un jardin de pluie à Rennes") == said.count("La chaleur en ville") == 1


async def test_a_right_that_the_network_says_is_gone_and_back(house: House) -> None:
    """Without any letter being tried in between."""
    places = Places(house.store, house.clock)
    await places.closed(CHANNEL, "unreachable-forbidden")
    assert await house.is_paused() == ""
    assert set(await house.barred()) == {CHANNEL}
    await places.opened(CHANNEL)
    await house.passes(1)
    assert await house.barred() == {}


async def test_a_channel_that_is_open_again_gets_what_it_missed_at_once(house: House) -> None:
    refused = refusing(house, CHANNEL.id)
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(28)
    refused.clear()
    await Places(house.store, house.clock).opened(CHANNEL)
    await house.passes(1)
    assert len(house.read()) == 1


async def test_a_restart_asks_at_once(house: House) -> None:
    refused = refusing(house, CHANNEL.id)
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(72)
    refused.clear()
    async with house.store.begin() as tx:
        await tx.barred.ask_all(house.clock())
    await house.passes(1)
    assert len(house.read()) == 1


async def test_a_quick_rhythm_loses_nothing_either(house: House) -> None:
    every = Cadence(Rhythm.INTERVAL, minutes=30)
    async with house.store.begin() as tx:
        cafe = order(since=house.clock(), place=Place("simulator", "cafe"), name="Vite", cadence=every)
        await tx.subscriptions.add(cafe, house.clock())
    refused = refusing(house, "cafe")
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(1)
    refused.clear()
    await house.publishes("La chaleur en ville")
    await house.passes(1)
    said = "\n".join(house.read("cafe"))
    assert said.count("Un jardin de pluie à Rennes") == said.count("La chaleur en ville") == 1


async def test_the_place_itself_says_so_when_it_is_asked(house: House) -> None:
    refusing(house, CHANNEL.id)
    await house.publishes("Un jardin de pluie à Rennes")
    await house.passes(24)
    router = Router(house.store, house.hub.texts, house.hub.settings, Seal(b"k" * 32), FEATURES, house.clock)
    answer = await router.answer(Request(ROOT, CHANNEL, private=False, words="/abonnements"))
    assert answer
    assert "je ne peux pas écrire ici pour l’instant" in words_of(answer)
