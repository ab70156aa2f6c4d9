"""A moderator decides on a gathering of an organisation that is not trusted: once, and never on one's own."""

from __future__ import annotations

from dataclasses import replace

from bot import fields
from bot.cards.gathering import show_card
from bot.changes import change
from bot.events.publishing import card_key, decision_card, facts, publish
from bot.events.rights import holder
from bot.events.typing import GATHERING
from bot.feature import Desk, Feature, Route
from club.dialogue import Field, Kind, Message, Reading, Request
from club.fold import fold
from club.gathering import Approval, Gathering
from club.people import Role
from club.refusal import Refused

REASON = Field("event-refusal", fields.paragraph(3, 300), Kind.PARAGRAPH)


async def _to_decide(number: int, request: Request, desk: Desk) -> Gathering:
    """The gathering, when this person may decide on it; Refused else, with who decided and when (promise 32)."""
    one = await desk.tx.gatherings.get(number)
    if one is None:
        raise Refused("gathering-gone")
    if one.approval is not Approval.WAITING:
        raise Refused(f"event-decided-{one.approval}", at=one.changed_at or desk.now)
    name = fold((await holder(one, desk)).name)
    mine = await desk.tx.people.organisations(request.person.number, desk.now)
    if one.author == request.person.number or name in map(fold, mine):
        raise Refused("event-own")
    return one


async def may_decide(request: Request, desk: Desk) -> None:
    """Raise Refused before a reason is asked."""
    await _to_decide(GATHERING.read(request.values.get(GATHERING.name, ""), Reading(desk.now)), request, desk)


async def accept(request: Request, desk: Desk) -> Message:
    """It is published; its author is told."""
    one = await _to_decide(request[GATHERING], request, desk)
    if not await desk.tx.gatherings.decide(one.id, Approval.PUBLISHED, "", desk.now):
        raise Refused("event-decided-published", at=desk.now)
    await publish(one, await holder(one, desk), desk)
    after = facts(one, "journal-is-published")
    await desk.note(request, "event.accepted", f"gathering={one.id}", **change({"state": "journal-is-waiting"}, after))
    await _settle(one, "accepted", request, desk)
    return desk.say("event-accepted-done", title=one.title)


async def refuse(request: Request, desk: Desk) -> Message:
    """It is not; its author reads why."""
    one, reason = await _to_decide(request[GATHERING], request, desk), request[REASON]
    if not await desk.tx.gatherings.decide(one.id, Approval.REFUSED, reason, desk.now):
        raise Refused("event-decided-refused", at=desk.now)
    after = facts(one, "journal-is-refused")
    await desk.note(request, "event.refused", f"gathering={one.id}", **change({"state": "journal-is-waiting"}, after))
    await _settle(one, "refused", request, desk, reason=reason)
    return desk.say("event-refused-done", title=one.title)


async def _settle(one: Gathering, how: str, request: Request, desk: Desk, **values: object) -> None:
    """Tell the author, and on each card who decided."""
    texts = desk.texts
    who = request.person.name or texts.plain("source-author-unknown")
    if place := await desk.tx.people.private_place(one.author):
        told = Message(texts.lines(f"event-{how}-author", title=one.title, **values))
        await desk.send(f"gathering:{one.id}:decided", place, told, priority=2)
    organisation = await holder(one, desk)
    card = Message((*show_card(one, organisation.name, texts), *texts.lines(f"event-{how}-card", who=who, **values)))
    await desk.settle_moderators(card_key(one), card)


async def waiting(request: Request, desk: Desk) -> Message:
    """The oldest one that waits, as its card."""
    found = await desk.tx.gatherings.waiting()
    if not found:
        return desk.say("event-none-waiting")
    card = await decision_card(found[0], await holder(found[0], desk), desk)
    title = desk.say("event-waiting-title", count=len(found))
    return replace(card, lines=title.lines + card.lines)


FEATURE = Feature(
    routes=(
        Route("event.waiting", waiting, (), Role.MODERATOR, listed=True),
        Route("event.accept", accept, (GATHERING,), Role.MODERATOR),
        Route("event.refuse", refuse, (GATHERING, REASON), Role.MODERATOR, guard=may_decide, changes=True),
    ),
)
