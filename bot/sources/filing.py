"""Filing: what a new entry speaks of, where, and which story it tells. Between the harvest and the choice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from club.gathering import Gathering
from club.news import News
from club.regions import Regions
from club.topics import Topics
from digest.classify import regions_of, topics_of
from digest.similarity import Notice, Stories
from storage.news import Marks, Unfiled
from storage.store import Store

log = logging.getLogger(__name__)

# Two notices of one thing are never further apart than this in time of arrival.
RECENT = timedelta(days=30)
BATCH = 200


async def file_new(store: Store, topics: Topics, regions: Regions, clock: Callable[[], datetime]) -> int:
    """File what waits, batch by batch so that a chat's answer is never far behind; how many entries."""
    filed = 0
    stories: Stories | None = None
    while True:
        async with store.read() as tx:
            waiting = await tx.news.unfiled(BATCH)
            recent = await tx.news.recent(clock() - RECENT) if waiting and stories is None else []
            held = await tx.gatherings.of_entries([one.news.id for one in waiting])
        if not waiting:
            return filed
        # Comparing titles takes a while over thousands of entries: never on the event loop.
        stories, marks = await asyncio.to_thread(_sort, waiting, recent, stories, topics, regions)
        marks = [_as_said(mark, held.get(mark.id)) for mark in marks]
        async with store.begin() as tx:
            await tx.news.lock()
            await tx.news.file(marks, clock())
        filed += len(marks)
        log.info("entries filed", extra={"count": len(marks)})


def _as_said(mark: Marks, held: Gathering | None) -> Marks:
    """What the holder chose wins over what the words tell."""
    if held is None:
        return mark
    return replace(mark, topics=held.topics or mark.topics, regions=held.regions or mark.regions)


def _sort(
    waiting: Sequence[Unfiled], recent: Sequence[News], stories: Stories | None, topics: Topics, regions: Regions
) -> tuple[Stories, list[Marks]]:
    stories = stories or Stories(map(Notice.of, recent))
    return stories, [_mark(one, stories, topics, regions) for one in waiting]


def _mark(one: Unfiled, stories: Stories, topics: Topics, regions: Regions) -> Marks:
    # An entry that waits has no story of its own yet: News gives its id in its place.
    news = replace(one.news, story=0 if one.is_new else one.news.story)
    filed = file(news, one.categories, one.region, stories, topics, regions)
    return Marks(filed.id, one.fingerprint, filed.story, filed.topics, filed.regions)


def file(
    news: News, categories: Sequence[str], region: str, stories: Stories, topics: Topics, regions: Regions
) -> News:
    """The entry with what it speaks of, where, and the story it tells (story 0 = it has none yet); `categories` are its
    own, `region` its source's."""
    return replace(
        news,
        story=stories.add(Notice.of(news)),
        topics=topics_of(news.title, news.summary, categories, topics),
        regions=regions_of(news.title, news.summary, news.place, region, regions),
    )
