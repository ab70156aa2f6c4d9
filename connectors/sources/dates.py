"""Dates as sites write them: ISO 8601, e-mail's, French or English prose, with or without a zone."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=48)

PARIS = "Europe/Paris"

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janv janvier january gennaio gen",
            "feb fev fevr fevrier february febbraio",
            "mar mars march marzo",
            "apr avr avril april aprile",
            "may mai maggio mag",
            "jun juin june giugno giu",
            "jul juil juillet july luglio lug",
            "aug aou aout august agosto ago",
            "sep sept septembre september settembre set",
            "oct octobre october ottobre ott",
            "nov novembre november",
            "dec decembre december dicembre dic",
        ),
        1,
    )
    for name in names.split()
}
# Names of zones in e-mail dates (RFC 822) and in France; others are unknown, not guessed.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "bst": 1, "west": 1, "cet": 1, "met": 1, "cest": 2, "mest": 2, "eet": 2, "eest": 3,
}  # fmt: skip

_CLOCK = (
    r"(?P<hour>\d{1,2})(?:\s?[:h]\s?(?P<minute>\d{2})?)(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?"
)
_ZONE = r"(?:\s*(?P<zone>z|[a-z]{2,4}|(?:gmt|utc)?[+-]\d{1,2}(?::?\d{2})?)\b)?"
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?(?:t|\s+|$)"
    rf"(?:{_CLOCK}{_ZONE})?"
)
_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:t(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
    r"(?P<zone>z|[+-]\d{2}:?\d{2})?"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[\s.-]+(?:de\s+)?(?P<name>[a-z]+)\.?[\s,.-]+"
    r"(?P<year>\d{4}|\d{2}(?!\s?[:h]|\s(?:heures?|a\.?m|p\.?m)\b|[.,]\d))\b(?!:)"
)
_DAY_FIRST_YEAR_LAST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s+(?P<name>[a-z]+)\.?,?\s+(?=\d{1,2}:).*?(?<![+\d-])\b(?P<year>(?:19|20)\d{2})\b"
)
_MONTH_FIRST = re.compile(r"\b(?P<name>[a-z]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:at\s+)?(?P<year>\d{4})\b")
_MONTH_FIRST_YEAR_LAST = re.compile(
    r"\b(?P<name>[a-z]+)\.?\s+(?P<day>\d{1,2})\s+(?=\d{1,2}:).*?(?<![+\d-])\b(?P<year>(?:19|20)\d{2})\b"
)
_FIGURES = re.compile(r"(?<!\d)(?P<day>\d{1,2})(?P<sign>[/.])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})\b")
_YEAR_LAST = (_DAY_FIRST_YEAR_LAST, _MONTH_FIRST_YEAR_LAST)
_TIME = re.compile(rf"(?<![\d+:-]){_CLOCK}(?:\s*\(?{_ZONE})")
_AFTER = re.compile(rf"\s{_ZONE}")
_LONGEST = 120
# As almost all feeds write them; what these do not read, the patterns above do.
_CLOCKED = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
_MAIL = re.compile(
    rf"(?:[a-z]{{3}}, )?([0-9]{{1,2}}) ([a-z]{{3}}) ([1-9][0-9]{{3}}) ({_CLOCKED}) (?:gmt|([+-][0-9]{{2}})([0-9]{{2}}))"
)
_INSTANT = re.compile(
    rf"[1-9][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}t{_CLOCKED}(?:\.[0-9]{{1,6}})?(?:z|[+-][0-9]{{2}}:[0-9]{{2}})"
)


def parse_date(text: str, zone: str = PARIS) -> datetime | None:
    """The UTC instant written in `text`, read in `zone` when it names none; None when there is none after 1990."""
    text = _fold(text[:_LONGEST])
    moment = _read_usual(text)
    if moment is None:
        found = _ISO.match(text) or _BASIC.fullmatch(text)
        try:
            values = found.groupdict() if found else _read_prose(text)
            moment = _moment(values, zone_named(zone) or ZoneInfo(PARIS))
        except (ValueError, OverflowError):
            return None
    return moment if moment >= EARLIEST else None


def believable(moment: datetime | None, now: datetime) -> datetime | None:
    """The instant, or None when it lies more than 48 hours ahead: a post that is only planned (promise 17)."""
    return moment if moment and moment <= now + AHEAD else None


def zone_named(name: str) -> ZoneInfo | None:
    """The IANA zone called `name`, None when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _fold(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower().split())


def _read_usual(text: str) -> datetime | None:
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        if found := _MAIL.fullmatch(text):
            day, name, year, clock, hours, minutes = found.groups()
            written = f"{year}-{_MONTHS.get(name, 0):02}-{day:>02}T{clock}{f'{hours}:{minutes}' if hours else 'Z'}"
            return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):  # a 60th second, a 24th hour
        pass
    return None


def _read_prose(text: str) -> dict[str, str | None]:
    for pattern in (_DAY_FIRST, _MONTH_FIRST, *_YEAR_LAST, _FIGURES):
        for found in pattern.finditer(text):
            values = found.groupdict()
            name = values.pop("name", None)
            if name is not None:
                if name not in _MONTHS:
                    continue
                values["month"] = str(_MONTHS[name])
            # The time stands behind the date, or, in the C library's form, inside it.
            behind = text[found.start("day") + len(found["day"]) :] if pattern in _YEAR_LAST else text[found.end() :]
            clock = _TIME.search(behind)
            said = {**values, **(clock.groupdict() if clock else {})}
            if pattern in _YEAR_LAST and not said.get("zone") and (after := _AFTER.match(text, found.end())):
                said["zone"] = after["zone"]
            return said
    raise ValueError(text)


def _moment(values: dict[str, str | None], zone: ZoneInfo) -> datetime:
    year, month, day, hour, minute, second = (
        int(values.get(name) or default)
        for name, default in (
            ("year", "0"),
            ("month", "1"),
            ("day", "1"),
            ("hour", "0"),
            ("minute", "0"),
            ("second", "0"),
        )
    )
    if year < 100:
        year += 2000 if year < 70 else 1900
    half = values.get("half")
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    late = hour == 24 and not minute and not second
    fraction = int(((values.get("fraction") or "")[:6]).ljust(6, "0"))
    local = datetime(year, month, day, 0 if late else hour, minute, min(second, 59), fraction)
    local += timedelta(days=late)
    return local.replace(tzinfo=_offset(values.get("zone")) or zone).astimezone(UTC)


def _offset(name: str | None) -> timezone | None:
    """The zone called `name`; None when it is not given or not known."""
    if not name:
        return None
    sign = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d{2})?", name)
    if not sign:
        return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else None
    ahead = timedelta(hours=int(sign[2]), minutes=int(sign[3] or 0))
    return timezone(ahead if sign[1] == "+" else -ahead)
