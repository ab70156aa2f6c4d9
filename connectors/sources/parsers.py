"""Which parser reads which kind of document, and what a document is by its first signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from club.news import Harvest, Source, SourceKind, SourceTrouble
from connectors.sources.clean import clean_text
from connectors.sources.decode import decode
from connectors.sources.document import Document
from connectors.sources.feed import parse_feed
from connectors.sources.ics import parse_ics
from connectors.sources.jsonfeed import parse_jsonfeed
from connectors.sources.jsonld import parse_page
from connectors.sources.page import is_parked
from connectors.sources.trim import JUNK

Parse = Callable[[Document, Source], Harvest]

PARSERS: Mapping[SourceKind, Parse] = {
    SourceKind.FEED: parse_feed,
    SourceKind.JSONFEED: parse_jsonfeed,
    SourceKind.ICS: parse_ics,
    SourceKind.PAGE: parse_page,
}
_BEGINNINGS = (
    (re.compile(r"[{\[]"), SourceKind.JSONFEED),
    (re.compile(r"BEGIN\s*:\s*V", re.IGNORECASE), SourceKind.ICS),
    (re.compile(r"<!DOCTYPE\s+html|<html\b", re.IGNORECASE), SourceKind.PAGE),
    (re.compile(r"<"), SourceKind.FEED),
)
# The first of these, where something else was printed before the document.
_SIGNS = (
    (re.compile(r"<(?:rss|feed|rdf:RDF)\b"), SourceKind.FEED),
    (re.compile(r"<!DOCTYPE\s+html|<html\b", re.IGNORECASE), SourceKind.PAGE),
    (re.compile(r"^BEGIN:VCALENDAR", re.MULTILINE), SourceKind.ICS),
    (re.compile(r'\{\s*"version"\s*:\s*"https?:[\\/]+jsonfeed'), SourceKind.JSONFEED),
)
_AT_ROOT = re.compile(r"<(?:\?xml|!DOCTYPE|rss|feed|rdf:RDF|\w+:feed|channel)\b", re.IGNORECASE)
_BEFORE = re.compile(r"(?:[\s\x00]+|<!--.*?(?:-->|\Z)|<\?xml\b[^>]*\?>)*", re.DOTALL)
_LOOKED_AT = 65_536
FIRST_WORDS = 80  # characters


def parse(document: Document, source: Source) -> Harvest:
    """What the document holds. What it looks like counts more than what the source was said to be: sites move."""
    kind = sniff(document)
    if kind is SourceKind.PAGE and source.kind is not SourceKind.PAGE:
        parked = is_parked(decode(document.body, document.content_type))
        raise SourceTrouble("trouble-parked" if parked else "trouble-html")
    if kind is SourceKind.AUTO:
        if _BEFORE.fullmatch(_beginning(document)):
            raise SourceTrouble("trouble-empty")
        kind = source.kind
    parser = PARSERS.get(kind)
    if parser is None:
        raise SourceTrouble("trouble-not-feed")
    try:
        return _titled(parser(document, source))
    except RecursionError as error:
        raise SourceTrouble("trouble-heavy") from error


def _titled(harvest: Harvest) -> Harvest:
    """What has no title is called by the first words of its text, once its identity is told."""
    items = (replace(one, title=one.title or first_words(one.summary)) for one in harvest.items)
    events = (replace(one, title=one.title or first_words(one.summary)) for one in harvest.events)
    return replace(harvest, items=tuple(items), events=tuple(events))


def first_words(text: str) -> str:
    """The beginning of the text, between words: what stands for a title."""
    return clean_text(text.strip().partition("\n")[0], FIRST_WORDS)


def sniff(document: Document) -> SourceKind:
    """The kind that the first signs tell; `page` for a web page, `auto` when they tell nothing."""
    beginning = _beginning(document)
    at = _BEFORE.match(beginning)
    rest = beginning[at.end() :] if at else beginning
    kind = next((kind for pattern, kind in _BEGINNINGS if pattern.match(rest)), SourceKind.AUTO)
    if kind is SourceKind.AUTO or (kind is SourceKind.FEED and not _AT_ROOT.match(rest)):
        # Some sites print a warning before the document.
        signs = ((pattern.search(beginning, 0, JUNK + 64), other) for pattern, other in _SIGNS)
        return min(((sign.start(), other) for sign, other in signs if sign), default=(0, kind))[1]
    return kind


def _beginning(document: Document) -> str:
    return decode(document.body[:_LOOKED_AT], document.content_type)
