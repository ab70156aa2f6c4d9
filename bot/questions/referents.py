"""Questions for a person: for who knows the asker's département, without a name; the answer comes back in private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import fields
from bot.changes import change
from bot.feature import Desk, Feature, Hub, Job, Route
from club.dialogue import YES, Action, Choice, Field, FollowUp, Kind, Message, Reading, Request
from club.fold import fold
from club.markup import Line, Span
from club.people import Place, Role
from club.privacy import PersonalDetail, mask
from club.refusal import Refused
from club.regions import Department, regions
from club.texts import Texts
from club.workdays import after_workdays, is_workday
from storage.inquiries import Inquiry

A_DAY = 3  # of one person
REMIND = (3, 5)  # working days
AWAKE = (time(8), time(19))  # when people are reminded
LOOK_EVERY = timedelta(minutes=5)

ASKED = Field("q", fields.number, required=False)
NUMBER = Field("n", fields.number)
DEPARTMENT = Field("department", fields.code, Kind.CHOICE, "departments", no_number="department-unknown")
WHOLE = Field("whole", fields.yes_no, required=False)  # a button tells it
TEXT = Field("inquiry", fields.paragraph(10, 600), Kind.PARAGRAPH)
ANSWER = Field("answer", fields.paragraph(5, 1500), Kind.PARAGRAPH)


async def departments(request: Request, desk: Desk) -> Sequence[Choice]:
    """All of them, by name and by number."""
    return [_choice(one) for one in regions().departments.values()]


def _choice(one: Department) -> Choice:
    number = int(one.code) if one.code.isdecimal() else None
    return Choice(one.code, f"{one.name} ({one.code})", (one.name, one.code), number)


# Asking


async def begin(request: Request, desk: Desk) -> Message:
    """The question that was just asked goes to a person: once it is known where from."""
    asked = desk.settings.knowledge.recall(request.get(ASKED), request.person.account)
    if asked is None:
        return desk.say("inquiry-forgotten").offering(Action(desk.texts.plain("inquiry-ask-button"), "inquiry.ask"))
    await _check_few(request, desk)
    return await _begin(asked.question, await desk.tx.inquiries.department_of(request.person.number), request, desk)


async def _begin(question: str, department: str, request: Request, desk: Desk) -> Message:
    """What would leave, what tells who asks masked; nothing leaves before a button is pressed."""
    private = Place(request.person.platform, request.person.id)
    number = await desk.tx.inquiries.begin(question, request.person.number, private, desk.now)
    return _offer(number, question, department, request, desk)


def _offer(number: int, question: str, department: str, request: Request, desk: Desk) -> Message:
    texts, n = desk.texts, {"n": str(number)}
    masked = _masked(question, request, texts)
    message = desk.say("inquiry-begun", question=masked)
    if masked != question:
        message = message.adding(texts.lines("inquiry-masked"))
    if department:
        label = texts.plain("inquiry-send-button", department=regions().departments[department].name)
        message = message.offering(Action(label, "inquiry.send", {**n, "department": department}))
        if masked != question:
            whole = {**n, "department": department, WHOLE.name: YES}
            message = message.offering(Action(texts.plain("inquiry-whole-button"), "inquiry.send", whole))
    return message.offering(Action(texts.plain("inquiry-department-button"), "inquiry.choose", n))


def _masked(question: str, request: Request, texts: Texts) -> str:
    words = {trace: texts.plain(f"trace-{trace}") for trace in PersonalDetail}
    return mask(question, words, filter(None, [request.person.name]))


async def choose(request: Request, desk: Desk) -> Message:
    """For another département; then the same question again."""
    one = await _draft(request, desk)
    return _offer(one.id, one.question, request[DEPARTMENT], request, desk).replacing()


async def _draft(request: Request, desk: Desk) -> Inquiry:
    one = await desk.tx.inquiries.get(request[NUMBER])
    if one is None or one.author != request.person.number or one.state != "draft":
        raise Refused("inquiry-gone")
    return one


async def send(request: Request, desk: Desk) -> Message:
    """It is on its way to a person, masked unless its author wants it whole."""
    one = await _draft(request, desk)
    whole = bool(request.get(WHOLE))
    question = one.question if whole else _masked(one.question, request, desk.texts)
    return await _send(replace(one, question=question), request, desk)


async def ask(request: Request, desk: Desk) -> Message:
    """A question for a person, typed at once: shown as it would leave."""
    await _check_few(request, desk)
    return await _begin(request[TEXT], request[DEPARTMENT], request, desk)


async def _check_few(request: Request, desk: Desk) -> None:
    if await desk.tx.inquiries.count_since(request.person.number, desk.now - timedelta(days=1)) >= A_DAY:
        raise Refused("inquiry-too-many", most=A_DAY)


async def _send(one: Inquiry, request: Request, desk: Desk) -> Message:
    department = regions().departments[request[DEPARTMENT]]
    places = await _places(department, one, desk)
    if not places:
        raise Refused("inquiry-nobody")
    await desk.tx.inquiries.send(one, department.code, places, desk.now)
    await desk.tx.journal.note(
        desk.now, "inquiry.asked", f"inquiry={one.id}", **change(after={"state": "journal-is-open"})
    )
    await desk.tx.questions.keep(f"inquiry:{one.id}", one.question, "", "human", desk.now)
    sent = await desk.tx.inquiries.get(one.id)
    if sent is None:
        raise Refused("inquiry-gone")
    for number, place in enumerate(places):
        await desk.send(f"inquiry:{one.id}:{number}", place, _card(sent, desk.texts))
    due = after_workdays(desk.today, REMIND[-1])
    return desk.say("inquiry-sent", name=one.name, department=department.name, due=due).replacing()


async def _places(department: Department, asked: Inquiry, desk: Desk) -> list[Place]:
    """Who answers for it, never who asks: the correspondant, whose organisation bears the département's name; else the
    moderators of the region; else where all moderators read; else each of them."""
    grants = await desk.tx.people.grants(desk.now)
    held = [one for one in grants if one.role >= Role.MODERATOR and one.person != asked.author]
    regional = [one for one in held if one.region == department.region]
    name = f" {fold(department.name)} "
    local = [one for one in regional if name in f" {fold(one.organisation)} "]
    places = [await desk.tx.people.private_place(one.person) for one in local or regional]
    found = [place for place in places if place]
    if not found:
        found = [place for place in desk.settings.moderators if place != asked.private]
    if not found:
        everyone = await desk.tx.people.private_places(Role.MODERATOR, desk.now)
        found = [place for person, place in everyone if person != asked.author]
    return list(dict.fromkeys(found))


# Answering


def _card(one: Inquiry, texts: Texts) -> Message:
    """What moderators read: never who asks."""
    answer = Action(texts.plain("inquiry-answer-button"), "inquiry.reply", {"n": str(one.id)})
    return Message(_told(one, texts)).offering(answer)


def _told(one: Inquiry, texts: Texts) -> tuple[Line, ...]:
    department = regions().departments[one.department]
    where = f"{department.name} · {regions().region(department.region).name}"
    title = texts.lines("inquiry-card", name=one.name, where=where)
    return (*title, *((Span(line),) for line in one.question.splitlines()))


async def reply(request: Request, desk: Desk) -> Message:
    """The question that is answered, then what is asked: the answer."""
    await unanswered(request, desk)
    one = await desk.tx.inquiries.get(request[NUMBER])
    if one is None or one.state == "draft":
        raise Refused("inquiry-gone")
    return Message(_told(one, desk.texts), follow_up=FollowUp("inquiry.answer", {"n": str(one.id)}))


async def foretell(request: Request, desk: Desk) -> Message:
    """The question, then what will leave, word for word."""
    one = await desk.tx.inquiries.get(request[NUMBER])
    if one is None or one.state == "draft":
        raise Refused("inquiry-gone")
    given = tuple((Span(line),) for line in request[ANSWER].splitlines())
    return desk.say("inquiry-will-leave", name=one.name, question=one.question).adding(given)


async def answer(request: Request, desk: Desk) -> Message:
    """The answer goes to who asked, in private; the cards say who gave it."""
    one = await desk.tx.inquiries.get(request[NUMBER])
    if one is None or one.state == "draft":
        raise Refused("inquiry-gone")
    if not await desk.tx.inquiries.answer(one.id, request[ANSWER], request.person.number, desk.now):
        raise await _first(one, desk)
    answered = change({"state": "journal-is-open"}, {"state": "journal-is-answered"})
    await desk.note(request, "inquiry.answered", f"inquiry={one.id}", **answered)
    given = tuple((Span(line),) for line in request[ANSWER].splitlines())
    if one.private is not None:
        title = desk.texts.lines("inquiry-answer", name=one.name, question=one.question)
        await desk.send(f"inquiry:{one.id}:answer", one.private, Message((*title, *given)))
    await _settle(one, request, desk)
    made = Action(desk.texts.plain("entry-make-button"), "entry.make", {"n": str(one.id)})
    return desk.say("inquiry-answered", name=one.name).offering(made)


async def unanswered(request: Request, desk: Desk) -> None:
    """Raise Refused before an answer is asked for what was answered meanwhile."""
    one = await desk.tx.inquiries.get(NUMBER.read(request.values.get(NUMBER.name, ""), Reading(desk.now)))
    if one is not None and one.state == "answered":
        raise await _first(one, desk)


async def _first(one: Inquiry, desk: Desk) -> Refused:
    """Who was first, and when."""
    now = await desk.tx.inquiries.get(one.id) or one
    names = await desk.tx.people.names([now.answered_by or 0])
    who = names.get(now.answered_by or 0) or desk.texts.plain("source-author-unknown")
    return Refused("inquiry-answered-before", name=one.name, who=who, at=now.answered_at or desk.now)


async def _settle(one: Inquiry, request: Request, desk: Desk) -> None:
    """Each card says who answered."""
    who = request.person.name or desk.texts.plain("source-author-unknown")
    card = Message((*_told(one, desk.texts), *desk.texts.lines("inquiry-settled", who=who)))
    for number, place in enumerate(one.places):
        await desk.settle(f"inquiry:{one.id}:{number}", place, card)


async def waiting(request: Request, desk: Desk) -> Message:
    """The questions that wait for a person: the oldest one's card."""
    found = await desk.tx.inquiries.open()
    if not found:
        return desk.say("inquiry-none-waiting")
    card = _card(found[0], desk.texts)
    return desk.say("inquiry-waiting", count=len(found)).adding(card.lines).offering(*card.actions)


