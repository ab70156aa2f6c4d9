"""`sources`: the partners' addresses that the hub visits."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from bot.changes import change, of_source
from bot.cli.base import TEXTS, a_file, exit_with, read_config, say, with_config, with_json, write_bytes, write_json
from bot.cli.database import opened, trouble_of
from bot.cli.testing import try_source
from bot.cli.why import explain_link
from bot.clock import now
from bot.config.model import Config
from bot.sources.access import free_name, taken
from club.news import Origin, Source, SourceKind, SourceTrouble
from club.regions import Regions
from connectors.address import Allowed
from connectors.opml import Outline, read_opml, write_opml
from storage.sources import SourceState
from storage.store import Transaction

NAME = TEXTS.plain("cli-name")
ADDRESS = TEXTS.plain("cli-address")
OPML = TEXTS.plain("cli-opml")
_BY = "cli"  # in the journal


@click.group(help=TEXTS.plain("cli-sources"), subcommand_metavar=TEXTS.plain("cli-help.metavar"))
@with_config
def sources() -> None:
    """The group of what concerns sources."""


@sources.command("list", help=TEXTS.plain("cli-sources-list"))
@with_config
@with_json
def list_them(*, as_json: bool) -> None:
    """Every source with its health."""
    states = asyncio.run(_all(read_config()))
    if as_json:
        write_json({"sources": [_row(state) for state in states]})
    elif not states:
        say("cli-sources-none")
    else:
        rows = [(s.source.name, s.source.partner, _health(s), s.source.url) for s in states]
        if not sys.stdout.isatty():  # for other programs: nothing cut, nothing folded
            for row in rows:
                click.echo("\t".join(" ".join(cell.split()) for cell in row))
            return
        from bot.cli.drawing import draw_table

        draw_table(("cli-column-name", "cli-column-partner", "cli-column-state", "cli-column-address"), rows)


async def _all(config: Config) -> list[SourceState]:
    async with opened(config) as (_, store), store.read() as tx:
        return await tx.sources.all()


def _row(state: SourceState) -> dict[str, Any]:
    source = state.source
    return {
        "name": source.name,
        "url": source.url,
        "kind": source.kind.value,
        "partner": source.partner,
        "region": source.region,
        "trusted": source.trusted,
        "origin": source.origin.value,
        "paused": TEXTS.plain(state.paused) if state.paused else None,
        "status": state.health.value,
        "error": trouble_of(state),
        "visited": state.visited_at and state.visited_at.isoformat(),
        "feed_url": state.feed_url,
        "moved_to": state.moved_to,
        "moved_since": state.moved_since and state.moved_since.isoformat(),
    }


def _health(state: SourceState) -> str:
    if state.paused:
        return TEXTS.plain(state.paused)
    if state.visited_at is None:
        return TEXTS.plain("cli-sources-untried")
    said = [trouble_of(state) or TEXTS.plain("cli-sources-well", at=state.visited_at)]
    if state.feed_url and state.feed_url != state.source.url:
        said.append(TEXTS.plain("cli-sources-feed", url=state.feed_url))
    if state.moved_to and state.moved_since:
        since = TEXTS.day(TEXTS.day_of(state.moved_since))
        said.append(TEXTS.plain("cli-sources-moved", url=state.moved_to, since=since))
    return " ".join(said)


@sources.command(help=TEXTS.plain("cli-sources-add"))
@with_config
@click.argument("url", metavar=ADDRESS)
@click.option("--name", required=True, metavar=NAME, help=TEXTS.plain("cli-sources-name"))
@click.option(
    "--kind",
    default="auto",
    type=click.Choice([kind.value for kind in SourceKind]),
    help=TEXTS.plain("cli-sources-kind"),
)
@click.option("--partner", default="", metavar=NAME, help=TEXTS.plain("cli-sources-partner"))
@click.option(
    "--region",
    default="",
    metavar=TEXTS.plain("cli-region"),
    help=TEXTS.plain("cli-sources-region"),
)
@click.option("--trusted", is_flag=True, help=TEXTS.plain("cli-sources-trusted"))
def add(url: str, **given: Any) -> None:
    """One source more, read at the next pass."""
    config = read_config()
    try:
        address = Allowed.parse(config.fetch.allow_private).check(url)
        wanted = config.source_given({**given, "url": address}, Origin.CHAT)
    except SourceTrouble as trouble:
        exit_with(TEXTS.plain(trouble.key, **trouble.values))
    if not asyncio.run(_add(config, wanted)):
        exit_with(TEXTS.plain("cli-sources-taken", name=wanted.name, url=wanted.url))
    say("cli-sources-added", name=wanted.name)


async def _add(config: Config, wanted: Source) -> bool:
    async with opened(config) as (_, store), store.begin() as tx:
        _, addresses = taken(await tx.sources.all())
        if wanted.url in addresses or not await tx.sources.add(wanted, now()):
            return False
        if kept := await tx.sources.get(wanted.name):
            added = change(after=of_source(kept.source, "journal-is-read"))
            await tx.journal.note(now(), "source.added", f"source={kept.source.id}", by=_BY, **added)
        return True


@dataclass(slots=True)
class Import:
    """What became of a list: how many were added, how many known, and those refused with why."""

    added: int
    known: int
    refused: list[tuple[Outline, SourceTrouble]]


@sources.command("import", help=TEXTS.plain("cli-sources-import"))
@with_config
@click.argument("file", type=a_file(exists=True), metavar=OPML)
def import_list(file: Path) -> None:
    """The sources of another reader's list."""
    config = read_config()
    try:
        outlines = read_opml(file.read_bytes())
    except SourceTrouble as trouble:
        exit_with(TEXTS.plain(trouble.key, **trouble.values))
    done = asyncio.run(_import(config, outlines))
    say("cli-sources-imported", added=done.added, known=done.known, refused=len(done.refused))
    for outline, refusal in done.refused:
        say("cli-failing-source", name=outline.name or outline.url, why=TEXTS.plain(refusal.key, **refusal.values))


async def _import(config: Config, outlines: Sequence[Outline]) -> Import:
    done, allowed, new = Import(0, 0, []), Allowed.parse(config.fetch.allow_private), list[str]()
    async with opened(config) as (_, store), store.begin() as tx:
        names, addresses = taken(await tx.sources.all())
        for outline in outlines:
            try:
                address = allowed.check(outline.url)
            except SourceTrouble as trouble:
                done.refused.append((outline, trouble))
                continue
            if address in addresses:
                done.known += 1
                continue
            name = free_name(outline.name, address, names)
            await _take(tx, replace(outline, name=name, url=address), config)
            names.add(name)
            addresses.add(address)
            new.append(name)
            done.added += 1
        if new:
            await tx.journal.note(now(), "source.imported", by=_BY, **change(after={"names": new}))
    return done


async def _take(tx: Transaction, outline: Outline, config: Config) -> None:
    regions = {region.code for region in Regions.load().regions}
    values = {
        "name": outline.name,
        "url": outline.url,
        "kind": outline.kind,
        "partner": outline.partner,
        "region": outline.region if outline.region in regions else "",
    }
    await tx.sources.add(config.source_given(values, Origin.IMPORT), now())


@sources.command(help=TEXTS.plain("cli-sources-export"))
@with_config
def export() -> None:
    """The active sources as a list that other readers take."""
    active = [state for state in asyncio.run(_all(read_config())) if not state.paused]
    feeds = {state.source.url: state.address for state in active}
    write_bytes(write_opml([state.source for state in active], TEXTS.plain("cli-sources-title"), feeds))


sources.add_command(try_source)
sources.add_command(explain_link)
