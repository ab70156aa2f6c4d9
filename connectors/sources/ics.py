"""Calendars: what stands in the file is taken apart here, line by line, so that one bad event costs only itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from icalendar import vDuration

from club.news import Harvest, Source, SourceKind, SourceTrouble
from connectors.sources.agenda import Agenda
from connectors.sources.clean import clean_text
from connectors.sources.decode import decode
from connectors.sources.document import Document
from connectors.sources.identity import KEPT
from connectors.sources.scan import ITEMS
from connectors.sources.zones import Zones

_FOLD = re.compile(rb"(?:\r\n|\r|\n)+[ \t]")
_END = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?=[;:])")
_LONGEST = 131_072  # characters of a line: icalendar is slow on more
_TEXTS = ("DESCRIPTION", "SUMMARY", "LOCATION", "COMMENT")
_ESCAPE = re.compile(r"\\([\\;,nN])")
_READ = ("VEVENT", "VTIMEZONE")
_PARTS = ("STANDARD", "DAYLIGHT")


@dataclass(slots=True)
class _Outline:
    """The blocks of a file: what its calendars say of themselves, their zones, their events."""

    said: dict[str, str] = field(default_factory=dict)
    zones: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    calendars: int = 0
    cut: bool = False


def parse_ics(document: Document, source: Source) -> Harvest:
    """The occurrences from yesterday to 400 days ahead, soonest first (promise 20)."""
    outline = _read_outline(_read_lines(document))
    if not outline.calendars and not outline.events:
        raise SourceTrouble("trouble-not-calendar")
    if len(outline.events) > ITEMS:
        raise SourceTrouble("trouble-many", limit=ITEMS)
    zones = Zones(outline.zones, source.zone)
    agenda = Agenda(document, zones, outline.said)
    events = agenda.read(outline.events)
    notes = {
        "source-note-zone": zones.unknown,
        "source-note-rhythm": agenda.refused,
        "source-note-cut": outline.cut,
        "source-note-many": agenda.many or len(events) > KEPT,
    }
    return Harvest(
        kind=SourceKind.ICS,
        title=clean_text(_plain(outline.said.get("X-WR-CALNAME") or outline.said.get("NAME") or "")),
        events=events[:KEPT],
        skipped=agenda.skipped,
        notes=tuple(key for key, noted in notes.items() if noted),
        ttl=_ttl(outline.said),
    )


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
            outline.calendars += kind == "VCALENDAR"
            opened.append(kind)
        if opened and opened[-1] in _READ + _PARTS:
            block.append(line)
        elif opened == ["VCALENDAR"] and name != "BEGIN":
            outline.said.setdefault(name.partition(";")[0], value)
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
            blocks = outline.events if ended == "VEVENT" else outline.zones
            blocks.append("\n".join((*block, f"END:{ended}", "")))
            block.clear()
        if ended == kind:
            return


def _plain(value: str) -> str:
    """A text value without its escapes."""
    return _ESCAPE.sub(lambda escape: "\n" if escape[1] in "nN" else escape[1], value)


def _ttl(said: dict[str, str]) -> int | None:
    """Minutes to wait, as the calendar asks."""
    asked = said.get("REFRESH-INTERVAL") or said.get("X-PUBLISHED-TTL") or ""
    try:
        minutes = vDuration(asked.strip()).td // timedelta(minutes=1)
    except (ValueError, OverflowError):
        return None
    return minutes if 0 < minutes < 1_000_000 else None
