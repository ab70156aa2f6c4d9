"""Web pages: their links to feeds and calendars, and the marks of their content system. Nothing is fetched here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from lxml import etree

from club.fold import fold
from club.news import SourceKind, SourceTrouble
from connectors.sources.clean import clean_text
from connectors.sources.decode import decode
from connectors.sources.document import Document
from connectors.sources.links import normalise_link
from connectors.sources.microdata import has_events
from connectors.sources.quirks import read_language
from connectors.sources.signs import Link, Signs, System

LOOKED_AT = 2 * 2**20  # bytes of a page; what it says of its feeds stands earlier
ELEMENTS = 200_000  # looked at
LINKS = 5_000  # looked at
KEPT = 50  # links that may lead to a feed
BLOCKS = 200  # of JSON-LD
_CHUNK = 32_768

_TYPES = {
    "application/rss+xml": SourceKind.FEED,
    "application/atom+xml": SourceKind.FEED,
    "application/rdf+xml": SourceKind.FEED,
    "application/feed+json": SourceKind.JSONFEED,
    "text/calendar": SourceKind.ICS,
}
_CALENDAR = re.compile(r"\.ics$|/ical/?$|/feed/ics$|[?&](?:outlook-)?ical=1\b", re.IGNORECASE)
_FEED = re.compile(
    r"/(?:feed|rss|atom|rss2|feed/rss2?|feed/atom)/?$|/(?:rss|atom|feed|index)\.(?:xml|rdf|rss|atom)$|\.(?:rss|atom)$"
    r"|[?&](?:page=backend\b|feed=(?:rss2?|atom)\b|format=feed\b|type=9818\b)|backend\.php3?$",
    re.IGNORECASE,
)
_JSON = re.compile(r"/feed\.json$|/feed/json/?$", re.IGNORECASE)
# Of one article, or of all remarks of readers: no news.
_COMMENTS = re.compile(r"comments?/(?:feed|rss|atom|default)|[?&](?:feed=comments|withcomments)", re.IGNORECASE)
_COMMENTS_TITLE = re.compile(r"\b(?:commentaires?|comments?)\b", re.IGNORECASE)
_MARKS = (
    (
        re.compile(r"spip", re.I),
        re.compile(r"(?:^|/)(?:spip\.php|local/cache-(?:css|js|gd2|vignettes)/)|-[ra]\d{1,7}\.html$"),
        System.SPIP,
    ),
    (
        re.compile(r"wordpress", re.I),
        re.compile(r"(?:^|/)wp-(?:content|includes|json)\b|^https://api\.w\.org/"),
        System.WORDPRESS,
    ),
    (re.compile(r"drupal", re.I), re.compile(r"(?:^|/)sites/(?:default|all)/|(?:^|/)core/misc/drupal"), System.DRUPAL),
    (
        re.compile(r"wagtail|sites[ -](?:faciles|conformes)", re.I),
        re.compile(r"(?:^|/)static/(?:dsfr|wagtail)"),
        System.WAGTAIL,
    ),
)
# Without accents, as `fold` gives it.
_PARKED = re.compile(
    r"\bdomain (?:name )?(?:\w+ ){0,4}(?:is )?(?:for sale|parked|expired)\b|buy this domain"
    r"|\b(?:ce|nom de) domaine (?:\w+ ){0,4}(?:a vendre|en vente|expire|parque)\b"
    r"|(?:r?acheter) ce (?:nom de )?domaine|sedoparking|parkingcrew|hugedomains"
)
_EVENT = re.compile(r'(?:Event|Festival|Hackathon|CourseInstance)"')
_PARKED_WITHIN = 50_000  # characters: such pages are short


def look(document: Document) -> Signs:
    """What the page says of the feeds of its site; SourceTrouble when it is no page at all."""
    text = decode(document.body, document.content_type).replace("\0", "")
    found = read_page(text)
    base = _base(found.base, document.url)
    links = tuple(_links(found, base))[:KEPT]
    return Signs(
        title=clean_text(found.title),
        language=read_language(found.language),
        system=_system(found, document.url),
        links=links,
        events=any('"Event' in block or 'Event"' in block for block in found.blocks) or has_events(text),
    )


def is_parked(text: str) -> bool:
    """Whether the page only says that its domain is for sale or over."""
    return len(text) <= _PARKED_WITHIN and bool(_PARKED.search(fold(text)))


class PageTarget:
    """Takes a page's elements one after the other, as lxml hands them over; builds no tree."""

    def __init__(self) -> None:
        self.title = self.language = self.base = self.generator = ""
        self.links: list[tuple[str, Mapping[str, str]]] = []
        self.texts: dict[int, str] = {}  # of the links that are <a>
        self.addresses: list[str] = []  # of scripts and styles: they betray the system
        self.blocks: list[str] = []
        self.elements = 0
        self._inside = ""
        self._room = LOOKED_AT

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        self.elements += 1
        if self.elements > ELEMENTS:
            raise _Enough
        if tag == "html":
            self.language = self.language or attributes.get("lang", "") or attributes.get("xml:lang", "")
        elif tag == "base":
            self.base = self.base or attributes.get("href", "")
        elif tag == "meta":
            if attributes.get("name", "").lower() == "generator":
                self.generator += f" {attributes.get('content', '')}"
        elif tag in ("a", "link"):
            self._link(tag, attributes)
        elif tag == "script" and _is_json_ld(attributes.get("type", "")):
            if len(self.blocks) < BLOCKS:
                self.blocks.append("")
                self._inside = "script"
        elif tag in ("script", "img") and len(self.addresses) < 200:
            self.addresses.append(attributes.get("src", ""))
        elif tag == "title" and not self.title:
            self._inside = "title"

    def _link(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self.links) >= LINKS:
            return
        self.links.append((tag, dict(attributes)))
        if tag == "a":
            self._inside = "a"
        elif len(self.addresses) < 200:
            self.addresses += (attributes.get("href", ""), attributes.get("rel", ""))

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag == self._inside:
            self._inside = ""

    def data(self, text: str) -> None:
        """Text inside what is open."""
        if self._inside == "title":
            self.title = (self.title + text)[:2_000]
        elif self._inside == "script":
            self.blocks[-1] += text[: self._room]
            self._room -= len(text[: self._room])
        elif self._inside == "a":
            at = len(self.links) - 1
            self.texts[at] = (self.texts.get(at, "") + text)[:500]

    def close(self) -> PageTarget:
        """The page ends."""
        return self


