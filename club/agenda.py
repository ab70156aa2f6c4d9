"""What the hub tells of events to the outside: each date of each once, in the words of who holds it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from club.fold import fold
from club.gathering import Mode, Nature
from club.news import Status

# The shape of the identifiers that calendars know our events by: a partner's site that republishes one gives it back.
_UID_KIND, _UID_HOST = "evt", "ecohub"
URN = "urn:ecohub:"  # before it, in feeds


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event as calendars, pages and widgets show it. `number` is that of the first entry that
    told it, which does not change when it moves; `link` is the
    organiser's page; `online` where one connects, "" when that is for those who signed up; `updated_at` the last
    change; `gathering` 0 = nobody holds it here, so nobody signs up here; `relays`: others who announce it."""

    number: int
    title: str
    start: datetime | date
    end: datetime | date | None
    zone: str
    updated_at: datetime
    place: str = ""
    online: str = ""
    mode: Mode = Mode.ON_SITE
    nature: Nature = Nature.EVENT
    link: str | None = None
    description: str = ""
    organiser: str = ""
    relays: tuple[str, ...] = ()
    status: Status = Status.CONFIRMED
    sequence: int = 0
    topics: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    gathering: int = 0

    @property
    def uid(self) -> str:
        """The identifier in calendars (RFC 5545 §3.8.4.7): the same wherever and whenever it is shown."""
        return f"{_UID_KIND}-{self.number}@{_UID_HOST}"

    @property
    def starts_at(self) -> datetime:
        """The instant at which it begins."""
        return _instant(self.start, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over."""
        last = self.end if self.end is not None else self.start
        return last if isinstance(last, datetime) else _instant(last + timedelta(days=1), self.zone)


def _instant(moment: datetime | date, zone: str) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), ZoneInfo(zone))


def number_of_uid(uid: str) -> int:
    """The number of the event that this identifier is ours of; 0 when it is somebody else's."""
    head, _, host = uid.strip().removeprefix(URN).partition("@")
    kind, _, number = head.partition("-")
    return int(number) if host == _UID_HOST and kind == _UID_KIND and number.isdecimal() and len(number) < 12 else 0


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events an outlet gives: of these regions and those of the whole country, of these commitments, announced by
    this partner. Nothing said = all."""

    regions: tuple[str, ...] = ()
    topics: tuple[int, ...] = ()
    partner: str = ""

    def keeps(self, one: Occasion) -> bool:
        """Whether this event is among them."""
        if self.regions and one.regions and not set(self.regions) & set(one.regions):
            return False
        if self.topics and not set(self.topics) & set(one.topics):
            return False
        names = (one.organiser, *one.relays)
        return not self.partner or fold(self.partner) in map(fold, names)

    def of(self, occasions: Iterable[Occasion]) -> Sequence[Occasion]:
        """Those that it keeps, in their order."""
        return [one for one in occasions if self.keeps(one)]


def stated(moment: datetime | date) -> str:
    """With its offset, or a bare day with the last one included."""
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else moment.isoformat()
