"""Events and their dates: recurring-ical-events repeats what icalendar read, and every time gets its zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, vBroken, vDDDTypes
from icalendar import Event as Component

from club.news import Event, Status
from connectors.sources.clean import clean_text
from connectors.sources.document import Document
from connectors.sources.identity import occurrence
from connectors.sources.links import LINK, absolute, normalise_link
from connectors.sources.moments import align, mend_block
from connectors.sources.quirks import read_labels, read_summary
from connectors.sources.rules import TooOften, bound, listed
from connectors.sources.single_events import Once, read_once
from connectors.sources.zones import Zones

Properties = Component | Once

BEFORE = timedelta(days=1)
AFTER = timedelta(days=400)
OCCURRENCES = 200  # of one event
LONGEST = timedelta(days=3_660)  # of one event; a later end is no end
_DAY = timedelta(days=1)
_SEASON = timedelta(days=101)
# Zones are ours to read: icalendar guesses some with a warning and remembers them from one document to the next.
# A name may hold a colon, quoted or not: « GMT-03:00 ».
_ZONE = re.compile(
    r"""^([A-Za-z-]+[^:\n]*);TZID=(?:"([^"\n]*)"|([^";\n]*?))(?=;|:[0-9]{6})""", re.MULTILINE | re.IGNORECASE
)
_TOO_OFTEN = re.compile(r"^RRULE[^:\n]*:.*FREQ=(?:SECONDLY|MINUTELY)", re.MULTILINE | re.IGNORECASE)
REPEATS = re.compile(r"^(?:RRULE|RDATE|RECURRENCE-ID|DURATION)\b", re.MULTILINE | re.IGNORECASE)
START = re.compile(r"^DTSTART[^:\n]*:(\d{8})", re.MULTILINE | re.IGNORECASE)
_END = re.compile(r"^DTEND[^:\n]*:(\d{8})", re.MULTILINE | re.IGNORECASE)
_STATUS = {"CANCELLED": Status.CANCELLED, "CANCELED": Status.CANCELLED, "POSTPONED": Status.POSTPONED}


class CalendarEvents:
    """The events of one document. `refused`: a rule asked for too many dates; `many`: dates were left out."""

    def __init__(self, document: Document, zones: Zones, said: Mapping[str, str]) -> None:
        self.skipped = 0
        self.refused = self.many = False
        self._url = document.url
        self._zones = zones
        named = said.get("X-WR-TIMEZONE", "").strip()
        self._named = zones.named(named) if named else None
        # Where a calendar names its zone, that is where its floating times are; UTC is what programs say of nothing.
        self._floating = self._named if isinstance(self._named, ZoneInfo) and "UTC" not in str(self._named) else None
        self._cancelled = said.get("METHOD", "").strip().upper() == "CANCEL"
        self._since, self._until = document.now - BEFORE, document.now + AFTER
        self._over = f"{self._since - 2 * _DAY:%Y%m%d}"

    def read(self, blocks: Iterable[str]) -> tuple[Event, ...]:
        """Every occurrence within the window, by start; an event that cannot be read is counted and left out."""
        events: list[Event] = []
        for series, shared in _series(filter(None, map(self._component, blocks))):
            try:
                events += self._dates(series, shared)
            except Exception:  # an ill-formed rule ends in any error of three libraries (promise 13)
                events += self._alone(series)
        return tuple(sorted(events, key=lambda event: self._instant(event.start)))

    def _alone(self, series: Sequence[Properties]) -> list[Event]:
        """The dates that are written, without the rule that cannot be followed; what is left out is counted."""
        kept: list[Event] = []
        for component in series:
            try:
                kept.append(self._event(component, occurrence(_uid(component), _original(component, {}))))
            except Exception:  # as above
                self.skipped += 1
        return [event for event in kept if self._in_window(event)]

    def _component(self, block: str) -> Properties | None:
        if self._is_over(block):
            return None  # reading it would cost most of the time
        block = mend_block(block)
        try:
            component: Properties = read_once(block) or _read_whole(block)
            self._settle(component)
        except Exception as error:  # as above
            self.refused |= isinstance(error, TooOften)
            self.skipped += 1
            return None
        return component

    def _is_over(self, block: str) -> bool:
        """Whether it begins, and ends, before the window; how long a duration lasts is not looked at."""
        start, end = START.search(block), _END.search(block)
        early = start is not None and start[1] < self._over and (end is None or end[1] < self._over)
        return early and not REPEATS.search(block)

    def _settle(self, component: Properties) -> None:
        """Every time of the event gets its zone, and it ends after its start or has no end."""
        for name in ("DTEND", "DURATION", "EXDATE", "RDATE", "RRULE"):
            readable = [value for value in listed(component.pop(name, None)) if not isinstance(value, vBroken)]
            if readable:
                component[name] = readable if len(readable) > 1 else readable[0]
        if not isinstance(_dt(component, "DTSTART"), date):
            raise ValueError
        repeated = "RRULE" in component
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
            for value in listed(component.get(name)):
                for moment in getattr(value, "dts", (value,)):
                    if hasattr(moment, "dt"):
                        moment.dt = self._zoned(moment.dt, str(value.params.get("X-ZONE", "")), repeated)
        start = _dt(component, "DTSTART")
        for name in ("EXDATE", "RDATE"):
            for value in listed(component.get(name)):
                for moment in getattr(value, "dts", (value,)):
                    moment.dt = align(moment.dt, start)
        for rule in listed(component.get("RRULE")):
            bound(rule, start, self._until)
        _mend_end(component)

    def _zoned(self, moment: Any, name: str, repeated: bool) -> Any:
        if isinstance(moment, tuple):  # a period
            return tuple(self._zoned(part, name, repeated) for part in moment)
        if not isinstance(moment, datetime):
            return moment
        if moment.tzinfo is None:
            return moment.replace(tzinfo=self._zones.named(name) if name else self._floating or self._zones.local)
        # Google writes UTC and means the calendar's zone: every week at nine, in summer too.
        return moment.astimezone(self._named) if repeated and self._named else moment

    def _dates(self, series: Sequence[Properties], shared: bool) -> list[Event]:
        if len(series) == 1 and not {"RRULE", "RDATE", "RECURRENCE-ID"}.intersection(series[0]):
            # An event that happens once stays the same when it moves.
            original = _dt(series[0], "DTSTART") if shared else ""
            only = self._event(series[0], occurrence(_uid(series[0]), original))
            return [only] if self._in_window(only) else []
        shifts = {_instant_of(_dt(one, "RECURRENCE-ID")): _shift(one) for one in series if _goes_on(one)}
        kept: dict[str, Event] = {}
        for found in self._repeat(series):
            dated = (self._event(one, occurrence(_uid(one), _original(one, shifts))) for one in found)
            kept |= {event.identity: event for event in dated if self._in_window(event)}
            if len(kept) > OCCURRENCES:
                self.many = True
                break
        return sorted(kept.values(), key=lambda event: self._instant(event.start))[:OCCURRENCES]

    def _repeat(self, series: Sequence[Properties]) -> Iterator[list[Any]]:
        """The dates of a series, a season at a time: who repeats every hour is left after the first."""
        calendar = Calendar()
        for component in series:
            calendar.add_component(self._whole(component))
        query = recurring_ical_events.of(calendar)
        since, end = self._since - _DAY, self._until + _DAY
        while since < end:
            until = min(since + _SEASON, end)
            yield query.between(since, until)
            since = until

    def _whole(self, component: Properties) -> Component:
        if isinstance(component, Component):
            return component
        whole = _read_whole(component.block)
        self._settle(whole)
        return whole

    def _in_window(self, event: Event) -> bool:
        return is_within(event, self._since, self._until, self._zones.local)

    def _instant(self, start: date) -> datetime:
        return _instant(start, self._zones.local)

    def _event(self, component: Properties, identity: str) -> Event:
        start, end = _span(component)
        stated = self._instant(start)
        zone = self._zones.spelled(stated.tzinfo, stated)
        place = clean_text(_text(component, "LOCATION"))
        return Event(
            uid=clean_text(_text(component, "UID"), LINK),
            identity=identity,
            title=clean_text(_text(component, "SUMMARY")),
            start=said_in(zone, start),
            end=end and said_in(zone, end),
            zone=zone,
            place="" if place == "None" else place,
            link=normalise_link(absolute(_text(component, "URL"), self._url)),
            summary=read_summary(_text(component, "DESCRIPTION"))[0],
            status=Status.CANCELLED
            if self._cancelled
            else _STATUS.get(_text(component, "STATUS").strip().upper(), Status.CONFIRMED),
            categories=read_labels(*_categories(component)),
            sequence=_version(component)[0],
        )


def start_of(event: Event, local: ZoneInfo) -> datetime:
    """The instant to sort by; a day begins at midnight in the local zone."""
    return _instant(event.start, local)


def _instant(start: date, local: ZoneInfo) -> datetime:
    return start if isinstance(start, datetime) else datetime.combine(start, time(), local)


def is_within(event: Event, since: datetime, until: datetime, local: ZoneInfo) -> bool:
    """Whether some of it takes place there: what is under way counts until its end (RFC 4791 §9.9)."""
    last = event.start if event.end is None else event.end
    if isinstance(event.start, datetime):
        ends = max(last, event.start) if isinstance(last, datetime) else event.start
        return since <= ends and event.start <= until
    return since.astimezone(local).date() <= last and event.start <= until.date()


def _read_whole(block: str) -> Component:
    if _TOO_OFTEN.search(block):
        raise TooOften
    component = Component.from_ical(_ZONE.sub(_our_zone, block))
    if not isinstance(component, Component):
        raise TypeError
    return component


def _our_zone(found: re.Match[str]) -> str:
    return f'{found[1]};X-ZONE="{found[2] or found[3]}"'


def _series(components: Iterable[Properties]) -> Iterator[tuple[list[Properties], bool]]:
    """Events by UID with their moved dates: the latest version, or each of several that only share a UID."""
    groups: dict[str, list[Properties]] = {}
    for component in components:
        groups.setdefault(_uid(component), []).append(component)
    for group in groups.values():
        moved = [component for component in group if "RECURRENCE-ID" in component]
        whole = [component for component in group if "RECURRENCE-ID" not in component]
        latest = max(map(_version, whole), default=(0, ""))
        by_start = {str(_dt(component, "DTSTART")): component for component in whole if _version(component) == latest}
        shared = len(by_start) > 1
        first, *others = by_start.values() or (None,)
        if first is not None:
            for component in moved:
                value = listed(component["RECURRENCE-ID"])[0]
                value.dt = align(value.dt, _dt(first, "DTSTART"))
        yield ([first, *moved] if first is not None else moved), shared
        yield from (([other], shared) for other in others)


def _dt(component: Properties, name: str) -> Any:
    """The day, instant or length that a property holds, None when there is none."""
    values = listed(component.get(name))
    return getattr(values[0], "dt", None) if values and not isinstance(values[0], vBroken) else None


def _text(component: Properties, name: str) -> str:
    values = listed(component.get(name))
    return str(values[0]) if values else ""


def _uid(component: Properties) -> str:
    """The UID, or what stands for a missing one."""
    return _text(component, "UID").strip() or f"{_text(component, 'SUMMARY')}\n{_dt(component, 'DTSTART')}"


def _original(component: Properties, shifts: Mapping[object, timedelta]) -> Any:
    """The start that a date was first given: where one change moves all that follow, each by as much (RFC 5545
    §3.2.13)."""
    first = _dt(component, "RECURRENCE-ID")
    if first is None or not _goes_on(component):
        return first or _dt(component, "DTSTART")
    return _dt(component, "DTSTART") - shifts.get(_instant_of(first), timedelta())


def _goes_on(component: Properties) -> bool:
    """Whether this change of a date is one of all the dates after it."""
    params = getattr(component.get("RECURRENCE-ID"), "params", {})
    return str(params.get("RANGE", "")).upper() == "THISANDFUTURE"


def _shift(component: Properties) -> timedelta:
    """How far the change moves a date, by the clock on the wall."""
    start, first = _dt(component, "DTSTART"), _dt(component, "RECURRENCE-ID")
    if isinstance(start, datetime) and isinstance(first, datetime):
        return start.replace(tzinfo=None) - first.astimezone(start.tzinfo).replace(tzinfo=None)
    return date(start.year, start.month, start.day) - date(first.year, first.month, first.day)


def _instant_of(moment: Any) -> object:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _version(component: Properties) -> tuple[int, str]:
    sequence = _text(component, "SEQUENCE")
    return int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0, str(
        _dt(component, "LAST-MODIFIED") or ""
    )


def _categories(component: Properties) -> Iterator[str]:
    for value in listed(component.get("CATEGORIES")):
        yield from map(str, getattr(value, "cats", (value,)))


def _mend_end(component: Properties) -> None:
    """One DTEND of the same kind as DTSTART, or none."""
    start: date = _dt(component, "DTSTART")
    end: date | None = _dt(component, "DTEND")
    lasting = _dt(component, "DURATION")
    if end is None and isinstance(lasting, timedelta):
        end = start + lasting
    if _text(component, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE" and isinstance(start, datetime):
        start = start.date()
        component["DTSTART"] = vDDDTypes(start)
    if isinstance(end, datetime) and not isinstance(start, datetime):
        end = end.date()
    elif end is not None and isinstance(start, datetime) and not isinstance(end, datetime):
        end = datetime.combine(end, time(), start.tzinfo)
    component.pop("DTEND", None)
    component.pop("DURATION", None)
    if end is not None and start <= end and end - start < LONGEST:
        component["DTEND"] = vDDDTypes(end)


def said_in(zone: str, moment: date) -> date:
    """The moment at the offset that the zone then has: an hour that the clock skips or repeats becomes one instant."""
    if not isinstance(moment, datetime):
        return moment
    local = moment.astimezone(UTC).astimezone(ZoneInfo(zone))
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))


def _span(component: Properties) -> tuple[date, date | None]:
    """Start and end; the last day included for whole days, no end for what has no length."""
    start: date = _dt(component, "DTSTART")
    end: date | None = _dt(component, "DTEND")
    if isinstance(start, datetime):
        return start, end if isinstance(end, datetime) and end > start else None
    return start, max(end - _DAY, start) if end is not None and not isinstance(end, datetime) else start
