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
from connectors.sources.once import Once, read_once
from connectors.sources.quirks import read_labels, read_summary
from connectors.sources.zones import Zones

Properties = Component | Once

BEFORE = timedelta(days=1)
AFTER = timedelta(days=400)
OCCURRENCES = 200  # of one event
TIMES_A_DAY = 24
LONGEST = timedelta(days=3_660)  # of one event; a later end is no end
STEPS = 100_000  # that a rule may take from its start to the window's end
_STEP = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
_DAY = timedelta(days=1)
_SEASON = timedelta(days=101)
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Zones are ours to read: icalendar guesses some with a warning and remembers them from one document to the next.
# A name may hold a colon, quoted or not: « GMT-03:00 ».
_ZONE = re.compile(
    r"""^([A-Za-z-]+[^:\n]*);TZID=(?:"([^"\n]*)"|([^";\n]*?))(?=;|:[0-9]{6})""", re.MULTILINE | re.IGNORECASE
)
_TOO_OFTEN = re.compile(r"^RRULE[^:\n]*:.*FREQ=(?:SECONDLY|MINUTELY)", re.MULTILINE | re.IGNORECASE)
_RULE = re.compile(r"^RRULE[^\n]*", re.MULTILINE | re.IGNORECASE)
_REPEATS = re.compile(r"^(?:RRULE|RDATE|RECURRENCE-ID)\b", re.MULTILINE | re.IGNORECASE)
_START = re.compile(r"^DTSTART[^:\n]*:(\d{8})", re.MULTILINE | re.IGNORECASE)
_STATUS = {"CANCELLED": Status.CANCELLED, "CANCELED": Status.CANCELLED, "POSTPONED": Status.POSTPONED}


class Agenda:
    """The events of one document. `refused`: a rule asked for too many dates; `many`: dates were left out."""

    def __init__(self, document: Document, zones: Zones, said: Mapping[str, str]) -> None:
        self.skipped = 0
        self.refused = self.many = False
        self._url = document.url
        self._zones = zones
        named = said.get("X-WR-TIMEZONE", "").strip()
        self._named = zones.named(named) if named else None
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
                self.skipped += len(series)
        return tuple(sorted(events, key=lambda event: self._instant(event.start)))

    def _component(self, block: str) -> Properties | None:
        start = _START.search(block)
        if start and start[1] < self._over and not _REPEATS.search(block):
            return None  # over; reading it would cost most of the time
        try:
            component: Properties = read_once(block) or _read_whole(block)
            self._settle(component)
        except Exception as error:  # as above
            self.refused |= isinstance(error, _TooOften)
            self.skipped += 1
            return None
        return component

    def _settle(self, component: Properties) -> None:
        """Every time of the event gets its zone, and it ends after its start or has no end."""
        for name in ("DTEND", "DURATION", "EXDATE", "RDATE"):
            readable = [value for value in _listed(component.pop(name, None)) if not isinstance(value, vBroken)]
            if readable:
                component[name] = readable if len(readable) > 1 else readable[0]
        if not isinstance(_dt(component, "DTSTART"), date):
            raise ValueError
        repeated = "RRULE" in component
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
            for value in _listed(component.get(name)):
                for moment in getattr(value, "dts", (value,)):
                    if hasattr(moment, "dt"):
                        moment.dt = self._zoned(moment.dt, str(value.params.get("X-ZONE", "")), repeated)
        for rule in _listed(component.get("RRULE")):
            self._bound(rule, _dt(component, "DTSTART"))
        _mend_end(component)

    def _bound(self, rule: Any, start: date) -> None:
        """The rule stops with the window, is not too often, and comes true: else it is tried until the year 9999."""
        if _times_a_day(rule) > TIMES_A_DAY or 0 in _listed(rule.get("INTERVAL")) or _is_never(rule):
            raise _TooOften
        if (self._until.date() - date(start.year, start.month, start.day)) / _step(rule) > STEPS:
            raise _TooOften
        if not any(name in rule for name in ("COUNT", "UNTIL")):
            end = (self._until + 2 * _DAY).astimezone(UTC)
            rule["UNTIL"] = [end if isinstance(start, datetime) else end.date()]

    def _zoned(self, moment: Any, name: str, repeated: bool) -> Any:
        if isinstance(moment, tuple):  # a period
            return tuple(self._zoned(part, name, repeated) for part in moment)
        if not isinstance(moment, datetime):
            return moment
        if moment.tzinfo is None:
            return moment.replace(tzinfo=self._zones.named(name) if name else self._zones.local)
        # Google writes UTC and means the calendar's zone: every week at nine, in summer too.
        return moment.astimezone(self._named) if repeated and self._named else moment

    def _dates(self, series: Sequence[Properties], shared: bool) -> list[Event]:
        if len(series) == 1 and not {"RRULE", "RDATE", "RECURRENCE-ID"}.intersection(series[0]):
            # An event that happens once stays the same when it moves.
            original = _dt(series[0], "DTSTART") if shared else ""
            only = self._event(series[0], occurrence(_uid(series[0]), original))
            return [only] if self._in_window(only.start) else []
        kept: dict[str, Event] = {}
        for found in self._repeat(series):
            dated = (self._event(component, occurrence(_uid(component), _original(component))) for component in found)
            kept |= {event.identity: event for event in dated if self._in_window(event.start)}
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

    def _in_window(self, start: date) -> bool:
        if isinstance(start, datetime):
            return self._since <= start <= self._until
        return self._since.astimezone(self._zones.local).date() <= start <= self._until.date()

    def _instant(self, start: date) -> datetime:
        return start if isinstance(start, datetime) else datetime.combine(start, time(), self._zones.local)

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


