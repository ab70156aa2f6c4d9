"""What a reader of feeds found, uncleaned: the same values whoever read them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One entry. `link` is None when none is given, `pages` are its links by attribute; `guid_is_link` says that the id
    stands for the link; texts, dates and languages come in the order in which they count."""

    id: str = ""
    title: str = ""
    link: str | None = None
    pages: tuple[str, ...] = ()
    guid_is_link: bool = False
    texts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """One document; `ttl`, `period` and `frequency` are how often it wants to be visited, in its own words."""

    title: str = ""
    link: str = ""
    language: str = ""
    ttl: str = ""
    period: str = ""
    frequency: str = ""
    entries: tuple[ReadEntry, ...] = ()
