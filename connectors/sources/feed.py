"""RSS 0.9x and 2.0, Atom and RDF: what a careful reader takes from them. Feeds written as the standards say are read by
lxml, all others by feedparser; what comes before and after is the same for both."""

from __future__ import annotations

from datetime import datetime

from club.news import Harvest, Item, Source, SourceKind, SourceTrouble
from connectors.sources.clean import clean_text
from connectors.sources.dates import believable, parse_date
from connectors.sources.decode import decode, mend_xml
from connectors.sources.document import Document
from connectors.sources.entry import Feed, ReadEntry
from connectors.sources.identity import identify, newest
from connectors.sources.lenient import read_leniently
from connectors.sources.links import LINK, absolute, normalise_link
from connectors.sources.quirks import read_labels, read_language, read_summary
from connectors.sources.scan import scan
from connectors.sources.strict import read_strictly
from connectors.sources.trim import TOO_LONG, keep_newest, shorten_titles, strip_junk

_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}


def parse_feed(document: Document, source: Source) -> Harvest:
    """The items of a feed, entries without anything to show left out and counted."""
    given = decode(document.body, document.content_type)
    text = strip_junk(given)
    feed, fault = _read(keep_newest(shorten_titles(text)))
    home = absolute(feed.link, document.url)
    reader = _Reader(document, source, (home, document.url), read_language(feed.language))
    # Chosen before they are cleaned: some sites publish their whole past.
    dated = [(entry, reader.date(entry)) for entry in feed.entries]
    kept = newest(dated, [date for _, date in dated], document.now)
    items = [item for entry, date in kept if (item := reader.item(entry, date))]
    if fault is not None and not items:
        raise SourceTrouble("trouble-xml", line=fault)
    notes = {"source-note-illformed": fault is not None, "source-note-junk": text != given}
    return Harvest(
        kind=SourceKind.FEED,
        title=clean_text(feed.title),
        items=identify(items),
        skipped=len(kept) - len(items),
        notes=tuple(note for note, noted in notes.items() if noted),
        ttl=_ttl(feed),
    )


def _read(text: str) -> tuple[Feed, int | None]:
    """The feed, and the line of its first fault that could not be mended."""
    feed = read_strictly(text)
    if feed is not None:
        return feed, None
    text = mend_xml(text)
    fault = scan(text)
    return (None if fault else read_strictly(text)) or read_leniently(text), fault


class _Reader:
    """Reads the entries of one document."""

    def __init__(self, document: Document, source: Source, bases: tuple[str, ...], language: str) -> None:
        self._document = document
        self._zone = source.zone
        self._bases = bases
        self._language = language

    def item(self, entry: ReadEntry, date: datetime | None) -> Item | None:
        """The entry as kept; None when it has neither title, link nor text, or a title without end."""
        if TOO_LONG in entry.title:
            return None
        title = clean_text(entry.title)
        link = self._link(entry)
        summary, sections = _summary(entry)
        if not (title or link or summary):
            return None
        return Item(
            guid=clean_text(entry.id, LINK),
            identity="",
            title=title,
            link=link,
            published=date,
            summary=summary,
            categories=read_labels(*entry.labels, *sections),
            language=next(filter(None, map(read_language, entry.languages)), self._language),
        )

    def _link(self, entry: ReadEntry) -> str | None:
        given = ("" if entry.guid_is_link else entry.link) or next(filter(None, entry.pages), "")
        if not given and (entry.guid_is_link or entry.link == ""):
            # The guid stands for a missing link, but only when it is an address by itself.
            return normalise_link(entry.id)
        return normalise_link(absolute(given, *self._bases))

    def date(self, entry: ReadEntry) -> datetime | None:
        """When it was published, else last changed; None when that cannot be read or believed."""
        for date in entry.dates:
            moment = parse_date(date, self._zone)
            if moment:
                return believable(moment, self._document.now)
        return None


def _summary(entry: ReadEntry) -> tuple[str, tuple[str, ...]]:
    sections: tuple[str, ...] = ()
    for candidate in entry.texts:
        text, named = read_summary(candidate)
        sections += named
        if text:
            return text, sections
    return "", sections


def _ttl(feed: Feed) -> int | None:
    """Minutes to wait, as the channel asks."""
    ttl, often = feed.ttl.strip(), feed.frequency.strip()
    if ttl.isdecimal() and len(ttl) < 7:
        return int(ttl) or None
    period = _PERIODS.get(feed.period.strip().lower())
    if period is None:
        return None
    return max(period // int(often), 1) if often.isdecimal() and 0 < len(often) < 5 and int(often) else period
