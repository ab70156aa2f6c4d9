"""Who may touch a gathering: partners of its organisation, read at each press (promises 29, 34), and moderators."""

from __future__ import annotations

from bot.feature import Desk
from club.dialogue import Request
from club.fold import fold
from club.gathering import Gathering
from club.organisation import Organisation
from club.people import Role
from club.refusal import Refused


async def organisations_of(request: Request, desk: Desk) -> list[Organisation]:
    """Those in whose name this person may act: a partner's own; all for who moderates."""
    if request.person.role >= Role.MODERATOR:
        return await desk.tx.organisations.all()
    if request.person.role < Role.PARTNER:
        return []
    names = sorted(await desk.tx.people.organisations(request.person.number, desk.now))
    return [await desk.tx.organisations.ensure(name) for name in names if fold(name)]


async def holder(one: Gathering, desk: Desk) -> Organisation:
    """The organisation that holds it; Refused when it is not known any more."""
    found = await desk.tx.organisations.get(one.organisation)
    if found is None:
        raise Refused("gathering-gone")
    return found


async def own(number: int, request: Request, desk: Desk) -> Gathering:
    """The gathering, when this person may change it; Refused else, naming who may."""
    one = await desk.tx.gatherings.get(number)
    if one is None:
        raise Refused("gathering-gone")
    mine = await organisations_of(request, desk)
    if all(each.id != one.organisation for each in mine):
        raise Refused("gathering-not-yours", name=(await holder(one, desk)).name)
    return one
