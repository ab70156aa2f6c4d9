"""Who may do what: roles given, taken away and listed by administrators. What the configuration gives
is changed there; nobody gives more than one's own; the last administrator stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import fields
from bot.changes import Facts, bounds, change, of_roles
from bot.feature import Desk, Feature, Route
from club.dialogue import Choice, Field, Kind, Message, Reading, Request
from club.people import Grant, Person, Role
from club.refusal import Refused
from club.spans import read_span
from club.texts import Texts

KNOWN = 500  # persons that can be named, those who wrote last
ORIGIN = "chat"
GIVEN = (Role.PARTNER, Role.MODERATOR, Role.EDITOR, Role.ADMIN)


def day_end(typed: str, reading: Reading) -> datetime:
    """The end of the day that was written, at least today's."""
    zone = ZoneInfo(reading.zone)
    try:
        start = read_span(typed, reading.today).start
    except Refused as refusal:
        if refusal.key == "span-unread":
            raise Refused("role-no-date", found=typed.strip()[:40]) from None
        if refusal.key == "span-past":
            raise Refused("role-past-date", day=refusal.values["day"]) from None
        raise
    day = start.date() if isinstance(start, datetime) else start
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC) - timedelta(seconds=1)


def _role(code: str, _: Reading) -> Role:
    return Role.named(code)


WHO = Field("person", fields.code, Kind.CHOICE, "persons")
ROLE = Field("role", _role, Kind.CHOICE, "roles")
REGION = Field("scope", fields.code, Kind.CHOICE, "regions", required=False)
UNTIL = Field("until", day_end, Kind.MOMENT, required=False)
ORGANISATION = Field("organisation", fields.line(2, 80), required=False)
GRANT = Field("grant", fields.code, Kind.CHOICE, "grants")


async def persons(request: Request, desk: Desk) -> Sequence[Choice]:
    """Those who wrote to the Club, the last one first; also by account (`platform:id`) and by mention."""
    known = await desk.tx.people.lately(KNOWN)
    return [Choice(f"p{one.number}", _called(one), (one.account, f"<@{one.id}>")) for one in known]


def _called(one: Person) -> str:
    return f"{one.name} ({one.platform})" if one.name else one.account


async def roles(request: Request, desk: Desk) -> Sequence[Choice]:
    """Those that this person may give: none above one's own."""
    texts = desk.texts
    return [Choice(one.word, texts.plain(f"role-{one.word}")) for one in GIVEN if one <= request.person.role]


async def grants(request: Request, desk: Desk) -> Sequence[Choice]:
    """What was given, each with its bounds."""
    return [Choice(f"g{one.id}", describe(one, desk.texts)) for one in await desk.tx.people.grants(desk.now)]


def describe(one: Grant, texts: Texts) -> str:
    """« Paul — partenaire (USH) · Occitanie · jusqu’au … »."""
    name = texts.plain("role-holder", name=one.name or texts.plain("role-nameless", number=one.person))
    return f"{name} — {bounds(one, texts)}"


def _wanted(request: Request, names: dict[int, str]) -> Grant:
    number = int(request[WHO].removeprefix("p"))
    organisation = request.get(ORGANISATION) or ""
    role = request[ROLE]
    if role > request.person.role:
        raise Refused("role-above")
    if number == request.person.number:
        raise Refused("role-own")
    if role is Role.PARTNER and not organisation:
        raise Refused("role-organisation-needed")
    region, until = request.get(REGION) or "", request.get(UNTIL)
    return Grant(0, number, names.get(number, ""), role, organisation, region, until, ORIGIN)


async def foretell(request: Request, desk: Desk) -> Message:
    """What it would read like in the list."""
    names = await desk.tx.people.names([int(request[WHO].removeprefix("p"))])
    return desk.say("role-preview", what=describe(_wanted(request, names), desk.texts))


async def give(request: Request, desk: Desk) -> Message:
    """The role holds from now on; its bearer is told."""
    names = await desk.tx.people.names([int(request[WHO].removeprefix("p"))])
    given = _wanted(request, names)
    before = await _held(given.person, desk)
    await desk.tx.people.grant(given, desk.now)
    await desk.note(request, "role.given", f"person={given.person}", **change(before, await _held(given.person, desk)))
    await _tell(given, "role-given-told", desk)
    return desk.say("role-given", what=describe(given, desk.texts))


async def take(request: Request, desk: Desk) -> Message:
    """The role ends now; its bearer is told."""
    held = await desk.tx.people.grants(desk.now)
    one = next((one for one in held if f"g{one.id}" == request[GRANT]), None)
    if one is None:
        raise Refused("role-gone")
    if one.origin.startswith("config"):
        raise Refused("role-configured")
    if one.role > request.person.role:
        raise Refused("role-above")
    if one.role is Role.ADMIN and not any(other.role is Role.ADMIN and other.id != one.id for other in held):
        raise Refused("role-last-admin")
    before = await _held(one.person, desk)
    await desk.tx.people.revoke(one.id)
    await desk.note(request, "role.taken", f"person={one.person}", **change(before, await _held(one.person, desk)))
    await _tell(one, "role-taken-told", desk)
    return desk.say("role-taken", what=describe(one, desk.texts))


async def _held(person: int, desk: Desk) -> Facts:
    held = [one for one in await desk.tx.people.grants(desk.now) if one.person == person]
    return of_roles(held, await desk.tx.people.role(person, desk.now))


async def _tell(one: Grant, key: str, desk: Desk) -> None:
    place = await desk.tx.people.private_place(one.person)
    line = await desk.tx.journal.last(1)
    if place and line:
        what = desk.texts.plain(f"role-{one.role.word}") + (f" ({one.organisation})" if one.organisation else "")
        told = Message(desk.texts.lines(key, what=what))
        await desk.send(f"role:{line[0]['id']}", place, told)


async def show(request: Request, desk: Desk) -> Message:
    """Every role above the first, and who gave it when it is the file."""
    held = await desk.tx.people.grants(desk.now)
    if not held:
        return desk.say("role-list-none")
    lines = []
    for one in held:
        key = "role-line-config" if one.origin.startswith("config") else "role-line"
        lines.append(desk.texts.line(key, what=describe(one, desk.texts)))
    lines = list(dict.fromkeys(lines))  # the file may give the same in two places
    return desk.say("role-list-title", count=len(lines)).adding(lines)


async def nobody(request: Request, desk: Desk) -> Message:
    """Said when there is no role to take away."""
    return desk.say("role-list-none")


FEATURE = Feature(
    routes=(
        Route(
            "role.give",
            give,
            (WHO, ROLE, REGION, UNTIL, ORGANISATION),
            Role.ADMIN,
            listed=True,
            changes=True,
            preview=foretell,
        ),
        Route("role.take", take, (GRANT,), Role.ADMIN, listed=True, changes=True, instead=nobody),
        Route("role.list", show, (), Role.ADMIN, listed=True),
    ),
    lists={"persons": persons, "roles": roles, "grants": grants},
)
