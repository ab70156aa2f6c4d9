"""What features ask of the knowledge base: a question in time, the one before it for a while, and nothing on disk."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from club.faq.base import Entry
from club.faq.passages import Passage, Passages
from club.faq.verdicts import Outcome, Verdict
from club.fold import fold

WITHIN = 1.5  # seconds that an answer may take before it is said to be in preparation
FOLLOWS = timedelta(minutes=10)  # F7
_REMEMBERED = 2000  # questions, the last ones
_LONGEST_FOLLOWING = 12  # words
_FOLLOWING = re.compile(r"(?:et|mais|alors|meme question)\b")

Find = Callable[[str], Awaitable[Verdict]]


def _now() -> datetime:
    return datetime.now(UTC)


class NotReady(Exception):  # noqa: N818 — a state, not a fault
    """The answers are being prepared: ask again in a minute."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question comes to. `verdict` None: the answers are not there yet. `before`: the question that it goes on
    from, "" = none, and `subject`, the entry that answered that one."""

    question: str
    verdict: Verdict | None
    before: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its person asked it, the entry that answered, "" = none, and those that came next."""

    question: str
    account: str
    place: str
    at: datetime
    entry: str = ""
    near: tuple[str, ...] = ()


class Knowledge:
    """The knowledge base as people reach it; without `find` it is off. What was asked lives in memory only, for who
    asked it (promise 70)."""

    def __init__(self, find: Find | None = None, clock: Callable[[], datetime] = _now) -> None:
        self._find = find
        self._clock = clock
        self._entries: Mapping[str, Entry] = {}
        self._passages = Passages()
        self._asked: dict[int, Asked] = {}
        # Not from 1 at each start: a button of before must not mean a question of today.
        self._numbers = itertools.count(secrets.randbelow(900_000) + 100_000)
        self._late: set[asyncio.Future[Verdict | None]] = set()

    @property
    def is_on(self) -> bool:
        """Whether questions are answered here at all."""
        return self._find is not None

    @property
    def entries(self) -> Mapping[str, Entry]:
        """What may be answered with, by id."""
        return self._entries

    def know(self, entries: Iterable[Entry]) -> None:
        """Show these entries from now on."""
        self._entries = {entry.id: entry for entry in entries}

    def shelve(self, passages: Passages) -> None:
        """Search these texts from now on."""
        self._passages = passages

    def extracts(self, question: str) -> tuple[Passage, ...]:
        """What these texts say of a question that no entry answers."""
        return self._passages.find(question)

    async def seek(self, question: str, account: str, place: str) -> Found | None:
        """What the question comes to, within a moment; None when questions are not answered here."""
        if not self.is_on:
            return None
        before = self._before(account, place) if _follows(question) else None
        if before is None:
            return Found(question, await self._ask(question))
        return Found(question, await self._ask(f"{before.question} {question}"), before.question, before.entry)

    async def _ask(self, question: str) -> Verdict | None:
        task = asyncio.ensure_future(self._in_time(question))
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        done, _ = await asyncio.wait({task}, timeout=WITHIN)  # it is let to end: to stop it would stop the others too
        return task.result() if done else None

    async def _in_time(self, question: str) -> Verdict | None:
        with suppress(NotReady):
            return await self._find(question) if self._find else None
        return None

    def remember(self, question: str, account: str, place: str, entry: str, near: tuple[str, ...]) -> int:
        """Its number, for the buttons below the answer."""
        if len(self._asked) >= _REMEMBERED:
            self._asked.pop(next(iter(self._asked)))
        number = next(self._numbers)
        self._asked[number] = Asked(question, account, place, self._clock(), entry, near)
        return number

    def recall(self, number: int | None, account: str) -> Asked | None:
        """The question of that number; None when it is somebody else's or was forgotten."""
        asked = self._asked.get(number or 0)
        return asked if asked and asked.account == account else None

    def _before(self, account: str, place: str) -> Asked | None:
        """The question that this person asked there last, a moment ago."""
        for asked in reversed(self._asked.values()):
            if (asked.account, asked.place) == (account, place):
                return asked if asked.entry and self._clock() - asked.at <= FOLLOWS else None
        return None


def _follows(question: str) -> bool:
    """« Et pour une commune rurale ? » says nothing without what was said before."""
    said = fold(question)
    return bool(_FOLLOWING.match(said)) and len(said.split()) <= _LONGEST_FOLLOWING


def is_sure(verdict: Verdict) -> bool:
    """Whether it is answered at once."""
    return verdict.outcome in (Outcome.ANSWER, Outcome.TALK)
