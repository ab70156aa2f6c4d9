"""RSS 0.9x and 2.0, Atom and RDF: what a careful reader takes from them. feedparser reads, we decode before and clean
after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import feedparser

from club.news import Harvest, Item, Source, SourceKind, SourceTrouble
from connectors.sources.clean import clean_text
from connectors.sources.dates import believable, parse_date
from connectors.sources.decode import decode, mend_xml
from connectors.sources.document import Document
from connectors.sources.identity import identify, newest
from connectors.sources.links import LINK, absolute, normalise_link
from connectors.sources.quirks import read_labels, read_language, read_summary
from connectors.sources.scan import scan

_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
# feedparser takes « MOBILITÉ » and a no-break blank for UTF-8 read twice. While it reads, these signs are elsewhere,
# and nothing looks like that; cleaning has a narrower rule of its own.
_AWAY = {code: code + 0xE000 for code in range(0x80, 0xC0)}
_BACK = {away: code for code, away in _AWAY.items()}
_HAS_AWAY = re.compile("[\ue080-\ue0bf]")  # to look is quicker than to translate

Entry = Mapping[str, Any]


def parse_feed(document: Document, source: Source) -> Harvest:
    """The items of a feed, entries without anything to show left out and counted."""
    text = mend_xml(decode(document.body, document.content_type))
    fault = scan(text)
    feed, entries = _read(text)
    home = absolute(_text(feed.get("link")), document.url)
    reader = _Reader(document, source, (home, document.url), read_language(_text(feed.get("language"))))
    # Chosen before they are cleaned: some sites publish their whole past.
    kept = newest(entries, [reader.date(entry) for entry in entries], document.now)
    items = [item for entry in kept if (item := reader.item(entry))]
    if fault is not None and not items:
        raise SourceTrouble("trouble-xml", line=fault)
    return Harvest(
        kind=SourceKind.FEED,
        title=clean_text(_text(feed.get("title"))),
        items=identify(items),
        skipped=len(kept) - len(items),
        notes=() if fault is None else ("source-note-illformed",),
        ttl=_ttl(feed),
    )


def _read(text: str) -> tuple[Entry, list[Entry]]:
    # A file object, never a string: feedparser would fetch what looks like an address.
    octets = BytesIO(text.translate(_AWAY).encode())
    try:
        read = feedparser.parse(
            octets,
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except MemoryError:
        raise
    except Exception as error:
        # It has no error of its own: a broken document may end in any (promise 13).
        raise SourceTrouble("trouble-xml", line=1) from error
    # As plain mappings: its own answer for a missing key with another one, and a warning.
    return dict(read["feed"]), [dict(entry) for entry in read["entries"]]


class _Reader:
    """Reads the entries of one document."""

    def __init__(self, document: Document, source: Source, bases: tuple[str, ...], language: str) -> None:
        self._document = document
        self._zone = source.zone
        self._bases = bases
        self._language = language

    def item(self, entry: Entry) -> Item | None:
        """The entry as kept; None when it has neither title, link nor text."""
        title = clean_text(_text(entry.get("title")))
        link = self._link(entry)
        summary, sections = _summary(entry)
        if not (title or link or summary):
            return None
        return Item(
            guid=clean_text(_text(entry.get("id")), LINK) if entry.get("id") else "",
            identity="",
            title=title,
            link=link,
            published=self.date(entry),
            summary=summary,
            categories=read_labels(*(_label(tag) for tag in entry.get("tags", ())), *sections),
            language=_language(entry) or self._language,
        )

    def _link(self, entry: Entry) -> str | None:
        is_guid = entry.get("guidislink")
        alternates = (_text(link.get("href")) for link in entry.get("links", ()) if link.get("rel") == "alternate")
        given = ("" if is_guid else _text(entry.get("link"))) or next(filter(None, alternates), "")
        if not given and (is_guid or entry.get("link") == ""):
            # The guid stands for a missing link, but only when it is an address by itself.
            return normalise_link(_text(entry.get("id")))
        return normalise_link(absolute(given, *self._bases))

    def date(self, entry: Entry) -> datetime | None:
        """When it was published, else last changed; None when that cannot be read or believed."""
        for key in ("published", "updated", "created"):
            moment = parse_date(_text(entry.get(key)), self._zone)
            if moment:
                return believable(moment, self._document.now)
        return None


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return value.translate(_BACK) if _HAS_AWAY.search(value) else value


def _summary(entry: Entry) -> tuple[str, tuple[str, ...]]:
    candidates = (entry.get("summary"), *(content.get("value") for content in entry.get("content", ())))
    sections: tuple[str, ...] = ()
    for candidate in candidates:
        text, named = read_summary(_text(candidate))
        sections += named
        if text:
            return text, sections
    return "", sections


def _label(tag: Entry) -> str:
    return _text(tag.get("label")) or _text(tag.get("term"))


def _language(entry: Entry) -> str:
    detail = entry.get("title_detail") or {}
    return read_language(entry.get("language")) or read_language(detail.get("language"))


def _ttl(feed: Entry) -> int | None:
    """Minutes to wait, as the channel asks."""
    given = _text(feed.get("ttl")).strip()
    if given.isdecimal() and len(given) < 7:
        return int(given) or None
    period = _PERIODS.get(_text(feed.get("sy_updateperiod")).strip().lower())
    often = _text(feed.get("sy_updatefrequency")).strip()
    if period is None:
        return None
    return max(period // int(often), 1) if often.isdecimal() and 0 < len(often) < 5 and int(often) else period
