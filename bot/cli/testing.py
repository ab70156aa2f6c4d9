"""`sources test`: what would be read at an address, without keeping it."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from bot.cli.base import TEXTS, exit_with, read_config, say, with_config, with_json, write_json
from bot.cli.entries import draw_entries, entry_row
from bot.clock import now
from bot.hub.plan import Plan, plan_of
from bot.sources.access import say_once
from bot.sources.preview import Tried, source_at, try_address
from club.markup import plain
from club.news import Health, Source, SourceKind, SourceTrouble
from connectors.discover import Candidate, Discovery
from connectors.fetch import Fetcher
from connectors.reader import Reader


@click.command("test", help=TEXTS.plain("cli-sources-test"))
@with_config
@click.argument("url", metavar=TEXTS.plain("cli-address"))
@with_json
def try_source(url: str, *, as_json: bool) -> None:
    """Show what would be read at an address; nothing is kept."""
    plan = plan_of(read_config())
    try:
        tried = asyncio.run(look_at(source_at(url, plan.sources, plan.zone), plan))
    except SourceTrouble as trouble:
        _refuse(url, trouble, as_json=as_json)
        return
    if as_json:
        health = {"name": tried.source.name, "status": Health.OK.value, "error": None}
        entries = [entry_row(one) for one in tried.entries]
        write_json({"entries": entries, "sources": [{**health, **_leads_to(tried.discovery)}]})
        return
    say_where(tried.discovery)
    harvest = tried.harvest
    title = harvest.title or tried.discovery.found.title or url
    say("cli-sources-read", title=title, items=len(harvest.items), events=len(harvest.events))
    if harvest.skipped:
        say("cli-collect-skipped", count=harvest.skipped)
    for note in harvest.notes:
        say(note)
    dated = harvest.kind in (SourceKind.ICS, SourceKind.PAGE)
    draw_entries(list(tried.entries), "cli-sources-read-no-event" if dated else "cli-sources-read-nothing")


async def look_at(source: Source, plan: Plan) -> Tried:
    """What is read at the source's address now; SourceTrouble when there is nothing to read."""
    reader = Reader()
    async with Fetcher(plan.allowed, plan.timeout, plan.max_bytes, plan.contact) as fetcher:
        try:
            return await try_address(source, fetcher, reader, now())
        finally:
            await reader.close()


def say_where(discovery: Discovery) -> None:
    """Where the address leads, when it is not that of the document itself, and what else there is."""
    if discovery.moved:
        say("cli-sources-moved-line", url=discovery.moved)
    if discovery.direct:
        return
    found = discovery.found
    say("cli-sources-found", kind=found.kind, url=found.url)
    if discovery.others:
        say("cli-sources-others", count=len(discovery.others))
    for one in discovery.others:
        say("cli-sources-other", title=one.title or TEXTS.plain("cli-sources-untitled"), kind=one.kind, url=one.url)


def _leads_to(discovery: Discovery) -> dict[str, Any]:
    if discovery.direct:
        return {}
    return {
        "feed_url": discovery.found.url,
        "kind": discovery.found.kind.value,
        "others": [_row(one) for one in discovery.others],
    }


def _row(one: Candidate) -> dict[str, str]:
    return {"url": one.url, "kind": one.kind.value, "title": one.title, "language": one.language}


def _refuse(url: str, trouble: SourceTrouble, *, as_json: bool) -> None:
    words = plain(say_once(trouble, TEXTS))
    if as_json:
        status = Health.BLOCKED if trouble.blocked else Health.ERROR
        write_json({"entries": [], "sources": [{"name": url, "status": status.value, "error": words}]})
    exit_with(words)
