"""« /agenda »: what comes, by region, theme and month, from partners' calendars and from what was typed here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import fields
from bot.cards.gathering import buttons, code_of, show_card
from bot.events.naming import choice_of, number_of_choice
from bot.events.places import describe_places
from bot.events.rights import holder, organisations_of
from bot.events.typing import GATHERING
from bot.feature import Desk, Feature, Route
from club.agenda import Filter, Occasion
from club.dialogue import Action, Choice, Field, Kind, Message, Request
from club.gathering import Approval
from club.markup import Line
from club.news import Status
from club.people import Role
from club.refusal import Refused
from club.regions import regions
from club.texts import Texts
from club.topics import topics
from club.wording import when

A_PAGE = 10
AHEAD = timedelta(days=400)
MONTHS = 12  # that one may choose among

REGION = Field("agenda-region", fields.code, Kind.CHOICE, "regions", required=False)
THEME = Field("agenda-theme", fields.code, Kind.CHOICE, "themes", required=False)
MONTH = Field("agenda-month", fields.code, Kind.CHOICE, "months", required=False)
FROM = Field("from", fields.number, required=False)  # « Suivants » tells it
EVENT = Field("event", fields.code, Kind.CHOICE, "events-coming")


async def months(request: Request, desk: Desk) -> Sequence[Choice]:
    """This month and those after."""
    first = desk.texts.day_of(desk.now).replace(day=1)
    found = []
    for _ in range(MONTHS):
        found.append(Choice(f"{first:%Y-%m}", desk.texts.month(first)))
        first = (first + timedelta(days=32)).replace(day=1)
    return found


async def agenda(request: Request, desk: Desk) -> Message:
    """The next ten, and what shows others."""
    chosen = Filter(
        regions=(request[REGION],) if request.get(REGION) else (),
        topics=tuple(sorted(topics().commitments_of(topics().theme(request[THEME])))) if request.get(THEME) else (),
    )
    since, until = _bounds(request.get(MONTH), desk)
    found = [one for one in chosen.of(await desk.tx.agenda.between(since, until)) if one.status is not Status.CANCELLED]
    begin = min(request.get(FROM) or 0, max(len(found) - 1, 0))
    page = found[begin : begin + A_PAGE]
    texts = desk.texts
    if not page:
        return desk.say("agenda-none").offering(*_ways(request, desk, 0, 0))
    title = _title(request, texts)
    message = desk.say("agenda-title", what=title, first=begin + 1, last=begin + len(page), count=len(found))
    message = message.adding([line for one in page for line in _line(one, texts)])
    held = [one for one in page if one.gathering]
    for one in held[:5]:
        label = texts.plain("agenda-one-button", title=_short(one.title))
        message = message.offering(Action(label, "event.show", {"g": str(one.gathering)}))
    return message.offering(*_ways(request, desk, begin, len(found)))


def _bounds(month: str | None, desk: Desk) -> tuple[datetime, datetime]:
    if not month:
        return desk.now, desk.now + AHEAD
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    zone = ZoneInfo(desk.settings.zone)
    return max(desk.now, datetime.combine(first, time(), zone)), datetime.combine(after, time(), zone)


def _title(request: Request, texts: Texts) -> str:
    """« Eau · Occitanie · mars 2027 »."""
    parts = []
    if theme := request.get(THEME):
        parts.append(topics().theme(theme).name)
    if region := request.get(REGION):
        parts.append(regions().region(region).name)
    if month := request.get(MONTH):
        parts.append(texts.month(date.fromisoformat(f"{month}-01")))
    return " · ".join(parts) or texts.plain("agenda-everything")


def _line(one: Occasion, texts: Texts) -> tuple[Line, ...]:
    values = {"when": when(one.start, one.end, one.zone, texts), "title": one.title, "link": one.link or ""}
    place = one.place or (texts.plain("mode-online") if one.mode != "on-site" else "")
    if not place:
        return texts.lines("agenda-line-placeless", by=one.organiser, **values)
    return texts.lines("agenda-line", place=place, by=one.organiser, **values)


def _ways(request: Request, desk: Desk, begin: int, count: int) -> list[Action]:
    """Earlier, later, mine."""
    texts = desk.texts
    said = {one.name: request.values[one.name] for one in (REGION, THEME, MONTH) if request.values.get(one.name)}
    found = []
    if begin > 0:
        values = said | {"from": str(max(begin - A_PAGE, 0))}
        found.append(Action(texts.plain("agenda-before"), "agenda.turn", values))
    if begin + A_PAGE < count:
        found.append(Action(texts.plain("agenda-after"), "agenda.turn", said | {"from": str(begin + A_PAGE)}))
    if request.person.role >= Role.MEMBER:
        found.append(Action(texts.plain("signup-mine-button"), "event.mine"))
    return found


def _short(title: str) -> str:
    return title if len(title) <= 40 else f"{title[:39].rstrip()}…"


# One


async def coming(request: Request, desk: Desk) -> Sequence[Choice]:
    """What was typed here and is published and not over, and what this person's organisations prepare."""
    known = await desk.tx.gatherings.between(desk.now - timedelta(days=1), desk.now + AHEAD, Approval.PUBLISHED)
    numbers = [one.id for one in await organisations_of(request, desk)]
    mine = await desk.tx.gatherings.of_organisations(numbers, desk.now - timedelta(days=60))
    return [choice_of(one) for one in {one.id: one for one in (*known, *mine)}.values()]


