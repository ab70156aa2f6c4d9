"""From standing orders to letters: each story once, each slot once, nothing lost (decision 16, promises 43, 44, 46)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import event, func, select, update

from bot.feature import Hub, Settings
from bot.features import FEATURES
from bot.letters.editions import edit, glimpse, prepare, prepare_due
from bot.letters.slots import latest
from bot.sources.filing import file_new
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Action, Message, Request
from club.news import Event, Harvest, SourceKind
from club.people import Person, Place
from club.regions import Regions
from club.subscription import Cadence, Rhythm, Subscription, Wish
from club.texts import Texts
from club.topics import Topics, topics
from storage.store import Store
from storage.tables import delivery, digest_body, entry, issue, schedule_slot
from tests.kit.memory import (
    CHANNEL,
    Clock,
    add_source,
    counts,
    harvest,
    item,
    order,
    send,
    until_someone_waits,
    words_of,
)

SEAL = Seal(b"a key of the tests")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EIGHT = Cadence(Rhythm.DAILY, time(8))
WEEKLY = Cadence(Rhythm.WEEKLY, time(8), weekday=1)


class Club:
    """A hub with one source; `now` is Tuesday, 10:00 in Paris."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store = store
        self.clock = Clock(now)
        self.hub = Hub(store, Texts(), Settings(), self.clock)
        self.topics, self.regions = Topics.load(), Regions.load()
        self.number = 0

    async def subscribes(self, *orders: Subscription) -> list[int]:
        async with self.store.begin() as tx:
            return [await tx.subscriptions.add(one, self.clock()) for one in orders]

    async def publishes(self, *titles: str, source: str = "dreal") -> None:
        """The titles are read and filed now."""
        now = self.clock()
        async with self.store.begin() as tx:
            state = await tx.sources.get(source)
            origin = state.source if state else await add_source(tx, source, now)
            links = [f"https://{source}.example/{title.lower().replace(chr(32), chr(45))}" for title in titles]
            items = [item(f"{title}", title, now, link) for title, link in zip(titles, links, strict=True)]
            await tx.news.keep([(origin, harvest(*items))], now)
        await file_new(self.store, self.topics, self.regions, self.clock)

    async def ticks(self) -> None:
        await prepare_due(self.hub)

    async def at(self, hour: int, minute: int = 0, *, days: int = 0) -> None:
        """The hub looks, at that hour of Paris in winter."""
        now = self.clock.now
        self.clock.now = (now + timedelta(days=days)).replace(hour=hour - 1, minute=minute)
        await self.ticks()

    async def letters(self) -> list[str]:
        """What left and was not looked at yet."""
        found = []
        for _ in range(100):
            self.clock.jumps(seconds=1)
            async with self.store.begin() as tx:
                letter = await tx.outbox.claim("simulator", 1000, 1, self.clock())
                if letter is None:
                    break
                await tx.outbox.sent(letter, "ref", self.clock(), timedelta(0))
                found.append(words_of(letter.message))
        return found

    async def rows(self) -> tuple[int, ...]:
        async with self.store.read() as tx:
            tables = (delivery, digest_body, schedule_slot)
            return tuple([int(await tx.connection.scalar(select(func.count()).select_from(t)) or 0) for t in tables])

    async def press(self, action: Action) -> Message:
        """What a button of a letter answers."""
        router = Router(self.store, self.hub.texts, self.hub.settings, SEAL, FEATURES, self.clock)
        request = Request(Person("simulator", "ana"), CHANNEL, private=False, token=SEAL.close(action, CHANNEL))
        answer = await router.answer(request)
        assert answer
        return answer

    async def watermarks(self) -> list[datetime]:
        async with self.store.read() as tx:
            return [one.watermark for one in await tx.subscriptions.channels()]


@pytest.fixture
def club(any_store: Store, now: datetime) -> Club:
    return Club(any_store, now)


def told(letters: Sequence[str], *titles: str) -> list[int]:
    """In how many letters each title stands."""
    return [sum(title in one for one in letters) for title in titles]


ONE, TWO, THREE = "Inauguration du quartier Fontaine", "Concours de façades végétales", "Guide des toitures solaires"


