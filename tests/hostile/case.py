"""What a hostile source does, and what the hub must make of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from club.news import Health, News
from club.texts import Texts
from connectors.address import MAX_LENGTH
from connectors.sources.agenda import AFTER, BEFORE
from connectors.sources.clean import TITLE
from connectors.sources.dates import AHEAD, EARLIEST
from connectors.sources.identity import KEPT
from storage.sources import SourceState
from tests.hostile.server import Answer, says

SECRET = "SECRET"  # what the server that nobody may visit says, and the files that nobody may read
TEXTS = Texts()
# Promise 16: controls, invisible marks, bidi, surrogates, private use, tags.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufeff\U000e0000-\U000e007f]"
)
PASSES = 4  # over those that are visited again
LARGEST = 65_536  # bytes of text of one entry (promise 14)


@dataclass(frozen=True)
class Case:
    """`answer` is what its port says; `url` is visited instead of that port, with {port} and {secret} filled in.

    `keys` are the troubles that may be told (none: it is read), `kept` how many entries are stored, `titles` some
    of them, `lacks` what no entry may hold, `requests` the most that its port may be asked. A `slow` one takes the
    time it is given.
    """

    name: str
    answer: Answer | None = None
    keys: tuple[str, ...] = ()
    url: str = ""
    kept: range | int = 0
    titles: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    links: tuple[str | None, ...] | None = None
    health: Health | None = None
    requests: int = 1
    slow: bool = False
    kind: str = "auto"
    again: bool = False  # what counts is what is kept after several visits
    flood: bool = False  # it keeps both ends busy for as long as it may
    names: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)  # name: answers, one a look-up
    lookup: float = 0.0  # seconds that its names take
    dials: frozenset[str] = frozenset()  # addresses of the outside, led to its port

    @property
    def listens(self) -> Answer:
        return self.answer or says(SECRET, type="text/plain")

    @property
    def passes(self) -> int:
        return PASSES if self.again else 1

    def wanted(self) -> Health:
        if self.health:
            return self.health
        return Health.ERROR if self.keys else Health.OK


def blocked(name: str, url: str, *keys: str, **more: object) -> Case:
    """An address that is refused before anything is asked of its port."""
    return Case(name, url=url, keys=keys or ("trouble-address",), health=Health.BLOCKED, requests=0, **more)  # type: ignore[arg-type]


def trouble(name: str, answer: Answer, *keys: str, **more: object) -> Case:
    return Case(name, answer, keys, **more)  # type: ignore[arg-type]


def read(name: str, answer: Answer, kept: range | int, **more: object) -> Case:
    return Case(name, answer, kept=kept, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Outcome:
    """What became of one source."""

    state: SourceState
    entries: tuple[News, ...]
    asked: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        if self.state.trouble:
            return " ".join(TEXTS.plain(self.state.trouble, **self.state.trouble_values).split())
        return f"lu\u00a0: {len(self.entries)} entrée{'s' if len(self.entries) > 1 else ''}"


def faults(case: Case, outcome: Outcome, now: datetime) -> list[str]:
    """What is not as it must be."""
    return [f"{case.name}: {fault}" for fault in (*_ends(case, outcome), *_entries(outcome.entries, now))]


def _ends(case: Case, outcome: Outcome) -> Iterator[str]:
    state, entries = outcome.state, outcome.entries
    if state.visited_at is None:
        yield "was not visited"
        return
    if state.health is not case.wanted() or (state.trouble or None) not in (case.keys or (None,)):
        yield f"{state.health} {state.trouble}, not {case.wanted()} {' or '.join(case.keys)}"
    kept = case.kept if isinstance(case.kept, range) else (case.kept,)
    if len(entries) not in kept:
        yield f"{len(entries)} entries, not {case.kept}"
    titles = [entry.title for entry in entries]
    yield from (f"{title!r} is not among {titles[:5]}" for title in case.titles if title not in titles)
    if case.links is not None and (found := {entry.link for entry in entries}) - set(case.links):
        yield f"links {found}, not {case.links}"
    stored = "\n".join(_said(entries))
    yield from (f"{word!r} is stored" for word in (*case.lacks, SECRET) if word in stored)
    if not outcome.words.strip():
        yield "no words"
    if len(outcome.asked) > case.requests * case.passes:
        yield f"{len(outcome.asked)} requests, not {case.requests * case.passes}"


def _entries(entries: Sequence[News], now: datetime) -> Iterator[str]:
    """Promises 14, 16, 17, 20, for whatever was stored."""
    if len(entries) > KEPT:
        yield f"{len(entries)} entries are kept"
    for entry in entries:
        about = f"entry {entry.title[:40]!r}"
        texts = list(_said((entry,)))
        if any(FORBIDDEN.search(text.replace("\n", "")) for text in texts):
            yield f"{about} holds what is never stored"
        if len(entry.title) > TITLE or sum(len(text.encode()) for text in texts) > LARGEST:
            yield f"{about} is too long"
        if entry.link and (not re.match(r"https?://[^\s/@]+(/|$|\?|#)", entry.link) or len(entry.link) > MAX_LENGTH):
            yield f"{about} leads to {entry.link[:100]}"
        if entry.published and not EARLIEST <= entry.published <= now + AHEAD:
            yield f"{about} is of {entry.published}"
        if entry.start and not _within(entry.start, now):
            yield f"{about} is on {entry.start}"


def _said(entries: Iterable[News]) -> Iterator[str]:
    for entry in entries:
        yield from (entry.title, entry.summary, entry.link or "", entry.guid, entry.place)


def _within(start: datetime | date, now: datetime) -> bool:
    moment = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day, tzinfo=UTC)
    return now - BEFORE - timedelta(days=1) <= moment <= now + AFTER + timedelta(days=1)
