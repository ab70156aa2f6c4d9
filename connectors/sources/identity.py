"""What makes an entry the same entry at the next visit (promise 18)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeVar

from club.news import Item
from connectors.sources.links import link_key, page_and_place

T = TypeVar("T")
KEPT = 500  # entries of one document (promise 14)
_DRUPAL = re.compile(r"(\S+) at (https?://\S+)", re.IGNORECASE)


def identify(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with their identity: the first of guid, link, link and title, whole content that no other entry of
    the document shares. Entries alike in everything are one."""
    once = {item: _names(item) for item in items}
    counts = Counter(name for names in once.values() for name in set(names))
    return tuple(replace(item, identity=_digest(_name(item, names, counts))) for item, names in once.items())


def newest(entries: Sequence[T], dates: Sequence[datetime | None], now: datetime) -> list[T]:
    """At most `KEPT` entries, the newest, in the document's order; an undated one counts as of now."""
    if len(entries) <= KEPT:
        return list(entries)
    kept = sorted(range(len(entries)), key=lambda i: dates[i] or now, reverse=True)[:KEPT]
    return [entries[i] for i in sorted(kept)]


def occurrence(uid: str, start: object) -> str:
    """The identity of one date of an event: its UID and the start it was first given."""
    moment = start.astimezone(UTC).isoformat() if isinstance(start, datetime) else str(start)
    return _digest(f"event {uid}\n{moment}")


def _name(item: Item, names: Sequence[str], counts: Counter[str]) -> str:
    return next((name for name in names if name and counts[name] == 1), "") or _by_content(item)


def _names(item: Item) -> tuple[str, ...]:
    """What may name the item, in the order of `WAYS`; "" where it has nothing of the kind."""
    key, place = page_and_place(item.link)
    page = f"page {key}" if key else ""
    title = _fold(item.title)
    return (
        _by_guid(item.guid.strip()),
        page,
        f"{page}#{place}\n{title}" if item.link else "",
        f"{page}\n{title}\n{item.published}" if item.title else "",
    )


def _by_guid(guid: str) -> str:
    if drupal := _DRUPAL.fullmatch(guid):
        return f"{drupal[1]} at {link_key(drupal[2])}"
    key, place = page_and_place(guid)
    if key:
        # An address as guid and the same address as link are one name: a site may drop its guids.
        return f"page {key}" + (f"#{place}" if place else "")
    return f"guid {guid}" if guid else ""


def _by_content(item: Item) -> str:
    return "\n".join(("whole", item.guid, item.link or "", item.title, str(item.published), item.summary))


WAYS = ("guid", "link", "link-title", "title-date")


def known_by(item: Item) -> str:
    """What made the item's identity, one of `WAYS`; "" when that changed since, or nothing but the whole did."""
    ways = zip(WAYS, _names(item), strict=True)
    return next((way for way, name in ways if _digest(name) == item.identity), "")


def _fold(title: str) -> str:
    return " ".join(title.casefold().split())


def _digest(name: str) -> str:
    return blake2b(name.encode("utf-8", "replace"), digest_size=16).hexdigest()
