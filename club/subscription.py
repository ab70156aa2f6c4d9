"""What a person or a channel asked to receive, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from club.people import Place


class Rhythm(StrEnum):
    """How often an edition is due; `interval` every so many minutes (demonstration, choice A7)."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    INTERVAL = "interval"


@dataclass(frozen=True, slots=True)
class Cadence:
    """When editions are due: local time in a zone. `weekday` 0 = Monday; monthly: the first such day of the month.

    An interval of so many `minutes` begins at the minutes and seconds of `at`.
    """

    rhythm: Rhythm = Rhythm.WEEKLY
    at: time = time(8)
    weekday: int = 1
    zone: str = "Europe/Paris"
    minutes: int = 0  # interval only


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be chosen: `topics` are commitment numbers (() = all), `regions` INSEE codes (() = all).

    National items always match. Equal wishes share one composition (decision 16).
    """

    topics: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """One standing order: who or which channel, what, when, and up to where it was served."""

    place: Place
    wish: Wish
    cadence: Cadence
    watermark: datetime  # entries kept after this instant are new to it
    id: int = 0
    person: int | None = None  # None = a channel
    name: str = ""  # a channel's name
    theme: str = ""  # what was chosen, as chosen: a theme's code of topics.toml, or ""
    paused: str = ""  # text key of the reason; "" = active
