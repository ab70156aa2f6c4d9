"""What the demonstration's partners have published at an instant: `partners/*.toml`, read and dated.

Pure once loaded: the same start and the same minute always give the same entries.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
MINUTE = timedelta(minutes=1)
SATURDAY = 5
SOON = 3  # every so many minutes something for a narrow choice: two letters are four minutes apart
SLUG = 70  # characters of an address, cut between words

_OFFSET = re.compile(r"(?P<days>[+-]\d+)d(?:/(?P<length>\d+))?(?: (?P<time>\d\d:\d\d))?|-(?P<hours>\d+)h")
_DATE_IN_TEXT = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class PressTexts:
    """How the site speaks of itself and writes dates (`texts.toml`)."""

    banner: str
    notice: str
    again: str
    again_text: str
    months: Sequence[str]
    first: str
    both: str
    hour: str

    def day(self, day: date) -> str:
        """The day and month in words, without the year."""
        return f"{self._number(day)} {self.months[day.month - 1]}"

    def days(self, first: date, last: date) -> str:
        """Two days in words, their month once if it is the same."""
        if first == last:
            return self.day(first)
        one = self._number(first) if first.month == last.month else self.day(first)
        return self.both.format(one=one, two=self.day(last))

    def clock(self, at: datetime) -> str:
        """« 9h30 », as this site writes hours."""
        return self.hour.format(hour=at.hour, minute=at.minute)

    def _number(self, day: date) -> str:
        return self.first if day.day == 1 else str(day.day)


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article or an event as the data files write it, its dates relative to the start (`partners/LISEZMOI.md`).

    `story` is shared by drafts that tell the same news: a reader should see them as one. A fresh one that comes `soon`
    is for whoever made a narrow choice: one of them every few minutes from the beginning.
    """

    title: str
    text: str
    tags: Sequence[str] = ()
    at: str = ""
    start: str = ""
    end: str = ""
    zone: str = ""
    place: str = ""
    repeat: bool = False
    cancelled: bool = False
    story: str = ""
    soon: bool = False


