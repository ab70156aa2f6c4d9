"""`collect` and `entries`: what sources gave, and how they are doing."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import click

from bot.app import collecting
from bot.cli.base import TEXTS, read_config, say, with_config, with_json, write_json
from bot.cli.database import health_row, opened, trouble_of
from bot.clock import now
from bot.config.model import Config
from club.news import Health, News
from connectors.harvest import Pass
from storage.sources import SourceState

RECENT = timedelta(days=30)  # choice A8


@click.command(help=TEXTS.plain("cli-collect"))
@with_config
@click.option("--all", "everything", is_flag=True, help=TEXTS.plain("cli-collect-all"))
@with_json
def collect(*, everything: bool, as_json: bool) -> None:
    """One pass over the sources; broken ones are told and fail nothing."""
    done, states = asyncio.run(_collect(read_config(), everything=everything))
    if as_json:
        counts = {name: getattr(done, name) for name in Pass.__slots__}
        write_json({**counts, "sources": [health_row(state) for state in states]})
    else:
        _sum_up(done, states)


async def _collect(config: Config, *, everything: bool) -> tuple[Pass, list[SourceState]]:
    """What was done, and the sources that were visited meanwhile."""
    from bot.cli.drawing import progress_bar

    started = now()
    async with opened(config) as (plan, store), collecting(plan, store) as collector:
        async with store.read() as tx:
            states = await tx.sources.all()
        due = sum(not state.paused and (everything or state.visit_at <= started) for state in states)
        with progress_bar("cli-collect-progress", due) as show:
            done = await collector.collect(everything=everything, on_visit=lambda so_far: show(so_far.visited))
        async with store.read() as tx:
            states = await tx.sources.all()
    return done, [state for state in states if state.visited_at and state.visited_at >= started]


def _sum_up(done: Pass, states: list[SourceState]) -> None:
    if not done.visited:
        say("cli-collect-nothing")
        return
    say("cli-collect-done", visited=done.visited, new=done.new, changed=done.changed)
    if done.skipped:
        say("cli-collect-skipped", count=done.skipped)
    for name, count in sorted(done.unreadable.items()):
        say("cli-collect-skipped-source", name=name, count=count)
    _tell_failing(states)


def _tell_failing(states: list[SourceState]) -> None:
    failing = [state for state in states if state.health is not Health.OK]
    if failing:
        say("cli-failing", count=len(failing))
    for state in failing:
        say("cli-failing-source", name=state.source.name, why=trouble_of(state) or "")


@click.command(help=TEXTS.plain("cli-entries"))
@with_config
@click.option("--all", "everything", is_flag=True, help=TEXTS.plain("cli-entries-all"))
@with_json
def entries(*, everything: bool, as_json: bool) -> None:
    """What is kept, newest first."""
    kept, states = asyncio.run(_entries(read_config(), everything=everything))
    if as_json:
        write_json({"entries": [entry_row(one) for one in kept], "sources": [health_row(state) for state in states]})
        return
    draw_entries(kept)
    _tell_failing(states)


async def _entries(config: Config, *, everything: bool) -> tuple[list[News], list[SourceState]]:
    async with opened(config) as (_, store), store.read() as tx:
        return await tx.news.entries(None if everything else now() - RECENT), await tx.sources.all()


def entry_row(one: News) -> dict[str, Any]:
    """An entry as `--json` shows it; what only events have is null for the others."""
    return {
        "source": one.source,
        "id": one.guid,
        "title": one.title,
        "link": one.link,
        "published": _written(one.published),
        "start": _written(one.start),
        "end": _written(one.end),
        "place": one.place if one.is_event else None,
        "status": one.status and one.status.value,
        "summary": one.summary,
        "story": one.story,
        "topics": list(one.topics),
        "regions": list(one.regions),
    }


def draw_entries(kept: list[News], none: str = "cli-entries-none") -> None:
    """The entries as a table, or the text `none` when there is none."""
    from bot.cli.drawing import draw_table

    if not kept:
        say(none)
        return
    columns = ("cli-column-date", "cli-column-source", "cli-column-title")
    untitled = TEXTS.plain("news-untitled")
    draw_table(columns, ((_day(one), one.source, one.title or untitled) for one in kept))


def _day(one: News) -> str:
    day = one.start or one.published or one.kept_at
    return (TEXTS.day_of(day) if isinstance(day, datetime) else day).isoformat()


def _written(moment: datetime | date | None) -> str | None:
    """ISO 8601 with offset, or a bare date."""
    return moment.isoformat() if moment else None
