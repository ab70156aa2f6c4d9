"""How things read on public pages: rows of events and of letters' lines, in the words of the catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from club.agenda import Filter, Occasion, stated
from club.fold import fold
from club.issue import Issue
from club.news import EditionLine, Status
from club.regions import regions
from club.texts import Texts
from club.topics import topics
from club.visible import is_visible
from club.wording import relayed_by, said_by, title_of, when, when_moved

EVENTS = "/evenements/"  # then the number of an event
LETTERS = "/lettres/"  # then the name of a letter
_MAP = "https://www.openstreetmap.org/search?query="
_LONGEST = 120  # characters of a value in an address


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as pages show it."""

    when: str
    machine: str
    title: str
    place: str
    online: str
    by: str
    link: str
    href: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a letter."""

    section: str
    when: str
    title: str
    link: str
    source: str
    relays: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in a list."""

    day: str
    title: str
    href: str
    count: str


def event_row(one: Occasion, texts: Texts) -> EventRow:
    """The event in words; nothing is told of where people connect when that is for those who signed up."""
    is_told = one.status in (Status.CANCELLED, Status.POSTPONED)
    return EventRow(
        when=when(one.start, one.end, one.zone, texts, in_full=True),
        machine=stated(one.start),
        title=texts.plain(f"event-{one.status}", title=one.title) if is_told else one.title,
        place=one.place,
        online=one.online,
        by=one.organiser,
        link=one.link or "",
        href=f"{EVENTS}{one.number}",
        is_off=one.status is Status.CANCELLED,
    )


def line_row(line: EditionLine, texts: Texts) -> LineRow:
    """The line in words."""
    relays = ", ".join(relayed_by(line))
    return LineRow(
        section=texts.plain(f"section-{line.section}"),
        when=" · ".join(filter(is_visible, (when_moved(line.news, texts), line.news.place))),
        title=title_of(line.news, texts),
        link=line.news.link or "",
        source=said_by(line.news),
        relays=texts.plain("web-relays", names=relays) if relays else "",
    )


def letter_rows(issues: Iterable[Issue], texts: Texts) -> list[LetterRow]:
    """The letters in a list."""
    return [
        LetterRow(
            day=texts.day(texts.day_of(one.sent_at)),
            title=one.title,
            href=f"{LETTERS}{one.name}",
            count=texts.plain("web-lines", count=len(one.edition.lines) + len(one.edition.rest)),
        )
        for one in issues
    ]


def map_of(place: str) -> str:
    """Where that place is looked for on a map that is not ours."""
    return _MAP + quote(place[:200])


def chosen(query: Mapping[str, str]) -> Filter | None:
    """The filter that an address asks for: a region, a theme or a commitment by code or name, a
    partner; None when one of them is not known."""
    if any(len(query.get(name, "")) > _LONGEST for name in ("region", "theme", "partner")):
        return None
    codes = _codes(query.get("region", ""))
    numbers = _numbers(query.get("theme", ""))
    if codes is None or numbers is None:
        return None
    return Filter(codes, numbers, query.get("partner", "").strip())


def _codes(asked: str) -> tuple[str, ...] | None:
    if not asked.strip():
        return ()
    wanted = fold(asked)
    found = [one.code for one in regions().regions if wanted in (fold(one.code), *map(fold, (one.name, *one.aliases)))]
    return tuple(found[:1]) or None


def _numbers(asked: str) -> tuple[int, ...] | None:
    if not asked.strip():
        return ()
    if asked.strip().isdecimal():
        number = int(asked.strip()[:4])
        return (number,) if 1 <= number <= 20 else None
    wanted = fold(asked)
    names = ((one, (fold(one.code), fold(one.name), *map(fold, one.aliases))) for one in topics().themes)
    found = next((one for one, known in names if wanted in known), None)
    return None if found is None else tuple(sorted(topics().commitments_of(found)))
