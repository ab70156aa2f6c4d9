"""JSON Feed 1.0 and 1.1. An entry with a value of the wrong type is left out and counted (promise 22)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from club.news import Harvest, Item, Source, SourceKind, SourceTrouble
from connectors.sources.clean import clean_text
from connectors.sources.dates import believable, parse_date
from connectors.sources.decode import decode
from connectors.sources.document import Document
from connectors.sources.identity import identify, newest
from connectors.sources.links import LINK, absolute, normalise_link
from connectors.sources.quirks import read_labels, read_language, read_summary
from connectors.sources.scan import ITEMS
from connectors.sources.trim import JUNK

Values = Mapping[str, Any]


class _WrongType(Exception):  # noqa: N818 — says that one entry is left out
    pass


def parse_jsonfeed(document: Document, source: Source) -> Harvest:
    """The items of a JSON Feed."""
    feed = _load(decode(document.body, document.content_type))
    entries = feed.get("items")
    if not isinstance(entries, list):
        raise SourceTrouble("trouble-not-jsonfeed")
    entries = _newest(entries, document, source.zone) if len(entries) > ITEMS else entries
    bases = (absolute(_loose(feed, "home_page_url"), document.url), document.url)
    language = read_language(feed.get("language"))
    items = []
    for entry in entries:
        try:
            items.append(_item(entry, bases, language, document, source.zone))
        except _WrongType:
            continue
    return Harvest(
        kind=SourceKind.JSONFEED,
        title=clean_text(_loose(feed, "title")),
        items=identify(newest(items, [item.published for item in items], document.now)),
        skipped=len(entries) - len(items),
    )


def _newest(entries: Sequence[object], document: Document, zone: str) -> list[object]:
    """Of more entries than are read one by one, the newest; those without a date count as the newest."""
    return newest(entries, [_date(entry, zone) if isinstance(entry, dict) else None for entry in entries], document.now)


def _date(entry: Values, zone: str) -> datetime | None:
    return parse_date(_loose(entry, "date_published"), zone) or parse_date(_loose(entry, "date_modified"), zone)


def _load(text: str) -> Values:
    begin = max(text.find("{"), 0) if "{" in text[:JUNK] else 0
    try:
        # What a site's software printed around the document is not looked at.
        feed, _ = json.JSONDecoder().raw_decode(text, begin)
    except json.JSONDecodeError as error:
        raise SourceTrouble("trouble-json", line=error.lineno) from error
    except RecursionError as error:
        raise SourceTrouble("trouble-deep", limit=1000) from error
    except ValueError as error:  # a number of more digits than Python reads
        raise SourceTrouble("trouble-json", line=1) from error
    if not isinstance(feed, dict):
        raise SourceTrouble("trouble-not-jsonfeed")
    return feed


def _item(entry: object, bases: tuple[str, ...], language: str, document: Document, zone: str) -> Item:
    if not isinstance(entry, dict):
        raise _WrongType
    title = clean_text(_string(entry, "title"))
    link = normalise_link(absolute(_string(entry, "url"), *bases))
    texts = [_string(entry, key) for key in ("summary", "content_text", "content_html")]
    summary = next(filter(None, (read_summary(text)[0] for text in texts)), "")
    if not (title or link or summary):
        raise _WrongType
    return Item(
        guid=clean_text(_id(entry), LINK),
        identity="",
        title=title,
        link=link,
        published=believable(_date(entry, zone), document.now),
        summary=summary,
        categories=read_labels(*_strings(entry, "tags")),
        language=read_language(_loose(entry, "language")) or language,
    )


def _string(values: Values, key: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _WrongType
    return value


def _strings(values: Values, key: str) -> tuple[str, ...]:
    """Those that are texts: labels of a wrong type cost no entry."""
    value = values.get(key)
    return tuple(part for part in value if isinstance(part, str)) if isinstance(value, list) else ()


def _id(values: Values) -> str:
    """The id; a number is read as text, as version 1 of the format allowed."""
    value = values.get("id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _string(values, "id")


def _loose(values: Values, key: str) -> str:
    """What the feed says of itself: a wrong type there costs no entry."""
    value = values.get(key)
    return value if isinstance(value, str) else ""
