"""The sources and how they are: the list for all, health, pause and resume for those whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import fields
from bot.changes import change, of_state
from bot.feature import Desk, Feature, Job, Route
from bot.sources.access import own
from bot.sources.alerts import LOOK_EVERY, watch
from club.dialogue import Action, Choice, Field, Kind, Message, Request
from club.markup import Line
from club.news import Health, Origin
from club.people import Role
from club.refusal import Refused
from club.texts import Texts
from storage.sources import SourceState

A_PAGE = 10
FAILING = 8  # that are told at once
PAUSED = "paused-by-person"
SOURCE = Field("source", fields.code, Kind.CHOICE, "sources", beyond="all-sources")
ONE = replace(SOURCE, required=False)
PAGE = Field("page", fields.number, Kind.NUMBER, required=False)


async def sources(request: Request, desk: Desk) -> Sequence[Choice]:
    """Those that this person may act on; the codes are no positions."""
    return [Choice(f"s{one.source.id}", one.source.name) for one in await own(request, desk)]


async def all_sources(request: Request, desk: Desk) -> Sequence[Choice]:
    """Every source, for those who may name any."""
    return [Choice(f"s{one.source.id}", one.source.name) for one in await desk.tx.sources.all()]


async def show(request: Request, desk: Desk) -> Message:
    """Every source, ten a page, each with how it is."""
    states = await desk.tx.sources.all()
    if not states:
        return desk.say("source-list-none")
    pages = -(-len(states) // A_PAGE)
    page = min(max(request.get(PAGE) or 1, 1), pages)
    first = (page - 1) * A_PAGE
    message = desk.say("source-list-title", count=len(states), page=page, pages=pages)
    message = message.adding([_line(one, desk.texts) for one in states[first : first + A_PAGE]])
    if request.person.role >= Role.MODERATOR and (waiting := len(await desk.tx.proposals.waiting())):
        button = Action(desk.texts.plain("source-waiting-button"), "source.waiting")
        message = message.adding(desk.texts.lines("source-list-waiting", count=waiting)).offering(button)
    turns = ((page - 1, "source-list-before"), (page + 1, "source-list-after"))
    return message.offering(
        *(Action(desk.texts.plain(key), "source.list", {"page": str(to)}) for to, key in turns if 1 <= to <= pages)
    )


def _line(one: SourceState, texts: Texts) -> Line:
    partner = one.source.partner
    who = one.source.name if partner in ("", one.source.name) else f"{one.source.name} ({partner})"
    return texts.line("source-list-line", name=who, state=_brief(one, texts))


def _brief(one: SourceState, texts: Texts) -> str:
    if one.paused:
        return texts.plain(one.paused)
    if one.visited_at is None:
        return texts.plain("source-brief-untried")
    return texts.plain("source-brief-well" if one.health is Health.OK else "source-brief-failing")


async def state(request: Request, desk: Desk) -> Message:
    """How one source is, or what is wrong with those that are one's own."""
    mine = await own(request, desk)
    if chosen := request.get(ONE):
        return await _describe(_find(mine, chosen), desk)
    wrong = [one for one in mine if one.health is not Health.OK and not one.paused]
    if not wrong:
        return desk.say("source-all-well", count=len(mine))
    message = desk.say("source-failing-title", count=len(wrong))
    for one in wrong[:FAILING]:
        action = Action(one.source.name, "source.state", {"source": f"s{one.source.id}"})
        message = message.adding([_failing(one, desk.texts)]).offering(action)
    if more := len(wrong) - FAILING:
        message = message.adding(desk.texts.lines("source-failing-more", count=more) if more > 0 else ())
    return message


def _failing(one: SourceState, texts: Texts) -> Line:
    why = texts.plain(one.trouble, **one.trouble_values)
    return texts.line("source-failing-line", name=one.source.name, since=one.failing_since or one.visit_at, why=why)


async def _describe(one: SourceState, desk: Desk) -> Message:
    """Since when, why, when the next try is, when it last gave something."""
    texts, source = desk.texts, one.source
    message = desk.say("source-state-title", name=source.name, url=source.url)
    if one.paused:
        message = message.adding(texts.lines("source-state-paused", why=texts.plain(one.paused)))
    elif one.visited_at is None:
        message = message.adding(texts.lines("source-state-untried", next=one.visit_at))
    elif one.trouble:
        why = texts.plain(one.trouble, **one.trouble_values)
        since = one.failing_since or one.visited_at
        key = "source-state-failing" if one.succeeded_at else "source-state-never"
        message = message.adding(texts.lines(key, why=why, since=since, next=one.visit_at))
    else:
        message = message.adding(texts.lines("source-state-well", at=one.visited_at, next=one.visit_at))
    last = (await desk.tx.sources.latest_entries()).get(source.id)
    message = message.adding(
        texts.lines("source-state-last", at=last) if last else texts.lines("source-state-no-entry")
    )
    if one.moved_to:
        message = message.adding(texts.lines("source-state-moved", url=one.moved_to))
    if source.origin is Origin.CONFIG:
        return message.adding(texts.lines("source-state-config"))
    name = "resume" if one.paused else "pause"
    return message.offering(Action(texts.plain(f"source-{name}-button"), f"source.{name}", {"source": f"s{source.id}"}))


def _find(mine: Sequence[SourceState], code: str) -> SourceState:
    one = next((one for one in mine if f"s{one.source.id}" == code), None)
    if one is None:
        raise Refused("source-not-yours")
    return one


async def pause(request: Request, desk: Desk) -> Message:
    """It is not visited any more; what it gave stays."""
    one = await _changeable(request, desk)
    if one.paused:
        raise Refused("source-paused-already", name=one.source.name)
    await desk.tx.sources.pause(one.source.id, PAUSED, desk.now)
    await desk.note(request, "source.paused", f"source={one.source.id}", **change(of_state(one), of_state(one, PAUSED)))
    button = Action(desk.texts.plain("source-resume-button"), "source.resume", {"source": request[SOURCE]})
    return desk.say("source-paused", name=one.source.name).offering(button)


async def resume(request: Request, desk: Desk) -> Message:
    """It is visited again, from the next pass on."""
    one = await _changeable(request, desk)
    if not one.paused:
        raise Refused("source-not-paused", name=one.source.name)
    await desk.tx.sources.pause(one.source.id, "", desk.now)
    read = of_state(one, "journal-is-read")
    await desk.note(request, "source.resumed", f"source={one.source.id}", **change(of_state(one), read))
    return desk.say("source-resumed", name=one.source.name)


async def _changeable(request: Request, desk: Desk) -> SourceState:
    one = _find(await own(request, desk), request[SOURCE])
    if one.source.origin is Origin.CONFIG:
        raise Refused("source-configured", name=one.source.name)
    return one


async def none_yours(request: Request, desk: Desk) -> Message:
    """Said when this person has no source to choose from."""
    return desk.say("source-none-yours")


FEATURE = Feature(
    routes=(
        Route("source.list", show, (PAGE,), Role.MEMBER, listed=True),
        Route("source.state", state, (ONE,), Role.PARTNER, listed=True, instead=none_yours),
        Route("source.pause", pause, (SOURCE,), Role.PARTNER, listed=True, changes=True, instead=none_yours),
        Route("source.resume", resume, (SOURCE,), Role.PARTNER, listed=True, changes=True, instead=none_yours),
    ),
    lists={"sources": sources, "all-sources": all_sources},
    jobs=(Job("health", LOOK_EVERY, watch),),
)
