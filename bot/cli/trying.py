"""`sources test`: what would be read at an address, without keeping it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import click

from bot.cli.base import TEXTS, exit_with, read_config, say, with_config, with_json, write_json
from bot.cli.entries import draw_entries, entry_row
from bot.clock import now
from bot.plan import Plan, plan_of
from club.news import Event, Harvest, Health, Item, News, Source, SourceKind, SourceTrouble
from club.regions import Regions
from club.texts import MissingText
from club.topics import Topics
from connectors.address import check_url
from connectors.fetch import Fetcher, Memo, NotModified
from connectors.reader import Reader
from connectors.sources.document import Document
from digest.classify import regions_of, topics_of
from digest.similarity import Notice, Stories


@click.command("test", help=TEXTS.plain("cli-sources-test"))
@with_config
@click.argument("url", metavar=TEXTS.plain("cli-address"))
@with_json
def try_source(url: str, *, as_json: bool) -> None:
    """Read once, show, forget."""
    plan = plan_of(read_config())
    try:
        source = _source(url, plan)
        harvest = asyncio.run(_read(source, plan))
    except SourceTrouble as trouble:
        _refuse(url, trouble, as_json=as_json)
        return
    found = _file(harvest, source, now())
    if as_json:
        health = {"name": source.name, "status": Health.OK.value, "error": None}
        write_json({"entries": [entry_row(one) for one in found], "sources": [health]})
        return
    say("cli-sources-read", title=harvest.title or url, items=len(harvest.items), events=len(harvest.events))
    if harvest.skipped:
        say("cli-collect-skipped", count=harvest.skipped)
    for note in harvest.notes:
        say(note)
    draw_entries(found, "cli-sources-read-no-event" if harvest.kind is SourceKind.ICS else "cli-sources-read-nothing")


def _refuse(url: str, trouble: SourceTrouble, *, as_json: bool) -> None:
    words = _once(trouble)
    if as_json:
        status = Health.BLOCKED if trouble.blocked else Health.ERROR
        write_json({"entries": [], "sources": [{"name": url, "status": status.value, "error": words}]})
    exit_with(words)


def _once(trouble: SourceTrouble) -> str:
    """Why, without the promise to try again: nothing is kept here."""
    with suppress(MissingText):
        return TEXTS.plain(f"{trouble.key}.once", **trouble.values)
    return TEXTS.plain(trouble.key, **trouble.values)


def _source(url: str, plan: Plan) -> Source:
    """The source of that address in the file, so that its region and zone count, else one that is named after it."""
    address = check_url(url)
    return next((one for one in plan.sources if check_url(one.url) == address), Source(url, address, zone=plan.zone))


async def _read(source: Source, plan: Plan) -> Harvest:
    reader = Reader()
    async with Fetcher(plan.allowed, plan.timeout, plan.max_bytes, plan.contact) as fetcher:
        try:
            page = await fetcher.fetch(source.url, Memo())
            if isinstance(page, NotModified):  # an answer to a question that was not asked
                raise SourceTrouble("trouble-answer")
            return await reader.read(Document(page.body, page.url, page.content_type, now()), source)
        finally:
            await reader.close()


def _file(harvest: Harvest, source: Source, moment: datetime) -> list[News]:
    """The entries as they would be filed, numbered from 1, doubles within the document recognised."""
    topics, regions, stories = Topics.load(), Regions.load(), Stories()
    found = []
    entries: tuple[Item | Event, ...] = (*harvest.items, *harvest.events)
    for number, read in enumerate(entries, 1):
        news = _news(number, read, source, moment)
        found.append(
            replace(
                news,
                story=stories.add(Notice.of(news)),
                topics=topics_of(news.title, news.summary, read.categories, topics),
                regions=regions_of(news.title, news.summary, news.place, source.region, regions),
            )
        )
    return found


def _news(number: int, read: Item | Event, source: Source, moment: datetime) -> News:
    news = News(
        id=number,
        story=0,
        source=source.name,
        partner=source.partner,
        trusted=source.trusted,
        guid=read.uid if isinstance(read, Event) else read.guid,
        title=read.title,
        link=read.link,
        published=None if isinstance(read, Event) else read.published,
        kept_at=moment,
        summary=read.summary,
        zone=source.zone,
    )
    if isinstance(read, Item):
        return news
    return replace(news, start=read.start, end=read.end, zone=read.zone, place=read.place, status=read.status)