class _Enough(Exception):  # noqa: N818 — the rest is not looked at
    pass


def read_page(text: str) -> PageTarget:
    """The elements of a page that matter here, however ill-formed it is."""
    reading = PageTarget()
    # The stubs want bytes to be taken too, which lxml never hands over.
    parser = etree.HTMLParser(target=cast(Any, reading), encoding="utf-8", no_network=True)
    octets = text[:LOOKED_AT].encode("utf-8", "replace")[:LOOKED_AT]
    try:
        for i in range(0, len(octets), _CHUNK):
            parser.feed(octets[i : i + _CHUNK])
        parser.close()
    except (_Enough, etree.XMLSyntaxError):
        pass
    if not reading.elements:
        raise SourceTrouble("trouble-html")
    return reading


def _base(written: str, url: str) -> str:
    try:
        base = urljoin(url, written.strip())
        return base if urlsplit(base).scheme in ("http", "https") else url
    except ValueError:
        return url


def _links(found: PageTarget, base: str) -> Iterator[Link]:
    """The links that may lead to a feed or calendar, each address once."""
    seen = set()
    for at, (tag, said) in enumerate(found.links):
        title = said.get("title") or found.texts.get(at, "")
        link = _declared(said, base) if tag == "link" else _shown(said, base)
        if link is None or link[0] in seen or _is_of_comments(link[0], title):
            continue
        seen.add(link[0])
        language = read_language(said.get("hreflang")) or read_language(said.get("lang"))
        yield Link(link[0], link[1], clean_text(title, 200), language, declared=tag == "link")


def _declared(said: Mapping[str, str], base: str) -> tuple[str, SourceKind] | None:
    relations = said.get("rel", "").lower().split()
    kind = _TYPES.get(said.get("type", "").partition(";")[0].strip().lower())
    address = _address(said.get("href", ""), base)
    # A first version of JSON Feed shared its type with everything else.
    if kind is None and said.get("type", "").lower().startswith("application/json") and _JSON.search(address):
        kind = SourceKind.JSONFEED
    if kind is None or not address or not {"alternate", "feed", "service.feed"}.intersection(relations):
        return None
    return address, kind


def _shown(said: Mapping[str, str], base: str) -> tuple[str, SourceKind] | None:
    written = said.get("href", "").strip()
    address = _address(written, base)
    if not address:
        return None
    by_type = _TYPES.get(said.get("type", "").partition(";")[0].strip().lower())
    if by_type or written.lower().startswith("webcal"):
        return address, by_type or SourceKind.ICS
    for pattern, kind in ((_CALENDAR, SourceKind.ICS), (_JSON, SourceKind.JSONFEED), (_FEED, SourceKind.FEED)):
        if pattern.search(address):
            return address, kind
    return None


def _address(written: str, base: str) -> str:
    """The address seen from the page; `webcal:` is how calendars are subscribed to, not how they are fetched."""
    written = written.strip()
    secured = urlsplit(base).scheme
    written = re.sub(r"^webcals?:(?://)?", lambda _: f"{secured}://", written, flags=re.IGNORECASE)
    try:
        joined = urljoin(base, written)
    except ValueError:
        return ""
    return (normalise_link(joined.partition("#")[0]) or "") if written else ""


def _is_of_comments(address: str, title: str) -> bool:
    of_forum = "forum" in address and "backend" in address  # SPIP's
    return of_forum or bool(_COMMENTS.search(address) or _COMMENTS_TITLE.search(title))


def _is_json_ld(kind: str) -> bool:
    return kind.partition(";")[0].strip().lower() == "application/ld+json"


def _system(found: PageTarget, url: str) -> System:
    addresses = [url, *found.addresses, *(said.get("href", "") for _, said in found.links[:200])]
    for name, _, system in _MARKS:
        if name.search(found.generator):
            return system
    for _, address, system in _MARKS:
        if any(address.search(one) for one in addresses):
            return system
    return System.UNKNOWN
