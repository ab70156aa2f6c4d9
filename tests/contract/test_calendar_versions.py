"""Two to four versions of one calendar: what stands at the end, what is told again (kind A of faults met in life)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from club.news import Harvest, News, Source, Status
from connectors.sources.document import Document
from connectors.sources.ics import parse_ics
from storage.store import Store
from tests.kit.memory import add_source, file_alone

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2027, 3, 1, 9, tzinfo=PARIS)
HEAD = "UID:s\nSUMMARY:Conseil\n"


def weekly(hour: str, *more: str, first: str = "20270310", count: int = 4) -> str:
    start = f"DTSTART;TZID=Europe/Paris:{first}T{hour}00"
    return "\n".join((HEAD + start, f"RRULE:FREQ=WEEKLY;COUNT={count}", *more))


def once(start: str, uid: str = "u", title: str = "Visite", *more: str) -> str:
    return "\n".join((f"UID:{uid}\nSUMMARY:{title}\nDTSTART;TZID=Europe/Paris:{start}", *more))


@dataclass
class Case:
    """Versions of a calendar, the events of each; then what stands at the end."""

    name: str
    versions: list[list[str]]
    stands: list[str]
    cancelled: list[str] = field(default_factory=list)


CASES = [
    Case(
        "another hour",
        [[weekly("1900")], [weekly("1830")]],
        ["03-10 18:30", "03-17 18:30", "03-24 18:30", "03-31 18:30"],
    ),
    Case(
        "another weekday",
        [[weekly("1900")], [weekly("1900", first="20270311")]],
        ["03-11 19:00", "03-18 19:00", "03-25 19:00", "04-01 19:00"],
    ),
    Case(
        "shortened", [[weekly("1900")], [weekly("1900", count=2)]], ["03-10 19:00", "03-17 19:00"], ["03-24", "03-31"]
    ),
    Case(
        "struck out",
        [[weekly("1900")], [weekly("1900", "EXDATE;TZID=Europe/Paris:20270317T190000")]],
        ["03-10 19:00", "03-24 19:00", "03-31 19:00"],
        ["03-17"],
    ),
    Case(
        "struck out, then back",
        [[weekly("1900")], [weekly("1900", "EXDATE;TZID=Europe/Paris:20270317T190000")], [weekly("1900")]],
        ["03-10 19:00", "03-17 19:00", "03-24 19:00", "03-31 19:00"],
    ),
    Case("one date instead of many", [[weekly("1900")], [HEAD + "DTSTART;TZID=Europe/Paris:20270310T190000"]],
         ["03-10 19:00"], ["03-17", "03-24", "03-31"]),
    Case(
        "longer", [[weekly("1900", count=2)], [weekly("1900", count=3)]], ["03-10 19:00", "03-17 19:00", "03-24 19:00"]
    ),
    Case("moved", [[once("20270310T140000")], [once("20270310T170000")]], ["03-10 17:00"]),
    Case("moved to another day", [[once("20270310T140000")], [once("20270315T140000")]], ["03-15 14:00"]),
    Case("left the feed", [[once("20270310T140000")], [once("20270312T140000", "v")]], ["03-10 14:00", "03-12 14:00"]),
    Case("an emptied calendar", [[once("20270310T140000")], []], ["03-10 14:00"]),
    Case("emptied, then back", [[once("20270310T140000")], [], [once("20270310T140000")]], ["03-10 14:00"]),
    Case("emptied, then back at another hour", [[once("20270310T140000")], [], [once("20270310T150000")]],
         ["03-10 15:00"]),
    Case("another UID", [[once("20270310T140000")], [once("20270310T140000", "other")]], ["03-10 14:00"]),
    Case("cancelled", [[once("20270310T140000")], [once("20270310T140000", "u", "Visite", "STATUS:CANCELLED")]], [],
         ["03-10"]),
    Case(
        "cancelled, then held",
        [
            [once("20270310T140000")],
            [once("20270310T140000", "u", "Visite", "STATUS:CANCELLED", "SEQUENCE:1")],
            [once("20270310T140000", "u", "Visite", "SEQUENCE:2")],
        ],
        ["03-10 14:00"],
    ),
    Case(
        "a lower sequence",
        [
            [once("20270310T140000", "u", "Visite", "SEQUENCE:5")],
            [once("20270310T150000", "u", "Visite", "SEQUENCE:1")],
        ],
        ["03-10 15:00"],
    ),
    Case(
        "the old version still in the file",
        [
            [once("20270310T140000", "u", "Visite", "SEQUENCE:0")],
            [
                once("20270310T140000", "u", "Visite", "SEQUENCE:0"),
                once("20270310T170000", "u", "Visite", "SEQUENCE:1"),
            ],
        ],
        ["03-10 17:00"],
    ),
    Case(
        "one date moved, then the series",
        [
            [weekly("1900")],
            [weekly("1900"), HEAD + "RECURRENCE-ID;TZID=Europe/Paris:20270317T190000\n"
             "DTSTART;TZID=Europe/Paris:20270318T100000"],
            [weekly("1830")],
        ],
        ["03-10 18:30", "03-17 18:30", "03-24 18:30", "03-31 18:30"],
    ),
]  # fmt: skip


def calendar(events: list[str], now: datetime) -> Harvest:
    blocks = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    body = f"BEGIN:VCALENDAR\nVERSION:2.0\n{blocks}END:VCALENDAR\n".encode()
    url = "https://a.example/agenda.ics"
    return parse_ics(Document(body, url, "text/calendar", now), Source("a", url))


async def follow(store: Store, origin: Source, versions: list[list[str]]) -> list[News]:
    """Each version is read an hour after the one before; all that is kept then."""
    for number, events in enumerate(versions):
        at = NOW + timedelta(hours=number)
        async with store.begin() as tx:
            await tx.news.keep([(origin, calendar(events, at))], at)
            await file_alone(tx, at)
    async with store.read() as tx:
        return await tx.news.entries(None)


def said(one: News) -> str:
    assert isinstance(one.start, datetime)
    return f"{one.start:%m-%d %H:%M}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_stands_at_the_end(any_store: Store, case: Case) -> None:
    async with any_store.begin() as tx:
        origin = await add_source(tx, "dreal", NOW)
    found = await follow(any_store, origin, case.versions)
    assert sorted(said(one) for one in found if one.status is Status.CONFIRMED) == case.stands
    assert sorted(said(one)[:5] for one in found if one.status is Status.CANCELLED) == case.cancelled


async def test_an_event_that_moved_is_told_again_with_what_it_was(any_store: Store) -> None:
    async with any_store.begin() as tx:
        origin = await add_source(tx, "dreal", NOW)
    await follow(any_store, origin, [[once("20270310T140000")], [once("20270310T170000")]])
    async with any_store.read() as tx:
        [told] = await tx.news.window(NOW, NOW + timedelta(hours=1))
    assert told.was == datetime(2027, 3, 10, 14, tzinfo=PARIS)
    assert told.start == datetime(2027, 3, 10, 17, tzinfo=PARIS)


async def test_a_series_that_moved_keeps_its_entries(any_store: Store) -> None:
    """One row of `entries` an occurrence, before and after."""
    async with any_store.begin() as tx:
        origin = await add_source(tx, "dreal", NOW)
    before = {one.id for one in await follow(any_store, origin, [[weekly("1900")]])}
    after = await follow(any_store, origin, [[weekly("1900")], [weekly("1830")]])
    assert {one.id for one in after} == before
    assert all(one.was is not None for one in after)


async def test_a_file_that_is_cut_strikes_out_nothing(any_store: Store) -> None:
    async with any_store.begin() as tx:
        origin = await add_source(tx, "dreal", NOW)
        await tx.news.keep([(origin, calendar([weekly("1900")], NOW))], NOW)
        whole = calendar([weekly("1900", count=1)], NOW)
        cut = Harvest(whole.kind, events=whole.events, notes=("source-note-cut",), series=whole.series)
        await tx.news.keep([(origin, cut)], NOW)
        found = await tx.news.entries(None)
    assert [one.status for one in found] == [Status.CONFIRMED] * 4


async def test_dates_that_are_past_stay_as_they_were(any_store: Store) -> None:
    async with any_store.begin() as tx:
        origin = await add_source(tx, "dreal", NOW)
        await tx.news.keep([(origin, calendar([weekly("1900")], NOW))], NOW)
        later = datetime(2027, 3, 18, 9, tzinfo=PARIS)
        await tx.news.keep([(origin, calendar([weekly("1830", first="20270324", count=2)], later))], later)
        found = await tx.news.entries(None)
    assert sorted(said(one) for one in found) == ["03-10 19:00", "03-17 19:00", "03-24 18:30", "03-31 18:30"]
    assert all(one.status is Status.CONFIRMED for one in found)
