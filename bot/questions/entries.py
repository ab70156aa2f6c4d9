"""The knowledge base tended in chat: an answer becomes an entry when a second person validates it, entries past
their review are listed, and once a month what was not answered, by counts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot import fields
from bot.changes import Facts, change
from bot.feature import Desk, Feature, Hub, Job, Route
from bot.questions.chat_entries import entry_of
from club.dialogue import Action, Field, Kind, Message, Reading, Request
from club.faq.base import FEWEST_VARIANTS, LONGEST_ANSWER, LONGEST_QUESTION, check_entries, check_entry
from club.faq.editions import LabelEditions
from club.fold import words
from club.markup import Span
from club.people import Role
from club.refusal import Refused
from connectors.address import check_url
from storage.faq_entries import Written
from storage.questions import Judged

SHOWN = 15  # entries to check again, groups of questions
MONTHLY = timedelta(hours=1)
_LONG = 4  # letters: shorter words group nothing


def variants(typed: str, reading: Reading) -> str:
    """Other ways of asking it, one a line."""
    text = fields.paragraph(5, 600)(typed, reading)
    if len([line for line in text.splitlines() if line.strip()]) < FEWEST_VARIANTS:
        raise Refused("entry-few-variants", least=FEWEST_VARIANTS)
    return text


def page(typed: str, _: Reading) -> str:
    """A page's address as a field reads it; Refused when it is none."""
    return check_url(typed.strip())


NUMBER = Field("n", fields.number)
WRITTEN = Field("w", fields.number)
TITLE = Field("entry-question", fields.line(8, LONGEST_QUESTION))
VARIANTS = Field("entry-variants", variants, Kind.PARAGRAPH)
REPLY = Field("entry-answer", fields.paragraph(10, LONGEST_ANSWER), Kind.PARAGRAPH)
SOURCE = Field("entry-source", fields.line(3, 120))
PAGE = Field("entry-page", page)
VERSION = Field("entry-version", fields.line(3, 60))


@cache
def editions() -> LabelEditions:
    """What entries were checked against."""
    return LabelEditions.load()


# Writing


def _wanted(request: Request) -> Written:
    return Written(
        question=request[TITLE],
        variants=tuple(line.strip() for line in request[VARIANTS].splitlines() if line.strip()),
        answer=request[REPLY],
        source=(request[SOURCE], request[PAGE], request[VERSION]),
        author=request.person.number,
        inquiry=request[NUMBER],
    )


async def foretell(request: Request, desk: Desk) -> Message:
    """Whether it can be told apart from what is there."""
    entry = entry_of(_wanted(request), desk.now)
    check_entry(entry)
    check_entries((*desk.settings.knowledge.entries.values(), entry))
    return desk.say("entry-preview")


async def make(request: Request, desk: Desk) -> Message:
    """Keeps the typed entry until a second person validates it."""
    await foretell(request, desk)
    number = await desk.tx.faq_entries.add(_wanted(request), desk.now)
    one = await desk.tx.faq_entries.get(number)
    await desk.note(request, "entry.written", f"entry={number}", **change(after=_facts(_wanted(request))))
    if one is not None:
        await desk.tell_moderators(f"entry:{number}", _card(one, desk))
    return desk.say("entry-written")


def _card(one: Written, desk: Desk) -> Message:
    title, url, version = one.source
    lines = [*desk.texts.lines("entry-card", question=one.question)]
    lines += [(Span(line),) for line in one.answer.splitlines()]
    lines += desk.texts.lines("entry-card-asked", variants=" · ".join(one.variants))
    lines += desk.texts.lines("entry-card-source", title=title, url=url, version=version)
    values = {"w": str(one.id)}
    return Message(tuple(lines)).offering(
        Action(desk.texts.plain("entry-validate-button"), "entry.validate", values),
        Action(desk.texts.plain("entry-refuse-button"), "entry.refuse", values),
    )


async def validate(request: Request, desk: Desk) -> Message:
    """A second person agrees: the questions kept are asked again before it goes live."""
    one = await _decide("checking", request, desk)
    return desk.say("entry-checking", question=one.question)


