"""From the address of a page to the feed or calendar of its site: what the page links to, else where its content
system usually keeps it. Every address goes through the one Fetcher; a handful are asked at most."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from club.news import Harvest, Source, SourceKind, SourceTrouble
from connectors.address import check_url
from connectors.fetch import Fetched, Fetcher, Memo, NotModified
from connectors.reader import Reader
from connectors.sources.document import Document
from connectors.sources.signs import Link, Signs, System

TRIES = 5  # documents asked beside the page
WITHIN = 45.0  # seconds for all of it, well under the claim of a visit and what people wait for
PROPOSED = 8  # other feeds that are named

_LANGUAGE = re.compile(r"/([a-z]{2})(?=/)|[?&]lang=([a-z]{2})\b")
_LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pt")
_AGENDA = re.compile(r"agenda|event|evenement|calend|formation", re.IGNORECASE)
# What two spellings of one feed differ in: its format.
_FORMAT = re.compile(
    r"\b(?:rss(?: ?\d(?:\.\d)?)?|atom(?: ?\d(?:\.\d)?)?|rdf|json|feed|flux|xml|2\.0|1\.0)\b", re.IGNORECASE
)
# Where The Events Calendar, an agenda for WordPress, shows what is to come.
_CALENDARS = ("/evenements/?ical=1", "/events/?ical=1", "/agenda/?ical=1")
_USUAL = {
    System.SPIP: ("/spip.php?page=backend",),
    System.WORDPRESS: ("/feed/", *_CALENDARS),
    System.DRUPAL: ("/rss.xml",),
    System.WAGTAIL: ("rss/", "/rss/"),
    System.UNKNOWN: ("/feed/", "/rss.xml", "/spip.php?page=backend", "/rss/", _CALENDARS[0]),
}
# An absent one is how a guess ends; anything else is worth telling.
_ABSENT = frozenset({"trouble-not-found", "trouble-gone", "trouble-html", "trouble-not-feed", "trouble-empty"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a source of its own; `language` is "" when nothing tells it."""

    url: str
    kind: SourceKind
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was fetched and read: what it held, and its digest for the next visit."""

    page: Fetched
    digest: str
    harvest: Harvest


@dataclass(frozen=True, slots=True)
class Discovery:
    """Where an address leads: `found` was `read`, `others` are proposed, in order. `direct`: the address is that of
    the document itself, nothing had to be looked for. `moved`: where the address has gone for good, if it has."""

    found: Candidate
    read: Read
    others: tuple[Candidate, ...] = ()
    direct: bool = False
    moved: str | None = None


async def discover(
    url: str, fetcher: Fetcher, reader: Reader, now: datetime, source: Source | None = None, dead: str = ""
) -> Discovery:
    """The feed or calendar at `url`, or that of the page there; SourceTrouble when there is none or it cannot be read.

    `source` tells the kind and the zone; a kind other than `auto` is read as such, and nothing is looked for. `dead` is
    an address of which it is known that there is nothing any more.
    """
    source = source or Source(url, url)
    page = await fetcher.fetch(url, Memo())
    if isinstance(page, NotModified):  # an answer to a question that was not asked
        raise SourceTrouble("trouble-answer")
    try:
        read = await read_page(page, source, reader, now)
    except SourceTrouble as trouble:
        if source.kind is not SourceKind.AUTO or not is_page(page, trouble):
            raise
        return await explore(page, source, fetcher, reader, now, dead)
    found = Candidate(url, read.harvest.kind, read.harvest.title)
    return Discovery(found, read, direct=True, moved=page.moved)


async def explore(
    page: Fetched, source: Source, fetcher: Fetcher, reader: Reader, now: datetime, dead: str = ""
) -> Discovery:
    """The feed or calendar of this page; `dead` as for `discover`."""
    signs = await reader.look(Document(page.body, page.url, page.content_type, now))
    try:
        async with asyncio.timeout(WITHIN):
            return await _try(page, signs, source, fetcher, reader, now, dead)
    except TimeoutError:
        raise SourceTrouble("trouble-timeout") from None


async def _try(
    page: Fetched, signs: Signs, source: Source, fetcher: Fetcher, reader: Reader, now: datetime, dead: str
) -> Discovery:
    linked = [one for one in rank(signs, page.url) if one.url not in (dead, page.url)]
    first: SourceTrouble | None = None
    tries = 0
    for candidate in _order(linked, signs, page.url):
        own = candidate.kind is SourceKind.PAGE  # costs no request
        tries += not own and candidate.url != dead
        if candidate.url == dead or (tries > TRIES and not own):
            continue
        try:
            read = await (
                _read_own(page, source, reader, now) if own else _read(candidate, source, fetcher, reader, now)
            )
        except SourceTrouble as trouble:
            if first is None and trouble.key not in _ABSENT and candidate in linked:
                first = trouble
            continue
        found = replace(candidate, kind=read.harvest.kind, title=candidate.title or read.harvest.title)
        others = distinct((candidate, *(one for one in linked if one.url != found.url)))[1:]
        return Discovery(found, read, others[:PROPOSED], moved=page.moved)
    raise first or SourceTrouble("trouble-no-feed")


def _order(linked: Sequence[Candidate], signs: Signs, url: str) -> Iterator[Candidate]:
    """What is tried: what the page links to, the events that it describes itself, then guesses. On an agenda's page
    its events come before the news that every page of the site links to."""
    guesses = [one for one in usual(signs, url) if one.url != url]
    own = [Candidate(url, SourceKind.PAGE, signs.title)] if signs.events else []
    if own and _AGENDA.search(urlsplit(url).path):
        calendars = [one for one in (*linked, *guesses) if one.kind is SourceKind.ICS]
        return iter(dict.fromkeys((*calendars, *own, *linked, *guesses)))
    return iter(dict.fromkeys((*linked, *own, *guesses)))


async def _read_own(page: Fetched, source: Source, reader: Reader, now: datetime) -> Read:
    return await read_page(page, replace(source, kind=SourceKind.PAGE), reader, now)


async def _read(candidate: Candidate, source: Source, fetcher: Fetcher, reader: Reader, now: datetime) -> Read:
    page = await fetcher.fetch(candidate.url, Memo())
    if isinstance(page, NotModified):
        raise SourceTrouble("trouble-answer")
    return await read_page(page, source, reader, now)


async def read_page(page: Fetched, source: Source, reader: Reader, now: datetime) -> Read:
    """What the document holds; SourceTrouble when it cannot be read."""
    try:
        harvest = await reader.read(Document(page.body, page.url, page.content_type, now), source)
    except SourceTrouble as trouble:
        if is_page(page, trouble) and leads_elsewhere(source.url, page.url):
            raise SourceTrouble("trouble-elsewhere", host=urlsplit(page.url).hostname or "") from None
        raise
    return Read(page, digest_of(page), harvest)


def is_page(page: Fetched, trouble: SourceTrouble) -> bool:
    """Whether what could not be read as a feed is a web page; some begin in no known way, and are only sent as one."""
    sent_as_one = page.content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")
    return trouble.key == "trouble-html" or (trouble.key == "trouble-not-feed" and sent_as_one)


def digest_of(page: Fetched) -> str:
    """A digest that is equal for equal bodies."""
    return hashlib.blake2b(page.body, digest_size=20).hexdigest()


def leads_elsewhere(asked: str, found: str) -> bool:
    """Whether a page of a site only leads to the home of another one: how a site that was given up often ends."""
    one, other = urlsplit(asked), urlsplit(found)
    deep = one.path.strip("/") or one.query
    return bool(deep and not other.path.strip("/") and not other.query and _site(asked) != _site(found))


# --- Which comes first ----------------------------------------------------------------------------------------------


def rank(signs: Signs, url: str) -> tuple[Candidate, ...]:
    """What the page links to, best first: of its own site, made for programs, in French, news before calendars (on an
    agenda's page the other way round)."""
    kept = []
    for link in signs.links:
        try:
            address = check_url(link.url)
        except SourceTrouble:
            continue
        # Pages link to other sites' feeds too: those are not theirs, unless they say so to programs.
        if link.declared or _site(address) == _site(url) or link.kind is SourceKind.ICS:
            kept.append(replace(link, url=address, language=_language(link, address, signs)))
    agenda = bool(_AGENDA.search(urlsplit(url).path))
    kept.sort(key=lambda link: (link.language not in ("fr", ""), _weight(link, url, agenda=agenda)))
    return tuple(Candidate(link.url, link.kind, link.title, link.language) for link in kept)


def _weight(link: Link, url: str, *, agenda: bool) -> tuple[object, ...]:
    is_calendar = link.kind is SourceKind.ICS
    return is_calendar is not agenda, not link.declared, _site(link.url) != _site(url)


def distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """One of each: a feed in two formats is one, in two languages two."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for one in candidates:
        group = "calendar" if one.kind is SourceKind.ICS else "feed"
        names = {("address", group, one.language, _bare(one.url))}
        if title := _bare(one.title):
            names.add(("title", group, one.language, title))
        if not seen.intersection(names):
            kept.append(one)
        seen |= names
    return tuple(kept)


def _bare(text: str) -> str:
    """What is left of an address or a title without the name of a format."""
    return re.sub(r"[\W_]+", " ", _FORMAT.sub(" ", text.casefold().replace("_", " "))).strip()


def _language(link: Link, address: str, signs: Signs) -> str:
    """The language of a feed: as it is said, as its address says, else the page's."""
    if link.language:
        return link.language.partition("-")[0]
    found = _LANGUAGE.search(address)
    by_address = (found[1] or found[2]) if found else ""
    return by_address if by_address in _LANGUAGES else signs.language.partition("-")[0]


def usual(signs: Signs, url: str) -> tuple[Candidate, ...]:
    """Where the site's content system usually keeps its feed; not yet known to exist."""
    path = urlsplit(url).path
    french = "/fr" if path.startswith("/fr/") or path == "/fr" else ""
    folder = url.partition("?")[0].rstrip("/") + "/"
    found: list[tuple[str, SourceKind]] = []
    on_agenda = bool(_AGENDA.search(path))
    if on_agenda:
        found += [(f"{folder}?ical=1", SourceKind.ICS)] if signs.system is not System.WAGTAIL else []
        found += [(urljoin(folder, "ical/"), SourceKind.ICS)] if signs.system is not System.WORDPRESS else []
    for place in (one for one in _USUAL[signs.system] if not (on_agenda and one in _CALENDARS)):
        kind = SourceKind.ICS if place in _CALENDARS else SourceKind.FEED
        if french and place.startswith("/") and not place.startswith("/spip"):
            found.append((urljoin(folder, french + place), kind))
        found.append((urljoin(folder, place), kind))
    return tuple(Candidate(address, kind) for address, kind in dict.fromkeys(found))


def _site(url: str) -> str:
    """The host and port without `www.`."""
    return urlsplit(url).netloc.removeprefix("www.")
