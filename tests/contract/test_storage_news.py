"""Entries on both databases: kept once, updated, filed, and found in the window of an edition (promises 14–21)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from club.news import Event, Harvest, News, Source, SourceKind, Status
from storage.arrivals import Kept
from storage.news import Marks
from storage.store import Store
from tests.kit.memory import add_source, file_alone, harvest, item, order, until_someone_waits

HOUR = timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
async def origin(any_store: Store, now: datetime) -> Source:
    async with any_store.begin() as tx:
        return await add_source(tx, "dreal", now)


def events(*found: Event) -> Harvest:
    return Harvest(SourceKind.ICS, events=found)


def event(start: datetime | date, end: datetime | date | None = None, zone: str = "Europe/Paris", n: int = 1) -> Event:
    return Event("uid", f"uid@{n}", "Visite", start, end, zone, "Rodez", "https://a.example/e", "Venez", sequence=1)


async def keep(store: Store, origin: Source, found: Harvest, now: datetime) -> Kept:
    async with store.begin() as tx:
        kept = await tx.news.keep([(origin, found)], now)
        await file_alone(tx, now)
        return kept[origin.id]


async def window(store: Store, since: datetime, until: datetime) -> list[News]:
    async with store.read() as tx:
        return await tx.news.window(since, until)


async def only(store: Store) -> News:
    async with store.read() as tx:
        [found] = await tx.news.entries(None)
    return found


async def test_new_known_changed(any_store: Store, origin: Source, now: datetime) -> None:
    published = datetime(2027, 3, 1, 12, 30, tzinfo=PARIS)
    one = replace(item("1", "Une", published, "https://a.example/1"), summary="Longue", categories=("eau", "sol"))
    assert await keep(any_store, origin, harvest(one, item("2", "Deux")), now) == Kept(new=2)
    assert await keep(any_store, origin, harvest(one, item("2", "Deux")), now + HOUR) == Kept(known=2)
    edited = replace(one, title="Une, corrigée")
    assert await keep(any_store, origin, harvest(edited, item("2", "Deux")), now + HOUR) == Kept(changed=1, known=1)
    async with any_store.read() as tx:
        second, first = await tx.news.entries(None)
    assert (first.title, first.link, first.published, first.summary) == (
        "Une, corrigée",
        "https://a.example/1",
        published,
        "Longue",
    )
    assert (first.source, first.partner, first.guid, second.title) == ("dreal", "Dreal", "1", "Deux")
    # Nothing is news twice: both are kept as of the first visit.
    assert [one.kept_at for one in (first, second)] == [now, now]
    assert await window(any_store, now, now + 2 * HOUR) == []


async def test_the_same_identity_twice_in_a_document_is_one_entry(
    any_store: Store, origin: Source, now: datetime
) -> None:
    assert await keep(any_store, origin, harvest(item("1", "Une"), item("1", "Une bis")), now) == Kept(new=1)


async def test_two_sources_may_use_the_same_identity(any_store: Store, origin: Source, now: datetime) -> None:
    async with any_store.begin() as tx:
        other = await add_source(tx, "ademe", now)
    for source in (origin, other):
        assert await keep(any_store, source, harvest(item("1", "Une")), now) == Kept(new=1)


async def test_new_guids_at_each_visit_are_no_change(any_store: Store, origin: Source, now: datetime) -> None:
    one = replace(item("guid-1", "Une"), identity="https://a.example/1")
    await keep(any_store, origin, harvest(one), now)
    assert await keep(any_store, origin, harvest(replace(one, guid="guid-2")), now) == Kept(known=1)


async def test_a_batch_is_kept_as_its_sources_alone_would_be(any_store: Store, origin: Source, now: datetime) -> None:
    async with any_store.begin() as tx:
        others = [await add_source(tx, name, now) for name in ("ademe", "cerema", "muette")]
    sources = [origin, *others]
    first = [harvest(item("1", "Une"), item("2", "Deux")), harvest(item("1", "Une")), harvest(), harvest()]
    then = [
        harvest(item("1", "Une"), item("2", "Deux bis"), item("3", "Trois")),
        harvest(item("autre", "Une", now)),
        harvest(item("1", "Une")),
        harvest(),
    ]
    async with any_store.begin() as tx:
        kept = await tx.news.keep(list(zip(sources, first, strict=True)), now)
        assert [kept[one.id] for one in sources] == [Kept(new=2), Kept(new=1), Kept(), Kept()]
        kept = await tx.news.keep(list(zip(sources, then, strict=True)), now + HOUR)
        assert [kept[one.id] for one in sources] == [
            Kept(new=1, changed=1, known=1),
            Kept(new=1),
            Kept(new=1),
            Kept(),
        ]
        found = [(one.source, one.title) for one in await tx.news.entries(None)]
    assert sorted(found) == [
        ("ademe", "Une"),
        ("ademe", "Une"),
        ("cerema", "Une"),
        ("dreal", "Deux bis"),
        ("dreal", "Trois"),
        ("dreal", "Une"),
    ]


async def test_what_is_kept_is_recognised_after_an_upgrade(any_store: Store, origin: Source, now: datetime) -> None:
    """Marks that differ from those of the release before would make every entry a changed one."""
    published = datetime(2027, 3, 1, 12, 30, tzinfo=PARIS)
    one = replace(item("1", "Été", published, "https://a.example/1"), summary="« Eau »", categories=("eau", "sol"))
    async with any_store.begin() as tx:
        await tx.news.keep([(origin, harvest(one))], now)
        await tx.news.keep([(origin, events(event(date(2027, 3, 27), date(2027, 3, 29))))], now)
        marks = {waiting.news.title: waiting.fingerprint for waiting in await tx.news.unfiled()}
    assert marks == {"Été": "eb63c920f8e601c0e80371656b4e54ef", "Visite": "601842232a93c29fbe640ae23e717b02"}


async def test_what_left_the_document_stays(any_store: Store, origin: Source, now: datetime) -> None:
    await keep(any_store, origin, harvest(item("1", "Une")), now)
    await keep(any_store, origin, harvest(), now + HOUR)
    assert (await only(any_store)).title == "Une"


async def test_a_long_identity_is_one_identity(any_store: Store, origin: Source, now: datetime) -> None:
    long = item("x" * 2000, "Une")
    assert await keep(any_store, origin, harvest(long), now) == Kept(new=1)
    assert await keep(any_store, origin, harvest(long, item("x" * 1999, "Autre")), now) == Kept(new=1, known=1)


async def test_five_hundred_entries_at_once(any_store: Store, origin: Source, now: datetime) -> None:
    many = harvest(*(item(str(n), f"Titre {n}") for n in range(500)))
    assert await keep(any_store, origin, many, now) == Kept(new=500)
    assert await keep(any_store, origin, many, now) == Kept(known=500)
    assert len(await window(any_store, now - HOUR, now)) == 500


async def test_two_visits_at_once_keep_an_entry_once(any_store: Store, origin: Source, now: datetime) -> None:
    async def again() -> None:
        async with any_store.begin() as tx:
            await tx.news.keep([(origin, harvest(item("1", "Une"), item("2", "Deux")))], now)

    async with any_store.begin() as tx:
        await tx.news.keep([(origin, harvest(item("1", "Une")))], now)
        other = asyncio.create_task(again())
        await until_someone_waits(any_store, other)
    await other
    async with any_store.read() as tx:
        assert sorted(one.title for one in await tx.news.entries(None)) == ["Deux", "Une"]


@pytest.mark.parametrize(
    ("start", "end", "zone"),
    [
        (datetime(2027, 4, 2, 9, 30, tzinfo=PARIS), datetime(2027, 4, 2, 12, tzinfo=PARIS), "Europe/Paris"),
        (datetime(2027, 4, 2, 9, 30, tzinfo=ZoneInfo("Indian/Reunion")), None, "Indian/Reunion"),
        (datetime(2027, 4, 2, 23, tzinfo=ZoneInfo("America/Cayenne")), None, "America/Cayenne"),
        (date(2027, 3, 11), date(2027, 3, 11), "Europe/Paris"),
        (date(2027, 3, 27), date(2027, 3, 29), "Europe/Paris"),  # over the change of hour
        (date(2027, 10, 30), date(2027, 11, 1), "Europe/Paris"),
        (date(2027, 3, 11), None, "America/Guadeloupe"),
        (date(2027, 12, 31), date(2028, 1, 1), "Pacific/Noumea"),
        (date(2027, 3, 13), date(2027, 3, 13), "America/Havana"),  # the next day begins at 01:00
    ],
)
async def test_when_an_event_takes_place(
    any_store: Store, origin: Source, now: datetime, start: datetime | date, end: datetime | date | None, zone: str
) -> None:
    await keep(any_store, origin, events(event(start, end, zone)), now)
    found = await only(any_store)
    assert (found.start, found.end, found.zone) == (start, end, zone)
    assert isinstance(found.start, datetime) == isinstance(start, datetime)
    if isinstance(found.start, datetime) and isinstance(start, datetime):
        assert found.start.utcoffset() == start.utcoffset()
    assert (found.place, found.status, found.is_event) == ("Rodez", Status.CONFIRMED, True)


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        (datetime(2027, 3, 28, 2, 30, tzinfo=PARIS), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (datetime(2027, 10, 31, 2, 30, tzinfo=PARIS), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (datetime(2027, 10, 31, 2, 30, tzinfo=PARIS, fold=1), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
async def test_the_nights_of_the_change_keep_their_instant(
    any_store: Store, origin: Source, now: datetime, local: datetime, instant: datetime
) -> None:
    await keep(any_store, origin, events(event(local)), now)
    assert await keep(any_store, origin, events(event(local)), now) == Kept(known=1)
    found = (await only(any_store)).start
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) == instant


async def test_a_cancellation_is_news_once(any_store: Store, origin: Source, now: datetime) -> None:
    planned = event(datetime(2027, 4, 2, 9, tzinfo=PARIS))
    cancelled = replace(planned, status=Status.CANCELLED, sequence=2)
    await keep(any_store, origin, events(planned), now)
    await keep(any_store, origin, events(replace(planned, title="Visite du quartier")), now + HOUR)
    assert await window(any_store, now, now + HOUR) == []
    await keep(any_store, origin, events(cancelled), now + 2 * HOUR)
    [told] = await window(any_store, now + HOUR, now + 2 * HOUR)
    assert (told.status, told.kept_at) == (Status.CANCELLED, now + 2 * HOUR)
    assert await keep(any_store, origin, events(replace(cancelled, sequence=3)), now + 3 * HOUR) == Kept(known=1)
    await keep(any_store, origin, events(replace(cancelled, title="Annulé : visite")), now + 4 * HOUR)
    assert await window(any_store, now + 2 * HOUR, now + 5 * HOUR) == []


async def test_a_postponement_is_news_too(any_store: Store, origin: Source, now: datetime) -> None:
    planned = event(datetime(2027, 4, 2, 9, tzinfo=PARIS))
    await keep(any_store, origin, events(planned), now)
    await keep(any_store, origin, events(replace(planned, status=Status.POSTPONED)), now + HOUR)
    assert [one.status for one in await window(any_store, now, now + HOUR)] == [Status.POSTPONED]


async def test_the_window_is_open_below_and_closed_above(any_store: Store, origin: Source, now: datetime) -> None:
    for n in range(4):
        await keep(any_store, origin, harvest(item(str(n), f"{n}")), now + n * HOUR)
    assert [one.title for one in await window(any_store, now, now + 2 * HOUR)] == ["1", "2"]


async def test_the_window_holds_the_older_members_of_its_stories(
    any_store: Store, origin: Source, now: datetime
) -> None:
    await keep(any_store, origin, harvest(item("1", "Ancienne"), item("2", "Autre")), now)
    async with any_store.begin() as tx:
        story = next(one.id for one in await tx.news.entries(None) if one.title == "Ancienne")
        await tx.news.keep([(origin, harvest(item("3", "Relais")))], now + HOUR)
        [waiting] = await tx.news.unfiled()
        await tx.news.file([Marks(waiting.news.id, waiting.fingerprint, story, (3,), ("76",))], now + HOUR)
    found = await window(any_store, now, now + HOUR)
    assert [(one.title, one.story) for one in found] == [("Ancienne", story), ("Relais", story)]
    assert (found[1].topics, found[1].regions) == ((3,), ("76",))


async def test_what_waits_to_be_filed_is_not_told_yet(any_store: Store, origin: Source, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.news.keep([(origin, harvest(item("1", "Une")))], now)
        [waiting] = await tx.news.unfiled()
        assert (waiting.is_new, waiting.news.title, waiting.region) == (True, "Une", "")
    assert await window(any_store, now - HOUR, now + HOUR) == []
    async with any_store.begin() as tx:
        await file_alone(tx, now + 2 * HOUR)
    assert [one.kept_at for one in await window(any_store, now + HOUR, now + 2 * HOUR)] == [now + 2 * HOUR]


async def test_an_entry_that_changed_since_it_was_kept_is_still_told(
    any_store: Store, origin: Source, now: datetime
) -> None:
    await keep(any_store, origin, harvest(item("1", "Une")), now)
    async with any_store.begin() as tx:
        await tx.news.keep([(origin, harvest(item("1", "Une, corrigée")))], now + HOUR)
    assert [one.title for one in await window(any_store, now - HOUR, now + HOUR)] == ["Une, corrigée"]


async def test_a_story_keeps_its_number(any_store: Store, origin: Source, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.news.keep([(origin, harvest(item("1", "Une")))], now)
        [one] = await tx.news.unfiled()
        marks = Marks(one.news.id, one.fingerprint, one.news.id, (1,), ())
        await tx.news.file([marks], now)
        await tx.news.file([replace(marks, story=one.news.id + 5)], now)  # another process had the same list
        assert (await tx.news.entries(None))[0].story == one.news.id


async def test_what_changed_while_it_was_being_filed_is_filed_as_it_is_now(
    any_store: Store, origin: Source, now: datetime
) -> None:
    async with any_store.begin() as tx:
        await tx.news.keep([(origin, harvest(item("1", "Une")))], now)
        [read] = await tx.news.unfiled()
        await tx.news.keep([(origin, harvest(item("1", "Deux")))], now)
        await tx.news.file([Marks(read.news.id, read.fingerprint, read.news.id, (1,), ())], now)
        [waiting] = await tx.news.unfiled()
        assert (waiting.news.title, waiting.is_new) == ("Deux", True)
    assert await window(any_store, now - HOUR, now) == []


async def test_no_entry_slips_behind_a_watermark(any_store: Store, origin: Source, now: datetime) -> None:
    # The edition was composed by a process whose clock is ahead, or before ours went back.
    async with any_store.begin() as tx:
        await tx.subscriptions.add(order(since=now + 5 * HOUR), now)
    await keep(any_store, origin, harvest(item("1", "Une")), now)
    assert [one.title for one in await window(any_store, now + 5 * HOUR, now + 6 * HOUR)] == ["Une"]


async def test_filing_and_composing_take_turns(postgres_store: Store, now: datetime) -> None:
    seen: list[str] = []

    async def compose() -> None:
        async with postgres_store.begin() as tx:
            await tx.news.lock()
            seen.extend(one.title for one in await tx.news.window(now - HOUR, now))

    async with postgres_store.begin() as tx:
        await tx.news.lock()
        origin = await add_source(tx, "dreal", now)
        await tx.news.keep([(origin, harvest(item("1", "Une")))], now)
        await file_alone(tx, now)
        composing = asyncio.create_task(compose())
        await until_someone_waits(postgres_store, composing)
        assert not composing.done()
    await composing
    assert seen == ["Une"]


async def test_entries_seen_or_to_come(any_store: Store, origin: Source, now: datetime) -> None:
    await keep(any_store, origin, events(event(datetime(2027, 4, 2, 9, tzinfo=PARIS))), now)
    await keep(any_store, origin, harvest(item("1", "Vieille")), now)
    await keep(any_store, origin, harvest(item("2", "Récente")), now + 48 * HOUR)
    async with any_store.read() as tx:
        assert [one.title for one in await tx.news.entries(None)] == ["Récente", "Vieille", "Visite"]
        assert [one.title for one in await tx.news.entries(now + 24 * HOUR)] == ["Récente", "Visite"]
        assert [one.title for one in await tx.news.recent(now + 24 * HOUR)] == ["Récente"]
