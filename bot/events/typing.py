"""What people type of a gathering and how it is read: its date, its place, what goes with it; and written back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import fields
from bot.events.rights import organisations_of
from bot.feature import Desk
from club.dialogue import Choice, Field, Kind, Reading, Request
from club.fold import fold
from club.gathering import Gathering, Mode, Nature
from club.news import SourceTrouble
from club.refusal import Refused
from club.regions import regions
from club.spans import TimeSpan, read_span, write_span
from club.topics import topics
from connectors.address import check_url

MOST_PLACES = 100_000
_URL = re.compile(r"https?://\S+")
_ONLINE = frozenset(("en ligne", "visio", "visioconference", "webinaire", "distanciel", "a distance"))


@dataclass(frozen=True, slots=True)
class Where:
    """A place, a link to connect, or both."""

    venue: str = ""
    link: str = ""
    mode: Mode = Mode.ON_SITE


def read_where(typed: str, _: Reading) -> Where:
    """« Salle des fêtes, Lille », « en ligne », « https://… », or a place and an address."""
    found = _URL.search(typed)
    link = checked(found[0].rstrip(".,;)")) if found else ""
    rest = typed.replace(found[0], " ") if found else typed
    venue = " ".join(rest.split()).strip(" ,;·-–—()")
    if len(venue) > 200:
        raise Refused("field-too-long", most=200, found=len(venue))
    if fold(venue) in _ONLINE:
        return Where("", link, Mode.ONLINE)
    words = fold(venue)
    if link or any(f" {said} " in f" {words} " for said in _ONLINE):
        return Where(venue, link, Mode.HYBRID if venue else Mode.ONLINE)
    if not venue:
        raise Refused("field-empty")
    return Where(venue)


def write_where(one: Where, online: str) -> str:
    """The same as `read_where` reads it back; `online` is the word for a link that is not known yet."""
    return " ".join(filter(None, (one.venue, one.link))) or online


def place_of(one: Gathering, online: str) -> str:
    """Where it takes place, as the form takes it."""
    return write_where(Where(one.venue, one.link, one.mode), online)


def span_of(one: Gathering) -> str:
    """When it takes place, as the form takes it."""
    zone = ZoneInfo(one.zone)
    return write_span(TimeSpan(_local(one.start, zone), None if one.end is None else _local(one.end, zone)))


def _local(moment: datetime | date, zone: ZoneInfo) -> datetime | date:
    return moment.astimezone(zone) if isinstance(moment, datetime) else moment


def checked(typed: str) -> str:
    """A web address; Refused with what is wrong with it."""
    try:
        return check_url(typed.strip())
    except SourceTrouble as trouble:
        raise Refused(trouble.key, **trouble.values) from None


def _span(typed: str, reading: Reading) -> TimeSpan:
    return read_span(typed, reading.today)


def _address(typed: str, _: Reading) -> str:
    return checked(typed)


def _nature(code: str, _: Reading) -> Nature:
    return Nature(code)


def _regions(typed: str, _: Reading) -> tuple[str, ...]:
    return tuple(filter(None, typed.split(",")))


def _topics(typed: str, _: Reading) -> tuple[int, ...]:
    known = topics()
    numbers = (number for code in filter(None, typed.split(",")) for number in known.commitments_of(known.theme(code)))
    return tuple(dict.fromkeys(numbers))


def _places(typed: str, reading: Reading) -> int:
    number = fields.number(typed, reading)
    if not 1 <= number <= MOST_PLACES:
        raise Refused("event-places-bounds", found=number, most=MOST_PLACES)
    return number


GATHERING = Field("g", fields.number)  # a button or a form tells it
ORGANISER = Field("event-organiser", fields.code, Kind.CHOICE, "events-organisers")
TITLE = Field("event-title", fields.line(4, 200))
WHEN = Field("event-when", _span)
PLACE = Field("event-where", read_where)
ABOUT = Field("event-about", fields.paragraph(0, 4000), Kind.PARAGRAPH, required=False)
NATURE = Field("event-nature", _nature, Kind.CHOICE, "events-natures")
REGIONS = Field("event-regions", _regions, Kind.CHOICES, "regions", required=False)
THEMES = Field("event-themes", _topics, Kind.CHOICES, "themes", required=False)
PLACES = Field("event-places", _places, Kind.NUMBER, required=False)
PAGE = Field("event-page", _address, required=False)


async def organisers(request: Request, desk: Desk) -> Sequence[Choice]:
    """In whose name this person may hold one."""
    return [Choice(f"o{one.id}", one.name) for one in await organisations_of(request, desk)]


async def natures(request: Request, desk: Desk) -> Sequence[Choice]:
    """What kinds there are."""
    return [Choice(one.value, desk.texts.plain(f"nature-{one}")) for one in Nature]


def zone_of(codes: Sequence[str], otherwise: str) -> str:
    """The zone of the one region that was named, else the other one."""
    return regions().region(codes[0]).zone if len(codes) == 1 else otherwise


LISTS = {"events-organisers": organisers, "events-natures": natures}
FIXED = frozenset({"events-natures"})
