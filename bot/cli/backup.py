"""`backup` and `restore`: the embedded database in one file, made while the hub runs, put back while it does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.base import TEXTS, a_file, read_config, say, with_config
from bot.hub.plan import plan_of
from storage import backup as copies

FILE = TEXTS.plain("cli-config.metavar")


@click.command(help=TEXTS.plain("cli-backup"))
@with_config
@click.argument("file", type=a_file(), metavar=FILE)
def backup(file: Path) -> None:
    """A copy that was read over from end to end."""
    copy = copies.back_up(plan_of(read_config()).database_url, file)
    say("cli-backup-done", file=str(copy.file), revision=copy.revision, kilobytes=kilobytes(copy))


@click.command(help=TEXTS.plain("cli-restore"))
@with_config
@click.argument("file", type=a_file(exists=True), metavar=FILE)
@click.option("--check", is_flag=True, help=TEXTS.plain("cli-restore-check"))
def restore(file: Path, *, check: bool) -> None:
    """The copy in the database's place."""
    if check:
        copy = asyncio.run(copies.check(file))
        say("cli-restore-checked", file=str(file), revision=copy.revision, kilobytes=kilobytes(copy))
        return
    plan = plan_of(read_config())
    done = asyncio.run(copies.restore(plan.database_url, file, own_folder=plan.own_folder))
    say("cli-restore-done", file=str(file), revision=done.copy.revision)
    if done.replaced is not None:
        say("cli-restore-kept", file=str(done.replaced))
    if done.held:
        say("cli-restore-held", count=done.held)


def kilobytes(copy: copies.Copy) -> int:
    """Its size in thousands of bytes, as file managers count."""
    return -(-copy.size // 1000)
