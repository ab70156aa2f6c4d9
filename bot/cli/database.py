"""The memory as a command opens it: up to date, with the sources and channels that the file names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from bot.cli.base import TEXTS
from bot.config.model import Config
from bot.hub.config_sync import follow
from bot.hub.plan import Plan, plan_of
from storage.health import explained
from storage.sources import SourceState
from storage.store import Store


@asynccontextmanager
async def opened(config: Config, url: str = "") -> AsyncIterator[tuple[Plan, Store]]:
    """The plan and its store, or the one of this address. What the database refuses inside the block is StorageTrouble.

    Without a file nothing is followed: a command started from the wrong folder must not pause every source.
    """
    plan = plan_of(config)
    with explained(url or plan.database_url):
        store = await Store.open(url or plan.database_url, own_folder=plan.own_folder)
        try:
            if config.file is not None:
                await follow(plan, store)
            yield plan, store
        finally:
            await store.close()


def say_warnings(config: Config) -> None:
    """What is allowed and unwise, on stderr."""
    for key, values in config.warnings:
        click.echo(TEXTS.plain(key, **values), err=True)


def trouble_of(state: SourceState) -> str | None:
    """Why the last visit of the source failed, in words; None when it went well or none was made."""
    return TEXTS.plain(state.trouble, **state.trouble_values) if state.trouble else None


def health_row(state: SourceState) -> dict[str, str | None]:
    """A source as `health --json` shows it."""
    return {"name": state.source.name, "status": state.health.value, "error": trouble_of(state)}
