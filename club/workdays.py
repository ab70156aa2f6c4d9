"""Working days in France, the eleven public holidays aside, and the hours in which nobody is written to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_MORNING, _EVENING = time(7, 30), time(20)
_AFTER_EASTER = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday


@cache
def holidays(year: int) -> frozenset[date]:
    """The public holidays of that year."""
    moving = (easter(year) + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset((*(date(year, month, day) for month, day in _FIXED), *moving))


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus' rule)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, shift = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * shift + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_workday(day: date) -> bool:
    """Whether one works on that day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def after_workdays(day: date, count: int) -> date:
    """The day on which so many working days have gone by since `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def after_quiet_hours(now: datetime, zone: ZoneInfo) -> datetime:
    """Now, or the next morning at 7:30 when it is between 20:00 and then."""
    local = now.astimezone(zone)
    if _MORNING <= local.time() < _EVENING:
        return now
    day = local.date() + timedelta(days=local.time() >= _EVENING)
    return datetime.combine(day, _MORNING, zone)
