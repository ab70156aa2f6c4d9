"""A site that gives its entries new names at each visit (promise 18), and what is forgotten (promise 76), on both
databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import Event, Harvest, News, Source, SourceKind
from storage.arrivals import Kept
from storage.store import Store
from tests.kit.memory import add_source, file_alone, harvest, item

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOME = "https://a.example/"


@pytest.fixture
async def origin(any_store: Store, now: datetime) -> Source:
    async with any_store.begin() as tx:
        return await add_source(tx, "dreal", now)


async def keep(store: Store, origin: Source, found: Harvest, now: datetime) -> Kept:
    async with store.begin() as tx:
        kept = await tx.news.keep([(origin, found)], now)
        await file_alone(tx, now)
        return kept[origin.id]


async def entries(store: Store) -> list[News]:
    async with store.read() as tx:
        return await tx.news.entries(None)


async def fresh(store: Store, since: datetime) -> list[str]:
    """What would be news after that instant."""
    async with store.read() as tx:
        return [one.title for one in await tx.news.window(since, since + DAY) if one.kept_at > since]


@pytest.mark.parametrize("dated", [True, False])
async def test_new_guids_at_each_visit_are_no_news(
    any_store: Store, origin: Source, now: datetime, dated: bool
) -> None:
    def visit(number: int) -> Harvest:
        titles = ("Une", "Deux", "Deux")  # two that nothing but their guid tells apart stay two
        return harvest(
            *(item(f"{number}-{at}", title, now if dated else None, HOME) for at, title in enumerate(titles))
        )

    assert await keep(any_store, origin, visit(1), now) == Kept(new=3)
    assert await keep(any_store, origin, visit(2), now + HOUR) == Kept(known=3)
    assert await keep(any_store, origin, visit(3), now + 2 * HOUR) == Kept(known=3)
    assert sorted(one.guid for one in await entries(any_store)) == ["3-0", "3-1", "3-2"]
    assert await fresh(any_store, now) == []


async def test_another_link_at_each_visit_is_no_news_when_it_is_dated(
    any_store: Store, origin: Source, now: datetime
) -> None:
    for number in range(3):
        link = f"{HOME}?visite={number}"
        kept = await keep(any_store, origin, harvest(item(str(number), "Une", now, link)), now + number * HOUR)
        assert kept == (Kept(changed=1) if number else Kept(new=1))
    [one] = await entries(any_store)
    assert (one.link, one.kept_at) == (f"{HOME}?visite=2", now)


async def test_an_event_that_is_given_another_uid_is_the_same(any_store: Store, origin: Source, now: datetime) -> None:
    def visit(uid: str, start: datetime) -> Harvest:
        return Harvest(SourceKind.ICS, events=(Event(uid, f"{uid}@{start}", "Visite", start),))

    assert await keep(any_store, origin, visit("a", now + DAY), now) == Kept(new=1)
    assert await keep(any_store, origin, visit("b", now + DAY), now + HOUR) == Kept(known=1)
    assert await keep(any_store, origin, visit("c", now + 2 * DAY), now + HOUR) == Kept(new=1)


async def test_what_differs_is_two(any_store: Store, origin: Source, now: datetime) -> None:
    """One link for all, one title for each issue: neither is a name."""
    assert await keep(
        any_store, origin, harvest(item("1", "Une", now, HOME), item("2", "Deux", now, HOME)), now
    ) == Kept(new=2)
    assert await keep(any_store, origin, harvest(item("3", "Une", now + HOUR, HOME)), now + HOUR) == Kept(new=1)
    assert await keep(any_store, origin, harvest(item("4", "Une", None, "https://a.example/x")), now + HOUR) == Kept(
        new=1
    )
    assert await keep(any_store, origin, harvest(item("5", "", None, HOME), item("6", "", None, HOME)), now) == Kept(
        new=2
    )
    assert await keep(any_store, origin, harvest(item("7", "", None, HOME)), now + HOUR) == Kept(new=1)
    async with any_store.begin() as tx:
        other = await add_source(tx, "cerema", now)
    assert await keep(any_store, other, harvest(item("9", "Deux", now, HOME)), now + HOUR) == Kept(new=1)


async def test_what_still_stands_there_is_another_one(any_store: Store, origin: Source, now: datetime) -> None:
    one, two = item("1", "Une", now, HOME), item("2", "Une", now, HOME)
    assert await keep(any_store, origin, harvest(one), now) == Kept(new=1)
    assert await keep(any_store, origin, harvest(two, one), now + HOUR) == Kept(new=1, known=1)


TITLES = st.sampled_from(["", "Une", "Deux"])
DATES = st.sampled_from([None, 0, 1])
VISITS = st.lists(st.lists(st.tuples(TITLES, DATES, st.sampled_from([None, HOME])), max_size=5), max_size=4)


@given(visits=VISITS)
async def test_a_visit_never_loses_an_entry_of_its_document(
    store: Store, now: datetime, visits: list[list[tuple[str, int | None, str | None]]]
) -> None:
    async with store.begin() as tx:
        origin = await add_source(tx, f"s{now.timestamp()}{id(visits)}", now)
        for number, rows in enumerate(visits):
            found = [
                item(f"{number}-{at}", title, None if day is None else now + day * DAY, link)
                for at, (title, day, link) in enumerate(rows)
            ]
            kept = (await tx.news.keep([(origin, harvest(*found))], now + number * HOUR))[origin.id]
            assert kept.new + kept.changed + kept.known == len(found)
            guids = {one.guid for one in await tx.news.entries(None) if one.source == origin.name}
            assert {one.guid for one in found} <= guids
        await tx.connection.rollback()


# What is forgotten


async def test_what_left_its_document_a_year_ago_is_forgotten(any_store: Store, origin: Source, now: datetime) -> None:
    stays, goes = item("1", "Reste", now - 900 * DAY), item("2", "Part", now)
    await keep(any_store, origin, harvest(stays, goes), now)
    for days in range(7, 400, 7):
        await keep(any_store, origin, harvest(stays), now + days * DAY)
    async with any_store.begin() as tx:
        assert await tx.news.purge(now) == 0
        assert await tx.news.purge(now + DAY) == 1
    assert [one.title for one in await entries(any_store)] == ["Reste"]
    assert await keep(any_store, origin, harvest(stays), now + 400 * DAY) == Kept(known=1)


async def test_an_event_to_come_is_kept_whatever_its_source_does(
    any_store: Store, origin: Source, now: datetime
) -> None:
    event = Event("u", "u@1", "Visite", now + 300 * DAY, now + 301 * DAY)
    await keep(
        any_store, origin, Harvest(SourceKind.ICS, events=(event, replace(event, identity="u@2", end=None))), now
    )
    async with any_store.begin() as tx:
        assert await tx.news.purge(now + 300 * DAY) == 0
        assert await tx.news.purge(now + 300 * DAY + HOUR) == 1
        assert await tx.news.purge(now + 302 * DAY) == 1


# What is searched


async def test_the_last_ones_that_lead_somewhere(any_store: Store, origin: Source, now: datetime) -> None:
    found = (
        item("1", "Une", None, "https://a.example/1"),
        item("2", "Sans lien"),
        item("3", "Trois", None, "https://a.example/3"),
    )
    await keep(any_store, origin, harvest(*found), now)
    async with any_store.read() as tx:
        assert [one.title for one in await tx.news.latest(5)] == ["Trois", "Une"]
        assert [one.title for one in await tx.news.latest(1)] == ["Trois"]
