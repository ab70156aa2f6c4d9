"""Calendars: what stands in the file is taken apart here, line by line, so that one bad event costs only itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from icalendar import vDuration

from club.news import Harvest, Source, SourceKind, SourceTrouble
from connectors.sources.agenda import BEFORE, REPEATS, START, CalendarEvents, start_of
from connectors.sources.clean import clean_text
from connectors.sources.decode import decode
from connectors.sources.document import Document
from connectors.sources.identity import KEPT
from connectors.sources.links import LINK
from connectors.sources.scan import ITEMS
from connectors.sources.zones import Zones

_FOLD = re.compile(rb"(?:\r\n|\r|\n)+[ \t]")
_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?=[;:])")
_LONGEST = 131_072  # characters of a line: icalendar is slow on more
_TEXTS = ("DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT")
_UID = re.compile(r"^UID[^:\n]*:(.*)$", re.MULTILINE | re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\;,nN])")
_READ = ("VEVENT", "VTIMEZONE")
_PARTS = ("STANDARD", "DAYLIGHT")


@dataclass(slots=True)
class _Said:
    """What one calendar of a file says of itself, and its events: its METHOD is not another's."""

    properties: dict[str, str] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Outline:
    """The blocks of a file: its calendars, one at least, and their zones."""

    calendars: list[_Said] = field(default_factory=lambda: [_Said()])
    zones: list[str] = field(default_factory=list)
    cut: bool = False

    @property
    def events(self) -> list[str]:
        """Those of all calendars."""
        return [event for one in self.calendars for event in one.events]

    def keep_soonest(self, most: int, since: str) -> None:
        """At most so many events of each calendar: series, then what begins soonest from that day on."""
        for one in self.calendars:
            one.events = sorted(one.events, key=lambda block: _soon(block, since))[:most]

    def first(self, *names: str) -> str:
        """What the first calendar that says it says under the first of these names."""
        said = (one.properties.get(name, "") for name in names for one in self.calendars)
        return next(filter(None, said), "")


def parse_ics(document: Document, source: Source) -> Harvest:
    """The occurrences from yesterday to 400 days ahead, soonest first (promise 20)."""
    outline = _read_outline(_read_lines(document))
    blocks = outline.events
    if len(outline.calendars) == 1 and not blocks:
        raise SourceTrouble("trouble-not-calendar")
    is_many = len(blocks) > ITEMS
    if is_many:
        outline.keep_soonest(ITEMS, f"{document.now - BEFORE - timedelta(days=2):%Y%m%d}")
    zones = Zones(outline.zones, source.zone)
    agendas = [(CalendarEvents(document, zones, one.properties), one.events) for one in outline.calendars if one.events]
    read = [event for agenda, events in agendas for event in agenda.read(events)]
    events = tuple(read if len(agendas) == 1 else sorted(read, key=lambda event: start_of(event, zones.local)))
    notes = {
        "source-note-zone": zones.unknown,
        "source-note-rhythm": any(agenda.refused for agenda, _ in agendas),
        "source-note-cut": outline.cut,
        "source-note-many": any(agenda.many for agenda, _ in agendas) or is_many or len(events) > KEPT,
    }
    return Harvest(
        kind=SourceKind.ICS,
        title=clean_text(_plain(outline.first("X-WR-CALNAME", "NAME"))),
        events=events[:KEPT],
        skipped=sum(agenda.skipped for agenda, _ in agendas),
        notes=tuple(key for key, noted in notes.items() if noted),
        ttl=_ttl(outline.first("REFRESH-INTERVAL", "X-PUBLISHED-TTL")),
        series=frozenset(uid for uid in map(_uid, blocks) if uid),
    )


def _soon(block: str, since: str) -> tuple[int, str]:
    """Where an event stands among too many: series first, then by day; what is past comes last."""
    if REPEATS.search(block):
        return 0, ""
    found = START.search(block)
    return (1, found[1]) if found and found[1] >= since else (2, "")


def _uid(block: str) -> str:
    found = _UID.search(block)
    return clean_text(_plain(found[1]), LINK) if found else ""


def _read_lines(document: Document) -> Iterator[str]:
    """The content lines, unfolded on bytes: a fold may cut a letter. What is no line goes on the text before it."""
    body = document.body
    if b"\x00" in body[:4] or body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        body = decode(body).encode("utf-8", "replace")
    line = ""
    for row in _END.split(decode(_FOLD.sub(b"", body), document.content_type)):
        if _LINE.match(row):
            yield line[:_LONGEST]
            name, colon, value = row.partition(":")
            line = name.replace(";;", ";") + colon + value
        elif row.strip() and line.upper().startswith(_TEXTS):
            line += "\\n" + row.strip()
    yield line[:_LONGEST]


def _read_outline(lines: Iterable[str]) -> _Outline:
    outline = _Outline()
    opened: list[str] = []
    block: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        name, kind = name.upper(), value.strip().upper()
        if name == "END":
            if kind in opened:
                _close(outline, opened, block, kind)
            if kind in _PARTS:
                block.append(line)
            continue
        if name == "BEGIN":
            if kind in _READ:  # an end is missing before it
                for unclosed in set(_READ).intersection(opened):
                    _close(outline, opened, block, unclosed)
            if kind == "VCALENDAR":
                outline.calendars.append(_Said())
            opened.append(kind)
        if opened and opened[-1] in _READ + _PARTS:
            block.append(line)
        elif opened == ["VCALENDAR"] and name != "BEGIN":
            outline.calendars[-1].properties.setdefault(name.partition(";")[0], value)
    outline.cut = bool(opened)
    if opened:
        del block[-1:]  # cut in its middle, most likely: half a date is another date
        _close(outline, opened, block, opened[0])
    return outline


def _close(outline: _Outline, opened: list[str], block: list[str], kind: str) -> None:
    """End what is open, up to and with `kind`."""
    while opened:
        ended = opened.pop()
        if ended in _READ:
            blocks = outline.calendars[-1].events if ended == "VEVENT" else outline.zones
            blocks.append("\n".join((*block, f"END:{ended}", "")))
            block.clear()
        if ended == kind:
            return


def _plain(value: str) -> str:
    """A text value without its escapes."""
    return _ESCAPE.sub(lambda escape: "\n" if escape[1] in "nN" else escape[1], value)


def _ttl(asked: str) -> int | None:
    """Minutes to wait, as the calendar asks."""
    try:
        minutes = vDuration(asked.strip()).td // timedelta(minutes=1)
    except (ValueError, OverflowError):
        return None
    return minutes if 0 < minutes < 1_000_000 else None
