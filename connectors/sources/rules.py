"""How often a rule of a calendar repeats: what would be tried until the year 9999, or every second, is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.sources.moments import align_until

TIMES_A_DAY = 24
STEPS = 100_000  # that a rule may take from its start to the window's end
_STEP = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class TooOften(Exception):  # noqa: N818 — says that one event is left out
    """The rule asks for too many dates."""


def bound(rule: Any, start: date, until: datetime) -> None:
    """The rule ends by `until`, two days more at most, or as it says; TooOften when it cannot be followed."""
    if _times_a_day(rule) > TIMES_A_DAY or 0 in listed(rule.get("INTERVAL")) or _is_never(rule):
        raise TooOften
    if (until.date() - date(start.year, start.month, start.day)) / _step(rule) > STEPS:
        raise TooOften
    if "UNTIL" in rule:
        rule["UNTIL"] = align_until(rule, start)
    elif "COUNT" not in rule:
        end = (until + timedelta(days=2)).astimezone(UTC)
        rule["UNTIL"] = [end if isinstance(start, datetime) else end.date()]


def listed(value: Any) -> list[Any]:
    """The values of a property or a part, however many."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _times_a_day(rule: Mapping[str, Any]) -> int:
    times = 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= max(len(listed(rule.get(part))), 1)
    return times


def _step(rule: Mapping[str, Any]) -> timedelta:
    """How far a rule goes at once, at least."""
    frequency = str(next(iter(listed(rule.get("FREQ"))), "")).upper()
    interval = max((abs(int(value)) for value in listed(rule.get("INTERVAL"))), default=1)
    return _STEP.get(frequency, timedelta(days=28)) * min(interval, 10_000)


def _is_never(rule: Mapping[str, Any]) -> bool:
    """True for the likes of 30 February."""
    months, days = listed(rule.get("BYMONTH")) or range(1, 13), listed(rule.get("BYMONTHDAY"))
    return bool(days) and not any(abs(int(day)) <= _LONGEST_MONTH[int(month) - 1] for month in months for day in days)
