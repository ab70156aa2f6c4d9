"""A gathering changes, is cancelled, or is made again for another date: shown old → new, told once to those who signed
up, edited wherever it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import fields
from bot.cards.gathering import show_card, show_changes, title_of
from bot.changes import change
from bot.events.naming import choice_of, number_of_choice
from bot.events.places import settle_places, tell_each
from bot.events.publishing import edit_shown, facts, is_off, make_news
from bot.events.rights import holder, organisations_of, own
from bot.events.typing import (
    ABOUT,
    GATHERING,
    NATURE,
    ORGANISER,
    PAGE,
    PLACE,
    PLACES,
    REGIONS,
    TITLE,
    WHEN,
    place_of,
    span_of,
)
from bot.feature import Desk, Feature, Hub, Job, Route
from club.dialogue import Choice, Field, FollowUp, Kind, Message, Reading, Request
from club.gathering import Approval, Gathering, changes_between
from club.news import Status
from club.people import Role
from club.refusal import Refused
from club.seats import Seat, Signup

TOGETHER = timedelta(minutes=30)  # changes made within this are one notice
URGENT = timedelta(hours=24)  # a cancellation nearer than this is told at any hour
PAST_SHOWN = timedelta(days=60)  # so long after it, a gathering can still be duplicated or looked at

YOURS = Field("event", fields.code, Kind.CHOICE, "events-yours")
SEEN = Field("seen", fields.number)  # the sequence that the form was filled from
WHY = Field("event-why", fields.paragraph(3, 300), Kind.PARAGRAPH)


async def events_yours(request: Request, desk: Desk) -> Sequence[Choice]:
    """Those that this person may change and that are not long over."""
    return [choice_of(one) for one in await yours(request, desk)]


async def yours(request: Request, desk: Desk) -> list[Gathering]:
    """The gatherings of this person's organisations, soonest first."""
    numbers = [one.id for one in await organisations_of(request, desk)]
    return await desk.tx.gatherings.of_organisations(numbers, desk.now - PAST_SHOWN)


async def none_yours(request: Request, desk: Desk) -> Message:
    """Said when this person holds no gathering to change."""
    return desk.say("event-none-yours")


async def _still_yours(request: Request, desk: Desk) -> None:
    """Raise Refused when this person lost the role meanwhile, or it is cancelled."""
    one = await own(GATHERING.read(request.values.get(GATHERING.name, ""), Reading(desk.now)), request, desk)
    if is_off(one):
        raise Refused("event-already-off", title=one.title)


# Changing


async def modify(request: Request, desk: Desk) -> Message:
    """The form with what it is now."""
    one = await own(number_of_choice(request[YOURS]), request, desk)
    if is_off(one):
        raise Refused("event-already-off", title=one.title)
    known = {
        "g": str(one.id),
        "seen": str(one.sequence),
        TITLE.name: one.title,
        WHEN.name: span_of(one),
        PLACE.name: place_of(one, desk.texts.plain("mode-online")),
        ABOUT.name: one.description,
    }
    return Message((), private=True, follow_up=FollowUp("event.change", known, review=True))


async def _wanted(request: Request, desk: Desk) -> tuple[Gathering, Gathering]:
    """What it is and what it is to be."""
    one = await own(request[GATHERING], request, desk)
    span = request[WHEN].placed(one.zone)
    where, about = request[PLACE], request.get(ABOUT) or ""
    after = replace(one, title=request[TITLE], start=span.start, end=span.end, description=about)
    return one, replace(after, venue=where.venue, link=where.link, mode=where.mode)


async def foretell(request: Request, desk: Desk) -> Message:
    """Old → new, and who will be told."""
    before, after = await _wanted(request, desk)
    changes = changes_between(before, after)
    if not changes and before.description == after.description:
        return desk.say("event-unchanged")
    told = [one for one in await desk.tx.signups.of(before.id) if one.seat is not Seat.WITHDRAWN]
    lines = [*show_changes(changes, after, desk.texts)]
    if changes and before.approval is Approval.PUBLISHED:
        lines += desk.texts.lines("event-will-tell", count=len(told))
    return Message(tuple(lines))


async def keep_change(request: Request, desk: Desk) -> Message:
    """It is so from now on; calendars follow at once, people are told once things rest."""
    before, after = await _wanted(request, desk)
    if before.sequence != request[SEEN]:
        raise Refused("event-changed-meanwhile", title=before.title)
    changes = changes_between(before, after)
    if not changes and before.description == after.description:
        return desk.say("event-unchanged")
    after = replace(after, sequence=before.sequence + 1)
    silent = not changes or before.approval is not Approval.PUBLISHED
    if not await desk.tx.gatherings.change(before, after, request.person.number, desk.now, told=silent):
        raise Refused("event-changed-meanwhile", title=before.title)
    await desk.note(request, "event.changed", f"gathering={before.id}", **change(facts(before), facts(after)))
    edited = await _follow(after, desk)
    message = desk.say("event-changed", title=after.title).adding(show_changes(changes, after, desk.texts))
    return message.adding(desk.texts.lines("event-edited", count=edited))


async def _follow(after: Gathering, desk: Desk) -> int:
    """What shows it says what it is now; how many messages are edited."""
    if after.approval is not Approval.PUBLISHED:
        return 0
    organisation = await holder(after, desk)
    await make_news(after, organisation, desk)
    return await edit_shown(after, organisation, desk)


# Cancelling


