"""Who comes: the organiser's private list, an announcement to those who signed up, who comes by organisation, and the
calendar file of one gathering."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from bot import fields
from bot.cards.gathering import code_of, title_of
from bot.events.changing import YOURS, none_yours
from bot.events.naming import number_of_choice
from bot.events.places import describe_places, tell_each
from bot.events.rights import holder, own
from bot.events.typing import GATHERING
from bot.feature import Desk, Feature, Route
from club.agenda import Occasion
from club.dialogue import Attachment, Field, FollowUp, Kind, Message, Reading, Request
from club.gathering import Approval, Gathering
from club.people import Role
from club.refusal import Refused
from club.seats import Seat, Signup
from club.texts import Texts
from connectors.outlets.ics import Named, calendar

BETWEEN = timedelta(hours=1)  # two announcements of one gathering
WORDS = Field("event-announcement", fields.paragraph(10, 1500), Kind.PARAGRAPH)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def listed(request: Request, desk: Desk) -> Message:
    """The list, as a file for this person alone."""
    one = await own(number_of_choice(request[YOURS]), request, desk)
    signups = [each for each in await desk.tx.signups.of(one.id) if each.seat is not Seat.WITHDRAWN]
    await desk.note(request, "event.listed", f"gathering={one.id}")
    message = desk.say(
        "registrants", title=one.title, count=len(signups), places=describe_places(one.terms, signups, desk.texts)
    ).privately()
    if not signups:
        return message
    data = as_csv(one, signups, desk.texts)
    return message.bearing(Attachment(f"{code_of(one.id)}-inscrits.csv", "text/csv", data))


def as_csv(one: Gathering, signups: Sequence[Signup], texts: Texts) -> bytes:
    """The columns that people agreed to; what one keeps for oneself is empty. For Excel in French: UTF-8 with its mark,
    semicolons; no cell is a formula."""
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    names = ("name", "organisation", "family", "seat", "needs", "made-at", "came")
    rows.writerow([texts.plain(f"column-{name}") for name in names] + [_safe(asked) for asked in one.terms.questions])
    for each in signups:
        made = each.made_at.astimezone(texts.zone).strftime("%Y-%m-%d %H:%M") if each.made_at else ""
        came = texts.plain("choice-yes") if each.came_at else ""
        said = [each.name if each.shares_name else "", each.organisation if each.shares_name else ""]
        said += [texts.plain(f"family-{each.family}"), texts.plain(f"seat-{each.seat}"), each.needs, made, came]
        answers = [*each.answers, *[""] * len(one.terms.questions)][: len(one.terms.questions)]
        rows.writerow([_safe(cell) for cell in (*said, *answers)])
    return b"\xef\xbb\xbf" + written.getvalue().encode("utf-8", "replace")


def _safe(cell: str) -> str:
    """The cell as text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


# An announcement


async def announce(request: Request, desk: Desk) -> Message:
    """Opens the form in which the organiser writes to those who signed up."""
    one = await own(number_of_choice(request[YOURS]), request, desk)
    return Message((), private=True, follow_up=FollowUp("event.tell", {"g": str(one.id)}))


async def _told(request: Request, desk: Desk) -> tuple[Gathering, list[Signup], Message]:
    one = await own(request[GATHERING], request, desk)
    signups = [each for each in await desk.tx.signups.of(one.id) if each.seat is not Seat.WITHDRAWN]
    organiser = (await holder(one, desk)).name
    message = desk.say("registrants-told", title=title_of(one, desk.texts), organiser=organiser)
    return one, signups, message.adding(desk.texts.lines("registrants-words", words=request[WORDS]))


async def foretell(request: Request, desk: Desk) -> Message:
    """Word for word what will be read, and by how many."""
    _, signups, message = await _told(request, desk)
    return desk.say("registrants-will-tell", count=len(signups)).adding(message.lines)


async def tell(request: Request, desk: Desk) -> Message:
    """Each of those who signed up reads it, once, in waking hours."""
    one, signups, message = await _told(request, desk)
    last = await desk.tx.journal.last_time("event.told", f"gathering={one.id}")
    if last is not None and desk.now - last < BETWEEN:
        raise Refused("registrants-too-soon", next=last + BETWEEN)
    await desk.note(request, "event.told", f"gathering={one.id}")
    await tell_each(one, signups, f"told:{int(desk.now.timestamp())}", message, desk, urgent=False)
    return desk.say("registrants-told-done", count=len(signups))


# Who comes, and the calendar


async def who(request: Request, desk: Desk) -> Message:
    """How many come, and the organisations of those who agreed to say so."""
    one = await desk.tx.gatherings.get(request[GATHERING])
    mine = await desk.tx.signups.mine(request[GATHERING], request.person.number)
    if one is None or mine is None or mine.seat is Seat.WITHDRAWN:
        raise Refused("signup-not-yours")
    taken = [each for each in await desk.tx.signups.of(one.id) if each.seat is Seat.TAKEN]
    names = Counter(each.organisation for each in taken if each.shares_organisation and each.organisation)
    message = desk.say("registrants-who", title=one.title, count=len(taken))
    lines = [desk.texts.line("registrants-who-line", name=name, count=count) for name, count in sorted(names.items())]
    return message.adding(lines).privately()


async def as_calendar(request: Request, desk: Desk) -> Message:
    """A file that calendar programs open at the right hour."""
    one = await desk.tx.gatherings.get(request[GATHERING])
    if one is None or one.approval is not Approval.PUBLISHED:
        raise Refused("gathering-gone")
    occasion = await desk.tx.agenda.of_gathering(one.id) or await _occasion(one, desk)
    site = desk.settings.public_url
    named = Named(desk.texts.plain("web-agenda-name"), lambda each: f"{site}/evenements/{each.number}" if site else "")
    message = desk.say("calendar-here", title=title_of(one, desk.texts)).privately()
    return message.bearing(Attachment(f"{code_of(one.id)}.ics", "text/calendar", calendar([occasion], named)))


async def _occasion(one: Gathering, desk: Desk) -> Occasion:
    """What it will be once it is filed."""
    return Occasion(
        number=one.entry or 0,
        title=one.title,
        start=one.start,
        end=one.end,
        zone=one.zone,
        updated_at=one.changed_at or desk.now,
        place=one.venue,
        online="" if one.link_private else one.link,
        mode=one.mode,
        nature=one.nature,
        link=one.page or None,
        description=one.description,
        organiser=(await holder(one, desk)).name,
        status=one.status,
        sequence=one.sequence,
        gathering=one.id,
    )


async def still_yours(request: Request, desk: Desk) -> None:
    """Raise Refused when this person lost the role meanwhile."""
    await own(GATHERING.read(request.values.get(GATHERING.name, ""), Reading(desk.now)), request, desk)


FEATURE = Feature(
    routes=(
        Route("event.registrants", listed, (YOURS,), Role.PARTNER, listed=True, instead=none_yours),
        Route("event.announce", announce, (YOURS,), Role.PARTNER, listed=True, instead=none_yours),
        Route(
            "event.tell",
            tell,
            (GATHERING, WORDS),
            Role.PARTNER,
            changes=True,
            preview=foretell,
            guard=still_yours,
        ),
        Route("event.who", who, (GATHERING,), Role.MEMBER),
        Route("event.calendar", as_calendar, (GATHERING,), Role.VISITOR),
    ),
)