async def test_an_edition_tells_each_story_once(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    assert await club.letters() == []
    await club.at(8, days=1)
    [first] = await club.letters()
    assert ONE in first
    await club.publishes(TWO)
    await club.at(8, days=1)
    [second] = await club.letters()
    assert (ONE in second, TWO in second) == (False, True)
    await club.at(8, days=1)
    assert await club.letters() == []


async def test_composing_twice_adds_nothing(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    await club.at(8, days=1)
    before = await club.rows()
    async with club.store.read() as tx:
        [schedule] = await tx.subscriptions.schedules()
    assert await prepare(club.hub, schedule, latest(schedule.cadence, club.clock())) == 0
    await club.ticks()
    assert await club.rows() == before == (1, 1, 1)


async def test_two_ticks_at_once_are_one_slot(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    club.clock.jumps(days=1)
    await asyncio.gather(*(club.ticks() for _ in range(4)))
    assert await club.rows() == (1, 1, 1)


async def test_a_kill_between_slot_and_letters_leaves_both_or_neither(
    club: Club, caplog: pytest.LogCaptureFixture
) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    engine = club.store.engine.sync_engine

    def kill(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO delivery"):
            raise RuntimeError("killed")

    event.listen(engine, "before_cursor_execute", kill)
    await club.at(8, days=1)
    assert await club.rows() == (0, 0, 0)
    assert "slot failed" in caplog.text
    event.remove(engine, "before_cursor_execute", kill)
    await club.ticks()
    assert told(await club.letters(), ONE) == [1]


async def test_a_slot_that_fails_stops_no_other(club: Club, caplog: pytest.LogCaptureFixture) -> None:
    since = club.clock()
    bad = order("Cassée", since=since, place=Place("simulator", "cassee"))
    good = order("Bonne", since=since, cadence=Cadence(Rhythm.DAILY, time(8, 30)))
    await club.subscribes(bad, good)
    await club.publishes(ONE)
    async with club.store.read() as tx:
        number = next(one.id for one in await tx.subscriptions.schedules() if one.cadence == bad.cadence)

    def fail(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("INSERT INTO delivery") and f"edition:{number}:" in str(parameters):
            raise RuntimeError("bug")

    event.listen(club.store.engine.sync_engine, "before_cursor_execute", fail)
    await club.at(9, days=1)
    assert told(await club.letters(), ONE) == [1]
    assert "slot failed" in caplog.text


async def test_nothing_to_say_nothing_is_sent(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.at(8, days=1)
    assert await club.rows() == (0, 0, 1)
    assert await club.watermarks() == [club.clock()]


async def test_a_skipped_slot_leaves_its_entries_to_the_next(club: Club) -> None:
    since = club.clock()
    await club.subscribes(order(since=since))
    await club.publishes(ONE)
    await club.at(21, days=1)  # thirteen hours late
    assert await club.watermarks() == [since]
    assert await club.letters() == []
    async with club.store.read() as tx:
        assert await tx.connection.scalar(select(schedule_slot.c.skipped)) is True
    await club.publishes(TWO)
    await club.at(8, days=1)
    [letter] = await club.letters()
    assert told([letter], ONE, TWO) == [1, 1]


async def test_twelve_hours_late_is_sent(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    await club.at(20, days=1)
    assert told(await club.letters(), ONE) == [1]


async def test_a_weekly_letter_may_be_three_days_late(club: Club) -> None:
    await club.subscribes(order(since=club.clock(), cadence=WEEKLY))
    await club.publishes(ONE)
    await club.at(8, days=10)  # Friday of the week after
    assert told(await club.letters(), ONE) == [1]
    await club.publishes(TWO)
    await club.at(9, days=7)  # again a Friday, an hour too late
    assert await club.letters() == []
    await club.at(8, days=4)
    assert told(await club.letters(), TWO) == [1]


async def test_four_days_down_are_one_letter(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    club.clock.jumps(days=2)
    await club.publishes(TWO)
    await club.at(9, days=2)
    [letter] = await club.letters()
    assert told([letter], ONE, TWO) == [1, 1]
    await club.ticks()
    assert await club.letters() == []


async def test_a_relay_that_comes_later_is_not_told(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    await club.at(8, days=1)
    await club.letters()
    await club.publishes(ONE, source="ademe")
    async with club.store.read() as tx:
        assert len({news.story for news in await tx.news.entries(None)}) == 1
    await club.publishes(TWO, source="ademe")
    await club.at(8, days=1)
    assert told(await club.letters(), ONE, TWO) == [0, 1]


async def test_who_subscribes_after_the_slot_waits_for_the_next(club: Club) -> None:
    await club.subscribes(order(since=club.clock() - DAY))
    await club.publishes(ONE)
    club.clock.jumps(days=1)  # 10:00: the slot of 08:00 was not served yet
    await club.subscribes(order("Nouvelle", since=club.clock(), place=Place("simulator", "nouvelle")))
    club.clock.jumps(minutes=1)
    await club.publishes(TWO)
    await club.ticks()
    assert told(await club.letters(), TWO) == [1]
    await club.at(8, days=1)
    assert told(await club.letters(), ONE, TWO) == [0, 1]


async def test_an_entry_edited_before_its_edition_is_told(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    async with club.store.begin() as tx:  # edited, and not filed anew before the slot
        await tx.connection.execute(update(entry).values(title="Inauguration reportée", filed=False))
    await club.at(8, days=1)
    assert told(await club.letters(), "Inauguration reportée") == [1]


async def test_equal_wishes_share_one_text(club: Club) -> None:
    since = club.clock()
    places = [Place("simulator", f"p{n}") for n in range(30)]
    wishes = [Wish(), Wish((1, 2), ("76",)), Wish((2, 1), ("76",))]
    await club.subscribes(
        *(order(str(n), since=since, place=place, wish=wishes[n % 3]) for n, place in enumerate(places))
    )
    await club.publishes(ONE)
    windows = 0

    def count(connection: object, cursor: object, statement: str, *_: object) -> None:
        nonlocal windows
        windows += "FROM entry JOIN source" in statement

    event.listen(club.store.engine.sync_engine, "before_cursor_execute", count)
    await club.at(8, days=1)
    letters, bodies, _ = await club.rows()
    assert windows == 1  # read once, whatever the wishes
    assert bodies <= 2  # the order of topics makes no other wish
    assert letters >= 10


async def test_what_does_not_fit_can_be_asked_for(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    titles = [f"Le projet {'abcdefghij'[n % 10] * 4}{n // 10} du numéro {n}." for n in range(54)]
    await club.publishes(*titles)
    await club.at(8, days=1)
    async with club.store.begin() as tx:
        letter = await tx.outbox.claim("simulator", 1000, 1, club.clock())
    assert letter
    pages = [letter.message]
    while actions := [one for one in pages[-1].actions if one.route == "issue.rest"]:
        pages.append(await club.press(*actions))
    assert [words_of(page).count("numéro") for page in pages] == [7, 20, 20, 7]
    assert words_of(pages[2]).startswith("La suite de la lettre, 21 à 40 sur 47\n")
    shown = "\n".join(map(words_of, pages))
    assert told([shown], *titles) == [1] * len(titles)


async def test_a_channels_letter_leads_to_its_page(club: Club) -> None:
    club.hub = Hub(club.store, Texts(), Settings(public_url="https://hub.test"), club.clock)
    water = Wish(tuple(sorted(topics().commitments_of(topics().theme("eau")))), ("76",))
    wishes = (Wish(), water, Wish((3, 5)))
    async with club.store.begin() as tx:
        ana = (await tx.people.meet(Person("simulator", "ana"), club.clock())).number
    channels = [order(f"c{n}", since=club.clock(), wish=one) for n, one in enumerate(wishes)]
    await club.subscribes(*channels, order(since=club.clock(), place=Place("simulator", "ana"), person=ana))
    await club.publishes("Désimperméabiliser et gérer l’eau de pluie en Occitanie", ONE)
    for _ in range(2):
        await club.at(8, days=1)
        await club.publishes(TWO, THREE, source="ademe")
    async with club.store.read() as tx:
        issues = await tx.issues.latest(9)
        persons = await tx.connection.scalar(select(func.count()).select_from(issue).where(issue.c.name.is_(None)))
        texts = [Message.from_json(one) for one in await tx.connection.scalars(select(digest_body.c.message))]
    names = [one.name for one in issues]
    assert {"2027-03-10-toutes-les-nouvelles", "2027-03-11-toutes-les-nouvelles"} <= set(names)
    assert "2027-03-10-eau-occitanie" in names
    assert {one.title for one in issues} <= {"Toutes les nouvelles", "Eau · Occitanie", "Engagements 3, 5"}
    links = [span.link for text in texts for line in text.lines for span in line if "en ligne" in span.text]
    assert sorted(filter(None, links)) == sorted(f"https://hub.test/lettres/{name}" for name in names)
    assert persons == 2


async def test_without_a_public_address_none_is_told(club: Club) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    await club.at(8, days=1)
    [letter] = await club.letters()
    assert "en ligne" not in letter
    async with club.store.read() as tx:
        assert await tx.issues.named("2027-03-10-toutes-les-nouvelles")


async def test_a_persons_letter_offers_its_settings(club: Club) -> None:
    async with club.store.begin() as tx:
        ana = (await tx.people.meet(Person("simulator", "ana"), club.clock())).number
    await club.subscribes(
        order(since=club.clock(), place=Place("simulator", "ana"), person=ana), order(since=club.clock(), place=CHANNEL)
    )
    await club.publishes(ONE)
    await club.at(8, days=1)
    async with club.store.begin() as tx:
        channel = await tx.outbox.claim("simulator", 1000, 1, club.clock())
        club.clock.jumps(seconds=1)
        person = await tx.outbox.claim("simulator", 1000, 1, club.clock())
    assert channel and person
    assert (channel.place, person.place.id) == (CHANNEL, "ana")  # a channel speaks to many: it goes first
    assert [one.route for one in person.message.actions] == ["subscriptions"]
    assert channel.message.actions == ()


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
async def test_a_clock_that_jumps_tells_nothing_twice_and_loses_nothing(club: Club, hours: int) -> None:
    await club.subscribes(order(since=club.clock()))
    await club.publishes(ONE)
    await club.at(8, days=1)
    letters = await club.letters()
    club.clock.jumps(hours=hours)
    await club.publishes(TWO)
    await club.ticks()
    letters += await club.letters()
    for _ in range(3):
        await club.at(8, days=1)
        letters += await club.letters()
    assert told(letters, ONE, TWO) == [1, 1]


async def test_entries_that_arrive_while_an_edition_is_composed_are_in_the_next(
    postgres_store: Store, now: datetime
) -> None:
    club = Club(postgres_store, now)
    await club.subscribes(order(since=now))
    await club.publishes(ONE)
    club.clock.jumps(days=1)
    async with postgres_store.begin() as tx:
        await tx.news.lock()  # somebody files while the edition waits for its turn, and is composed after
        origin = (await tx.sources.all())[0].source
        await tx.news.keep([(origin, harvest(item("3", THREE, club.clock())))], club.clock())
        composing = asyncio.create_task(club.ticks())
        await until_someone_waits(postgres_store, composing)
        club.clock.jumps(seconds=1)
    await composing
    await file_new(postgres_store, club.topics, club.regions, club.clock)
    letters = await club.letters()
    await club.at(8, days=1)
    letters += await club.letters()
    assert told(letters, ONE, THREE) == [1, 1]


async def test_filing_waits_for_a_composition(postgres_store: Store, now: datetime) -> None:
    """The other order: what is filed while an edition is composed gets a later instant than its watermark."""
    club = Club(postgres_store, now)
    await club.subscribes(order(since=now))
    async with postgres_store.begin() as tx:
        origin = await add_source(tx, "dreal", now)
        await tx.news.keep([(origin, harvest(item("1", ONE, now)))], now)
    club.clock.jumps(days=1)
    async with postgres_store.begin() as tx:
        await tx.news.lock()
        filing = asyncio.create_task(file_new(postgres_store, club.topics, club.regions, club.clock))
        await until_someone_waits(postgres_store, filing)
        [one] = await tx.subscriptions.channels()
        await tx.subscriptions.advance([one.id], club.clock() + HOUR)  # its clock is ahead
    await filing
    async with postgres_store.read() as tx:
        [news] = await tx.news.window(club.clock() + HOUR, club.clock() + 2 * HOUR)
    assert news.title == ONE


async def test_the_glimpse_is_last_week(club: Club) -> None:
    await club.publishes(ONE)
    club.clock.jumps(days=6)
    await club.publishes(TWO)
    async with club.store.read() as tx:
        week = await glimpse(tx, Wish(), club.clock())
        assert (week.items, week.events) == (2, 0)
        assert (await glimpse(tx, Wish(), club.clock() + 2 * DAY)).items == 1
    assert await counts(club.store) == {}
    assert await send(club.store, club.clock()) is None


async def test_the_gatherings_of_the_chosen_regions_come_first_else_dates_do(club: Club) -> None:
    now = club.clock()
    soon = Event("1", "1", "Atelier ouvert aux communes", now + 2 * DAY)
    there = Event("2", "2", "Visite du quartier Fontaine", now + 9 * DAY, place="Toulouse")
    async with club.store.begin() as tx:
        origin = await add_source(tx, "agenda", now)
        await tx.news.keep([(origin, Harvest(SourceKind.ICS, events=(soon, there)))], now)
    await file_new(club.store, club.topics, club.regions, club.clock)
    async with club.store.read() as tx:
        everywhere = await edit(tx, Wish(), now - DAY, now)
        there_first = await edit(tx, Wish(regions=("76",)), now - DAY, now)
    assert [line.news.title for line in everywhere.lines] == [soon.title, there.title]
    assert [line.news.title for line in there_first.lines] == [there.title, soon.title]
