"""What is searched where no entry answers: the texts that the Club drops in a folder, what partners published last."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.feature import Hub
from club.faq.knowledge import Knowledge
from club.faq.passages import Folder, Passage, Passages, read_folder
from club.news import News

log = logging.getLogger(__name__)

NEWS = 1_000  # entries, the last ones


class Shelving:
    """A job: puts these texts within reach, again when they changed."""

    def __init__(self, knowledge: Knowledge, folder: Path) -> None:
        self._knowledge = knowledge
        self._folder = folder
        self._unread: tuple[str, ...] = ()
        self._shown: tuple[Passage, ...] = ()

    async def run(self, hub: Hub) -> None:
        """Job: read dropped texts and the last news again when they changed."""
        dropped = await asyncio.to_thread(read_folder, self._folder)
        self._warn(dropped)
        async with hub.store.read() as tx:
            news = await tx.news.latest(NEWS)
        passages = (*dropped.passages, *map(_passage, news))
        if passages != self._shown:
            self._knowledge.shelve(await asyncio.to_thread(Passages, passages))
            self._shown = passages

    def _warn(self, dropped: Folder) -> None:
        for name in set(dropped.unread) - set(self._unread):
            log.warning("text not read", extra={"file": name})
        self._unread = dropped.unread


def _passage(one: News) -> Passage:
    day = (one.published or one.kept_at).date()
    return Passage(one.summary or one.title, one.title, url=one.link or "", version=one.source, day=day)
