"""Signing up for a gathering: from its card or by name, with what the organiser and the others may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import fields
from bot.cards.gathering import code_of, show_card, title_of
from bot.changes import change
from bot.events.naming import choice_of, number_of_choice
from bot.events.places import settle_places, standing
from bot.events.typing import GATHERING
from bot.feature import Desk, Feature, Route
from club.dialogue import Action, Choice, Field, FollowUp, Kind, Message, Reading, Request
from club.gathering import Approval, Gathering
from club.organisation import Family
from club.people import Place, Role
from club.refusal import Refused
from club.seats import Seat, Signup

WORDING = "2026-12"  # changes with `signup-consent` and the choices of `shares`: kept with each sign-up
KEPT = timedelta(days=91)  # after the gathering: three months, as `signup-consent` says
AHEAD = timedelta(days=400)


def _family(code: str, _: Reading) -> Family:
    return Family(code)


@dataclass(frozen=True, slots=True)
class Shares:
    """Who may see what of a person: the organiser the name, the others the organisation."""

    code: str
    name: bool
    organisation: bool


SHARES = (Shares("organiser", True, False), Shares("everyone", True, True), Shares("nobody", False, False))


def _shares(code: str, _: Reading) -> Shares:
    return next(one for one in SHARES if one.code == code)


OPEN = Field("event", fields.code, Kind.CHOICE, "events-open")
MINE = Field("event", fields.code, Kind.CHOICE, "events-mine")
FAMILY = Field("signup-family", _family, Kind.CHOICE, "families")
ORGANISATION = Field("signup-organisation", fields.line(2, 80), suggests="organisations", required=False)
SHARING = Field("signup-shares", _shares, Kind.CHOICE, "signup-shares")
NEEDS = Field("signup-needs", fields.paragraph(0, 300), Kind.PARAGRAPH, required=False)
RANK = Field("n", fields.number)  # of the organiser's question, from 0
ANSWER = Field("signup-answer", fields.paragraph(1, 500), Kind.PARAGRAPH)


async def shares(request: Request, desk: Desk) -> Sequence[Choice]:
    """Who may see what."""
    return [Choice(one.code, desk.texts.plain(f"signup-shares-{one.code}")) for one in SHARES]


async def events_open(request: Request, desk: Desk) -> Sequence[Choice]:
    """Gatherings that take sign-ups, soonest first."""
    coming = await desk.tx.gatherings.between(desk.now, desk.now + AHEAD, Approval.PUBLISHED)
    return [choice_of(one) for one in coming if not one.takes(desk.now)]


async def events_mine(request: Request, desk: Desk) -> Sequence[Choice]:
    """Those to come for which this person signed up."""
    return [choice_of(one) for one, _ in await mine_to_come(request, desk)]


async def mine_to_come(request: Request, desk: Desk) -> list[tuple[Gathering, Signup]]:
    """What this person signed up for that is not over, soonest first."""
    found = []
    for signup in await desk.tx.signups.of_person(request.person.number):
        one = await desk.tx.gatherings.get(signup.gathering)
        if one is not None and one.is_over_at > desk.now:
            found.append((one, signup))
    return sorted(found, key=lambda pair: (pair[0].starts_at, pair[0].id))


async def known_gathering(number: int, desk: Desk) -> Gathering:
    """The gathering of that number; Refused when there is none."""
    one = await desk.tx.gatherings.get(number)
    if one is None:
        raise Refused("gathering-gone")
    return one


async def organiser_of(one: Gathering, desk: Desk) -> str:
    """The name of who holds it."""
    found = await desk.tx.organisations.get(one.organisation)
    return found.name if found else ""


async def taking(number: int, desk: Desk) -> Gathering:
    """The gathering, when one can sign up for it now; Refused with the reason else."""
    one = await known_gathering(number, desk)
    if why := one.takes(desk.now):
        raise Refused(why, title=one.title, page=one.terms.page)
    return one


# Signing up


async def sign_up(request: Request, desk: Desk) -> Message:
    """For a gathering that was named."""
    return await _enter(number_of_choice(request[OPEN]), request, desk)


async def enter(request: Request, desk: Desk) -> Message:
    """For the gathering of a card, whatever has become of it."""
    return await _enter(request[GATHERING], request, desk)


async def _enter(number: int, request: Request, desk: Desk) -> Message:
    """Where this person stands when that is known; else the form, with what was said for another gathering."""
    one = await known_gathering(number, desk)
    organiser = await organiser_of(one, desk)
    mine = await desk.tx.signups.mine(number, request.person.number)
    if mine is not None and mine.seat is not Seat.WITHDRAWN:
        return standing(one, mine, await desk.tx.signups.of(number), organiser, desk)
    await taking(number, desk)
    lines = (*show_card(one, organiser, desk.texts), *desk.texts.lines("signup-consent", organiser=organiser))
    known = {"g": str(number)} | await _said_before(request, desk)
    return Message(lines, private=True, follow_up=FollowUp("event.join", known, review=len(known) > 1))


async def _said_before(request: Request, desk: Desk) -> dict[str, str]:
    """What this person said at the last sign-up, as a draft keeps it."""
    before = await desk.tx.signups.of_person(request.person.number)
    if not before:
        return {}
    last = max(before, key=lambda each: each.id)
    code = next(
        one.code for one in SHARES if (one.name, one.organisation) == (last.shares_name, last.shares_organisation)
    )
    return {FAMILY.name: last.family.value, ORGANISATION.name: last.organisation, SHARING.name: code}


async def may_join(request: Request, desk: Desk) -> None:
    """Raise Refused before a question is asked for what nobody can sign up for any more."""
    await taking(GATHERING.read(request.values.get(GATHERING.name, ""), Reading(desk.now)), desk)


async def join(request: Request, desk: Desk) -> Message:
    """Signed up, with a place or in line; the organiser's questions follow."""
    await desk.tx.signups.lock(request[GATHERING])
    one = await taking(request[GATHERING], desk)
    organiser = await organiser_of(one, desk)
    known = await desk.tx.signups.mine(one.id, request.person.number)
    if known is not None and known.seat is not Seat.WITHDRAWN:
        return standing(one, known, await desk.tx.signups.of(one.id), organiser, desk)
    sharing = request[SHARING]
    wanted = Signup(
        id=0,
        gathering=one.id,
        person=request.person.number,
        family=request[FAMILY],
        seat=Seat.WAITING,
        rank=0,
        name=request.person.name if sharing.name else "",
        organisation=(request.get(ORGANISATION) or "") if sharing.name else "",
        shares_name=sharing.name,
        shares_organisation=sharing.organisation,
        needs=request.get(NEEDS) or "",
    )
    private = Place(request.person.platform, request.person.id)
    mine = await desk.tx.signups.put(wanted, private, WORDING, desk.now)
    promoted = await settle_places(one, desk, quiet=request.person.number)
    if any(each.id == mine.id for each in promoted):
        mine = replace(mine, seat=Seat.TAKEN)
    await desk.note(request, "signup.made", f"gathering={one.id}", **change(after={"state": f"journal-is-{mine.seat}"}))
    message = standing(one, mine, await desk.tx.signups.of(one.id), organiser, desk)
    return _asking(message, one, 0, desk)


