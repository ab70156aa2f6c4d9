"""When something takes place, as people type it in French: « jeudi 11 mars 9h30-12h », « du 17 au 21 juin », « du 30
mars 9h au 1er avril 17h », « demain 18h ». What cannot be is refused with the date that was perhaps meant."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from club.dates import MONTH_OF, WEEKDAY_OF, When, flatten, read_when
from club.refusal import Refused

FURTHEST = timedelta(days=366 * 6)  # ahead: beyond, a year was mistyped
LATE, EARLY = time(17), time(6)  # an evening that ends in the small hours ends on the next day

_RELATIVE = {"aujourd'hui": 0, "ce soir": 0, "apres-demain": 2, "apres demain": 2, "demain": 1}
_DAY = re.compile(rf"^(?:le )?({'|'.join(WEEKDAY_OF)})(?: prochain)?(?!\w)(?! ?\d{{1,2}}(?! ?(?:h|:)|\d))")
_TO = re.compile(r"\s(?:au|jusqu'au|-|->|et jusqu'au)\s")
_WRITTEN = re.compile(rf"(?<!\d)(\d{{1,2}})(?:er)? ({'|'.join(MONTH_OF)})(?!\w)(?: (\d{{4}}))?")
_FIGURES = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])")
_HOUR = re.compile(r"(?<![\d/])\d{1,2} ?(?:h(?![a-z])|:\d\d)\S*")
_REVERSED = re.compile(rf"(?<!\d)(\d{{1,2}})(?:er)? ?(?:au|-) ?(\d{{1,2}}) ({'|'.join(MONTH_OF)})")


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A start and perhaps an end: local datetimes without a zone, or dates with the last day included."""

    start: datetime | date
    end: datetime | date | None = None

    def placed(self, zone: str) -> TimeSpan:
        """The same in that zone; an hour that the clock skips is the one after it (PEP 495)."""
        return TimeSpan(_place(self.start, zone), None if self.end is None else _place(self.end, zone))


def _place(moment: datetime | date, zone: str) -> datetime | date:
    if not isinstance(moment, datetime):
        return moment
    there = ZoneInfo(zone)
    local = moment.replace(tzinfo=there)
    # Through UTC and back: 2:30 of a night in March is 3:30.
    return local.astimezone(ZoneInfo("UTC")).astimezone(there)


def read_span(typed: str, today: date) -> TimeSpan:
    """The span that was typed; without a year, the next one from `today` on. Refused, with what was perhaps meant, for
    a date that does not exist, is past, too far, falls on another weekday, or ends before it begins."""
    flat = _absolute(flatten(typed), today)
    span = _two_moments(flat, today) or _one_moment(flat, today, typed)
    _check(span, today)
    return span


def write_span(span: TimeSpan) -> str:
    """The span as `read_span` reads it back."""
    start, end = span.start, span.end
    if not isinstance(start, datetime):
        last = end if isinstance(end, date) and end > start else None
        return f"du {_figures(start)} au {_figures(last)}" if last else _figures(start)
    if not isinstance(end, datetime):
        return f"{_figures(start)} {write_hour(start)}"
    if end.date() == start.date():
        return f"{_figures(start)} {write_hour(start)}-{write_hour(end)}"
    return f"du {_figures(start)} {write_hour(start)} au {_figures(end)} {write_hour(end)}"


def _figures(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year}"


def write_hour(at: datetime) -> str:
    """« 9h30 »."""
    return f"{at.hour}h{at.minute:02}"


def _absolute(flat: str, today: date) -> str:
    """Days that are said from today on, in figures; « 12/3 » with its zeros, noon and midnight as hours."""
    flat = re.sub(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d])", lambda d: f"{int(d[1]):02}/{int(d[2]):02}", flat)
    flat = re.sub(r"\bmidi\b", "12h", re.sub(r"\bminuit\b", "0h", flat))
    for word, days in _RELATIVE.items():
        if re.match(rf"{word}(?!\w)", flat):
            return _figures(today + timedelta(days=days)) + flat[len(word) :]
    if named := _DAY.match(flat):
        ahead = (WEEKDAY_OF[named[1]] - today.weekday()) % 7 or 7
        return _figures(today + timedelta(days=ahead)) + flat[named.end() :]
    return flat