async def cancel(request: Request, desk: Desk) -> Message:
    """Ask why, then cancel."""
    one = await own(number_of_choice(request[YOURS]), request, desk)
    if is_off(one):
        raise Refused("event-already-off", title=one.title)
    organisation = await holder(one, desk)
    lines = show_card(one, organisation.name, desk.texts)
    return Message(lines, private=True, follow_up=FollowUp("event.call-off", {"g": str(one.id)}))


async def foretell_off(request: Request, desk: Desk) -> Message:
    """Preview of a cancellation: how many people will be told."""
    told = [one for one in await desk.tx.signups.of(request[GATHERING]) if one.seat is not Seat.WITHDRAWN]
    return desk.say("event-will-tell-off", count=len(told))


async def call_off(request: Request, desk: Desk) -> Message:
    """It does not take place: everybody who signed up is told at once, every message says so."""
    before = await own(request[GATHERING], request, desk)
    if is_off(before):
        raise Refused("event-already-off", title=before.title)
    after = replace(before, status=Status.CANCELLED, reason=request[WHY], sequence=before.sequence + 1)
    if not await desk.tx.gatherings.change(before, after, request.person.number, desk.now, told=True):
        raise Refused("event-changed-meanwhile", title=before.title)
    was, off = facts(before, "journal-is-published"), facts(after, "journal-is-cancelled")
    await desk.note(request, "event.cancelled", f"gathering={before.id}", **change(was, off))
    edited = await _follow(after, desk)
    told = await _tell_off(after, desk)
    message = desk.say("event-off", title=after.title, count=len(told))
    return message.adding(desk.texts.lines("event-edited", count=edited))


async def _tell_off(after: Gathering, desk: Desk) -> list[Signup]:
    """Each of those who signed up reads that it does not take place, and why."""
    waiting = [each.id for each in await desk.tx.gatherings.changes(after.id, untold=True)]
    await desk.tx.gatherings.told(waiting)  # what was to be told before says nothing any more
    signups = [one for one in await desk.tx.signups.of(after.id) if one.seat is not Seat.WITHDRAWN]
    message = desk.say("event-told-off", title=title_of(after, desk.texts), at=after.starts_at, reason=after.reason)
    await tell_each(after, signups, "off", message, desk, urgent=after.starts_at - desk.now <= URGENT)
    return signups


# Again


async def duplicate(request: Request, desk: Desk) -> Message:
    """The form of a new one, with all but the date."""
    one = await own(number_of_choice(request[YOURS]), request, desk)
    organisation = await holder(one, desk)
    known = {
        ORGANISER.name: f"o{organisation.id}",
        TITLE.name: one.title,
        PLACE.name: place_of(one, desk.texts.plain("mode-online")),
        ABOUT.name: one.description,
        NATURE.name: one.nature.value,
        REGIONS.name: ",".join(one.regions),
        PLACES.name: "" if one.terms.capacity is None else str(one.terms.capacity),
        PAGE.name: one.page,
    }
    return Message(
        desk.texts.lines("event-again", title=one.title), private=True, follow_up=FollowUp("event.new", known)
    )


# Notices


async def tell_changes(hub: Hub) -> None:
    """Those who signed up are told what changed, once it has rested for half an hour."""
    async with hub.look() as desk:
        numbers = await desk.tx.gatherings.untold(desk.now - TOGETHER)
    for number in numbers:
        async with hub.desk() as desk:
            await _tell_change(number, desk)


async def _tell_change(number: int, desk: Desk) -> None:
    one = await desk.tx.gatherings.get(number)
    kept = await desk.tx.gatherings.changes(number, untold=True)
    if one is None or not kept:
        return
    await desk.tx.gatherings.told([each.id for each in kept])
    changes = changes_between(kept[0].before, one)
    if not changes or is_off(one) or one.is_over_at <= desk.now:
        return
    message = desk.say("event-told-change", title=one.title).adding(show_changes(changes, one, desk.texts))
    signups = [each for each in await desk.tx.signups.of(number) if each.seat is not Seat.WITHDRAWN]
    soon = one.starts_at - desk.now <= URGENT
    await tell_each(one, signups, f"changed:{one.sequence}", message, desk, urgent=soon)


async def catch_up(hub: Hub) -> None:
    """Messages that were on their way while their gathering changed say what it is now; places that are free are
    given."""
    async with hub.look() as desk:
        changed = await desk.tx.gatherings.changed_since(desk.now - 2 * TOGETHER)
    for number in changed:
        async with hub.desk() as desk:
            await desk.tx.signups.lock(number)
            one = await desk.tx.gatherings.get(number)
            if one is not None and one.approval is Approval.PUBLISHED:
                await edit_shown(one, await holder(one, desk), desk)
                if not is_off(one):
                    await settle_places(one, desk)


FEATURE = Feature(
    routes=(
        Route("event.modify", modify, (YOURS,), Role.PARTNER, listed=True, instead=none_yours),
        Route(
            "event.change",
            keep_change,
            (GATHERING, SEEN, TITLE, WHEN, PLACE, ABOUT),
            Role.PARTNER,
            changes=True,
            preview=foretell,
            guard=_still_yours,
        ),
        Route("event.cancel", cancel, (YOURS,), Role.PARTNER, listed=True, instead=none_yours),
        Route(
            "event.call-off",
            call_off,
            (GATHERING, WHY),
            Role.PARTNER,
            changes=True,
            preview=foretell_off,
            guard=_still_yours,
        ),
        Route("event.duplicate", duplicate, (YOURS,), Role.PARTNER, listed=True, instead=none_yours),
    ),
    lists={"events-yours": events_yours},
    jobs=(Job("event-notices", timedelta(minutes=1), tell_changes), Job("event-cards", timedelta(minutes=1), catch_up)),
)
