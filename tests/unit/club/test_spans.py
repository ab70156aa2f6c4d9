"""When something takes place, as people type it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from club.refusal import Refused
from club.spans import FURTHEST, TimeSpan, read_span, write_span

TODAY = date(2027, 3, 9)  # a Tuesday


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2027, month, day, hour, minute)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("jeudi 11 mars 9h30-12h", at(3, 11, 9, 30), at(3, 11, 12)),
        ("11/03/2027 9h30", at(3, 11, 9, 30), None),
        ("12/3 14:00-16:00", at(3, 12, 14), at(3, 12, 16)),
        ("du 17 au 21 juin", date(2027, 6, 17), date(2027, 6, 21)),
        ("1er juin", date(2027, 6, 1), None),
        ("3 avril de 14 h à 16 h", at(4, 3, 14), at(4, 3, 16)),
        ("du 30 mars 9h au 1er avril 17h", at(3, 30, 9), at(4, 1, 17)),
        ("les 4 et 5 mai", date(2027, 5, 4), date(2027, 5, 5)),
        ("demain 18h", at(3, 10, 18), None),
        ("après-demain à midi", at(3, 11, 12), None),
        ("aujourd’hui 20h", at(3, 9, 20), None),
        ("jeudi prochain à 18h30", at(3, 11, 18, 30), None),
        ("mardi 8h", at(3, 16, 8), None),
        ("le 12 mars à 20h jusqu'à 2h", at(3, 12, 20), at(3, 13, 2)),
        ("du 17 au 21 juin de 9h à 17h", at(6, 17, 9), at(6, 21, 17)),
        ("mercredi 31 mars 9 h–12 h", at(3, 31, 9), at(3, 31, 12)),
        ("29 février", date(2028, 2, 29), None),
        ("2027-06-17 10:00", at(6, 17, 10), None),
    ],
)
def test_as_people_type_it(typed: str, start: date, end: date | None) -> None:
    assert read_span(typed, TODAY) == TimeSpan(start, end)


@pytest.mark.parametrize(
    ("typed", "key", "proposed"),
    [
        ("lundi 3 mars 2027", "span-weekday", {"day": date(2027, 3, 3), "near": date(2027, 3, 1)}),
        ("30 février", "span-no-day", {"near": date(2027, 2, 28), "after": date(2027, 3, 1)}),
        ("31/04/2027 9h", "span-no-day", {"near": date(2027, 4, 30), "after": date(2027, 5, 1)}),
        ("du 21 au 17 juin", "span-reversed", {}),
        ("11 mars 12h-9h30", "span-ends-first", {}),
        ("du 3 juin 9h au 1er juin 2027 12h", "span-ends-first", {}),
        ("11/03/2020", "span-past", {"next": date(2027, 3, 11)}),
        ("11 mars 2099", "span-too-far", {}),
        ("11 mars 25h", "span-no-hour", {}),
        ("un de ces jours", "span-unread", {}),
        ("", "span-unread", {}),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_meant(typed: str, key: str, proposed: dict[str, date]) -> None:
    with pytest.raises(Refused) as refusal:
        read_span(typed, TODAY)
    assert refusal.value.key == key
    assert proposed.items() <= refusal.value.values.items()


@given(st.text(max_size=80))
@example("0/0")
@example("99 mars 9999")
@example("00/00/0000 99h99")
def test_any_words_give_a_span_or_a_reason(typed: str) -> None:
    try:
        span = read_span(typed, TODAY)
    except Refused:
        return
    assert read_span(write_span(span), TODAY) == span


days = st.dates(TODAY, TODAY + FURTHEST)
minutes = st.integers(0, 24 * 60 - 1)


@given(days, minutes, st.none() | st.integers(0, 10 * 24 * 60))
def test_what_is_written_is_read_back(day: date, minute: int, lasts: int | None) -> None:
    start = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    span = TimeSpan(start, None if lasts is None else start + timedelta(minutes=lasts))
    assert read_span(write_span(span), TODAY) == span


@given(days, st.none() | st.integers(1, 30))
def test_whole_days_are_read_back(day: date, more: int | None) -> None:
    span = TimeSpan(day, None if more is None else day + timedelta(days=more))
    assert read_span(write_span(span), TODAY) == span


def test_an_hour_that_the_clock_skips_is_the_one_after() -> None:
    placed = read_span("28 mars 2027 2h30", TODAY).placed("Europe/Paris").start
    assert isinstance(placed, datetime)
    assert (placed.hour, placed.utcoffset()) == (3, timedelta(hours=2))