def _two_moments(flat: str, today: date) -> TimeSpan | None:
    """« du 30 mars 9h au 1er avril 17h »: an hour on both sides."""
    for joint in _TO.finditer(flat):
        first, last = read_when(flat[: joint.start()], today), read_when(flat[joint.end() :], today)
        if first and last and first.start and last.start and last.last is None:
            _check_weekday(first)
            _check_weekday(last)
            return TimeSpan(datetime.combine(first.day, first.start), datetime.combine(last.day, last.start))
    return None


def _one_moment(flat: str, today: date, typed: str) -> TimeSpan:
    when = read_when(flat, today)
    if when is None:
        _explain(flat, typed, today)
        raise Refused("span-unread", found=_quoted(typed))
    _check_weekday(when)
    if when.start is None and (hour := _HOUR.search(flat)):
        raise Refused("span-no-hour", found=hour[0].strip())
    return _of(when)


def _of(when: When) -> TimeSpan:
    if when.start is None:
        return TimeSpan(when.day, when.last)
    start = datetime.combine(when.day, when.start)
    if when.end is None:
        return TimeSpan(start) if when.last is None else TimeSpan(when.day, when.last)
    end = datetime.combine(when.last or when.day, when.end)
    if end < start and when.last is None and when.start >= LATE and when.end <= EARLY:
        end += timedelta(days=1)
    return TimeSpan(start, end)


# What cannot be


def _explain(flat: str, typed: str, today: date) -> None:
    """Raise Refused when the text holds a date that does not exist, or a last day before the first."""
    found = _REVERSED.search(flat)
    if found and int(found[1]) > int(found[2]):
        raise Refused("span-reversed", found=_quoted(typed))
    written = _WRITTEN.search(flat) or _FIGURES.search(flat)
    if written is None:
        return
    day, year = int(written[1]), int(written[3] or 0) or today.year
    month = MONTH_OF[written[2]] if written[2] in MONTH_OF else int(written[2])
    if not 1 <= month <= 12 or not MINYEAR <= year < MAXYEAR:
        raise Refused("span-unread", found=_quoted(typed))
    most = calendar.monthrange(year, month)[1]
    if not 1 <= day <= most:
        near = date(year, month, most)
        raise Refused("span-no-day", found=_quoted(typed), near=near, after=near + timedelta(days=1))


def _quoted(typed: str) -> str:
    return " ".join(typed.split())[:60]


def _check_weekday(when: When) -> None:
    if when.weekday is None or when.day.weekday() == when.weekday:
        return
    shift = (when.weekday - when.day.weekday() + 3) % 7 - 3  # the nearest such day, at most three days away
    raise Refused("span-weekday", day=when.day, near=when.day + timedelta(days=shift))


def _check(span: TimeSpan, today: date) -> None:
    last = span.end if span.end is not None else span.start
    if span.end is not None and _compare(span.end) < _compare(span.start):
        if isinstance(span.start, datetime) and isinstance(span.end, datetime):
            raise Refused("span-ends-first", start=write_hour(span.start), end=write_hour(span.end))
        raise Refused("span-ends-first-day", start=_day(span.start), end=_day(span.end))
    if _day(last) < today:
        raise Refused("span-past", day=_day(span.start), next=_again(_day(span.start), today))
    if _day(span.start) - today > FURTHEST:
        raise Refused("span-too-far", day=_day(span.start))


def _again(day: date, today: date) -> date:
    """The same day of the year, from today on."""
    for year in range(today.year, today.year + 9):
        try:
            found = day.replace(year=year)
        except ValueError:
            continue
        if found >= today:
            return found
    return today


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _compare(moment: datetime | date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())
