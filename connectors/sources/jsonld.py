"""Events that a page describes for programs: schema.org in JSON-LD. What is broken is mended when it
is plain how; one bad event costs only itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from club.news import Event, Harvest, Source, SourceKind, SourceTrouble, Status
from connectors.sources.agenda import AFTER, BEFORE, is_within, said_in
from connectors.sources.clean import clean_text
from connectors.sources.dates import EARLIEST, parse_date
from connectors.sources.decode import decode
from connectors.sources.document import Document
from connectors.sources.identity import KEPT, occurrence
from connectors.sources.json_repair import read_json
from connectors.sources.links import LINK, absolute, normalise_link
from connectors.sources.microdata import read_markup
from connectors.sources.page import is_parked, read_page
from connectors.sources.quirks import read_labels, read_summary
from connectors.sources.zones import Zones

DATES = 200  # of one event
_SHARED = ("name", "location", "description", "url", "eventStatus", "keywords")
NODES = 20_000  # looked at in one page
_OTHER_EVENTS = ("Festival", "Hackathon", "CourseInstance")
_STATUS = {"EventCancelled": Status.CANCELLED, "EventPostponed": Status.POSTPONED}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"\d\s*[:hH]")

Node = Mapping[str, Any]


def parse_page(document: Document, source: Source) -> Harvest:
    """The events of the page from yesterday to 400 days ahead, soonest first; none is no trouble, and is noted."""
    text = decode(document.body, document.content_type).replace("\0", "")
    if is_parked(text):
        raise SourceTrouble("trouble-parked")
    page = read_page(text)
    blocks, broken = _load(page.blocks)
    agenda = _Agenda(document, source)
    nodes = _merged(_nodes(blocks)) or list(read_markup(text))  # both tell of the same events
    events, seen = agenda.read(_dated(nodes))
    notes = {"source-note-no-events": not seen, "source-note-many": len(events) > KEPT}
    return Harvest(
        kind=SourceKind.PAGE,
        title=clean_text(page.title),
        events=tuple(events[:KEPT]),
        skipped=broken + agenda.skipped,
        notes=tuple(key for key, noted in notes.items() if noted),
    )


def _load(blocks: Iterable[str]) -> tuple[list[Any], int]:
    """The values of the blocks, and how many blocks could not be read."""
    read = [(block, read_json(block)) for block in blocks]
    return [value for _, values in read for value in values], sum(bool(b.strip()) and not v for b, v in read)


def _nodes(values: list[Any]) -> Iterator[Node]:
    """Every event in there, however deep; a plain walk, since documents nest deeper than Python's own stack."""
    waiting, looked_at = list(reversed(values)), 0
    while waiting and looked_at < NODES:
        value = waiting.pop()
        looked_at += 1
        if isinstance(value, list):
            waiting += reversed(value[:NODES])
        elif isinstance(value, dict):
            if _is_event(value):
                yield {_last(name) or name: part for name, part in value.items()}
            waiting += [part for name, part in reversed(value.items()) if name != "superEvent"]


def _is_event(node: Node) -> bool:
    return any(name.endswith("Event") or name in _OTHER_EVENTS for name in map(_last, _listed(node.get("@type"))))


def _dated(nodes: Iterable[Node]) -> Iterator[Node]:
    """Each date of each event: a list of starts is as many dates, a date within an event says what it does not say by
    the event around it."""
    for node in nodes:
        starts, ends = _listed(node.get("startDate")), _listed(node.get("endDate"))
        parts = [part for part in _listed(node.get("subEvent")) if isinstance(part, dict) and not part.get("name")]
        if parts and node.get("name"):
            shared = {name: node[name] for name in _SHARED if node.get(name)}
            yield from (shared | {name: said for name, said in part.items() if said} for part in parts[:DATES])
        if len(starts) > 1:
            whole = ends if len(ends) == len(starts) else [None] * len(starts)
            for start, end in list(zip(starts, whole, strict=True))[:DATES]:
                yield {**node, "startDate": start, "endDate": end}
        elif starts or not parts:
            yield node


def _merged(nodes: Iterable[Node]) -> list[Node]:
    """The nodes, those with one `@id` put together: several blocks of a page often tell of the same event."""
    by_id: dict[str, dict[str, Any]] = {}
    for node in nodes:
        name = _text(node.get("@id")) or f"#{len(by_id)}"
        known = by_id.setdefault(name, {})
        for key, value in node.items():
            if known.get(key) in (None, "", []):
                known[key] = value
    return list(by_id.values())


