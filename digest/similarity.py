"""Which notices tell one story: near-identical titles, one address or one gathering, never two instalments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from club.fold import words
from club.news import News
from digest.titles import Title, read_title

APART = timedelta(days=10)  # news further apart are two stories
_REPEAT = timedelta(days=3)  # one source says the same again: later, it is its weekly rubric
_TRACKING = re.compile(r"^(?:utm_|pk_|mtm_|at_|debut_)|^(?:xtor|fbclid|gclid|chash|phpsessid|var_mode)$", re.IGNORECASE)
_HALF, _NEAR = 0.5, 0.6  # shares of common words
_OPENING = 30  # words of a summary that are compared
_ENOUGH_WORDS = 12
_KNOWN_BY = 3  # words a title needs to be recognised alone
_ANYWHERE = frozenset(
    words(
        "a au aux avenue bis boulevard cedex centre chemin d de des du en espace et france hall hotel l la le les "
        "ligne maison mairie place rue saint salle sainte sur ville visioconference visio"
    )
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is compared of an entry. `at`: when it was published, else kept; `story`: the story it was given, 0 = none
    yet."""

    id: int
    source: str
    title: str
    at: datetime
    link: str | None = None
    summary: str = ""
    guid: str = ""
    start: datetime | date | None = None
    place: str = ""
    story: int = 0

    @classmethod
    def of(cls, news: News) -> Self:
        """The Notice of a kept entry."""
        return cls(
            news.id,
            news.source,
            news.title,
            news.published or news.kept_at,
            news.link,
            news.summary,
            news.guid,
            news.start,
            news.place,
            news.story,
        )


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A Notice with what costs time to read from it."""

    notice: Notice
    title: Title
    link: str
    opening: frozenset[str]
    day: date | None
    town: frozenset[str]


class Stories:
    """The stories of the recent entries, looked up by the words of a title rather than one by one."""

    def __init__(self, recent: Iterable[Notice] = ()) -> None:
        self._sketches: list[_Sketch] = []
        self._story: dict[int, int] = {}
        self._having: dict[str, list[int]] = {}
        for notice in recent:
            self.add(notice)

    def add(self, notice: Notice) -> int:
        """The story of `notice`: the one it had, else the oldest that tells the same, else its own id. It counts from
        now on. A story never changes its number (choice A13), so entries are added oldest first."""
        if notice.id in self._story:
            return self._story[notice.id]
        sketch = _sketch(notice)
        story = notice.story or min((self._story[s.notice.id] for s in self._like(sketch)), default=notice.id)
        self._story[notice.id] = story
        for key in _keys(sketch):
            self._having.setdefault(key, []).append(len(self._sketches))
        self._sketches.append(sketch)
        return story

    def _like(self, sketch: _Sketch) -> Iterator[_Sketch]:
        common: Counter[int] = Counter()
        for key in _keys(sketch):
            common.update(self._having.get(key, ()))
        size = len(sketch.title.stems)
        # Alike titles share half of their words, so a third of either's: the costly comparison is for these only.
        for index in [index for index, shared in common.items() if 3 * shared >= size]:
            if _same(sketch, self._sketches[index]):
                yield self._sketches[index]


def same_story(a: Notice, b: Notice) -> bool:
    """True when both tell the same news or announce the same gathering; symmetric."""
    return _same(_sketch(a), _sketch(b))


def link_key(link: str | None) -> str:
    """The address without scheme, « www », tracking and final slash; "" for a home page or none: it tells nothing."""
    try:
        parts = urlsplit(link or "")
        host = (parts.hostname or "").removeprefix("www.")
        # SPIP's « ?article12 » has no value.
        given = parse_qsl(parts.query, keep_blank_values=True)
        query = urlencode(sorted((k, v) for k, v in given if not _TRACKING.search(k)))
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    return f"{host}{path}?{query}" if host and (path or query) else ""


def _keys(sketch: _Sketch) -> frozenset[str]:
    """What to look a notice up by: two notices of one story have a key in common."""
    # A title without a word of its own (« 2027 ») can only be found by who says it.
    said = sketch.title.stems or frozenset({f"@{sketch.notice.source}"})
    return said | {f"={sketch.link}"} - {"="}


def _sketch(notice: Notice) -> _Sketch:
    start = notice.start
    opening = words(notice.summary[: _OPENING * 20])[:_OPENING]
    return _Sketch(
        notice=notice,
        title=read_title(notice.title),
        link=link_key(notice.link),
        opening=frozenset(opening) if len(opening) >= _ENOUGH_WORDS else frozenset(),
        day=start.date() if isinstance(start, datetime) else start,
        town=frozenset(word for word in words(notice.place) if word not in _ANYWHERE and not word.isdigit()),
    )


def _same(a: _Sketch, b: _Sketch) -> bool:
    if a.notice.id == b.notice.id and a.notice == b.notice:
        return True
    if (a.day is None) != (b.day is None) or not _may_agree(a.title, b.title):
        return False
    if a.day is not None:
        return _same_gathering(a, b)
    apart = abs(a.notice.at - b.notice.at)
    return apart <= APART and _same_news(a, b, apart)


def _may_agree(a: Title, b: Title) -> bool:
    """False when a number, an instalment or a moment tells them apart, or each names somebody the other does not."""
    return (
        a.parts == b.parts
        and a.moments == b.moments
        and all(x <= y or y <= x for x, y in ((a.years, b.years), (a.numbers, b.numbers)))
        and not (a.names - b.stems and b.names - a.stems)
    )


def _same_gathering(a: _Sketch, b: _Sketch) -> bool:
    """Same day, same town, near title. Occurrences of one calendar entry are one story."""
    if a.notice.source == b.notice.source and a.notice.guid and a.notice.guid == b.notice.guid:
        return a.title == b.title
    if a.day != b.day:
        return False
    if a.link and a.link == b.link:
        return _share(a.title.stems, b.title.stems) >= _HALF
    if a.town and b.town:
        return bool(a.town & b.town) and _share(a.title.stems, b.title.stems) >= _NEAR
    return _same_title(a.title, b.title)


def _same_news(a: _Sketch, b: _Sketch, apart: timedelta) -> bool:
    shared = _share(a.title.stems, b.title.stems)
    if a.link and a.link == b.link:
        return shared >= _HALF
    if a.notice.source == b.notice.source:
        return a.title == b.title and apart <= _REPEAT and a.title.size >= _KNOWN_BY
    if a.opening and b.opening and _share(a.opening, b.opening) >= 0.8 and shared >= _HALF:
        return True
    return _same_title(a.title, b.title)


def _same_title(a: Title, b: Title) -> bool:
    """The same words, or a title and its longer form, or slips of the pen."""
    if min(a.size, b.size) < _KNOWN_BY:
        return False
    more, less = a.stems - b.stems, b.stems - a.stems
    if not more and not less:
        return True
    common = len(a.stems & b.stems)
    if common <= _KNOWN_BY:
        return False
    if not more or not less:
        named = (a.names | b.names) & (more | less)
        return not named and len(more | less) <= max(1, int(0.4 * common))
    if len(more) != len(less) or len(more) > 2 or more & a.names or less & b.names:
        return False
    return all(_slip(x, y) for x, y in zip(sorted(more), sorted(less), strict=True))


def _slip(x: str, y: str) -> bool:
    first, second = sorted((x, y))  # their order changes SequenceMatcher's answer
    return min(len(x), len(y)) > 4 and SequenceMatcher(None, first, second).ratio() >= 0.85


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    """How much two sets have in common, 0 to 1."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
