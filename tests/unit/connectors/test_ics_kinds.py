"""Calendars as exporters really write them: each kind of fault with the siblings of the one that was met."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import Event, Status
from connectors.sources.moments import mend_block, mend_moment
from tests.unit.connectors.test_ics import calendar, only, read

PARIS = ZoneInfo("Europe/Paris")
WEEKLY = (
    "UID:s\nSUMMARY:Conseil\nDTSTART;TZID=Europe/Paris:20260311T190000\nDTEND;TZID=Europe/Paris:20260311T200000\n"
    "RRULE:FREQ=WEEKLY;COUNT=4"
)

ALONE = "BEGIN:VCALENDAR\n{}BEGIN:VEVENT\nUID:{}\nSUMMARY:x\nDTSTART:20260310T190000\nEND:VEVENT\nEND:VCALENDAR\n"


def change(original: str, start: str, *, on: bool = True, title: str = "Conseil") -> str:
    goes_on = ";RANGE=THISANDFUTURE" if on else ""
    return (
        f"UID:s\nSUMMARY:{title}\nRECURRENCE-ID{goes_on};TZID=Europe/Paris:{original}\n"
        f"DTSTART;TZID=Europe/Paris:{start}"
    )


def starts(*events: str, said: str = "") -> list[str]:
    return [f"{one.start:%m-%d %H:%M}" if isinstance(one.start, datetime) else str(one.start) for one in
            read(calendar(*events, said=said)).events]  # fmt: skip


# One change moves all the dates after it (RFC 5545 §3.2.13)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([change("20260325T190000", "20260325T183000")], ["03-11 19:00", "03-18 19:00", "03-25 18:30", "04-01 18:30"]),
        ([change("20260325T190000", "20260326T183000")], ["03-11 19:00", "03-18 19:00", "03-26 18:30", "04-02 18:30"]),
        (
            [change("20260318T190000", "20260318T183000"), change("20260401T190000", "20260401T170000")],
            ["03-11 19:00", "03-18 18:30", "03-25 18:30", "04-01 17:00"],
        ),
        (
            [change("20260318T190000", "20260318T183000"), change("20260401T190000", "20260401T210000", on=False)],
            ["03-11 19:00", "03-18 18:30", "03-25 18:30", "04-01 21:00"],
        ),
    ],
)
def test_a_change_of_this_date_and_the_next_ones(changes: list[str], expected: list[str]) -> None:
    assert starts(WEEKLY, *changes) == expected


def test_a_date_struck_out_after_such_a_change() -> None:
    struck = f"{WEEKLY}\nEXDATE;TZID=Europe/Paris:20260401T190000"
    assert starts(struck, change("20260318T190000", "20260318T183000")) == [
        "03-11 19:00", "03-18 18:30", "03-25 18:30"
    ]  # fmt: skip


def test_dates_keep_their_identity_when_a_change_moves_them() -> None:
    before = {one.identity for one in read(calendar(WEEKLY)).events}
    after = {one.identity for one in read(calendar(WEEKLY, change("20260318T190000", "20260319T183000"))).events}
    assert before == after


# Values that contradict their type


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (";VALUE=DATE:20260310T000000Z", ";VALUE=DATE:20260313T000000Z", (date(2026, 3, 10), date(2026, 3, 12))),
        (":2026-03-10", ":2026-03-13", (date(2026, 3, 10), date(2026, 3, 12))),
        (";VALUE=DATE-TIME:20260310", ";VALUE=DATE-TIME:20260313", (date(2026, 3, 10), date(2026, 3, 12))),
        (";TZID=Europe/Paris:20260310", ";TZID=Europe/Paris:20260313", (date(2026, 3, 10), date(2026, 3, 12))),
    ],
)
def test_days_however_they_are_written(start: str, end: str, expected: tuple[date, date]) -> None:
    found = only(f"UID:1\nSUMMARY:x\nDTSTART{start}\nDTEND{end}")
    assert (found.start, found.end) == expected


@pytest.mark.parametrize(
    "start",
    [
        ":20260310190000",
        ":2026-03-10T19:00:00",
        ":2026-03-10 19:00",
        ":20260310T1900",
        ":20260310t190000",
        ":2026-03-10T19:00:00+01:00",
        ":20260310T190000.000",
        ":20260310T180000z",
        ";VALUE=DATE-TIME:2026-03-10T19:00:00",
        ";VALUE=:20260310T190000",
    ],
)
def test_instants_however_they_are_written(start: str) -> None:
    assert only(f"UID:1\nSUMMARY:x\nDTSTART{start}").start == datetime(2026, 3, 10, 19, tzinfo=PARIS)


def test_the_end_of_a_day_is_the_next_midnight() -> None:
    assert only("UID:1\nSUMMARY:x\nDTSTART:20260310T240000").start == datetime(2026, 3, 11, tzinfo=PARIS)


def test_an_end_before_the_start_is_no_end() -> None:
    found = only("UID:1\nSUMMARY:x\nDTSTART:20260310T190000\nDTEND:20260310T090000")
    assert (found.start, found.end) == (datetime(2026, 3, 10, 19, tzinfo=PARIS), None)


@given(st.text("0123456789-:/TtZz+ .,", max_size=30))
def test_a_moment_is_well_formed_or_left(value: str) -> None:
    mended = mend_moment(value)
    assert mended is None or mend_moment(mended) == mended
    block = f"DTSTART:{value}\n"
    assert mend_block(mend_block(block)) == mend_block(block)


# B: what is under way counts until its end


@pytest.mark.parametrize(
    ("event", "is_kept"),
    [
        ("DTSTART;VALUE=DATE:20260225\nDTEND;VALUE=DATE:20260320", True),
        ("DTSTART:20260228T090000Z\nDTEND:20260305T180000Z", True),
        ("DTSTART:20260228T090000Z\nDURATION:P5D", True),
        ("DTSTART:20260228T090000Z\nDURATION:PT2H", False),
        ("DTSTART;VALUE=DATE:20260225\nDTEND;VALUE=DATE:20260228", False),
        ("DTSTART:20260228T090000Z", False),
    ],
)
def test_what_is_under_way_is_kept_with_its_own_dates(event: str, is_kept: bool) -> None:
    assert bool(read(calendar(f"UID:1\nSUMMARY:x\n{event}")).events) is is_kept


# C: days and instants of one rule


@pytest.mark.parametrize("until", ["20260401", "20260401T170000Z", "2026-04-01", "20260401T190000", "20260401T235959"])
def test_a_rule_goes_through_its_last_day(until: str) -> None:
    assert len(starts(WEEKLY.replace("COUNT=4", f"UNTIL={until}"))) == 4


def test_a_rule_of_whole_days_ends_at_an_instant() -> None:
    event = "UID:1\nSUMMARY:x\nDTSTART;VALUE=DATE:20260311\nRRULE:FREQ=WEEKLY;UNTIL=20260401T215959Z"
    assert starts(event) == ["2026-03-11", "2026-03-18", "2026-03-25", "2026-04-01"]


@pytest.mark.parametrize(
    "struck", ["EXDATE;VALUE=DATE:20260318", "EXDATE:20260318", "EXDATE:20260318T180000Z", "EXDATE:2026-03-18"]
)
def test_a_day_strikes_out_its_instant(struck: str) -> None:
    assert starts(f"{WEEKLY}\n{struck}") == ["03-11 19:00", "03-25 19:00", "04-01 19:00"]


def test_an_instant_strikes_out_its_day() -> None:
    event = "UID:1\nSUMMARY:x\nDTSTART;VALUE=DATE:20260311\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20260318T000000"
    assert starts(event) == ["2026-03-11", "2026-03-25"]


def test_a_day_is_added_at_the_hour_of_the_series() -> None:
    event = WEEKLY.replace("COUNT=4", "COUNT=1") + "\nRDATE;VALUE=DATE:20260320"
    assert starts(event) == ["03-11 19:00", "03-20 19:00"]


def test_a_day_names_the_date_that_a_change_moves() -> None:
    moved = "UID:s\nSUMMARY:Conseil\nRECURRENCE-ID;VALUE=DATE:20260318\nDTSTART;TZID=Europe/Paris:20260318T210000"
    assert starts(WEEKLY, moved) == ["03-11 19:00", "03-18 21:00", "03-25 19:00", "04-01 19:00"]


# D: zones


def zoned(tzid: str, defined: str = "") -> Event:
    zone = (
        f"BEGIN:VTIMEZONE\nTZID:{defined}\nBEGIN:STANDARD\nDTSTART:19701025T020000\nTZOFFSETFROM:+0100\n"
        "TZOFFSETTO:+0000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nBEGIN:DAYLIGHT\n"
        "DTSTART:19700329T010000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n"
        "END:DAYLIGHT\nEND:VTIMEZONE\n"
    )
    return only(f"UID:1\nSUMMARY:x\nDTSTART;TZID={tzid}:20260707T140000", said=zone if defined else "")


@pytest.mark.parametrize(
    ("tzid", "defined"),
    [
        ('"Dublin, Londres"', r"Dublin\, Londres"),
        ('"(UTC+00:00) Dublin, Londres"', r"(UTC+00:00) Dublin\, Londres"),
        ('"dublin,  londres"', r"Dublin\, Londres"),
        ("Zone perso 1", "Zone perso 1"),
        (r"Dublin\, Londres", "Dublin, Londres"),
        ("zone perso 1", '"Zone perso 1"'),
    ],
)
def test_a_zone_that_the_file_defines(tzid: str, defined: str) -> None:
    assert zoned(tzid, defined).start == datetime(2026, 7, 7, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "tzid", ["UTC", "GMT", "Z", "Coordinated Universal Time", '"(UTC) Coordinated Universal Time"', "Etc/UTC"]
)
def test_utc_as_it_is_called(tzid: str) -> None:
    assert zoned(tzid).start == datetime(2026, 7, 7, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("named", "hour"), [("America/Martinique", 18), ("Indian/Reunion", 10), ("UTC", 12), ("Nulle/Part", 12)]
)
def test_floating_times_are_where_the_calendar_says(named: str, hour: int) -> None:
    found = only("UID:1\nSUMMARY:x\nDTSTART:20260707T140000", said=f"X-WR-TIMEZONE:{named}\n")
    assert found.start == datetime(2026, 7, 7, hour, tzinfo=UTC)


# E: one faulty part decides for nothing else


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;COUNT=4;BYDAY=",
        "FREQ=WEEKLY;COUNT=4;",
        ";FREQ=WEEKLY;COUNT=4",
        "FREQ=WEEKLY;;COUNT=4",
        "FREQ=WEEKLY;COUNT=4;X-NAME=1",
        "FREQ=WEEKLY;COUNT=4;UNTIL=",
        "FREQ=WEEKLY;COUNT=4;INTERVAL=",
        "freq=weekly;count=4",
        "FREQ = WEEKLY ; COUNT = 4",
        "FREQ=WEEKLY;COUNT=4;BYDAY=,WE,",
    ],
)
def test_a_part_that_says_nothing_is_left_out(rule: str) -> None:
    assert len(starts(WEEKLY.replace("FREQ=WEEKLY;COUNT=4", rule))) == 4


@pytest.mark.parametrize("rule", ["FREQ=PARFOIS", "FREQ=WEEKLY;BYDAY=XX", "COUNT=3", "FREQ=WEEKLY;COUNT=-2"])
def test_a_rule_that_cannot_be_followed_leaves_the_date_that_is_written(rule: str) -> None:
    assert starts(WEEKLY.replace("FREQ=WEEKLY;COUNT=4", rule))[:1] == ["03-11 19:00"]


def test_the_method_of_one_calendar_is_not_another_s() -> None:
    body = ALONE.format("METHOD:CANCEL\n", "a") + ALONE.format("METHOD:PUBLISH\n", "b") + ALONE.format("", "c")
    assert {event.uid: event.status for event in read(body).events} == {
        "a": Status.CANCELLED, "b": Status.CONFIRMED, "c": Status.CONFIRMED
    }  # fmt: skip


def test_the_zone_of_one_calendar_is_not_another_s() -> None:
    body = ALONE.format("X-WR-TIMEZONE:Indian/Reunion\n", "a") + ALONE.format("", "b")
    found = {event.uid: event.start for event in read(body).events}
    assert found["a"] == datetime(2026, 3, 10, 15, tzinfo=UTC)
    assert found["b"] == datetime(2026, 3, 10, 18, tzinfo=UTC)


def test_what_stands_in_the_file_is_told_whether_it_is_read_or_not() -> None:
    old = "UID:old\nSUMMARY:x\nDTSTART:20200310T190000"
    broken = "UID:broken\nSUMMARY:x\nDTSTART:bientôt"
    assert read(calendar(WEEKLY, old, broken)).series == {"s", "old", "broken"}


def test_the_window_does_not_move_what_is_told() -> None:
    later = read(calendar(WEEKLY), datetime(2026, 3, 12, tzinfo=UTC) + timedelta(days=2)).events
    assert [f"{one.start:%m-%d}" for one in later] == ["03-18", "03-25", "04-01"]
