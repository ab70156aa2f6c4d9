"""Why a link was sent or not, told in chat to those whose source it comes from and to who moderates."""

from __future__ import annotations

from bot.feature import Desk, Feature, Route
from bot.sources.access import address, own
from bot.sources.why import explain
from club.dialogue import Field, Message, Request
from club.people import Role
from club.refusal import Refused

MOST = 3  # entries of one link that are told
LINK = Field("link", address)


async def why(request: Request, desk: Desk) -> Message:
    """Stage by stage: for one's own letters, and for every channel when one moderates."""
    orders = await desk.tx.subscriptions.of_person(request.person.number)
    if request.person.role >= Role.MODERATOR:
        orders = [*await desk.tx.subscriptions.channels(), *orders]
    told = await explain(desk.tx, request[LINK], orders, desk.texts, desk.now)
    if not told.stories:
        return Message(tuple(line for step in told.near for line in step.lines(desk.texts)))
    mine = {state.source.id for state in await own(request, desk)}
    stories = [story for story in told.stories if story.trace.source_id in mine]
    if not stories:
        raise Refused("why-not-yours")
    message = Message(())
    for story in stories[:MOST]:
        message = message.adding([line for step in story.steps for line in step.lines(desk.texts)])
    if not orders:
        message = message.adding(desk.texts.lines("why-no-order"))
    return message


FEATURE = Feature(routes=(Route("source.why", why, (LINK,), Role.PARTNER, listed=True),))
