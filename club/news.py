"""What partners publish and what the hub makes of it: sources, items, events, editions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from club.visible import is_visible


class SourceKind(StrEnum):
    """How a source is read; `auto` looks at the document."""

    AUTO = "auto"
    FEED = "feed"
    JSONFEED = "jsonfeed"
    ICS = "ics"
    PAGE = "page"


class Origin(StrEnum):
    """Who owns a row: the configuration file, a command in chat, an imported list (choice C31); the hub itself,
    whose sources hold what partners type and are never visited."""

    CONFIG = "config"
    CHAT = "chat"
    IMPORT = "import"
    HUB = "hub"


class Health(StrEnum):
    """How the last visit of a source went; `blocked` = the address itself is refused."""

    OK = "ok"
    ERROR = "error"
    BLOCKED = "blocked"


class Problem(StrEnum):
    """What people are told of a source: it cannot be read, it was retired, it moved for good, nothing new comes."""

    DEAD = "dead"
    GONE = "gone"
    MOVED = "moved"
    SILENT = "silent"


class Status(StrEnum):
    """Whether an event takes place."""

    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Source:
    """One address that the hub visits. `zone` is that of the source's region: floating times are read in it."""

    name: str
    url: str
    kind: SourceKind = SourceKind.AUTO
    partner: str = ""
    region: str = ""  # INSEE code; "" = national
    trusted: bool = False
    zone: str = "Europe/Paris"
    id: int = 0
    origin: Origin = Origin.CONFIG


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news as a parser read and cleaned it: plain text, an http(s) link or none, an aware date or none.

    `guid` is the id as received ("" when there was none); `identity` is what makes it the same item at the next
    visit (promise 18); title ≤ 500 characters, summary ≤ 64 KiB, link ≤ 2,048 (promise 14).
    """

    guid: str
    identity: str
    title: str
    link: str | None = None
    published: datetime | None = None
    summary: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence of a dated gathering. `start`/`end` are aware datetimes, or bare dates for all-day events
    with the last day included; `zone` is the IANA zone it was stated in (promise 54)."""

    uid: str
    identity: str
    title: str
    start: datetime | date
    end: datetime | date | None = None
    zone: str = "Europe/Paris"
    place: str = ""
    link: str | None = None
    summary: str = ""
    status: Status = Status.CONFIRMED
    categories: tuple[str, ...] = ()
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one document held. `skipped` counts entries that could not be read; `notes` are text keys for the
    health view (`source-note-…`), never sentences; `series`: the UIDs that stand in a calendar, those of events that
    are over or could not be read too."""

    kind: SourceKind
    title: str = ""
    items: tuple[Item, ...] = ()
    events: tuple[Event, ...] = ()
    skipped: int = 0
    notes: tuple[str, ...] = ()
    ttl: int | None = None  # minutes the publisher asks to wait
    series: frozenset[str] = frozenset()


class SourceTrouble(Exception):  # noqa: N818 — a state of a site, kept in its health
    """A site could not be read: a text key (`trouble-…`) and its values; `blocked` when the address is refused."""

    def __init__(self, key: str, /, *, blocked: bool = False, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.blocked = blocked
        self.values = values


@dataclass(frozen=True, slots=True)
class News:
    """A kept item or event as the choice sees it: what was read, where from, and what the hub made of it.

    `story` is the id of the oldest entry that tells the same news (choice A13); `topics` are commitment
    numbers of the current edition, most certain first; `regions` INSEE codes, () = national.
    """

    id: int
    story: int
    source: str
    partner: str
    trusted: bool
    guid: str
    title: str
    link: str | None
    published: datetime | None
    kept_at: datetime
    summary: str = ""
    topics: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    start: datetime | date | None = None
    end: datetime | date | None = None
    zone: str = "Europe/Paris"
    place: str = ""
    status: Status | None = None
    was: datetime | date | None = None  # when an event was to begin before it moved

    @property
    def is_event(self) -> bool:
        """True when it is a dated gathering."""
        return self.start is not None


class Section(StrEnum):
    """The parts of an edition, in reading order."""

    DEADLINES = "deadlines"
    EVENTS = "events"
    TRAININGS = "trainings"
    EXPERIENCES = "experiences"
    NEWS = "news"
    RESOURCES = "resources"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One story in an edition: the entry chosen to tell it and the partners that also relayed it."""

    section: Section
    news: News
    relays: tuple[News, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """What one preference receives at one instant: at most seven lines, then the rest (« la suite »)."""

    lines: tuple[EditionLine, ...] = ()
    rest: tuple[EditionLine, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to say, so nothing is sent (promise 46)."""
        return not self.lines


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item was kept or left: a text key (`reason-…`) with its values."""

    news: News
    kept: bool
    reason: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, best first, and the verdict on every candidate."""

    lines: tuple[EditionLine, ...]
    verdicts: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an address holds, before it is kept; `feed` is where that was found when it was not there itself,
    `others` are the titles and addresses of what else the page leads to, `moved` where it has gone for good."""

    url: str
    harvest: Harvest
    feed: str = ""
    others: tuple[tuple[str, str], ...] = ()
    moved: str = ""

    @property
    def title(self) -> str:
        """What the document calls itself, else its address."""
        return self.harvest.title if is_visible(self.harvest.title) else self.url
