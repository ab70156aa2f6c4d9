"""Moments and rules of calendars as exporters write them, put as RFC 5545 has them before icalendar reads: a value that
contradicts its type, a date with hyphens, a part without a value (kinds C and E of faults met in life)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

_NAMES = "DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE"
_PARAMETERS = r'(?:;[A-Za-z-]+=(?:"[^"\n]*"|[^";:\n]*))*'
_LINE = re.compile(rf"^({_NAMES})({_PARAMETERS}):([^\n]*)\n", re.MULTILINE | re.IGNORECASE)
_VALUE = re.compile(r";VALUE=([A-Za-z-]*)", re.IGNORECASE)
_MOMENT = re.compile(
    r"(\d{4})([-/]?)(\d{2})\2(\d{2})"
    r"(?:[T ]?(\d{2})(?::?(\d{2}))?(?::?(\d{2}))?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_RULE = re.compile(r"^(RRULE|EXRULE)([^:\n]*):([^\n]*)\n", re.MULTILINE | re.IGNORECASE)
_WITHIN = ("SECOND", "MINUTE", "HOUR", "DAY", "MONTHDAY", "YEARDAY", "WEEKNO", "MONTH", "SETPOS")
_PARTS = frozenset(("FREQ", "UNTIL", "COUNT", "INTERVAL", "WKST", *(f"BY{part}" for part in _WITHIN)))


def mend_block(block: str) -> str:
    """The event's text with its moments and rules well formed, where what is meant is plain."""
    return _RULE.sub(_mend_rule, _LINE.sub(_mend_line, block))


def _mend_line(line: re.Match[str]) -> str:
    name, parameters, values = line[1], line[2], line[3].split(",")
    said = _VALUE.search(parameters)
    kind = said[1].upper() if said else ""
    mended = [mend_moment(value, day=kind == "DATE") for value in values if value.strip()]
    if not mended:
        return ""
    whole = [value for value in mended if value is not None]
    if len(whole) < len(mended) or kind not in ("", "DATE", "DATE-TIME"):
        return line[0]
    if kind:  # the values tell what they are
        parameters = _VALUE.sub("", parameters) + (";VALUE=DATE" if all(len(value) == 8 for value in whole) else "")
    return f"{name}{parameters}:{','.join(whole)}\n"


def mend_moment(value: str, *, day: bool = False) -> str | None:
    """`20270310`, `20270310T190000` or the same with Z; the day alone when `day`; None when it is no moment."""
    found = _MOMENT.fullmatch(value.strip())
    if found is None:
        return None
    year, _, month, number, hour, minute, second, zone = found.groups()
    bare = f"{year}{month}{number}"
    if hour is None or day:
        return bare
    try:
        at = datetime(int(year), int(month), int(number), tzinfo=UTC)
        # 24:00 is the next midnight, a leap second the next minute.
        at += timedelta(hours=int(hour), minutes=int(minute or 0), seconds=int(second or 0))
        if zone and zone.upper() != "Z":
            sign, figures = zone[0], zone[1:].replace(":", "")
            ahead = timedelta(hours=int(figures[:2]), minutes=int(figures[2:]))
            at -= ahead if sign == "+" else -ahead
    except (ValueError, OverflowError):
        return None
    if int(hour) > 24 or int(minute or 0) > 59 or int(second or 0) > 60:
        return None
    return f"{at:%Y%m%dT%H%M%S}".rjust(15, "0") + ("Z" if zone else "")


def _mend_rule(rule: re.Match[str]) -> str:
    """Without empty or unknown parts; Exchange writes blanks between the days."""
    kept = []
    for part in re.sub(r"\s", "", rule[3]).split(";"):
        name, _, value = part.partition("=")
        value = ",".join(filter(None, value.split(",")))
        if name.upper() not in _PARTS or not value:
            continue
        if name.upper() == "UNTIL":
            value = mend_moment(value) or value
        kept.append(f"{name}={value}")
    return f"{rule[1]}{rule[2]}:{';'.join(kept)}\n" if kept else ""


def align(moment: Any, start: date) -> Any:
    """The moment as the same kind as the start of its series: a day at the series' hour, an instant in its zone, or the
    bare day."""
    if isinstance(moment, tuple) or not isinstance(moment, date):
        return moment
    if not isinstance(start, datetime):
        return moment.date() if isinstance(moment, datetime) else moment
    if not isinstance(moment, datetime):
        return datetime.combine(moment, start.timetz().replace(tzinfo=None), start.tzinfo)
    return moment.astimezone(start.tzinfo)


def align_until(rule: Mapping[str, Any], start: date) -> list[date]:
    """The UNTIL of a rule, through the last instant of a bare day (RFC 5545 §3.3.10 calls it inclusive); [] without."""
    return [_until(value, start) for value in rule.get("UNTIL", ()) if isinstance(value, date)][:1]


def _until(value: date, start: date) -> date:
    if not isinstance(start, datetime):
        return value.date() if isinstance(value, datetime) else value
    if not isinstance(value, datetime):
        return datetime.combine(value, time.max.replace(microsecond=0), start.tzinfo).astimezone(UTC)
    return value.replace(tzinfo=start.tzinfo).astimezone(UTC) if value.tzinfo is None else value.astimezone(UTC)
