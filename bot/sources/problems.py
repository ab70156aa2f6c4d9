"""What is wrong with a source over days. Pure: silence and failure have their seasons and their patience."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from club.news import Health, Problem
from storage.sources import PAUSED_GONE, SourceState

DEAD = timedelta(hours=24)  # between two failed visits, with none that succeeded (choice A12)
OURS = timedelta(hours=6)  # that nearly all must fail
MOVED = timedelta(days=3)  # that a permanent redirect must last
MOVED_VISITS = 3
SILENT = 30  # days without anything new, of a source that gave something
REGULAR = timedelta(days=10)  # at least so often
LOST_NAME = timedelta(days=7)  # a name that is not found for so long has been given up
_LONGEST = 400  # days that are counted

# Quiet hours: nobody is written to then.


def find_problems(state: SourceState, now: datetime, zone: ZoneInfo) -> dict[Problem, datetime]:
    """What is wrong, and since when. A source that somebody paused has nothing."""
    if state.paused == PAUSED_GONE:
        return {Problem.GONE: state.failing_since or now}
    if state.paused:
        return {}
    found = {}
    if state.failing_since and _lasts(state, DEAD):
        found[Problem.DEAD] = state.failing_since
    if state.moved_since and state.moved_visits >= MOVED_VISITS and now - state.moved_since >= MOVED:
        found[Problem.MOVED] = state.moved_since
    if is_silent(state, now, zone) and state.news_at:
        found[Problem.SILENT] = state.news_at
    return found


def _lasts(state: SourceState, long: timedelta) -> bool:
    """Whether two visits at least failed, so long apart, and none went well since the first."""
    if state.failing_since is None or state.visited_at is None or state.failures < 2:
        return False
    return state.visited_at - state.failing_since >= long


def is_silent(state: SourceState, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a source that used to publish regularly, and answers, gave nothing for thirty days. August and Christmas
    do not count."""
    if state.health is not Health.OK or state.news_at is None or state.rhythm is None:
        return False
    if timedelta(minutes=state.rhythm) > REGULAR:
        return False
    first, last = state.news_at.astimezone(zone).date(), now.astimezone(zone).date()
    days = (first + timedelta(days=n + 1) for n in range(min((last - first).days, _LONGEST)))
    return sum(not is_quiet_season(day) for day in days) >= SILENT


def is_quiet_season(day: date) -> bool:
    """1–25 August and 20 December–5 January."""
    at = (day.month, day.day)
    return (8, 1) <= at <= (8, 25) or at >= (12, 20) or at <= (1, 5)


def is_ours(states: Iterable[SourceState]) -> bool:
    """Whether so many sources fail at once that the fault must be on the hub's side."""
    visited = [state for state in states if not state.paused]
    failing = sum(_lasts(state, OURS) for state in visited)
    return failing >= 5 and failing * 5 >= len(visited) * 4
