"""Dates as French people write them, read without ever failing: what cannot be a date is no date."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout",),
    ("septembre", "sept"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)
MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
WEEKDAY_OF = {short: i for i, name in enumerate(_WEEKDAYS) for short in (name, name[:3])}

_DAY = r"\d{1,2}(?:er)?(?!\d)"
_WEEKDAY = rf"(?:{'|'.join(WEEKDAY_OF)})\b\.?,?"
_AND = r" ?(?:,|-|\bau\b|\bet\b|\ba\b) ?"
_WRITTEN = (
    rf"(?<![\d/.:-])(?P<days>{_DAY}(?:{_AND}(?:le )?(?:{_WEEKDAY} )?{_DAY}){{0,5}})"
    rf" ?(?P<name>{'|'.join(MONTH_OF)})\b\.?(?: (?P<year>\d{{4}})(?!\d))?"
)
_ISO = r"(?<!\d)(?P<iso>\d{4}-\d{2}-\d{2})(?!\d)"
# A telephone number is no date: nothing of the same shape may go on before or after.
_FIGURES = (
    r"(?<!\d)(?<!\d[/.-])(?P<d>\d{1,2})(?:(?P<mark>[/-])(?P<m>\d{1,2})(?P=mark)|\.(?P<m2>\d{2})\.)"
    r"(?P<y>\d{4}|\d{2})(?!\d|[/.-]\d)"
)
_SHORT = r"(?<!\d)(?<!\d[/.-])(?P<sd>\d{2})/(?P<sm>\d{2})(?!\d|[/.-]\d)"
_DATE = re.compile("|".join((_ISO, _WRITTEN, _FIGURES, _SHORT)))
_STATED = re.compile(rf"\b({'|'.join(WEEKDAY_OF)})\b\.?,? (?:le )?$")
_JOINED = re.compile(rf"{_AND}(?:le )?(?:{_WEEKDAY} )?")
_TIME = r"(?<!\d)(?P<{0}h>\d{{1,2}}) ?(?:(?:h|heures?)(?![a-z]) ?(?P<{0}m>\d{{2}})?(?!\d)|:(?P<{0}c>\d{{2}})(?!\d))"
_HOURS = re.compile(_TIME.format("a") + r"(?: ?(?:-|\ba\b|\bau\b|\bjusqu'a\b) ?" + _TIME.format("b") + ")?")
_CLOSING = re.compile(
    r"\b(?:avant(?: le)?|jusqu'au|au plus tard(?: le)?|date limite|dates? de cloture|cloture[es]?|clot|clos|"
    r"limite d[ue'] ?\w+|derniers? jours?)\b"
)
_NEAR = 60  # characters: further on, a date speaks of something else


@dataclass(frozen=True, slots=True)
class When:
    """A day as it was written, with what went with it: the last day of a span, local hours, the weekday stated
    (0 = Monday; it may contradict the date, which is for the caller to say)."""

    day: date
    last: date | None = None
    start: time | None = None
    end: time | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A date in the text, its year perhaps still unknown."""

    begin: int
    end: int
    first: tuple[int, int]  # month, day
    last: tuple[int, int]
    year: int | None


def read_when(text: str, today: date) -> When | None:
    """The first date in `text` with its span, its weekday and its hours when they stand beside it; None when there is
    none. Without a year it is the next occurrence from `today` on."""
    flat = flatten(text)
    found = list(_find(flat))
    for i, one in enumerate(found):
        following = found[i + 1] if i + 1 < len(found) else None
        days, end = _span(flat, one, following, today)
        if days is None:
            continue
        stated = _STATED.search(flat[max(0, one.begin - 20) : one.begin])
        when = When(days[0], days[1] if days[1] > days[0] else None)
        if stated:
            when = replace(when, weekday=WEEKDAY_OF[stated[1]])
        hours = _read_hours(flat[end : end + _NEAR]) or _read_hours(flat[max(0, one.begin - _NEAR) : one.begin])
        return replace(when, start=hours[0], end=hours[1]) if hours else when
    return None


def read_closing(text: str, today: date) -> date | None:
    """The earliest date from `today` on that `text` gives as a limit: « avant le 18 mai », « clôture le 3/12/2026 »."""
    flat = flatten(text)
    limits = (read_when(flat[mark.end() : mark.end() + _NEAR], today) for mark in _CLOSING.finditer(flat))
    coming = [limit.last or limit.day for limit in limits if limit]
    return min((day for day in coming if day >= today), default=None)


def flatten(text: str) -> str:
    """Without accents nor capitals, one kind of space, of hyphen and of apostrophe; punctuation stays."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    flat = "".join(c for c in flat if not unicodedata.combining(c))
    return " ".join(re.sub("[‐-―−]", "-", flat.replace("’", "'")).split())


def _find(flat: str) -> Iterator[_Found]:
    for match in _DATE.finditer(flat):
        part = match.groupdict()
        year: int | None = None
        if part["iso"]:
            year, month, *days = (int(figures) for figures in part["iso"].split("-"))
        elif part["name"]:
            month, year = MONTH_OF[part["name"]], int(part["year"]) if part["year"] else None
            days = [int(figures) for figures in re.findall(r"\d+", part["days"])]
        elif part["d"]:
            month, days, year = int(part["m"] or part["m2"]), [int(part["d"])], _full(part["y"])
        else:
            month, days = int(part["sm"]), [int(part["sd"])]
        yield _Found(match.start(), match.end(), (month, days[0]), (month, days[-1]), year)


def _span(flat: str, one: _Found, following: _Found | None, today: date) -> tuple[tuple[date, date] | None, int]:
    """First and last day of `one`, or of `one` and the date joined to it (« du 28 mai au 3 juin »), and its end."""
    if following and _JOINED.fullmatch(flat[one.end : following.begin]):
        days = _join(one, following, today)
        if days and days[0] <= days[1]:
            return days, following.end
    return _place(one, today), one.end


def _join(one: _Found, following: _Found, today: date) -> tuple[date, date] | None:
    """From `one` to `following`, each in the year written or the one nearest to the other."""
    if one.year is None:
        return _place(replace(following, first=one.first), today)
    first = _make(one.year, one.first)
    last = _make(following.year or one.year + (following.last < one.first), following.last)
    return (first, last) if first and last else None


def _place(found: _Found, today: date) -> tuple[date, date] | None:
    """The days in the year written, else in the first year where they are not over."""
    if found.first[0] == found.last[0] and found.first > found.last:
        return None  # « du 21 au 17 juin »
    # Eight years: the longest wait between two 29 February.
    for year in range(today.year, today.year + 9) if found.year is None else [found.year]:
        last = _make(year, found.last)
        first = _make(year if found.first <= found.last else year - 1, found.first)
        if first and last and (found.year is not None or last >= today):
            return first, last
    return None


def _make(year: int, month_day: tuple[int, int]) -> date | None:
    try:
        return date(year, *month_day)
    except ValueError:
        return None


def _full(year: str) -> int:
    """« 23 » is 2023, « 87 » is 1987."""
    return int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)


def _read_hours(flat: str) -> tuple[time, time | None] | None:
    for match in _HOURS.finditer(flat):
        start = _hour(match["ah"], match["am"] or match["ac"])
        if start is not None:
            return start, _hour(match["bh"], match["bm"] or match["bc"]) if match["bh"] else None
    return None


def _hour(hour: str, minute: str | None) -> time | None:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None
