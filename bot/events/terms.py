"""How one signs up for a gathering: places, places kept for families, until when, where else, what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import fields
from bot.changes import change
from bot.events.changing import YOURS, none_yours
from bot.events.naming import number_of_choice
from bot.events.places import describe_places, settle_places
from bot.events.publishing import edit_shown
from bot.events.rights import holder, own
from bot.events.typing import GATHERING, checked
from bot.feature import Desk, Feature, Route
from club.dialogue import Choice, Field, FollowUp, Kind, Message, Reading, Request
from club.fold import fold
from club.gathering import MOST_QUESTIONS, Approval, Gathering, Terms
from club.organisation import Family
from club.people import Role
from club.refusal import Refused
from club.spans import read_span

_SHARE = re.compile(r"(\d{1,6})\s*(?:places?\s*)?(?:pour\s+)?(?:les?\s+)?([a-z .]+)")
_FAMILY_OF = {
    "collectivite": Family.AUTHORITY,
    "bailleur": Family.HOUSING,
    "hlm": Family.HOUSING,
    "etat": Family.STATE,
    "autre": Family.OTHER,
}
NONE = "-"


def read_places(typed: str, _: Reading) -> tuple[int | None, Mapping[Family, int]]:
    """« 20 », or « 10 collectivités, 8 Hlm, 4 État »; « - » for as many as come."""
    flat = fold(typed.replace(",", " ; ").replace("+", " ; "))
    if typed.strip() == NONE or flat in ("illimite", "sans limite"):
        return None, {}
    if flat.isdecimal():
        return _bounded(int(flat[:9])), {}
    quotas: dict[Family, int] = {}
    for part in re.split(r"[,;+]|\bet\b", typed):
        found = _SHARE.fullmatch(fold(part))
        family = found and next((one for name, one in _FAMILY_OF.items() if name in found[2].replace(" ", "")), None)
        if not found or not family or family in quotas:
            raise Refused("terms-no-places", found=" ".join(part.split())[:40])
        quotas[family] = int(found[1])
    return _bounded(sum(quotas.values())), quotas


def _bounded(number: int) -> int:
    if not 1 <= number <= 100_000:
        raise Refused("event-places-bounds", found=number, most=100_000)
    return number


def write_places(terms: Terms, names: Mapping[Family, str]) -> str:
    """The same as `read_places` reads it back."""
    if terms.quotas:
        return ", ".join(f"{most} {names[family]}" for family, most in terms.quotas.items())
    return NONE if terms.capacity is None else str(terms.capacity)


def _day(typed: str, reading: Reading) -> date:
    start = read_span(typed, reading.today).start
    return start.date() if isinstance(start, datetime) else start


def _questions(typed: str, _: Reading) -> tuple[str, ...]:
    asked = tuple(" ".join(line.split())[:200] for line in typed.splitlines() if line.strip())
    if len(asked) > MOST_QUESTIONS:
        raise Refused("terms-too-many-questions", found=len(asked), most=MOST_QUESTIONS)
    return asked


HOW = Field("terms-how", fields.code, Kind.CHOICE, "terms-ways")
SEATS = Field("terms-places", read_places, required=False)
RELEASE = Field("terms-release", _day, required=False)
CLOSING = Field("terms-closing", _day, required=False)
ELSEWHERE = Field("terms-page", lambda typed, _: checked(typed), required=False)
QUESTIONS = Field("terms-questions", _questions, Kind.PARAGRAPH, required=False)
HERE, THERE, CLOSED = "here", "elsewhere", "none"


async def ways(request: Request, desk: Desk) -> list[Choice]:
    """Here, on somebody else's page, or not at all."""
    return [Choice(code, desk.texts.plain(f"terms-way-{code}")) for code in (HERE, THERE, CLOSED)]


async def open_terms(request: Request, desk: Desk) -> Message:
    """The form with what holds now."""
    return await _form(await own(number_of_choice(request[YOURS]), request, desk), desk)


