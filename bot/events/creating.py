"""« /evenement creer »: from the address of a page, read by the readers of the harvest, or from a form."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot import fields
from bot.cards.gathering import buttons, code_of, dated, show_card
from bot.events.publishing import followers, names_of, submit
from bot.events.rights import organisations_of
from bot.events.typing import (
    ABOUT,
    FIXED,
    LISTS,
    NATURE,
    ORGANISER,
    PAGE,
    PLACE,
    PLACES,
    REGIONS,
    THEMES,
    TITLE,
    WHEN,
    checked,
    zone_of,
)
from bot.feature import Desk, Feature, Handler, Outside, Route
from club.agenda import Occasion
from club.dialogue import Action, Field, FollowUp, Message, Request
from club.gathering import Approval, Gathering, Nature, Terms
from club.news import Event, Harvest, Preview, SourceTrouble, Status
from club.organisation import Organisation
from club.people import Role
from club.refusal import Refused
from club.regions import regions
from club.spans import FURTHEST, TimeSpan, write_span
from club.topics import topics
from club.wording import when
from digest.classify import regions_of, topics_of
from digest.similarity import Notice, same_story

MOST_SHOWN = 8  # events of one page
ADDRESS = Field("url", lambda typed, _: checked(typed), required=False)
ZONE = Field("zone", fields.code, required=False)  # the page's own; never asked
WHICH = Field("event-which", fields.number, required=False)


async def create(request: Request, desk: Desk) -> Message:
    """Read the page that was given, else open the form."""
    mine = await organisations_of(request, desk)
    if not mine:
        raise Refused("event-no-organisation")
    url = request.get(ADDRESS)
    if url:
        which = str(request.get(WHICH) or 1)
        return await desk.errand(request, "event.read", url=url, which=which)
    return Message((), private=True, follow_up=FollowUp("event.new", _organiser(mine)))


async def propose_visit(request: Request, desk: Desk) -> Message:
    """A joint visit: the form of a gathering, whose places are then kept by family."""
    mine = await organisations_of(request, desk)
    if not mine:
        raise Refused("event-no-organisation")
    known = _organiser(mine) | {NATURE.name: Nature.VISIT.value}
    return Message(desk.texts.lines("visit-begun"), private=True, follow_up=FollowUp("event.new", known))


def _organiser(mine: Sequence[Organisation]) -> dict[str, str]:
    """Nothing is asked of who acts for one organisation alone."""
    return {ORGANISER.name: f"o{mine[0].id}"} if len(mine) == 1 else {}


# From a page


async def read_page(given: Mapping[str, str], outside: Outside) -> Handler:
    """Errand: the events of the page at `url`, read once."""
    try:
        return partial(propose, await outside.look(given["url"]), given["url"], int(given["which"]))
    except SourceTrouble as trouble:
        return partial(_unreadable, trouble, given["url"])


async def _unreadable(trouble: SourceTrouble, url: str, request: Request, desk: Desk) -> Message:
    """Why nothing was read, and the form with the address in it."""
    return await _open_form(desk.say(trouble.key, **trouble.values), {PAGE.name: url}, request, desk)


async def propose(preview: Preview, url: str, which: int, request: Request, desk: Desk) -> Message:
    """The form with what the page says of the event that comes next, or of the one that was named by its rank."""
    found = _coming(preview.harvest, desk)
    if not found:
        return await _open_form(desk.say("event-none-on-page", url=url), {PAGE.name: url}, request, desk)
    event = found[min(max(which, 1), len(found)) - 1]
    lines = desk.texts.lines("event-read", url=url)
    if len(found) > 1:
        lines += desk.texts.lines("event-several", count=len(found), rank=found.index(event) + 1)
        for rank, one in enumerate(found[:MOST_SHOWN], 1):
            dates = when(one.start, one.end, one.zone, desk.texts)
            lines += desk.texts.lines("event-several-line", rank=rank, title=one.title, when=dates)
    return await _open_form(Message(lines), _as_typed(event, url, desk), request, desk)


async def _open_form(message: Message, known: dict[str, str], request: Request, desk: Desk) -> Message:
    """The form on its preview, so that what is missing is marked; the role is read again, the look took a moment."""
    mine = await organisations_of(request, desk)
    if not mine:
        raise Refused("event-no-organisation")
    return replace(message, private=True, follow_up=FollowUp("event.new", _organiser(mine) | known, review=True))


def _coming(harvest: Harvest, desk: Desk) -> list[Event]:
    """What is not over and takes place, soonest first."""
    on = (one for one in harvest.events if one.status is not Status.CANCELLED and _last(one) > desk.now)
    return sorted((one for one in on if _start(one) < desk.now + FURTHEST), key=_start)


def _start(one: Event) -> datetime:
    return one.start if isinstance(one.start, datetime) else datetime.combine(one.start, time(), ZoneInfo(one.zone))


def _last(one: Event) -> datetime:
    last = one.end if one.end is not None else one.start
    if isinstance(last, datetime):
        return last
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(one.zone))


def _as_typed(event: Event, url: str, desk: Desk) -> dict[str, str]:
    """What was read, as the form's fields take it; what was not read is not there."""
    zone = ZoneInfo(event.zone)
    span = TimeSpan(_local(event.start, zone), None if event.end is None else _local(event.end, zone))
    codes = regions_of(event.title, event.summary, event.place, "", regions())
    numbers = topics_of(event.title, event.summary, event.categories, topics())
    themes = [one.code for one in topics().themes if topics().commitments_of(one)[0] in numbers]
    known = {
        TITLE.name: event.title[:200],
        WHEN.name: write_span(span),
        PLACE.name: event.place[:200],
        ABOUT.name: event.summary[:4000],
        PAGE.name: event.link or url,
        REGIONS.name: ",".join(codes),
        THEMES.name: ",".join(themes[:2]),
        NATURE.name: "event",
        ZONE.name: "" if event.zone == desk.settings.zone else event.zone,
    }
    return {name: value for name, value in known.items() if value}


