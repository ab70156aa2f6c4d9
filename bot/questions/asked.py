"""Questions in chat: answered with a source, or three close ones, or « je ne sais pas »; nothing is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from bot import fields
from bot.feature import Desk, Feature, Route, Settings
from bot.questions.show import choices_of, show_entry, show_extracts, show_sources, show_talk, ways_of
from club.dialogue import Action, Choice, Field, Message, Request
from club.faq.base import SMALL_TALK, Entry
from club.faq.editions import LabelEditions
from club.faq.knowledge import Asked, Found, is_sure
from club.faq.seasons import Seasons
from club.faq.verdicts import Outcome, Verdict, Way
from club.people import Role
from club.refusal import Refused

LONGEST = 300

QUESTION = Field("question", fields.line(2, LONGEST), required=False, suggests="known-questions")
ENTRY = Field("e", fields.code)
NUMBER = Field("q", fields.number, required=False)


@cache
def editions() -> LabelEditions:
    """What entries were checked against."""
    return LabelEditions.load()


@cache
def seasons() -> Seasons:
    """What people ask at which time of the year."""
    return Seasons.load()


async def look(words: str, request: Request, settings: Settings) -> Found | None:
    """What the question comes to, asked of the engine before the transaction."""
    words = " ".join(words.split())
    return await settings.knowledge.seek(words, request.person.account, str(request.place)) if words else None


async def ask(request: Request, desk: Desk) -> Message:
    """The answer; without a question, the most useful ones."""
    if not desk.settings.knowledge.is_on:
        return desk.say("faq-off")
    if not request.get(QUESTION):
        return _propose(request, desk)
    found = desk.looked
    if found is None or found.verdict is None:
        return desk.say("faq-not-ready")
    return _follow(found, found.verdict, request, desk) if found.before else _tell(found, found.verdict, request, desk)


def _propose(request: Request, desk: Desk) -> Message:
    entries = desk.settings.knowledge.entries
    useful = seasons().useful(request.person.role, desk.today, entries)
    if not useful:
        return desk.say("faq-not-ready")
    return desk.say("faq-useful").offering(*choices_of((entries[name] for name in useful), 0))


def _tell(found: Found, verdict: Verdict, request: Request, desk: Desk) -> Message:
    if verdict.outcome is Outcome.TALK and verdict.entry is not None:
        return show_talk(verdict.entry).offering(Action(desk.texts.plain("help-button"), "help"))
    number = _remember(found.question, verdict.entry, verdict.near, request, desk)
    if verdict.entry is not None:
        return _show(verdict.entry, number, request, desk, verdict.ways)
    if verdict.ways:
        return _which(verdict, number, desk)
    if verdict.near:
        return _offer("faq-near", verdict.near, number, desk)
    return _elsewhere(_offer("faq-unknown", (), number, desk), found.question, desk)


def _elsewhere(message: Message, question: str, desk: Desk) -> Message:
    """With what other texts say of it, as extracts and no answer."""
    return message.adding(show_extracts(desk.settings.knowledge.extracts(question), desk.texts))


def _which(verdict: Verdict, number: int, desk: Desk) -> Message:
    """A question back: the things that it may ask for, by their names."""
    none = Action(desk.texts.plain("faq-none-button"), "faq.none", {"q": str(number)})
    message = desk.say("faq-which", asks=verdict.asks)
    return message.offering(*ways_of(verdict.ways, number), none, _human(number, desk))


def _follow(found: Found, verdict: Verdict, request: Request, desk: Desk) -> Message:
    """« Et pour une commune rurale ? »: with the subject before it, or it is said that it is not understood."""
    whole = f"{found.before} {found.question}"[:LONGEST]
    number = _remember(whole, verdict.entry, verdict.near, request, desk)
    if is_sure(verdict) and verdict.entry is not None:
        if verdict.entry.id == found.subject:  # the answer that was given already does not speak of that case
            return _offer("faq-follow-same", verdict.near, number, desk, before=found.before)
        shown = _show(verdict.entry, number, request, desk)
        return Message((*desk.texts.lines("faq-followed", before=found.before), *shown.lines), shown.actions)
    return _offer("faq-follow-lost", verdict.near, number, desk)


def _remember(question: str, entry: Entry | None, near: Sequence[Entry], request: Request, desk: Desk) -> int:
    answered = entry.id if entry is not None else ""
    others = tuple(one.id for one in near)
    account, place = request.person.account, str(request.place)
    return desk.settings.knowledge.remember(question, account, place, answered, others)


def _offer(key: str, near: Sequence[Entry], number: int, desk: Desk, **values: object) -> Message:
    """Close questions as buttons, and a way to say that it is none of them."""
    none = Action(desk.texts.plain("faq-none-button"), "faq.none", {"q": str(number)})
    return desk.say(key, **values).offering(*choices_of(near, number), *([none] if near else []), _human(number, desk))


def _human(number: int, desk: Desk) -> Action:
    return Action(desk.texts.plain("faq-human-button"), "faq.human", {"q": str(number)})


def _show(entry: Entry, number: int, request: Request, desk: Desk, ways: Sequence[Way] = ()) -> Message:
    """The answer with its buttons; `ways` are what else was perhaps meant."""
    texts = desk.texts
    one, both = {"e": entry.id}, {"e": entry.id, "q": str(number)}
    message = show_entry(entry, texts, desk.today, editions()).offering(
        *ways_of(ways, number),
        Action(texts.plain("faq-good-button"), "faq.good", both),
        Action(texts.plain("faq-bad-button"), "faq.bad", both),
        Action(texts.plain("faq-source-button"), "faq.source", one),
        Action(texts.plain("faq-other-button"), "faq.other", both),
    )
    if request.private:
        return message
    return message.offering(Action(texts.plain("faq-share-button"), "faq.share", one))


def _entry(request: Request, desk: Desk) -> Entry:
    entry = desk.settings.knowledge.entries.get(request[ENTRY])
    if entry is None:
        raise Refused("faq-gone")
    return entry


# Buttons


async def pick(request: Request, desk: Desk) -> Message:
    """The answer to a question that was offered; chosen by whoever asked, it is what was meant."""
    entry = _entry(request, desk)
    asked = await _judge("chosen", entry.id, request, desk)
    number = _remember(asked.question if asked else entry.question, entry, (), request, desk)
    return _show(entry, number, request, desk)


async def good(request: Request, desk: Desk) -> Message:
    """It answered: said once, under the answer."""
    entry = _entry(request, desk)
    await _judge("good", entry.id, request, desk)
    return _judged(entry, "faq-thanks", (), request, desk)


async def bad(request: Request, desk: Desk) -> Message:
    """« Pas utile »: noted, and a person is offered."""
    entry = _entry(request, desk)
    await _judge("bad", entry.id, request, desk)
    return _judged(entry, "faq-sorry", (_human(request.get(NUMBER) or 0, desk),), request, desk)


def _judged(entry: Entry, key: str, more: Sequence[Action], request: Request, desk: Desk) -> Message:
    """The answer in its place, with one word below and without the buttons that judge."""
    shown = _show(entry, request.get(NUMBER) or 0, request, desk)
    left = tuple(one for one in shown.actions if one.route not in ("faq.good", "faq.bad", "faq.pick"))
    return replace(shown, actions=(*more, *left)).adding(desk.texts.lines(key)).replacing()


async def other(request: Request, desk: Desk) -> Message:
    """The question was another one: those that came next."""
    entry = _entry(request, desk)
    knowledge = desk.settings.knowledge
    asked = await _judge("other", entry.id, request, desk)
    near = [one for name in (asked.near if asked else ()) if (one := knowledge.entries.get(name))]
    return _offer("faq-other" if near else "faq-other-none", near, request.get(NUMBER) or 0, desk)


async def none(request: Request, desk: Desk) -> Message:
    """None of those that were offered."""
    asked = await _judge("none", "", request, desk)
    message = desk.say("faq-none").offering(_human(request.get(NUMBER) or 0, desk))
    return _elsewhere(message, asked.question, desk) if asked else message


async def _judge(how: str, entry: str, request: Request, desk: Desk) -> Asked | None:
    """Keep what this person's question turned out to ask for, once and without the person; None when the question was
    forgotten since, as after a restart."""
    number = request.get(NUMBER) or 0
    asked = desk.settings.knowledge.recall(number, request.person.account)
    if asked is not None:
        await desk.tx.questions.keep(f"{number}:{int(asked.at.timestamp())}", asked.question, entry, how, desk.now)
    return asked


async def source(request: Request, desk: Desk) -> Message:
    """All that the answer rests on."""
    return show_sources(_entry(request, desk), desk.texts, editions())


async def share(request: Request, desk: Desk) -> Message:
    """The answer for everybody in this channel; nothing of who asked, or how."""
    entry = _entry(request, desk)
    if request.private:
        raise Refused("faq-share-private")
    button = Action(desk.texts.plain("faq-source-button"), "faq.source", {"e": entry.id})
    message = show_entry(entry, desk.texts, desk.today, editions()).offering(button)
    key = f"faq:{request.person.number}:{int(desk.now.timestamp())}"
    await desk.send(key, request.place, message)
    return desk.say("faq-shared")


async def known_questions(request: Request, desk: Desk) -> Sequence[Choice]:
    """Every question that has its answer, also by the other ways of asking it."""
    entries = desk.settings.knowledge.entries.values()
    return [Choice(one.question, one.question, one.variants) for one in entries if one.theme != SMALL_TALK]


FEATURE = Feature(
    routes=(
        Route("faq", ask, (QUESTION,), Role.VISITOR, listed=True, look=look, hears=True),
        Route("faq.pick", pick, (ENTRY, NUMBER), Role.VISITOR),
        Route("faq.good", good, (ENTRY, NUMBER), Role.VISITOR),
        Route("faq.bad", bad, (ENTRY, NUMBER), Role.VISITOR),
        Route("faq.other", other, (ENTRY, NUMBER), Role.VISITOR),
        Route("faq.none", none, (NUMBER,), Role.VISITOR),
        Route("faq.source", source, (ENTRY,), Role.VISITOR),
        Route("faq.share", share, (ENTRY,), Role.VISITOR),
    ),
    lists={"known-questions": known_questions},
)
