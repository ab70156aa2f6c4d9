"""Whether this person may do that here: read at each press (promise 29)."""

from __future__ import annotations

from bot.feature import Desk, Route
from bot.talk.replies import NOT_MEMBER
from club.dialogue import Request
from club.people import Role
from club.refusal import Refused


async def check(route: Route, request: Request, desk: Desk) -> None:
    """Role and guard of the route; Refused when one says no."""
    if request.person.role < route.role is Role.MEMBER:
        raise Refused(NOT_MEMBER, route=route.name)
    if request.person.role < route.role:
        raise Refused("role-needed", role=desk.texts.plain(f"role-{route.role.word}.needed"))
    if route.guard is not None:
        await route.guard(request, desk)
