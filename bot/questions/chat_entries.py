"""An entry that was written in chat, as the knowledge base has entries."""

from __future__ import annotations

from datetime import datetime, timedelta

from club.faq.base import Entry, FaqSource
from storage.faq_entries import Written

REVIEW = timedelta(days=365)
_THEME = "chat"


def ident(number: int) -> str:
    """The entry's id in the knowledge base."""
    return f"{_THEME}-{number}"


def entry_of(one: Written, now: datetime) -> Entry:
    """Checked on the day a second person validated it (today, until then), to be checked again a year later."""
    day = (one.decided_at or now).date()
    title, url, version = one.source
    return Entry(
        id=ident(one.id),
        theme=_THEME,
        question=one.question,
        variants=one.variants,
        answer=one.answer,
        checked=day,
        review_by=day + REVIEW,
        sources=(FaqSource(title, url, version, day),),
    )
