"""What is wrong with a source over days: failures, silence and their seasons, redirects that last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.problems import find_problems, is_ours, is_quiet_season, is_silent
from club.news import Health, Problem
from club.workdays import after_quiet_hours
from storage.sources import PAUSED_GONE, PAUSED_LEFT_CONFIG, SourceState
from tests.kit.memory import source

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2027, 3, 9, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

WELL = SourceState(
    source=source("a"),
    paused="",
    health=Health.OK,
    trouble="",
    trouble_values={},
    visit_at=NOW + HOUR,
    visited_at=NOW,
    succeeded_at=NOW,
    failing_since=None,
    failures=0,
    gone=0,
    etag=None,
    last_modified=None,
    body_digest=None,
    moved_to=None,
    parsed_at=NOW,
)


def failing(since: datetime, visited: datetime, failures: int) -> SourceState:
    return replace(
        WELL, health=Health.ERROR, trouble="trouble-server", failing_since=since, visited_at=visited, failures=failures
    )


def silent(since: datetime, now: datetime, rhythm: timedelta = 3 * DAY) -> bool:
    return is_silent(replace(WELL, news_at=since, rhythm=int(rhythm / timedelta(minutes=1))), now, PARIS)


@pytest.mark.parametrize(
    ("since", "visited", "failures", "dead"),
    [
        (DAY, timedelta(0), 2, True),
        (DAY - timedelta(seconds=1), timedelta(0), 9, False),
        (9 * DAY, 9 * DAY, 1, False),  # it failed once, and the hub was down since
        (9 * DAY, 8 * DAY, 2, True),
    ],
)
def test_dead_is_two_failures_a_day_apart(since: timedelta, visited: timedelta, failures: int, *, dead: bool) -> None:
    found = find_problems(failing(NOW - since, NOW - visited, failures), NOW, PARIS)
    assert found == ({Problem.DEAD: NOW - since} if dead else {})


def test_who_was_paused_is_not_ill_and_who_is_gone_is() -> None:
    dead = failing(NOW - 3 * DAY, NOW, 5)
    assert find_problems(replace(dead, paused=PAUSED_LEFT_CONFIG), NOW, PARIS) == {}
    assert list(find_problems(replace(dead, paused=PAUSED_GONE), NOW, PARIS)) == [Problem.GONE]
    assert find_problems(WELL, NOW, PARIS) == {}


def test_a_redirect_must_last() -> None:
    moved = replace(WELL, moved_to="https://b.fr/", moved_since=NOW - 3 * DAY, moved_visits=3)
    assert find_problems(moved, NOW, PARIS) == {Problem.MOVED: NOW - 3 * DAY}
    assert find_problems(replace(moved, moved_visits=2), NOW, PARIS) == {}
    assert find_problems(replace(moved, moved_since=NOW - 2 * DAY), NOW, PARIS) == {}


def test_silence_counts_after_thirty_days_for_those_who_published_regularly() -> None:
    at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    assert silent(at, at + 30 * DAY)
    assert not silent(at, at + 29 * DAY)
    assert not silent(at, at + 90 * DAY, rhythm=20 * DAY)
    assert not is_silent(replace(WELL, news_at=at), at + 90 * DAY, PARIS)  # an agenda has no rhythm
    unwell = replace(failing(at, at, 2), news_at=at, rhythm=1440)
    assert not is_silent(unwell, at + 90 * DAY, PARIS)  # that is told as a failure


def test_august_and_christmas_do_not_count() -> None:
    july = datetime(2027, 7, 25, 9, tzinfo=UTC)
    assert not silent(july, july + 40 * DAY)
    assert silent(july, july + (30 + 25) * DAY)
    december = datetime(2026, 12, 15, 9, tzinfo=UTC)
    assert not silent(december, december + 40 * DAY)
    assert silent(december, december + (30 + 17) * DAY)


@pytest.mark.parametrize(
    ("day", "quiet"),
    [
        (date(2027, 7, 31), False), (date(2027, 8, 1), True), (date(2027, 8, 25), True), (date(2027, 8, 26), False),
        (date(2027, 12, 19), False), (date(2027, 12, 20), True), (date(2028, 1, 5), True), (date(2028, 1, 6), False),
    ],
)  # fmt: skip
def test_the_quiet_seasons(day: date, *, quiet: bool) -> None:
    assert is_quiet_season(day) is quiet


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_nobody_is_written_to_at_night(moment: datetime) -> None:
    due = after_quiet_hours(moment, PARIS)
    local = due.astimezone(PARIS).time()
    assert time(7, 30) <= local < time(20)
    assert moment <= due <= moment + timedelta(hours=13)
    assert after_quiet_hours(due, PARIS) == due


def test_when_nearly_all_fail_the_fault_is_ours() -> None:
    bad = failing(NOW - 7 * HOUR, NOW, 4)
    assert is_ours([bad] * 5)
    assert is_ours([bad] * 8 + [WELL] * 2)
    assert not is_ours([bad] * 7 + [WELL] * 3)
    assert not is_ours([bad] * 4)
    assert not is_ours([failing(NOW - HOUR, NOW, 2)] * 9)  # it has just begun
    assert is_ours([bad] * 5 + [replace(WELL, paused=PAUSED_LEFT_CONFIG)] * 50)