def _read_whole(block: str) -> Component:
    if _TOO_OFTEN.search(block):
        raise _TooOften
    # Exchange writes blanks between the days of a rule.
    block = _RULE.sub(lambda rule: rule[0].replace(" ", ""), block)
    component = Component.from_ical(_ZONE.sub(_our_zone, block))
    if not isinstance(component, Component):
        raise TypeError
    return component


class _TooOften(Exception):  # noqa: N818 — says that one event is left out
    pass


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
        yield ([first, *moved] if first is not None else moved), shared
        yield from (([other], shared) for other in others)


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _dt(component: Properties, name: str) -> Any:
    """The day, instant or length that a property holds, None when there is none."""
    values = _listed(component.get(name))
    return getattr(values[0], "dt", None) if values and not isinstance(values[0], vBroken) else None


def _text(component: Properties, name: str) -> str:
    values = _listed(component.get(name))
    return str(values[0]) if values else ""


def _uid(component: Properties) -> str:
    """The UID, or what stands for a missing one."""
    return _text(component, "UID").strip() or f"{_text(component, 'SUMMARY')}\n{_dt(component, 'DTSTART')}"


def _original(component: Properties) -> Any:
    """The start that a moved date was first given."""
    return _dt(component, "RECURRENCE-ID") or _dt(component, "DTSTART")


def _version(component: Properties) -> tuple[int, str]:
    sequence = _text(component, "SEQUENCE")
    return int(sequence) if sequence.isdecimal() and len(sequence) < 10 else 0, str(
        _dt(component, "LAST-MODIFIED") or ""
    )


def _categories(component: Properties) -> Iterator[str]:
    for value in _listed(component.get("CATEGORIES")):
        yield from map(str, getattr(value, "cats", (value,)))


def _times_a_day(rule: Mapping[str, Any]) -> int:
    times = 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= max(len(_listed(rule.get(part))), 1)
    return times


def _step(rule: Mapping[str, Any]) -> timedelta:
    """How far a rule goes at once, at least."""
    frequency = str(next(iter(_listed(rule.get("FREQ"))), "")).upper()
    interval = max((abs(int(value)) for value in _listed(rule.get("INTERVAL"))), default=1)
    return _STEP.get(frequency, timedelta(days=28)) * min(interval, 10_000)


def _is_never(rule: Mapping[str, Any]) -> bool:
    """True for the likes of 30 February."""
    months, days = _listed(rule.get("BYMONTH")) or range(1, 13), _listed(rule.get("BYMONTHDAY"))
    return bool(days) and not any(abs(int(day)) <= _LONGEST_MONTH[int(month) - 1] for month in months for day in days)


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
