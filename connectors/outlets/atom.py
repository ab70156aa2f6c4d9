"""News as an Atom feed (RFC 4287) and as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

TYPE = "application/atom+xml; charset=utf-8"
JSON_TYPE = "application/feed+json; charset=utf-8"
_NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: `id` is the same for ever, `text` is plain, with a line for each of its parts."""

    id: str
    title: str
    link: str
    updated: datetime
    text: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What a feed says of itself; `home` and `self` are addresses, `id` the same for ever."""

    id: str
    title: str
    home: str
    address: str


def atom(head: FeedHead, entries: Sequence[FeedEntry]) -> bytes:
    """The feed, newest first as given; byte for byte the same while nothing changes."""
    feed = etree.fromstring(f'<feed xmlns="{_NAMESPACE}"/>')
    _add(feed, "id", head.id)
    _add(feed, "title", head.title)
    _add(feed, "updated", _written(max((one.updated for one in entries), default=datetime(2026, 1, 1, tzinfo=UTC))))
    etree.SubElement(_add(feed, "author"), f"{{{_NAMESPACE}}}name").text = _clean(head.title)
    etree.SubElement(feed, f"{{{_NAMESPACE}}}link", rel="alternate", href=head.home)
    etree.SubElement(feed, f"{{{_NAMESPACE}}}link", rel="self", href=head.address)
    for one in entries:
        entry = _add(feed, "entry")
        _add(entry, "id", one.id)
        _add(entry, "title", one.title)
        etree.SubElement(entry, f"{{{_NAMESPACE}}}link", rel="alternate", href=one.link)
        _add(entry, "updated", _written(one.updated))
        if one.author:
            etree.SubElement(_add(entry, "author"), f"{{{_NAMESPACE}}}name").text = _clean(one.author)
        if one.text:
            _add(entry, "summary", one.text)
    return etree.tostring(feed, xml_declaration=True, encoding="UTF-8") + b"\n"


def json_feed(head: FeedHead, entries: Sequence[FeedEntry]) -> bytes:
    """The same as JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.home,
        "feed_url": head.address,
        "language": "fr",
        "items": [_item(one) for one in entries],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _item(one: FeedEntry) -> dict[str, Any]:
    told = {
        "id": one.id,
        "url": one.link,
        "title": one.title,
        "content_text": one.text or one.title,
        "date_published": _written(one.updated),
    }
    return told | ({"authors": [{"name": one.author}]} if one.author else {})


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    """What XML can hold."""
    return "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and not "\ud800" <= sign <= "\udfff"))


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
