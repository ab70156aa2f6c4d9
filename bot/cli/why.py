"""`sources why`: why a link is in the channels' letters, or is not."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import click

from bot.cli.base import TEXTS, read_config, with_config, with_json, write_json
from bot.cli.database import opened
from bot.clock import now
from bot.config.model import Config
from bot.sources.why import Step, Why, explain
from club.markup import plain

_OTHERWISE = ("why-advice-unknown",)


@click.command("why", help=TEXTS.plain("cli-sources-why"))
@with_config
@click.argument("link", metavar=TEXTS.plain("cli-address"))
@with_json
def explain_link(link: str, *, as_json: bool) -> None:
    """Stage by stage, for every channel; exit 1 when nothing has this link."""
    told = asyncio.run(_explain(link, read_config()))
    if as_json:
        entries = [
            {"id": one.trace.news.guid, "source": one.trace.news.source, "steps": _rows(one.steps)}
            for one in told.stories
        ]
        write_json({"link": link, "entries": entries, "near": _rows(told.near)})
    else:
        for number, steps in enumerate((*(story.steps for story in told.stories), told.near)):
            if number and steps:
                click.echo()
            for step in steps:
                click.echo(_said(step))
    if not told.stories:
        click.get_current_context().exit(1)


async def _explain(link: str, config: Config) -> Why:
    async with opened(config) as (_, store), store.read() as tx:
        return await explain(tx, link, await tx.subscriptions.channels(), TEXTS, now())


def _said(step: Step) -> str:
    """What the step says; what to do about it is another thing here than in chat."""
    return plain(replace(step, key=f"{step.key}.cli").lines(TEXTS) if step.key in _OTHERWISE else step.lines(TEXTS))


def _rows(steps: tuple[Step, ...]) -> list[dict[str, str]]:
    return [{"stage": step.stage, "reason": step.key, "text": _said(step)} for step in steps]
