"""What makes an entry the same entry at the next visit (promise 18)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeVar

from club.news import Item
from connectors.sources.links import fragment_of, link_key

T = TypeVar("T")
KEPT = 500  # entries of one document (promise 14)
_DRUPAL = re.compile(r"(\S+) at (https?://\S+)", re.IGNORECASE)


def identify(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with their identity: the first of guid, link, link and title, whole content that no other entry of
    the document shares. Entries alike in everything are one."""
    once = tuple(dict.fromkeys(items))
    counts = Counter(name for item in once for name in {read(item) for read in _NAMES})
    return tuple(replace(item, identity=_digest(_name(item, counts))) for item in once)


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


def _name(item: Item, counts: Counter[str]) -> str:
    names = (read(item) for read in _NAMES)
    return next((name for name in names if name and counts[name] == 1), _by_content(item))


def _by_guid(item: Item) -> str:
    guid = item.guid.strip()
    if drupal := _DRUPAL.fullmatch(guid):
        return f"{drupal[1]} at {link_key(drupal[2])}"
    if key := link_key(guid):
        # An address as guid and the same address as link are one name: a site may drop its guids.
        fragment = fragment_of(guid)
        return f"page {key}" + (f"#{fragment}" if fragment else "")
    return f"guid {guid}" if guid else ""


def _by_link(item: Item) -> str:
    key = link_key(item.link)
    return f"page {key}" if key else ""


def _by_link_and_title(item: Item) -> str:
    return f"{_by_link(item)}#{fragment_of(item.link)}\n{_fold(item.title)}" if item.link else ""


def _by_title_and_date(item: Item) -> str:
    return f"{_by_link(item)}\n{_fold(item.title)}\n{item.published}" if item.title else ""


def _by_content(item: Item) -> str:
    return "\n".join(("whole", item.guid, item.link or "", item.title, str(item.published), item.summary))


_NAMES: tuple[Callable[[Item], str], ...] = (_by_guid, _by_link, _by_link_and_title, _by_title_and_date)


WAYS = ("guid", "link", "link-title", "title-date")


def known_by(item: Item) -> str:
    """What made the item's identity, one of `WAYS`; "" when that changed since, or nothing but the whole did."""
    return next((way for way, read in zip(WAYS, _NAMES, strict=True) if _digest(read(item)) == item.identity), "")


def _fold(title: str) -> str:
    return " ".join(title.casefold().split())


def _digest(name: str) -> str:
    return blake2b(name.encode("utf-8", "replace"), digest_size=16).hexdigest()