async def terms_of_card(request: Request, desk: Desk) -> Message:
    """The same from the button of a card."""
    return await _form(await own(request[GATHERING], request, desk), desk)


async def _form(one: Gathering, desk: Desk) -> Message:
    terms, zone = one.terms, ZoneInfo(one.zone)
    names = {family: desk.texts.plain(f"family-{family}-lines") for family in Family}
    # What closes on a day closes with its last minute.
    closing = terms.closes_at and (terms.closes_at.astimezone(zone) - timedelta(minutes=1)).date()
    known = {
        "g": str(one.id),
        HOW.name: THERE if terms.page else HERE if terms.opened else CLOSED,
        SEATS.name: write_places(terms, names),
        RELEASE.name: terms.release_on.strftime("%d/%m/%Y") if terms.release_on else "",
        CLOSING.name: closing.strftime("%d/%m/%Y") if closing else "",
        ELSEWHERE.name: terms.page,
        QUESTIONS.name: "\n".join(terms.questions),
    }
    return Message((), private=True, follow_up=FollowUp("event.set-terms", known, review=True))


def _wanted(one: Gathering, request: Request) -> Terms:
    way, (capacity, quotas) = request[HOW], request.get(SEATS) or (None, {})
    page = request.get(ELSEWHERE) or ""
    if way == THERE and not page:
        raise Refused("terms-page-missing")
    closing = request.get(CLOSING)
    closes = datetime.combine(closing + timedelta(days=1), time(), ZoneInfo(one.zone)) if closing else None
    if closes and closes > one.is_over_at + timedelta(days=1):
        raise Refused("terms-closing-late", day=one.is_over_at.astimezone(ZoneInfo(one.zone)).date())
    return Terms(
        opened=way == HERE,
        capacity=capacity,
        quotas=quotas,
        release_on=request.get(RELEASE) if quotas else None,
        closes_at=closes,
        page=page if way == THERE else "",
        questions=request.get(QUESTIONS) or (),
    )


async def foretell(request: Request, desk: Desk) -> Message:
    """Preview: how places would stand under the new terms."""
    one = await own(request[GATHERING], request, desk)
    terms = _wanted(one, request)
    signups = await desk.tx.signups.of(one.id)
    return desk.say("terms-preview", places=describe_places(terms, signups, desk.texts))


async def set_terms(request: Request, desk: Desk) -> Message:
    """So one signs up from now on; those who wait get the places that are new."""
    await desk.tx.signups.lock(request[GATHERING])
    before = await own(request[GATHERING], request, desk)
    after = replace(before, terms=_wanted(before, request), sequence=before.sequence + 1)
    if not await desk.tx.gatherings.change(before, after, request.person.number, desk.now, told=True):
        raise Refused("event-changed-meanwhile", title=before.title)
    await desk.note(request, "event.terms", f"gathering={before.id}", **change(after={"name": before.title}))
    promoted = await settle_places(after, desk)
    if after.approval is Approval.PUBLISHED:
        await edit_shown(after, await holder(after, desk), desk)
    places = describe_places(after.terms, await desk.tx.signups.of(before.id), desk.texts)
    return desk.say("terms-set", title=after.title, places=places, count=len(promoted))


FEATURE = Feature(
    routes=(
        Route("event.open-terms", open_terms, (YOURS,), Role.PARTNER, listed=True, instead=none_yours),
        Route("event.terms", terms_of_card, (GATHERING,), Role.PARTNER),
        Route(
            "event.set-terms",
            set_terms,
            (GATHERING, HOW, SEATS, RELEASE, CLOSING, ELSEWHERE, QUESTIONS),
            Role.PARTNER,
            changes=True,
            preview=foretell,
        ),
    ),
    lists={"terms-ways": ways},
    fixed=frozenset({"terms-ways"}),
)
