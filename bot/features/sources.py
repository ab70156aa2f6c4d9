"""Partners' sources in chat: what an address would give, read by an errand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from bot.feature import Desk, Feature, Handler, Outside, Route
from bot.looking import Sight, show_sight
from club.dialogue import Field, Message, Reading, Request
from club.news import SourceTrouble
from club.people import Role
from club.refusal import Refused
from connectors.address import check_url


def address(typed: str, _: Reading) -> str:
    """A web address; Refused with what is wrong with it."""
    try:
        return check_url(typed.strip())
    except SourceTrouble as trouble:
        raise Refused(trouble.key, **trouble.values) from None


URL = Field("url", address)


async def try_out(request: Request, desk: Desk) -> Message:
    """What would be read at an address, without keeping it."""
    return await desk.errand(request, "source.test", url=request[URL])


async def look(given: Mapping[str, str], outside: Outside) -> Handler:
    """Read it once."""
    return partial(_tell, await _see(given["url"], outside))


async def _see(url: str, outside: Outside) -> Sight:
    try:
        return await outside.look(url)
    except SourceTrouble as trouble:
        raise Refused(trouble.key, **trouble.values) from None


async def _tell(sight: Sight, request: Request, desk: Desk) -> Message:
    return desk.say("source-tried", url=sight.url).adding(show_sight(sight, desk.texts))


FEATURE = Feature(
    routes=(Route("source.test", try_out, (URL,), Role.PARTNER, listed=True),),
    errands={"source.test": look},
)
