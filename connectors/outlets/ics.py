"""Events as a calendar that Outlook, Thunderbird, Google and Apple read at the right hour (RFC 5545).

Byte for byte the same while nothing changes: DTSTAMP is the time of the last change, and no line tells when it was
asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration

from club.agenda import Occasion
from club.news import Status

PRODUCT = "-//ecohub//agenda//FR"
TYPE = "text/calendar; charset=utf-8"
# RFC 5545 knows no postponed event: until its new date is known it is not certain.
_STATUS = {Status.CONFIRMED: "CONFIRMED", Status.CANCELLED: "CANCELLED", Status.POSTPONED: "TENTATIVE"}
_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Named:
    """What a calendar calls itself, and where the page of an event is ("" = nowhere)."""

    name: str
    page: Callable[[Occasion], str] = lambda _: ""


def calendar(occasions: Sequence[Occasion], named: Named) -> bytes:
    """The events, soonest first, as one calendar."""
    made = Calendar()
    made.add("VERSION", "2.0")
    made.add("PRODID", PRODUCT)
    made.add("CALSCALE", "GREGORIAN")
    made.add("METHOD", "PUBLISH")
    made.add("NAME", named.name)
    made.add("X-WR-CALNAME", named.name)
    made.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", vDuration(_REFRESH))
    for zone in sorted({one.zone for one in occasions if isinstance(one.start, datetime)}):
        made.add_component(_timezone(zone, _years(occasions, zone)))
    for one in sorted(occasions, key=lambda one: (one.starts_at, one.number)):
        made.add_component(_event(one, named))
    return bytes(made.to_ical(sorted=False))


def _event(one: Occasion, named: Named) -> Event:
    event = Event()
    event.add("UID", one.uid)
    event.add("DTSTAMP", one.updated_at.astimezone(UTC))
    event.add("LAST-MODIFIED", one.updated_at.astimezone(UTC))
    event.add("SEQUENCE", one.sequence)
    if isinstance(one.start, datetime):
        zone = ZoneInfo(one.zone)
        event.add("DTSTART", _stated(one.start, zone))
        if isinstance(one.end, datetime) and one.end > one.start:
            event.add("DTEND", _stated(one.end, zone))
    else:
        last = one.end if one.end is not None and not isinstance(one.end, datetime) else one.start
        event.add("DTSTART", one.start)
        event.add("DTEND", max(last, one.start) + timedelta(days=1))  # a calendar's last day is not included
        event.add("TRANSP", "TRANSPARENT")
    event.add("SUMMARY", one.title)
    event.add("STATUS", _STATUS[one.status])
    where = one.place or one.online
    if where:
        event.add("LOCATION", where)
    page = named.page(one) or one.link or one.online
    said = "\n\n".join(filter(None, (one.description, one.online if one.place else "", page)))
    if said:
        event.add("DESCRIPTION", said)
    if page:
        event.add("URL", page)
    if one.organiser:
        event.add("CATEGORIES", [one.organiser])
    return event


def _stated(moment: datetime, zone: ZoneInfo) -> datetime:
    """Local, so that people read it as it was said; in UTC where autumn has that hour twice and it is the second."""
    local = moment.astimezone(UTC).astimezone(zone)
    return local if local.fold == 0 else moment.astimezone(UTC)


def _years(occasions: Iterable[Occasion], zone: str) -> range:
    """The years in which the zone's changes of hour matter."""
    years = {at.year for one in occasions if one.zone == zone for at in (one.starts_at, one.ends_at)}
    return range(min(years), max(years) + 1)


# Zones


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of hour: the local time at which it happens, the offsets before and after."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def rule(self) -> dict[str, object]:
        """The last or the nth such weekday of that month, every year."""
        day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[self.at.weekday()]
        is_last = (self.at + timedelta(days=7)).month != self.at.month
        nth = -1 if is_last else (self.at.day + 6) // 7
        return {"FREQ": "YEARLY", "BYMONTH": self.at.month, "BYDAY": f"{nth}{day}"}


def _timezone(name: str, years: range) -> Timezone:
    """The zone's rules, one line each where every year follows the same, so that Outlook reads them; else each change
    of these years."""
    made = Timezone()
    made.add("TZID", name)
    zone = ZoneInfo(name)
    changes = list(_changes(zone, range(years.start - 1, years.stop)))
    if not changes:
        made.add_component(_standard(zone, years.start))
        return made
    by_kind: dict[bool, list[_Change]] = {}
    for one in changes:
        by_kind.setdefault(one.is_summer, []).append(one)
    for kind in sorted(by_kind):
        of_kind = by_kind[kind]
        if len({str(one.rule) for one in of_kind}) == 1:
            made.add_component(_observance(of_kind[0], of_kind[0].rule))
        else:
            for one in of_kind:
                made.add_component(_observance(one, None))
    return made


def _standard(zone: ZoneInfo, year: int) -> TimezoneStandard:
    noon = datetime(year, 1, 1, tzinfo=zone)
    offset = noon.utcoffset() or timedelta(0)
    part = TimezoneStandard()
    part.add("DTSTART", datetime(1970, 1, 1))
    part.add("TZOFFSETFROM", offset)
    part.add("TZOFFSETTO", offset)
    part.add("TZNAME", noon.tzname() or "")
    return part


def _observance(change: _Change, rule: dict[str, object] | None) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if change.is_summer else TimezoneStandard()
    part.add("DTSTART", change.at.replace(tzinfo=None))
    part.add("TZOFFSETFROM", change.before)
    part.add("TZOFFSETTO", change.after)
    part.add("TZNAME", change.name)
    if rule is not None:
        part.add("RRULE", rule)
    return part


def _changes(zone: ZoneInfo, years: range) -> Iterable[_Change]:
    """Each change of the offset in these years, found to the minute."""
    for year in years:
        day = datetime(year, 1, 1, tzinfo=UTC)
        while day.year == year:
            following = day + timedelta(days=1)
            if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
                yield _change(zone, day, following)
            day = following


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> _Change:
    before = low.astimezone(zone).utcoffset() or timedelta(0)
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    at = high.replace(second=0, microsecond=0)
    after = at.astimezone(zone)
    local = (at + before).replace(tzinfo=None)
    return _Change(local, before, after.utcoffset() or timedelta(0), after.tzname() or "", bool(after.dst()))
