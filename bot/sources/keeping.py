"""What is kept of what people proposed, and of what sources gave."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.feature import Desk, Feature, Keeping
from club.retention import months_before
from storage.personal import Held
from storage.tables import proposal

log = logging.getLogger(__name__)

LEFT = timedelta(days=30)  # what was looked at and not proposed
REFUSED = 6  # months


async def forget_proposals(desk: Desk) -> None:
    """What was found and left, and what was refused long ago."""
    await desk.tx.proposals.purge(desk.now - LEFT, months_before(desk.now, REFUSED))


async def forget_news(desk: Desk) -> None:
    """Entries that left their document, events that took place."""
    forgotten = await desk.tx.news.purge(months_before(desk.now, desk.settings.retention.news_months))
    if forgotten:
        log.info("entries forgotten", extra={"count": forgotten})


# A source that was accepted stays, without who brought it; so does a decision, without who took it.
_PROPOSAL = Held(proposal, {"person_id": {"person_id": None, "private": ""}, "decided_by": {"decided_by": None}})

FEATURE = Feature(holds=(Keeping((_PROPOSAL,), forget_proposals), Keeping(purge=forget_news)))
