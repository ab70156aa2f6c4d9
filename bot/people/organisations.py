"""Organisations that take part, and how somebody comes to act for one: by a code that serves once (issue's P1)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import fields
from bot.changes import Facts, change
from bot.feature import Desk, Feature, Route
from club.dialogue import Choice, Field, Kind, Message, Reading, Request
from club.fold import fold
from club.organisation import Family, Organisation
from club.people import Grant, Role
from club.refusal import Refused
from club.regions import regions
from club.texts import Texts

OPEN_FOR = timedelta(days=7)
ORIGIN = "invitation"
# No letter or figure that is taken for another when it is dictated.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_HALF = 5  # characters on each side of the dash: 49 bits in all


def family(code: str, _: Reading) -> Family:
    """One of the four families."""
    return Family(code)


def _codes(typed: str, _: Reading) -> tuple[str, ...]:
    return tuple(part for part in typed.split(",") if part)


NAME = Field("organisation-name", fields.line(2, 80), suggests="organisations")
CODE = Field("invitation", fields.line(4, 40))
ONE = Field("organisation-chosen", fields.code, Kind.CHOICE, "organisations")
FAMILY = Field("family", family, Kind.CHOICE, "families")
REGIONS = Field("organisation-regions", _codes, Kind.CHOICES, "regions", required=False)
TRUSTED = Field("trusted", fields.yes_no, Kind.YES_NO, "yes-no")


async def organisations(request: Request, desk: Desk) -> Sequence[Choice]:
    """Those that this person may name: all for who moderates, a partner's own else."""
    known = await desk.tx.organisations.all()
    if request.person.role < Role.MODERATOR:
        mine = {fold(name) for name in await desk.tx.people.organisations(request.person.number, desk.now)}
        known = [one for one in known if fold(one.name) in mine]
    return [Choice(f"o{one.id}", one.name) for one in known]


async def families(request: Request, desk: Desk) -> Sequence[Choice]:
    """The four families."""
    return [Choice(one.value, desk.texts.plain(f"family-{one}")) for one in Family]


async def invite(request: Request, desk: Desk) -> Message:
    """A code that makes one person a partner of that organisation."""
    name = request[NAME]
    if request.person.role < Role.MODERATOR and not await _acts_for(name, request, desk):
        raise Refused("organisation-not-yours")
    try:
        one = await desk.tx.organisations.ensure(name)
    except ValueError:
        raise Refused("organisation-no-name") from None
    code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_HALF)) for _ in range(2))
    until = desk.now + OPEN_FOR
    await desk.tx.organisations.invite(one.id, code, request.person.number, desk.now, until)
    await desk.note(request, "organisation.invited", f"organisation={one.id}", **change(after={"name": one.name}))
    return desk.say("organisation-invited", name=one.name, code=code, until=until).privately()


async def join(request: Request, desk: Desk) -> Message:
    """Who bears the code is a partner of its organisation from now on."""
    code = "".join(request[CODE].upper().split())
    found = await desk.tx.organisations.invitation(code)
    if found is None:
        raise Refused("invitation-unknown")
    one = await desk.tx.organisations.get(found.organisation)
    if one is None or not await desk.tx.organisations.use(found.id, request.person.number, desk.now):
        raise Refused("invitation-used" if found.used_at else "invitation-expired")
    given = Grant(0, request.person.number, request.person.name, Role.PARTNER, one.name, origin=ORIGIN)
    await desk.tx.people.grant(given, desk.now)
    after = {"name": one.name, "state": "journal-is-partner"}
    await desk.note(request, "organisation.joined", f"organisation={one.id}", **change(after=after))
    return desk.say("organisation-joined", name=one.name).privately()


async def show(request: Request, desk: Desk) -> Message:
    """Every organisation with its family, its regions, and how many people act for it."""
    known = await desk.tx.organisations.all()
    if not known:
        return desk.say("organisation-none")
    acting: dict[str, set[int]] = {}
    for grant in await desk.tx.people.grants(desk.now):
        acting.setdefault(fold(grant.organisation), set()).add(grant.person)
    lines = [
        desk.texts.line("organisation-line", what=describe(one, desk.texts), count=len(acting.get(fold(one.name), ())))
        for one in known
    ]
    return desk.say("organisation-title", count=len(known)).adding(lines)


async def nobody(request: Request, desk: Desk) -> Message:
    """Said when there is no organisation to change."""
    return desk.say("organisation-none")


def describe(one: Organisation, texts: Texts) -> str:
    """« USH — bailleur Hlm · Occitanie · de confiance »."""
    where = ", ".join(regions().region(code).name for code in one.regions) or texts.plain("source-national")
    parts = [texts.plain(f"family-{one.family}"), where]
    if one.trusted:
        parts.append(texts.plain("organisation-trusted"))
    return f"{one.name} — {' · '.join(parts)}"


def _facts(one: Organisation) -> Facts:
    return {"name": one.name, "family": one.family.value, "regions": list(one.regions), "trusted": one.trusted}


async def _chosen(request: Request, desk: Desk) -> Organisation:
    one = await desk.tx.organisations.get(int(request[ONE].removeprefix("o")))
    if one is None:
        raise Refused("organisation-gone")
    return one


def _wanted(one: Organisation, request: Request) -> Organisation:
    return replace(one, family=request[FAMILY], regions=request.get(REGIONS) or (), trusted=request[TRUSTED])


async def foretell(request: Request, desk: Desk) -> Message:
    """How it would read in the list."""
    one = await _chosen(request, desk)
    return desk.say("organisation-preview", what=describe(_wanted(one, request), desk.texts))


async def modify(request: Request, desk: Desk) -> Message:
    """Its family, its regions, whether it is trusted."""
    one = await _chosen(request, desk)
    after = _wanted(one, request)
    await desk.tx.organisations.change(after)
    subject = f"organisation={one.id}"
    await desk.note(request, "organisation.changed", subject, **change(_facts(one), _facts(after)))
    return desk.say("organisation-changed", what=describe(after, desk.texts))


async def _acts_for(name: str, request: Request, desk: Desk) -> bool:
    mine = await desk.tx.people.organisations(request.person.number, desk.now)
    return fold(name) in map(fold, mine)


FEATURE = Feature(
    routes=(
        Route("organisation.invite", invite, (NAME,), Role.PARTNER, listed=True),
        Route("organisation.join", join, (CODE,), Role.MEMBER, listed=True),
        Route("organisation.list", show, (), Role.MODERATOR, listed=True),
        Route(
            "organisation.modify",
            modify,
            (ONE, FAMILY, REGIONS, TRUSTED),
            Role.MODERATOR,
            listed=True,
            changes=True,
            preview=foretell,
            instead=nobody,
        ),
    ),
    lists={"organisations": organisations, "families": families},
    fixed=frozenset({"families"}),
)
