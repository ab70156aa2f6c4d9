"""Where one is: the name that configuration gives to this place, on every network."""

from __future__ import annotations

from bot.feature import Desk, Feature, Route
from club.dialogue import Message, Request
from club.people import Role


async def here(request: Request, desk: Desk) -> Message:
    """This place as `[[channels]]` names it; in private also the account, as `club.admins` does."""
    if request.private:
        return desk.say("here-private", place=str(request.place), account=request.person.account)
    return desk.say("here-channel", place=str(request.place))


FEATURE = Feature(routes=(Route("place.here", here, role=Role.VISITOR, listed=True),))