def _local(moment: datetime | date, zone: ZoneInfo) -> datetime | date:
    return moment.astimezone(zone).replace(tzinfo=None) if isinstance(moment, datetime) else moment


# From the form


async def wanted(request: Request, desk: Desk) -> Gathering:
    """The gathering as the form tells it; Refused when it cannot be in somebody else's name."""
    number = int(request[ORGANISER].removeprefix("o"))
    mine = {one.id: one for one in await organisations_of(request, desk)}
    if number not in mine:
        raise Refused("event-no-organisation")
    own = mine[number].regions
    codes = request.get(REGIONS) or (own if len(own) == 1 else ())
    zone = request.get(ZONE) or zone_of(codes or own, desk.settings.zone)
    span, where = request[WHEN].placed(zone), request[PLACE]
    return Gathering(
        organisation=number,
        title=request[TITLE],
        start=span.start,
        end=span.end,
        zone=zone,
        nature=request[NATURE],
        mode=where.mode,
        venue=where.venue,
        link=where.link,
        page=request.get(PAGE) or "",
        description=request.get(ABOUT) or "",
        topics=request.get(THEMES) or (),
        regions=codes,
        terms=Terms(capacity=request.get(PLACES)),
        author=request.person.number,
        uid=secrets.token_hex(12),
    )


async def foretell(request: Request, desk: Desk) -> Message:
    """The date in full with its zone, where it will be shown, and what looks like the same event."""
    one = await wanted(request, desk)
    if one.is_over_at <= desk.now:
        raise Refused("event-over")
    texts = desk.texts
    lines = texts.lines("event-dated", when=dated(one, texts), zone=one.zone)
    orders = await followers(one, desk)
    shown = texts.lines("event-will-show", places=names_of(orders), count=len(orders)) if orders else ()
    lines += shown or texts.lines("event-will-show-letters")
    message = Message(lines)
    for twin in await twins(one, desk):
        dates = when(twin.start, twin.end, twin.zone, texts)
        message = message.adding(texts.lines("event-twin", title=twin.title, when=dates, by=twin.organiser))
        label = texts.plain("event-twin-button", title=twin.title[:30])
        message = message.offering(Action(label, "event.same", {"n": str(twin.number)}))
    return message


async def twins(one: Gathering, desk: Desk) -> list[Occasion]:
    """Events of that day that look like the same one, at most two."""
    around = await desk.tx.agenda.between(one.starts_at - timedelta(days=1), one.starts_at + timedelta(days=2))
    mine = Notice(0, "", one.title, desk.now, one.page or None, one.description, "", one.start, one.venue)
    return [each for each in around if each.gathering != one.id and same_story(mine, _notice(each, desk))][:2]


def _notice(one: Occasion, desk: Desk) -> Notice:
    return Notice(one.number, one.organiser, one.title, desk.now, one.link, one.description, "", one.start, one.place)


async def same(request: Request, desk: Desk) -> Message:
    """It is there already: nothing is made."""
    await desk.tx.drafts.set_aside(request.person.number, str(request.place))
    return desk.say("event-same").replacing()


NUMBER = Field("n", fields.number)


async def make(request: Request, desk: Desk) -> Message:
    """It is published, or waits for a moderator."""
    one = await wanted(request, desk)
    if one.is_over_at <= desk.now:
        raise Refused("event-over")
    one = await submit(one, request, desk)
    texts = desk.texts
    organiser = next(each.name for each in await organisations_of(request, desk) if each.id == one.organisation)
    values = {"title": one.title, "code": code_of(one.id)}
    if one.approval is not Approval.PUBLISHED:
        return desk.say("event-waits", **values).adding(show_card(one, organiser, texts)).privately()
    orders = await followers(one, desk)
    said = {"code": code_of(one.id), "places": names_of(orders), "count": len(orders)}
    message = desk.say("event-published-in", **said) if orders else desk.say("event-published", code=said["code"])
    message = message.adding(show_card(one, organiser, texts))
    terms = Action(texts.plain("event-terms-button"), "event.terms", {"g": str(one.id)})
    return message.offering(*buttons(one, texts, desk.now), terms).privately()


FEATURE = Feature(
    routes=(
        Route("event.create", create, (ADDRESS, WHICH), Role.PARTNER, listed=True),
        Route("visit.propose", propose_visit, (), Role.PARTNER, listed=True),
        Route(
            "event.new",
            make,
            (ORGANISER, TITLE, WHEN, PLACE, ABOUT, NATURE, REGIONS, THEMES, PLACES, PAGE, ZONE),
            Role.PARTNER,
            changes=True,
            preview=foretell,
        ),
        Route("event.same", same, (NUMBER,), Role.PARTNER),
    ),
    lists=LISTS,
    fixed=FIXED,
    errands={"event.read": read_page},
)
