"""What questions are answered from: the entries that ship with the program and those written in chat, which go live
once the questions kept so far are answered no worse with them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from bot.changes import change
from bot.feature import Desk, Hub
from bot.questions.chat_entries import entry_of, ident
from bot.questions.process import Answers
from club.dialogue import Action, Message
from club.faq.base import Entry, load_entries
from club.faq.knowledge import Knowledge, NotReady
from club.faq.samples import Labelled, load_labelled
from club.faq.verdicts import Outcome, Verdict
from storage.faq_entries import Written

log = logging.getLogger(__name__)

_EVERY = 8  # of the questions that ship, each so many-th is asked again: some three hundred
_SHOWN = 3  # questions that got worse, in the report
_TOLD = 4  # times that the card says how far it is, the beginning included


@dataclass(frozen=True, slots=True)
class Replay:
    """How many questions were asked again, and those whose right answer was lost."""

    asked: int
    worse: tuple[str, ...]


class Learning:
    """A job: reads the entries when it first runs, then tries those that were validated. `spare` makes the answers
    that a candidate is tried with."""

    def __init__(
        self,
        knowledge: Knowledge,
        answers: Answers,
        spare: Callable[[], Answers],
        read: Callable[[], Sequence[Entry]] = load_entries,
        asked: Callable[[], Sequence[Labelled]] = load_labelled,
    ) -> None:
        self._knowledge = knowledge
        self._answers = answers
        self._spare = spare
        self._read = read
        self._asked = asked
        self._samples: Sequence[Labelled] = ()
        self._entries: tuple[Entry, ...] = ()

    async def run(self, hub: Hub) -> None:
        """Job: make entries that were validated live, or refuse them."""
        if not self._entries:
            await self._begin(hub)
        if not self._answers.ready.is_set():
            return
        async with hub.store.read() as tx:
            found = await tx.faq_entries.of_state("checking")
        for one in found:
            await self._try(one, hub)

    async def _begin(self, hub: Hub) -> None:
        shipped = await asyncio.to_thread(self._read)
        self._samples = await asyncio.to_thread(self._asked)
        async with hub.store.read() as tx:
            own = await tx.faq_entries.of_state("live")
        self._use((*shipped, *(entry_of(one, hub.clock()) for one in own)))
        log.info("entries read", extra={"entries": len(self._entries)})

    def _use(self, entries: tuple[Entry, ...]) -> None:
        self._entries = entries
        self._knowledge.know(entries)
        self._answers.start(entries, self._samples)

    async def _try(self, one: Written, hub: Hub) -> None:
        entry = entry_of(one, hub.clock())
        async with hub.store.read() as tx:
            judged = await tx.questions.since(datetime.min.replace(tzinfo=UTC))
        kept = [Labelled(one.question, one.entry) for one in judged if one.is_label]
        questions = [*kept, *self._samples[::_EVERY]]

        async def told(done: int) -> None:
            async with hub.desk() as desk:
                await _advance(one, done, len(questions), desk)

        replay = await self._replay((*self._entries, entry), questions, told)
        state = "refused" if replay.worse else "live"
        async with hub.desk() as desk:
            if await desk.tx.faq_entries.checked(one.id, state):
                came_to = change(
                    {"state": "journal-is-checking"}, {"question": one.question, "state": f"journal-is-{state}"}
                )
                await desk.tx.journal.note(desk.now, f"entry.{state}", f"entry={one.id}", **came_to)
                await _tell(one, replay, desk)
        if not replay.worse:
            self._use((*self._entries, entry))

    async def _replay(
        self, entries: tuple[Entry, ...], questions: Sequence[Labelled], told: Callable[[int], Awaitable[None]]
    ) -> Replay:
        """Ask them again of both: a right answer that becomes another one, or none at all, is a loss. How many were
        asked is `told` from time to time."""
        spare = self._spare()
        spare.start(entries, self._samples)
        try:
            await told(0)
            await spare.ready.wait()
            worse = []
            for number, one in enumerate(questions):
                if number and number % ceil(len(questions) / _TOLD) == 0:
                    await told(number)
                before, after = await _find(self._answers, one.question), await _find(spare, one.question)
                if before and after and _is_right(before, one.entry) and not _is_kept(after, one.entry):
                    worse.append(one.question)
        finally:
            await spare.stop()
        return Replay(len(questions), tuple(worse))


async def _find(answers: Answers, question: str) -> Verdict | None:
    with suppress(NotReady):
        return await answers.find(question)
    return None


def _is_right(verdict: Verdict, entry: str) -> bool:
    return verdict.entry is not None and verdict.entry.id == entry


def _is_kept(verdict: Verdict, entry: str) -> bool:
    """Answered with it still, or offered among three; never with another one."""
    offered = {one.id for one in verdict.near} if verdict.outcome in (Outcome.NEAR, Outcome.WHICH) else set()
    return _is_right(verdict, entry) or entry in offered


async def _advance(one: Written, done: int, count: int, desk: Desk) -> None:
    """The card says how far it is, where it stands already; it has no buttons any more."""
    await _redraw(one, str(done), desk.say("entry-replaying", question=one.question, done=done, count=count), desk)


async def _redraw(one: Written, step: str, card: Message, desk: Desk) -> None:
    """Show this in place of the cards that asked whether the entry is valid, where they have arrived."""
    for key, place in desk.for_moderators(f"entry:{one.id}"):
        if ref := await desk.tx.outbox.ref(key):
            await desk.send(f"{key}:{step}", place, card, edits=ref)


async def _tell(one: Written, replay: Replay, desk: Desk) -> None:
    texts = desk.texts
    if replay.worse:
        shown = " · ".join(replay.worse[:_SHOWN])
        told = desk.say("entry-worse", question=one.question, count=len(replay.worse), asked=replay.asked, which=shown)
    else:
        told = desk.say("entry-live", question=one.question, asked=replay.asked)
    await _redraw(one, "settled", told, desk)
    await desk.tell_moderators(f"entry:{one.id}:checked", told)  # a card that changes rings nobody
    inquiry = await desk.tx.inquiries.get(one.inquiry) if one.inquiry else None
    if not replay.worse and inquiry is not None and inquiry.private is not None:
        button = Action(one.question, "faq.pick", {"e": ident(one.id)})
        message = Message(texts.lines("entry-live-asker", name=inquiry.name)).offering(button)
        await desk.send(f"entry:{one.id}:asker", inquiry.private, message)
