"""What is kept of questions, of those who asked, and of those who answered."""

from __future__ import annotations

from datetime import timedelta

from bot.feature import Desk, Feature, Keeping
from club.retention import months_before
from storage.personal import Held
from storage.tables import faq_entry, inquiry

LEFT = timedelta(days=30)  # what was begun and not sent
ASKED = 12  # months, questions that went to a person
JUDGED = 24  # months, questions without who asked


async def forget_questions(desk: Desk) -> None:
    """What was asked long ago."""
    await desk.tx.questions.purge(months_before(desk.now, JUDGED))
    await desk.tx.inquiries.purge(desk.now - LEFT, months_before(desk.now, ASKED))


FEATURE = Feature(
    holds=(
        Keeping((Held(inquiry, {"person_id": None, "answered_by": {"answered_by": None}}),), forget_questions),
        # An entry is the Club's answer: it stays, without who wrote it.
        Keeping((Held(faq_entry, {"author": {"author": 0}, "decided_by": {"decided_by": None}}),)),
    )
)
