"""Whatever may stand in a value comes out of storage as it went in, its type included, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from club.news import Event, Harvest, Item, News, Origin, Source, SourceKind, Status
from club.people import Place
from club.subscription import Cadence, Rhythm, Subscription, Wish
from storage.store import Store, Transaction

ZONES = st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Guadeloupe", "Pacific/Noumea"])
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones(), allow_imaginary=False)


def text(most: int = 40, least: int = 0) -> st.SearchStrategy[str]:
    """As it leaves the cleaner: no NUL, no lone surrogate."""
    return st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), min_size=least, max_size=most)


CADENCES = st.builds(
    Cadence,
    st.sampled_from(Rhythm),
    st.times(time(0), time(23, 59, 59)).map(lambda at: at.replace(microsecond=0)),
    st.integers(0, 6),
    ZONES,
    st.integers(0, 10_080),
)
WISHES = st.builds(
    Wish,
    st.lists(st.integers(1, 40), max_size=6).map(tuple),
    st.lists(st.sampled_from(["76", "53", "2A", "01"]), max_size=4).map(tuple),
)
ORDERS = st.builds(
    Subscription,
    st.builds(Place, st.sampled_from(["telegram", "discord"]), text(40, 1), text(20)),
    WISHES,
    CADENCES,
    INSTANTS,
    name=text(),
    theme=text(32),
    paused=st.sampled_from(["", "paused-person"]),
)
SOURCES = st.builds(
    Source, text(40, 1), text(60, 1), st.sampled_from(SourceKind), text(), text(2), st.booleans(), ZONES
)
ITEMS = st.builds(
    Item,
    text(),
    text(64, 1),
    text(200, 1),
    st.none() | text(60, 1),
    st.none() | INSTANTS,
    text(300),
    st.lists(text(10), max_size=3).map(tuple),
    text(16),
)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def events(when: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    made = st.builds(
        Event,
        text(),
        text(64, 1),
        text(200, 1),
        when,
        st.none(),
        ZONES,
        text(),
        st.none() | text(60, 1),
        text(300),
        st.sampled_from(Status),
        sequence=st.integers(0, 1000),
    )
    return st.tuples(made, st.none() | when).map(
        lambda pair: replace(pair[0], end=pair[1] and max(pair[0].start, pair[1]))
    )


async def for_each(
    store: Store, values: st.SearchStrategy[Any], check: Callable[[Transaction, Any], Awaitable[None]]
) -> None:
    """Check each value in a transaction of its own that is taken back."""
    loop = asyncio.get_running_loop()

    class Enough(Exception): ...  # noqa: N818

    async def one(value: Any) -> None:
        try:
            async with store.begin() as tx:
                await check(tx, value)
                raise Enough
        except Enough:
            pass

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(values)
    def run(value: Any) -> None:
        asyncio.run_coroutine_threadsafe(one(value), loop).result(30)

    await asyncio.to_thread(run)


def same(found: Any, put: Any, *apart: str) -> None:
    """Equal field by field, types included; instants may come back in another zone."""
    for field in fields(put):
        if field.name not in apart:
            mine, yours = getattr(put, field.name), getattr(found, field.name)
            assert (yours, type(yours)) == (mine, type(mine)), field.name


async def test_orders(any_store: Store, now: datetime) -> None:
    async def check(tx: Transaction, order: Subscription) -> None:
        found = await tx.subscriptions.get(await tx.subscriptions.add(order, now))
        assert found
        same(found, order, "id", "paused")
        assert found.watermark.tzinfo is UTC

    await for_each(any_store, ORDERS, check)


async def test_sources(any_store: Store, now: datetime) -> None:
    async def check(tx: Transaction, source: Source) -> None:
        assert await tx.sources.add(replace(source, origin=Origin.CHAT), now)
        found = await tx.sources.get(source.name)
        assert found
        same(found.source, source, "id", "origin")

    await for_each(any_store, SOURCES, check)


async def kept(tx: Transaction, harvest: Harvest, now: datetime) -> News:
    assert await tx.sources.add(Source("s", "https://s.example/", origin=Origin.CHAT), now)
    state = await tx.sources.get("s")
    assert state
    await tx.news.keep([(state.source, harvest)], now)
    [waiting] = await tx.news.unfiled()
    return waiting.news


async def test_items(any_store: Store, now: datetime) -> None:
    async def check(tx: Transaction, one: Item) -> None:
        found = await kept(tx, Harvest(SourceKind.FEED, items=(one,)), now)
        for name in ("guid", "title", "link", "published", "summary"):
            assert getattr(found, name) == getattr(one, name), name

    await for_each(any_store, ITEMS, check)


async def test_events(any_store: Store, now: datetime) -> None:
    async def check(tx: Transaction, one: Event) -> None:
        found = await kept(tx, Harvest(SourceKind.ICS, events=(one,)), now)
        for name in ("title", "link", "summary", "start", "end", "zone", "place", "status"):
            mine, yours = getattr(one, name), getattr(found, name)
            assert (yours, type(yours)) == (mine, type(mine)), name

    await for_each(any_store, events(DAYS) | events(INSTANTS), check)