class _Agenda:
    """Reads the events of one page."""

    def __init__(self, document: Document, source: Source) -> None:
        self.skipped = 0
        self._document = document
        self._zones = Zones((), source.zone)
        self._since, self._until = document.now - BEFORE, document.now + AFTER

    def read(self, nodes: Iterable[Node]) -> tuple[list[Event], int]:
        """Those within the window, by start, and how many the page described at all."""
        found: dict[str, Event] = {}
        times: dict[str, set[str]] = {}
        seen = 0
        for node in nodes:
            try:
                event = self._event(node)
            except (ValueError, TypeError, OverflowError, RecursionError):
                self.skipped += 1
                continue
            seen += 1
            times.setdefault(event.uid, set()).add(str(event.start))
            if is_within(event, self._since, self._until, self._zones.local):
                found.setdefault(f"{event.uid}\n{event.start}", event)
        # An event that happens once stays the same when it moves; dates that share an address are told apart.
        events = [_identified(event, shared=len(times[event.uid]) > 1) for event in found.values()]
        return sorted(events, key=lambda event: self._instant(event.start)), seen

    def _event(self, node: Node) -> Event:
        start = self._when(node.get("startDate"))
        if start is None:
            raise ValueError
        link = normalise_link(absolute(_text(node.get("url")) or _text(node.get("@id")), self._document.url))
        title = clean_text(_text(node.get("name")) or _text(node.get("headline")))
        if not title:
            raise ValueError
        stated = self._instant(start)
        zone = self._zones.spelled(stated.tzinfo, stated)
        return Event(
            uid=clean_text(_text(node.get("@id")) or link or title, LINK),
            identity="",
            title=title,
            start=said_in(zone, start),
            end=_end(start, self._when(node.get("endDate")), zone),
            zone=zone,
            place=clean_text(", ".join(dict.fromkeys(_places(node.get("location"))))),
            link=link or normalise_link(self._document.url),
            summary=read_summary(_text(node.get("description")))[0],
            status=_STATUS.get(_last(_text(node.get("eventStatus"))), Status.CONFIRMED),
            categories=read_labels(*_keywords(node.get("keywords"))),
        )

    def _when(self, value: Any) -> datetime | date | None:
        """The instant or bare day; None when there is none that can be read."""
        text = _text(value).strip()
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return day if day.year >= EARLIEST.year else None
        try:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=self._zones.local)
        except ValueError:
            read = parse_date(text, self._zones.local.key)
            if read is None:
                return None
            moment = read.astimezone(self._zones.local)
            if not _CLOCK.search(text):
                return moment.date()
        return moment if moment.year >= EARLIEST.year else None

    def _instant(self, start: date) -> datetime:
        return start if isinstance(start, datetime) else datetime.combine(start, time(), self._zones.local)


def _identified(event: Event, *, shared: bool) -> Event:
    return replace(event, identity=occurrence(event.uid, event.start if shared else ""))


def _end(start: date, end: date | None, zone: str) -> date | None:
    """The end as the start is stated, None when it is not after it."""
    if end is None:
        return None
    if not isinstance(start, datetime):
        day = end.astimezone(ZoneInfo(zone)).date() if isinstance(end, datetime) else end
        return day if day >= start else None
    if not isinstance(end, datetime):
        return None  # the day alone says no more than the start does, or less
    return said_in(zone, end) if end > start else None


def _places(value: Any) -> Iterator[str]:
    """What stands for the place: its name, its address, or where to meet on the web."""
    for one in _listed(value):
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            if "VirtualLocation" in map(_last, _listed(one.get("@type"))):
                yield _text(one.get("name")) or _text(one.get("url"))
                continue
            yield from filter(None, (_text(one.get("name")), *_address(one.get("address"))))


def _address(value: Any) -> Iterator[str]:
    for one in _listed(value):
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            yield _text(one.get("streetAddress"))
            yield f"{_text(one.get('postalCode'))} {_text(one.get('addressLocality'))}".strip()


def _keywords(value: Any) -> Iterator[str]:
    for one in _listed(value):
        yield from _text(one).split(",")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """The text of a value: itself, the first of several, or what an object says in French or at all."""
    for one in _listed(value)[:20]:
        if isinstance(one, str) and one.strip():
            return one
        if isinstance(one, int) and not isinstance(one, bool):
            return str(one)
        if isinstance(one, dict):
            said = one.get("fr") or one.get("@value") or one.get("@id") or one.get("url") or one.get("name")
            if isinstance(said, str) and said.strip():
                return said
    return ""


def _last(name: Any) -> str:
    """`Event` of `https://schema.org/Event` or `schema:Event`."""
    return re.split(r"[/#:]", name)[-1] if isinstance(name, str) else ""
