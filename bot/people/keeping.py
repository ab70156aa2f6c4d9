"""What is kept of persons themselves, of what they have half said, and of who did what."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from bot.feature import Desk, Feature, Keeping
from club.retention import months_before
from storage.personal import Held
from storage.tables import account, draft, errand, grant, invitation, journal, person

DRAFTS = timedelta(days=30)  # as long as a month goes without a word
UPDATES = timedelta(days=2)  # after which a network brings none again


async def forget_drafts(desk: Desk) -> None:
    """What was begun and left."""
    await desk.tx.drafts.purge(desk.now - DRAFTS)


async def forget_acts(desk: Desk) -> None:
    """Lines of the journal go after a while; before that, who it was."""
    kept = desk.settings.retention
    key = bytes.fromhex(await desk.tx.journal.setting("journal", secrets.token_hex(32)))

    def hide(number: int) -> int:
        digest = hashlib.blake2b(str(number).encode(), key=key, digest_size=4).digest()
        return -1 - (int.from_bytes(digest, "big") >> 1)

    await desk.tx.journal.forget_updates(desk.now - UPDATES)
    await desk.tx.journal.purge(months_before(desk.now, kept.journal_months))
    await desk.tx.journal.hide_persons(months_before(desk.now, kept.journal_names_months), hide)


FEATURE = Feature(
    holds=(
        Keeping((Held(person, {"id": None}), Held(account, {"person_id": None}), Held(grant, {"person_id": None}))),
        Keeping((Held(draft, {"person_id": None}), Held(errand, {"person_id": None})), forget_drafts),
        Keeping((Held(journal, {"person_id": {"person_id": None}}, in_subject=True),), forget_acts),
        Keeping((Held(invitation, {"made_by": {"made_by": 0}, "used_by": {"used_by": None}}),)),
    )
)
