"""What a web page says of the feeds and calendars of its site. Values only: pages are read in the child process."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from club.news import SourceKind


class System(StrEnum):
    """The content system behind a site, as far as its pages betray it."""

    SPIP = "spip"
    WORDPRESS = "wordpress"
    DRUPAL = "drupal"
    WAGTAIL = "wagtail"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may hold a feed or a calendar. `declared`: in a `<link rel=alternate>`, made for programs."""

    url: str
    kind: SourceKind
    title: str = ""
    language: str = ""
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Signs:
    """A page seen from a feed reader: what it links to, in the page's order; `events`: it describes events itself."""

    title: str = ""
    language: str = ""
    system: System = System.UNKNOWN
    links: tuple[Link, ...] = ()
    events: bool = False
