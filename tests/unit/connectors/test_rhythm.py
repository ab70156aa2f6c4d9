"""When a source is visited next: bounds, order, and what its publisher asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connectors.rhythm import LONGEST, SPREAD, UNKNOWN, USUAL, pause, pause_after_failure, rhythm_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2027, 3, 9, 9, tzinfo=UTC)

lengths = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4_000))
rhythms = st.one_of(st.none(), lengths)
floors = st.timedeltas(min_value=USUAL, max_value=LONGEST)
chances = st.floats(min_value=0, max_value=1)


@given(rhythms, lengths, lengths, floors, chances)
def test_a_pause_has_bounds(
    rhythm: timedelta | None, silence: timedelta, asked: timedelta, every: timedelta, jitter: float
) -> None:
    wait = pause(rhythm, silence, asked, every, jitter)
    assert every <= wait <= LONGEST
    assert wait >= min(asked, LONGEST)


@given(lengths, lengths, lengths, lengths, floors, chances)
def test_who_publishes_less_is_not_visited_more(
    one: timedelta, other: timedelta, silence: timedelta, asked: timedelta, every: timedelta, jitter: float
) -> None:
    less, more = sorted((one, other))
    assert pause(less, silence, asked, every, jitter) <= pause(more, silence, asked, every, jitter)
    assert pause(silence, less, asked, every, jitter) <= pause(silence, more, asked, every, jitter)
    assert pause(silence, asked, less, every, jitter) <= pause(silence, asked, more, every, jitter)


@given(st.integers(0, 10_000), st.integers(0, 10_000), floors, chances)
def test_failures_are_tried_less_and_less(one: int, other: int, every: timedelta, jitter: float) -> None:
    fewer, more = sorted((one, other))
    assert every <= pause_after_failure(fewer, None, every, jitter) <= pause_after_failure(more, None, every, jitter)
    assert pause_after_failure(more, None, every, jitter) <= LONGEST


@given(st.integers(0, 50), st.timedeltas(timedelta(0), LONGEST), floors, chances)
def test_who_asks_to_wait_is_not_asked_before(failures: int, asked: timedelta, every: timedelta, jitter: float) -> None:
    assert asked <= pause_after_failure(failures, asked, every, jitter) <= LONGEST


@given(rhythms, lengths, chances)
def test_the_demonstration_stays_fast(rhythm: timedelta | None, silence: timedelta, jitter: float) -> None:
    assert pause(rhythm, silence, DAY, timedelta(seconds=5), jitter) == timedelta(seconds=5)


def test_rhythms_as_people_know_them() -> None:
    calm = timedelta(0)
    assert pause(HOUR, calm, calm, USUAL) == USUAL
    assert pause(DAY, calm, calm, USUAL) == 3 * HOUR
    assert pause(7 * DAY, calm, calm, USUAL) == 21 * HOUR
    assert pause(30 * DAY, calm, calm, USUAL) == DAY
    assert pause(None, calm, calm, USUAL) == UNKNOWN
    assert pause(HOUR, 40 * DAY, calm, USUAL) == DAY  # it stopped


def test_chance_only_ever_adds_a_little() -> None:
    waits = {pause(DAY, timedelta(0), timedelta(0), USUAL, jitter / 10) for jitter in range(11)}
    assert len(waits) == 11 and max(waits) == 3 * HOUR * (1 + SPREAD)


def test_the_dates_of_a_feed_tell_its_rhythm() -> None:
    weekly = [NOW - timedelta(weeks=n) for n in range(6)]
    assert rhythm_of(weekly) == 7 * DAY
    assert rhythm_of([*weekly, *weekly, None]) == 7 * DAY
    assert rhythm_of([*weekly, NOW + HOUR, NOW - 400 * DAY]) == 7 * DAY  # one exception changes nothing
    assert rhythm_of(weekly[:3]) is None
    assert rhythm_of([]) is None


@given(st.lists(st.one_of(st.none(), st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))))
def test_any_dates_have_a_rhythm_or_none(dates: list[datetime | None]) -> None:
    rhythm = rhythm_of(dates)
    assert rhythm is None or rhythm > timedelta(0)