async def refuse(request: Request, desk: Desk) -> Message:
    """A second person says no: the entry never goes live."""
    one = await _decide("refused", request, desk)
    return desk.say("entry-refused", question=one.question)


async def _decide(state: str, request: Request, desk: Desk) -> Written:
    one = await desk.tx.faq_entries.get(request[WRITTEN])
    if one is None:
        raise Refused("entry-gone")
    if state == "checking" and one.author == request.person.number:
        raise Refused("entry-own")
    if not await desk.tx.faq_entries.decide(one.id, state, request.person.number, desk.now):
        raise Refused("entry-decided")
    action = "entry.validated" if state == "checking" else "entry.refused"
    decided = change({"state": "journal-is-waiting"}, {"question": one.question, "state": f"journal-is-{state}"})
    await desk.note(request, action, f"entry={one.id}", **decided)
    return one


def _facts(one: Written) -> Facts:
    """The entry as it is proposed."""
    reference = " · ".join(one.source)
    return {"question": one.question, "answer": one.answer, "reference": reference, "state": "journal-is-waiting"}


# Looking over


async def due(request: Request, desk: Desk) -> Message:
    """The entries to be checked again, whose date passed first on top."""
    known = desk.settings.knowledge.entries.values()
    found = sorted((one for one in known if one.is_due(desk.today, editions().current)), key=lambda one: one.review_by)
    if not found:
        return desk.say("entry-none-due")
    message = desk.say("entry-due", count=len(found))
    lines = [desk.texts.line("entry-due-line", question=one.question, day=one.review_by) for one in found[:SHOWN]]
    return message.adding(lines).offering(
        *(Action(one.question, "faq.pick", {"e": one.id}) for one in found[:SHOWN]),
    )


async def report(hub: Hub) -> None:
    """On the first days of a month, what was not answered in the one before: counts, no names."""
    here = hub.clock().astimezone(ZoneInfo(hub.settings.zone))
    first = here.date().replace(day=1)
    if here.hour < 8 or not hub.settings.moderators:
        return
    async with hub.desk() as desk:
        if not await desk.tx.journal.mark("faq-report", f"{first:%Y-%m}"):
            return
        began = (first - timedelta(days=1)).replace(day=1)
        judged = await desk.tx.questions.since(_start(began, hub.settings.zone))
        end = _start(first, hub.settings.zone)
        groups = _groups([one for one in judged if one.is_unanswered and one.at < end], desk)
        if not groups:
            return
        message = desk.say("entry-report", day=began, count=sum(count for _, count in groups))
        lines = [desk.texts.line("entry-report-line", what=what, count=count) for what, count in groups[:SHOWN]]
        await desk.tell_moderators(f"faq-report:{first:%Y-%m}", message.adding(lines), priority=0)


def _groups(judged: list[Judged], desk: Desk) -> list[tuple[str, int]]:
    """By the entry that did not answer, else by the word that most questions share; the most asked first."""
    known = desk.settings.knowledge.entries
    told = {one: {word for word in words(one.question) if len(word) >= _LONG} for one in judged}
    often = Counter(word for found in told.values() for word in found)
    groups: Counter[str] = Counter()
    for one, found in told.items():
        entry = known.get(one.entry)
        shared = max(found, key=lambda word: (often[word], len(word), word), default="")
        groups[entry.question if entry else shared or one.question[:LONGEST_QUESTION]] += 1
    return groups.most_common()


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


FEATURE = Feature(
    routes=(
        Route(
            "entry.make",
            make,
            (NUMBER, TITLE, VARIANTS, REPLY, SOURCE, PAGE, VERSION),
            Role.MODERATOR,
            changes=True,
            preview=foretell,
        ),
        Route("entry.validate", validate, (WRITTEN,), Role.MODERATOR),
        Route("entry.refuse", refuse, (WRITTEN,), Role.MODERATOR),
        Route("faq.due", due, (), Role.MODERATOR, listed=True),
    ),
    jobs=(Job("faq-report", MONTHLY, report),),
)