@dataclass(frozen=True, slots=True)
class Outlet:
    """One address of a partner's site: how it is built (`shape`, of cms.py) and what it publishes."""

    code: str
    name: str
    partner: str
    title: str
    host: str
    shape: str
    path: str
    kind: str = "auto"
    region: str = ""
    zone: str = "Europe/Paris"
    trusted: bool = False
    base: tuple[RawArticle, ...] = ()
    fresh: tuple[RawArticle, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A dated article, or an event when it has a `start`; all-day events have bare dates, the last day included."""

    number: int
    slug: str
    title: str
    text: str
    tags: Sequence[str]
    published: datetime
    zone: str
    start: datetime | date | None = None
    end: datetime | date | None = None
    place: str = ""
    repeat: bool = False
    cancelled: bool = False

    @property
    def all_day(self) -> bool:
        """True when it has days but no hour."""
        return self.start is not None and not isinstance(self.start, datetime)


def load_texts() -> PressTexts:
    """What `texts.toml` says."""
    return PressTexts(**tomllib.loads((HERE / "texts.toml").read_text("utf-8")))


def load_outlets() -> tuple[Outlet, ...]:
    """Every partner's outlet, in the order of file names."""
    return tuple(
        _outlet(path.stem, tomllib.loads(path.read_text("utf-8")))
        for path in sorted((HERE / "partners").glob("*.toml"))
    )


def _outlet(code: str, table: Mapping[str, Any]) -> Outlet:
    drafts = {key: tuple(RawArticle(**draft) for draft in table.get(key, ())) for key in ("base", "fresh")}
    return Outlet(code=code, **{**table, **drafts})


def _spread(turns: Sequence[tuple[Outlet, RawArticle]]) -> list[tuple[Outlet, RawArticle]]:
    """The turns in their order, with those that come soon spread over the first minutes."""
    spread = [turn for turn in turns if not turn[1].soon]
    for place, turn in enumerate(turn for turn in turns if turn[1].soon):
        spread.insert(place * SOON, turn)
    return spread


class PartnerPress:
    """All outlets from `started` on: what was there, then one new entry a minute, each outlet in turn."""

    def __init__(self, outlets: Sequence[Outlet], texts: PressTexts, started: datetime) -> None:
        self.outlets = {outlet.code: outlet for outlet in outlets}
        self.texts = texts
        self.started = started.replace(microsecond=0)
        rounds = zip_longest(*([(outlet, draft) for draft in outlet.fresh] for outlet in outlets))
        self._reserve = _spread([turn for turn in chain.from_iterable(rounds) if turn])
        # An event takes place once: only articles come back when the reserve is used up.
        self._again = [turn for turn in self._reserve if not turn[1].start]
        self._base = {
            outlet.code: sorted(
                (self._dated(outlet, draft, self.started) for draft in outlet.base),
                key=lambda entry: entry.published,
                reverse=True,
            )
            for outlet in outlets
        }

    def entries(self, outlet: Outlet, now: datetime) -> Iterator[Article]:
        """What this outlet shows at `now`, newest first."""
        for turn in range((now - self.started) // MINUTE - 1, -1, -1):
            publisher, draft, lap = self._turn(turn)
            if publisher.code == outlet.code:
                yield self._dated(outlet, draft, self.started + (turn + 1) * MINUTE, lap)
        yield from self._base[outlet.code]

    def _turn(self, turn: int) -> tuple[Outlet, RawArticle, int]:
        if turn < len(self._reserve):
            return *self._reserve[turn], 1
        laps, place = divmod(turn - len(self._reserve), len(self._again))
        return *self._again[place], laps + 2

    def _dated(self, outlet: Outlet, draft: RawArticle, now: datetime, lap: int = 1) -> Article:
        zone = ZoneInfo(draft.zone or outlet.zone)
        today = now.astimezone(zone).date()
        title, text = (self._in_words(words, today) for words in (draft.title, draft.text))
        slug = _slug(draft.title)
        number = crc32(f"{outlet.code}/{slug}".encode()) % 900_000 + 100_000 + (lap - 1) * 1_000_000
        if lap > 1:
            title = self.texts.again.format(title=title, lap=lap)
            text = self.texts.again_text.format(text=text, lap=lap)
            slug = f"{slug}-{lap}"
        start, end = _when(draft, today, zone)
        return Article(
            number=number,
            slug=slug,
            title=title,
            text=text,
            tags=draft.tags,
            published=_published(draft.at, now, zone),
            zone=zone.key,
            start=start,
            end=end,
            place=draft.place,
            repeat=draft.repeat,
            cancelled=draft.cancelled,
        )

    def _in_words(self, text: str, today: date) -> str:
        return _DATE_IN_TEXT.sub(lambda found: self.texts.days(*_days(_offset(found[1]), today)), text)


def _offset(text: str) -> re.Match[str]:
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found


def _published(at: str, now: datetime, zone: ZoneInfo) -> datetime:
    if not at:
        return now
    offset = _offset(at)
    if offset["hours"]:
        return now - timedelta(hours=int(offset["hours"]))
    first, _ = _days(offset, now.astimezone(zone).date())
    return datetime.combine(first, time.fromisoformat(offset["time"]), zone)


def _days(offset: re.Match[str], today: date) -> tuple[date, date]:
    """First and last day. Nobody meets on a Sunday: a span ahead that touches a weekend begins on Monday."""
    first = today + timedelta(days=int(offset["days"]))
    length = timedelta(days=int(offset["length"] or 1) - 1)
    if first > today and max(first.weekday(), (first + length).weekday()) >= SATURDAY:
        first += timedelta(days=7 - first.weekday())
    return first, first + length


def _when(draft: RawArticle, today: date, zone: ZoneInfo) -> tuple[datetime | date | None, datetime | date | None]:
    if not draft.start:
        return None, None
    offset = _offset(draft.start)
    first, last = _days(offset, today)
    if not offset["time"]:
        return first, last
    return (
        datetime.combine(first, time.fromisoformat(offset["time"]), zone),
        datetime.combine(last, time.fromisoformat(draft.end), zone),
    )


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", _DATE_IN_TEXT.sub("", title).replace("œ", "oe"))
    words = "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower()))
    return words if len(words) <= SLUG else words[: words.rindex("-", 0, SLUG + 1)]
