"""Who has a place: sign-ups of a gathering, by family, in the order in which they came. Pure.

Nobody is skipped and there are never more people than places: a place goes to the first in order who may take it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from club.gathering import Gathering, Terms
from club.organisation import Family


class Seat(StrEnum):
    """Whether somebody has a place, waits for one, or gave it up."""

    TAKEN = "taken"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Signup:
    """One person's sign-up; `rank` is the order of arrival in this gathering. `shares_name`: the organiser may see the
    name; `shares_organisation`: others who come may see the organisation."""

    id: int
    gathering: int
    person: int
    family: Family
    seat: Seat
    rank: int
    name: str = ""
    organisation: str = ""
    shares_name: bool = True
    shares_organisation: bool = False
    needs: str = ""
    answers: tuple[str, ...] = ()
    made_at: datetime | None = None
    came_at: datetime | None = None


def are_released(gathering: Gathering, now: datetime) -> bool:
    """Whether places that families did not use are for everyone: from midnight of the date chosen, in its zone."""
    day = gathering.terms.release_on
    return day is not None and now.astimezone(ZoneInfo(gathering.zone)).date() >= day


def room_for(terms: Terms, family: Family, taken: Counter[Family], *, released: bool) -> bool:
    """Whether one more of this family gets a place, given those taken."""
    total = sum(taken.values())
    if terms.quotas and not released:
        return taken[family] < terms.quotas.get(family, 0)
    most = terms.capacity if terms.capacity is not None else sum(terms.quotas.values()) or None
    return most is None or total < most


def to_promote(gathering: Gathering, signups: Iterable[Signup], now: datetime) -> Sequence[Signup]:
    """Those who wait and for whom there is a place now, in order."""
    known = sorted(signups, key=lambda one: one.rank)
    taken = Counter(one.family for one in known if one.seat is Seat.TAKEN)
    released = are_released(gathering, now)
    promoted = []
    for one in known:
        if one.seat is Seat.WAITING and room_for(gathering.terms, one.family, taken, released=released):
            taken[one.family] += 1
            promoted.append(one)
    return promoted


def place_in_line(signups: Iterable[Signup], mine: Signup, terms: Terms, *, released: bool) -> int:
    """How many of those who wait for the same places come before, this one included: 1 = the next."""
    one_line = released or not terms.quotas
    before = (one for one in signups if one.seat is Seat.WAITING and one.rank <= mine.rank)
    return sum(one_line or one.family is mine.family for one in before)