async def show_event(request: Request, desk: Desk) -> Message:
    """The card of one that was named."""
    return await _show(number_of_choice(request[EVENT]), request, desk)


async def show_of_button(request: Request, desk: Desk) -> Message:
    """Answers a press as `show` answers the typed command."""
    return await _show(request[GATHERING], request, desk)


async def _show(number: int, request: Request, desk: Desk) -> Message:
    one = await desk.tx.gatherings.get(number)
    yours = one is not None and any(each.id == one.organisation for each in await organisations_of(request, desk))
    if one is None or not (yours or one.approval is Approval.PUBLISHED):
        raise Refused("gathering-gone")
    texts, organiser = desk.texts, (await holder(one, desk)).name
    signups = await desk.tx.signups.of(number)
    message = Message(show_card(one, organiser, texts))
    if one.terms.opened and not one.terms.page:
        message = message.adding(texts.lines("event-places-line", places=describe_places(one.terms, signups, texts)))
    elif one.terms.page:
        message = message.adding(texts.lines("event-elsewhere-line", link=one.terms.page))
    if why := one.reason if one.approval is Approval.REFUSED else "":
        message = message.adding(texts.lines("event-refused-line", reason=why))
    message = message.offering(*buttons(one, texts, desk.now))
    if yours:
        values = {"g": str(one.id)}
        state = _state(one.approval, texts)
        message = message.adding(texts.lines("event-state-line", code=code_of(one.id), state=state))
        message = message.offering(Action(texts.plain("event-terms-button"), "event.terms", values))
    return message


def _state(approval: Approval, texts: Texts) -> str:
    return texts.plain(f"approval-{approval}")


async def show_yours(request: Request, desk: Desk) -> Message:
    """A partner's own, soonest first, with their states."""
    numbers = [one.id for one in await organisations_of(request, desk)]
    found = await desk.tx.gatherings.of_organisations(numbers, desk.now)
    if not found:
        return desk.say("event-none-yours")
    message = desk.say("event-yours-title", count=len(found))
    for one in found[:A_PAGE]:
        dates = when(one.start, one.end, one.zone, desk.texts)
        values = {"code": code_of(one.id), "title": one.title, "when": dates}
        message = message.adding(desk.texts.lines("event-yours-line", state=_state(one.approval, desk.texts), **values))
        button = Action(code_of(one.id), "event.show", {"g": str(one.id)})
        message = message.offering(button)
    return message


FEATURE = Feature(
    routes=(
        Route("agenda", agenda, (REGION, THEME, MONTH), Role.VISITOR, listed=True),
        Route("agenda.turn", agenda, (REGION, THEME, MONTH, FROM), Role.VISITOR),
        Route("event.view", show_event, (EVENT,), Role.MEMBER, listed=True),
        Route("event.show", show_of_button, (GATHERING,), Role.VISITOR),
        Route("event.list", show_yours, (), Role.PARTNER, listed=True),
    ),
    lists={"months": months, "events-coming": coming},
)
