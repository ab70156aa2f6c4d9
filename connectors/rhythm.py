"""When a source is visited next: as often as it gives news, as seldom as it asks (decision 9). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

USUAL = timedelta(minutes=30)  # and the shortest pause between two visits
LONGEST = timedelta(hours=24)
UNKNOWN = timedelta(hours=2)  # for what tells no rhythm: calendars, new sources
VISITS = 8  # between two entries of a source that keeps its rhythm
SPREAD = 0.1  # a pause is at most so much longer, so that the sources of one host do not come due together
_DATES = 10  # the newest, that tell a rhythm
_FEWEST = 4


def rhythm_of(dates: Iterable[datetime | None]) -> timedelta | None:
    """The usual time between two entries, as the dates of the newest ones tell it; None when they are too few."""
    known = sorted({moment for moment in dates if moment is not None})[-_DATES:]
    if len(known) < _FEWEST:
        return None
    return timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(known)))


def pause(
    rhythm: timedelta | None, silence: timedelta, asked: timedelta, every: timedelta, jitter: float = 0.0
) -> timedelta:
    """Until the next visit of a source that answers, between `every` and a day, and never before it `asked`.

    `silence` is how long nothing new came: a source that stopped is visited less and less. `jitter` in [0, 1].
    """
    if every < USUAL:  # the demonstration visits more often than any publisher would ask
        return every
    usual = UNKNOWN if rhythm is None else rhythm / VISITS
    own = max(usual, silence / 4 / VISITS, every)
    return _spread(max(own, asked), jitter)


def pause_after_failure(failures: int, asked: timedelta | None, every: timedelta, jitter: float = 0.0) -> timedelta:
    """Until the next try: what the site asked for, else twice as long after each of the `failures` before, a day at
    most."""
    if asked is not None:
        return _spread(max(asked, every), jitter)
    doubled = every * (1 << min(max(failures, 0), 10))
    return min(doubled, LONGEST) if every < USUAL else _spread(doubled, jitter)


def _spread(wait: timedelta, jitter: float) -> timedelta:
    return min(wait * (1 + SPREAD * min(max(jitter, 0.0), 1.0)), LONGEST)