# Bringing to mind


async def remind(hub: Hub) -> None:
    """After three and five working days, by day only; the second time where all moderators read too."""
    async with hub.store.read() as tx:
        if not _is_awake(hub.clock(), hub.settings.zone) or not await tx.inquiries.open():
            return
    async with hub.desk() as desk:
        for one in await desk.tx.inquiries.open():
            began = desk.texts.day_of(one.made_at or desk.now)
            due = sum(desk.today >= after_workdays(began, days) for days in REMIND)
            if due > one.reminded:
                await _remind(one, due, desk)


async def _remind(one: Inquiry, times: int, desk: Desk) -> None:
    await desk.tx.inquiries.reminded(one.id, times)
    await desk.tx.journal.note(desk.now, "inquiry.reminded", f"inquiry={one.id}")
    days = REMIND[times - 1]
    card = _card(one, desk.texts)
    message = desk.say("inquiry-reminder", name=one.name, days=days).adding(card.lines).offering(*card.actions)
    places = (*one.places, *(desk.settings.moderators if times == len(REMIND) else ()))
    for number, place in enumerate(dict.fromkeys(places)):
        await desk.send(f"inquiry:{one.id}:reminder{times}:{number}", place, message)


def _is_awake(now: datetime, zone: str) -> bool:
    here = now.astimezone(ZoneInfo(zone))
    return is_workday(here.date()) and AWAKE[0] <= here.time() < AWAKE[1]


FEATURE = Feature(
    routes=(
        Route("faq.human", begin, (ASKED,), Role.VISITOR),
        Route("inquiry.choose", choose, (NUMBER, DEPARTMENT), Role.VISITOR),
        Route("inquiry.send", send, (NUMBER, DEPARTMENT, WHOLE), Role.VISITOR),
        Route("inquiry.ask", ask, (DEPARTMENT, TEXT), Role.VISITOR, listed=True),
        Route("inquiry.reply", reply, (NUMBER,), Role.MODERATOR),
        Route(
            "inquiry.answer",
            answer,
            (NUMBER, ANSWER),
            Role.MODERATOR,
            guard=unanswered,
            changes=True,
            preview=foretell,
        ),
        Route("inquiry.waiting", waiting, (), Role.MODERATOR, listed=True),
    ),
    lists={"departments": departments},
    fixed=frozenset({"departments"}),
    jobs=(Job("inquiries", LOOK_EVERY, remind),),
)
