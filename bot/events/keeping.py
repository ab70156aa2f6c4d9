"""What is kept of those who hold gatherings and of those who sign up."""

from __future__ import annotations

from bot.events.signup import KEPT
from bot.feature import Desk, Feature, Keeping
from storage.personal import Held
from storage.tables import gathering, gathering_change, signup


async def forget_signups(desk: Desk) -> None:
    """Three months after a gathering nobody knows who signed up."""
    await desk.tx.signups.purge(desk.now - KEPT)


FEATURE = Feature(
    holds=(
        Keeping((Held(signup, {"person_id": None}),), forget_signups),
        # A gathering is its organisation's: it stays, without who wrote it.
        Keeping((Held(gathering, {"author": {"author": 0}}), Held(gathering_change, {"by": {"by": None}}))),
    )
)
