"""Answers of the knowledge base as cards, for a network that offers them while one types in any conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.feature import Settings
from bot.platforms.base import Share, Shareable
from bot.questions.show import show_entry
from club.faq.base import SMALL_TALK
from club.faq.editions import LabelEditions
from club.fold import fold
from club.texts import Texts

SHOWN = 4
_FEWEST = 4  # characters: fewer are no question yet


def sharer(settings: Settings, texts: Texts, clock: Callable[[], datetime]) -> Share:
    """What gives the answers that the words may ask for, the likeliest first; () when there is none."""
    editions = LabelEditions.load()

    async def share(typed: str) -> Sequence[Shareable]:
        words = " ".join(typed.split())
        if len(fold(words)) < _FEWEST or words.startswith("/"):
            return ()
        found = await settings.knowledge.seek(words, "", "")
        if found is None or found.verdict is None:
            return ()
        first = (found.verdict.entry,) if found.verdict.entry else ()
        today = clock().astimezone(ZoneInfo(settings.zone)).date()
        likely = [entry for entry in (*first, *found.verdict.near) if entry.theme != SMALL_TALK]
        return [
            Shareable(entry.id, entry.question, entry.answer, show_entry(entry, texts, today, editions).lines)
            for entry in likely[:SHOWN]
        ]

    return share
