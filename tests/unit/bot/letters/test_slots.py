"""When editions are due: the nights of the change of hour, a whole year, intervals, how late is too late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.letters.slots import Slot, following, is_too_late, latest
from club.subscription import Cadence, Rhythm

MINUTE = timedelta(minutes=1)
PARIS = ZoneInfo("Europe/Paris")
ZONES = (
    "Europe/Paris",
    "America/Guadeloupe",
    "Indian/Reunion",
    "America/Miquelon",
    "Pacific/Noumea",
    "Pacific/Marquesas",
)


CHANGES = {"Europe/Paris": (3, 28), "America/Miquelon": (3, 14)}  # the others know no summer time


def daily(at: time, zone: str = "Europe/Paris") -> Cadence:
    return Cadence(Rhythm.DAILY, at, zone=zone)


def instants(first: datetime, last: datetime, step: timedelta) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += step


def fired(cadence: Cadence, first: datetime, last: datetime, step: timedelta = MINUTE) -> list[tuple[datetime, Slot]]:
    """The slots that a tick every `step` would find, each with the instant of the tick."""
    found: list[tuple[datetime, Slot]] = []
    seen = {latest(cadence, first - step).key}
    for now in instants(first, last, step):
        slot = latest(cadence, now)
        if slot.key not in seen:
            seen.add(slot.key)
            found.append((now, slot))
    return found


@pytest.mark.parametrize(
    ("at", "night", "hours"),
    [
        (time(2, 30), date(2027, 3, 28), [1.5, 1.5, 0.5]),  # 02:30 does not exist: 03:30 in summer time
        (time(3), date(2027, 3, 28), [2, 1, 1]),
        (time(8), date(2027, 3, 28), [7, 6, 6]),
        (time(2, 30), date(2027, 10, 31), [0.5, 0.5, 1.5]),  # 02:30 comes twice: the first one
        (time(3), date(2027, 10, 31), [1, 2, 2]),
        (time(8), date(2027, 10, 31), [6, 7, 7]),
    ],
)
def test_the_nights_of_the_change_minute_by_minute(at: time, night: date, hours: list[float]) -> None:
    begin = datetime.combine(night - timedelta(days=1), time(), UTC)
    found = fired(daily(at), begin, begin + timedelta(days=3) - MINUTE)
    days = [night + timedelta(days=n) for n in (-1, 0, 1)]
    assert [slot.key for _, slot in found] == [day.isoformat() for day in days]
    due = [datetime.combine(day, time(), UTC) + timedelta(hours=h) for day, h in zip(days, hours, strict=True)]
    assert [slot.due_at for _, slot in found] == due
    assert [now for now, _ in found] == due  # found at the very minute


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(0), time(2, 30), time(8), time(23, 59)])
def test_a_year_has_365_daily_slots(zone: str, at: time) -> None:
    here = ZoneInfo(zone)
    begin, end = datetime(2026, 12, 31, tzinfo=UTC), datetime(2028, 1, 2, tzinfo=UTC)
    found = [one for one in fired(daily(at, zone), begin, end, timedelta(minutes=30)) if one[1].key.startswith("2027")]
    days = [(date(2027, 1, 1) + timedelta(days=n)).isoformat() for n in range(365)]
    assert [slot.key for _, slot in found] == days
    for _, slot in found:
        local = slot.due_at.astimezone(here)
        assert local.date().isoformat() == slot.key
        skipped = CHANGES.get(zone) == (local.month, local.day) and at == time(2, 30)
        expected = time(3, 30) if skipped else at
        assert local.time() == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("weekday", [0, 1, 6])
def test_a_year_of_weeks(zone: str, weekday: int) -> None:
    cadence = Cadence(Rhythm.WEEKLY, time(8), weekday, zone)
    here = ZoneInfo(zone)
    found = fired(cadence, datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 10, tzinfo=UTC), timedelta(hours=1))
    assert len({slot.key for _, slot in found}) == len(found) >= 53
    for _, slot in found:
        local = slot.due_at.astimezone(here)
        year, week, day = local.isocalendar()
        assert (slot.key, local.time(), day - 1) == (f"{year}-W{week:02}", time(8), weekday)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("weekday", range(7))
def test_a_year_of_months(zone: str, weekday: int) -> None:
    cadence = Cadence(Rhythm.MONTHLY, time(8), weekday, zone)
    here = ZoneInfo(zone)
    first = datetime(2027, 1, 1, tzinfo=here).astimezone(UTC)
    found = fired(cadence, first, datetime(2027, 12, 31, tzinfo=UTC), timedelta(hours=1))
    assert [slot.key for _, slot in found] == [f"2027-{month:02}" for month in range(1, 13)]
    for _, slot in found:
        local = slot.due_at.astimezone(here)
        assert (local.weekday(), local.time(), local.day <= 7) == (weekday, time(8), True)


def test_an_interval_begins_at_its_phase() -> None:
    cadence = Cadence(Rhythm.INTERVAL, time(0, 0, 40), minutes=2)
    begin = datetime(2027, 3, 9, 9, tzinfo=UTC)
    found = fired(cadence, begin, begin + timedelta(minutes=6), timedelta(seconds=1))
    assert [slot.due_at - begin for _, slot in found] == [timedelta(seconds=s) for s in (40, 160, 280)]
    assert [now for now, _ in found] == [slot.due_at for _, slot in found]
    assert all(slot.key.startswith("i") for _, slot in found)


CADENCES = st.one_of(
    st.builds(
        Cadence,
        st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY, Rhythm.MONTHLY]),
        st.times().map(lambda t: t.replace(microsecond=0)),
        st.integers(0, 6),
        st.sampled_from(ZONES),
    ),
    st.builds(
        lambda at, minutes: Cadence(Rhythm.INTERVAL, at, minutes=minutes),
        st.times().map(lambda t: t.replace(microsecond=0)),
        st.integers(1, 10_080),
    ),
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(CADENCES, MOMENTS)
def test_the_latest_is_past_and_the_following_is_next(cadence: Cadence, now: datetime) -> None:
    before, after = latest(cadence, now), following(cadence, now)
    assert before.due_at <= now < after.due_at
    assert before.key != after.key
    # Nothing lies between them, and each is found as the latest from its own instant on.
    assert latest(cadence, after.due_at - timedelta(microseconds=1)) == before
    assert latest(cadence, after.due_at) == after
    assert following(cadence, before.due_at) == after


@pytest.mark.parametrize(
    ("rhythm", "hours"), [(Rhythm.DAILY, 12), (Rhythm.INTERVAL, 12), (Rhythm.WEEKLY, 72), (Rhythm.MONTHLY, 72)]
)
def test_how_late_is_too_late(rhythm: Rhythm, hours: int) -> None:
    due = datetime(2027, 3, 9, 7, tzinfo=UTC)
    cadence, slot = Cadence(rhythm, minutes=2), Slot("k", due)
    assert not is_too_late(cadence, slot, due)
    assert not is_too_late(cadence, slot, due + timedelta(hours=hours))
    assert is_too_late(cadence, slot, due + timedelta(hours=hours, seconds=1))