def _asking(message: Message, one: Gathering, rank: int, desk: Desk) -> Message:
    """The message with the organiser's question of that rank below, when there is one."""
    questions = one.terms.questions
    if rank >= len(questions):
        return message
    asked = desk.texts.lines("signup-asked", question=questions[rank], rank=rank + 1, count=len(questions))
    opens = FollowUp("event.answer", {"g": str(one.id), "n": str(rank)})
    return replace(message.adding(asked), follow_up=opens, actions=())


async def may_answer(request: Request, desk: Desk) -> None:
    """Raise Refused when this person is not signed up."""
    number = GATHERING.read(request.values.get(GATHERING.name, ""), Reading(desk.now))
    mine = await desk.tx.signups.mine(number, request.person.number)
    if mine is None or mine.seat is Seat.WITHDRAWN:
        raise Refused("signup-not-yours")


async def answer(request: Request, desk: Desk) -> Message:
    """Keep the answer to a question of the organiser; the next one follows."""
    one = await known_gathering(request[GATHERING], desk)
    mine = await desk.tx.signups.mine(one.id, request.person.number)
    rank = request[RANK]
    if mine is None or rank >= len(one.terms.questions):
        raise Refused("signup-not-yours")
    answers = [*mine.answers, *[""] * (rank + 1 - len(mine.answers))]
    answers[rank] = request[ANSWER]
    await desk.tx.signups.say(mine.id, answers)
    message = _asking(desk.say("signup-answered"), one, rank + 1, desk)
    return message.privately()


