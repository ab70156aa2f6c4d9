"""What every command about sources shares: addresses and names, and whose sources are whose."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from bot.feature import Desk
from club.dialogue import Field, Reading, Request
from club.markup import Line
from club.news import SourceTrouble
from club.people import Role
from club.refusal import Refused
from club.texts import MissingText, Texts
from connectors.address import check_url
from storage.sources import SourceState


def address(typed: str, _: Reading) -> str:
    """A web address; Refused with what is wrong with it."""
    try:
        return check_url(typed.strip())
    except SourceTrouble as trouble:
        raise Refused(trouble.key, **trouble.values) from None


def say_once(trouble: SourceTrouble, texts: Texts) -> tuple[Line, ...]:
    """Why an address gives nothing, without the promise to try again: nothing is kept."""
    with suppress(MissingText):
        return texts.lines(f"{trouble.key}.once", **trouble.values)
    return texts.lines(trouble.key, **trouble.values)


URL = Field("url", address)


async def own(request: Request, desk: Desk) -> list[SourceState]:
    """The sources that this person may act on (promise 34): all for who moderates; for a partner those of the
    organisation and those that the person brought."""
    states = await desk.tx.sources.all()
    person = request.person
    if person.role >= Role.MODERATOR:
        return states
    if person.role < Role.PARTNER:
        return []
    organisations = await desk.tx.people.organisations(person.number, desk.now)
    brought = await desk.tx.proposals.sources_of(person.number)
    return [one for one in states if one.source.partner in organisations or one.source.id in brought]


def taken(states: Iterable[SourceState]) -> tuple[set[str], set[str]]:
    """Names and addresses that are in use, each spelled one way."""
    names, addresses = set(), set()
    for state in states:
        names.add(state.source.name)
        with suppress(SourceTrouble):
            addresses.add(check_url(state.source.url))
    return names, addresses


def free_name(name: str, address: str, names: set[str]) -> str:
    """The name, told apart by its host, then by a number, when another source bears it."""
    host = (urlsplit(address).hostname or "")[:40]
    short = name[:150].strip() or host
    tries = [short, f"{short} ({host})", *(f"{short} ({host}, {number})" for number in range(2, len(names) + 3))]
    return next(one for one in tries if one not in names)
