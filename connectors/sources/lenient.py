"""Feeds as feedparser reads them, whatever their faults; what it takes for granted elsewhere is kept from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import feedparser

from club.news import SourceTrouble
from connectors.sources.entry import Feed, ReadEntry

# feedparser takes « MOBILITÉ » and a no-break blank for UTF-8 read twice. While it reads, these signs are elsewhere,
# and nothing looks like that; cleaning has a narrower rule of its own.
_AWAY = {code: code + 0xE000 for code in range(0x80, 0xC0)}
_BACK = {away: code for code, away in _AWAY.items()}
_HAS_AWAY = re.compile("[\ue080-\ue0bf]")  # to look is quicker than to translate

Values = Mapping[str, Any]


def read_leniently(text: str) -> Feed:
    """The feed that a mended document holds; SourceTrouble when nothing can be read in it."""
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
    feed = dict(read["feed"])
    return Feed(
        title=_text(feed, "title"),
        link=_text(feed, "link"),
        language=_text(feed, "language"),
        ttl=_text(feed, "ttl"),
        period=_text(feed, "sy_updateperiod"),
        frequency=_text(feed, "sy_updatefrequency"),
        entries=tuple(_entry(dict(entry)) for entry in read["entries"]),
    )


def _entry(entry: Values) -> ReadEntry:
    return ReadEntry(
        id=_text(entry, "id"),
        title=_text(entry, "title"),
        link=_text(entry, "link") if "link" in entry else None,
        pages=tuple(_text(link, "href") for link in _listed(entry, "links") if link.get("rel") == "alternate"),
        guid_is_link=bool(entry.get("guidislink")),
        texts=(_text(entry, "summary"), *(_text(content, "value") for content in _listed(entry, "content"))),
        dates=tuple(_text(entry, key) for key in ("published", "updated", "created")),
        labels=tuple(dict.fromkeys(_text(tag, "label") or _text(tag, "term") for tag in _listed(entry, "tags"))),
        languages=(_text(entry, "language"), _text(entry.get("title_detail"), "language")),
    )


def _text(values: object, key: str) -> str:
    value = values.get(key) if isinstance(values, Mapping) else None
    if not isinstance(value, str):
        return ""
    return value.translate(_BACK) if _HAS_AWAY.search(value) else value


def _listed(values: Values, key: str) -> list[Values]:
    """The mappings listed under the key: an element of that very name would be a text there."""
    found = values.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
