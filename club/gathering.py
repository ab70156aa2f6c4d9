"""A gathering that a partner holds: an event, a joint visit, a training session; and how one signs up for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from club.news import Event, Status
from club.organisation import Family

MOST_QUESTIONS = 3  # of the organiser to who signs up


class Nature(StrEnum):
    """What kind of gathering it is."""

    EVENT = "event"
    VISIT = "visit"
    TRAINING = "training"


class Mode(StrEnum):
    """Whether people take part on site, online, or both."""

    ON_SITE = "on-site"
    ONLINE = "online"
    HYBRID = "hybrid"


class Approval(StrEnum):
    """Whether it may be shown: an untrusted partner's gathering waits for a moderator."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Terms:
    """How one signs up. `capacity` None = no limit; `quotas`: places kept for each family until `release_on`, when
    those left are for all; `page`: where one signs up instead, on somebody else's site; `questions`: at most three."""

    opened: bool = True
    capacity: int | None = None
    quotas: Mapping[Family, int] = field(default_factory=dict)
    release_on: date | None = None
    closes_at: datetime | None = None
    page: str = ""
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathering:
    """One gathering on one date. `start` and `end` are aware datetimes, or bare dates with the last day included, in
    `zone`. `venue` is where people go and `link` where they connect, shown to those who signed up only when
    `link_private`; `page` is the organiser's own address of it. `series` is shared by the dates of one series, 0 =
    none. `sequence` rises with each change that calendars must follow (RFC 5545 §3.8.7.4). `entry` is the entry that
    shows it, None until it is published."""

    organisation: int
    title: str
    start: datetime | date
    end: datetime | date | None = None
    zone: str = "Europe/Paris"
    nature: Nature = Nature.EVENT
    mode: Mode = Mode.ON_SITE
    venue: str = ""
    link: str = ""
    link_private: bool = False
    page: str = ""
    description: str = ""
    topics: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    terms: Terms = field(default_factory=Terms)
    status: Status = Status.CONFIRMED
    approval: Approval = Approval.WAITING
    reason: str = ""  # why it was refused or cancelled, as a person wrote it
    series: int = 0
    sequence: int = 0
    uid: str = ""
    author: int = 0
    entry: int | None = None
    id: int = 0
    made_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def starts_at(self) -> datetime:
        """The instant at which it begins; a whole day begins at midnight in its zone."""
        return _instant(self.start, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over; a whole day ends with its last minute, an unknown end with the start."""
        last = self.end if self.end is not None else self.start
        if isinstance(last, datetime):
            return last
        return _instant(last + timedelta(days=1), self.zone)

    @property
    def is_over_at(self) -> datetime:
        """Until when one may still come: its end."""
        return max(self.ends_at, self.starts_at)

    def takes(self, now: datetime) -> str:
        """Why nobody can sign up here now, as a text key; "" when one can."""
        closes = self.terms.closes_at or self.starts_at
        if self.approval is not Approval.PUBLISHED:
            return "signup-not-published"
        if self.status is not Status.CONFIRMED:
            return "signup-cancelled"
        if self.is_over_at <= now:
            return "signup-over"
        if self.terms.page:
            return "signup-elsewhere"
        if not self.terms.opened:
            return "signup-none"
        return "signup-closed" if closes <= now else ""


def _instant(moment: datetime | date, zone: str) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), ZoneInfo(zone))


def event_of(one: Gathering) -> Event:
    """The gathering as calendars are read, so that what is typed takes the road of what is harvested. Where people
    connect is not part of it."""
    return Event(
        uid=one.uid,
        identity=f"uid:{one.uid}",
        title=one.title,
        start=one.start,
        end=one.end,
        zone=one.zone,
        place=one.venue,
        link=one.page or None,
        summary=one.description,
        status=one.status,
        sequence=one.sequence,
    )


# What a change of it is told by: fields that matter to who planned to come (« 9 h 30 → 10 h »), in this order.
TOLD = ("title", "start", "end", "mode", "venue", "link", "status")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a gathering: what it was and what it became, as values of the field."""

    field: str
    before: object
    after: object


def changes_between(before: Gathering, after: Gathering) -> tuple[Change, ...]:
    """What changed that people are told of, in reading order."""
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in TOLD)
    return tuple(Change(name, was, now) for name, was, now in pairs if was != now)