# Leaving


async def withdraw(request: Request, desk: Desk) -> Message:
    """The place is free for the next in line, who is told."""
    return await _leave(number_of_choice(request[MINE]), request, desk)


async def leave(request: Request, desk: Desk) -> Message:
    """Answers a press as `withdraw` answers the typed command."""
    return await _leave(request[GATHERING], request, desk)


async def _leave(number: int, request: Request, desk: Desk) -> Message:
    await desk.tx.signups.lock(number)
    one = await known_gathering(number, desk)
    mine = await desk.tx.signups.mine(number, request.person.number)
    if mine is None or mine.seat is Seat.WITHDRAWN:
        raise Refused("signup-not-yours")
    await desk.tx.signups.move([mine.id], Seat.WITHDRAWN)
    await settle_places(one, desk)
    before = {"state": f"journal-is-{mine.seat}"}
    await desk.note(request, "signup.withdrawn", f"gathering={number}", **change(before, {}))
    return desk.say("signup-left", title=title_of(one, desk.texts)).privately()


async def show_mine(request: Request, desk: Desk) -> Message:
    """What this person signed up for, with a button to leave each."""
    found = await mine_to_come(request, desk)
    if not found:
        return desk.say("signup-none-yours")
    message = desk.say("signup-yours")
    for one, signup in found:
        key = "signup-line-taken" if signup.seat is Seat.TAKEN else "signup-line-waiting"
        message = message.adding(desk.texts.lines(key, title=title_of(one, desk.texts), at=one.starts_at))
        label = desk.texts.plain("signup-leave-one", code=code_of(one.id))
        message = message.offering(Action(label, "event.leave", {"g": str(one.id)}))
    return message.privately()


async def nothing_open(request: Request, desk: Desk) -> Message:
    """Said when no gathering takes sign-ups."""
    return desk.say("signup-nothing-open")


FEATURE = Feature(
    routes=(
        Route("event.signup", sign_up, (OPEN,), Role.MEMBER, listed=True, instead=nothing_open),
        Route("event.withdraw", withdraw, (MINE,), Role.MEMBER, listed=True, instead=show_mine),
        Route("event.enter", enter, (GATHERING,), Role.MEMBER),
        Route("event.leave", leave, (GATHERING,), Role.MEMBER),
        Route("event.mine", show_mine, (), Role.MEMBER),
        Route(
            "event.join",
            join,
            (GATHERING, FAMILY, ORGANISATION, SHARING, NEEDS),
            Role.MEMBER,
            changes=True,
            guard=may_join,
        ),
        Route("event.answer", answer, (GATHERING, RANK, ANSWER), Role.MEMBER, guard=may_answer),
    ),
    lists={"events-open": events_open, "events-mine": events_mine, "signup-shares": shares},
    fixed=frozenset({"signup-shares"}),
)
