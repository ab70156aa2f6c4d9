"""The `ecohub` command: English verbs, French words, exit codes 0, 1 and 2."""

from __future__ import annotations

import gettext
import io
import logging
import os
import secrets
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import click

from bot.cli.base import TEXTS, Later, exit_with, values_of, with_config
from bot.logs import set_up_logs
from bot.toml.faults import ConfigError, render_faults
from club.system import why as why_of
from storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

HOMES = {
    "run": "bot.cli.running",
    "demo": "bot.cli.running",
    "check": "bot.cli.checking",
    "migrate": "bot.cli.checking",
    "collect": "bot.cli.entries",
    "entries": "bot.cli.entries",
    "sources": "bot.cli.sources",
    "digest": "bot.cli.digests",
    "render": "bot.cli.rendering",
    "ask": "bot.cli.asking",
    "backup": "bot.cli.backup",
    "restore": "bot.cli.backup",
}


@click.group(
    cls=Later,
    homes=HOMES,
    help=TEXTS.plain("cli-help"),
    subcommand_metavar=TEXTS.plain("cli-help.metavar"),
    context_settings={"help_option_names": ["--help", "-h"]},
)
@with_config
@click.option("--verbose", is_flag=True, help=TEXTS.plain("cli-verbose"))
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, wanted: _say_version(ctx) if wanted else None,
    help=TEXTS.plain("cli-version"),
)
def ecohub(*, verbose: bool) -> None:
    """The group of every command."""
    if verbose:
        set_up_logs()


def _say_version(ctx: click.Context) -> None:
    click.echo(f"ecohub {_version()}")
    ctx.exit()


def _version() -> str:
    try:
        return metadata.version("ecohub")
    except metadata.PackageNotFoundError:  # `python -m bot` in a clone that was not installed
        project = Path(__file__).parents[2] / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])


def main() -> None:
    """Run the command line; whatever goes wrong is said in French, on stderr."""
    # click asks gettext for its own few words (choice S5).
    os.environ["LANGUAGE"] = "fr"
    set_up_logs(level=logging.CRITICAL)  # commands speak for themselves; `run` and `demo` keep a log
    gettext.bindtextdomain("messages", str(Path(__file__).with_name("locale")))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without « ✓ » still gets its line
    try:
        ecohub(prog_name="ecohub")
    except ConfigError as error:
        exit_with(render_faults(error, TEXTS), code=2)
    except StorageTrouble as trouble:
        exit_with(TEXTS.plain(trouble.key, **values_of(trouble)))
    except OSError as error:
        exit_with(TEXTS.plain("cli-system", file=str(error.filename or ""), why=why_of(error, TEXTS)))
    except Exception:
        reference = secrets.token_hex(3).upper()
        log.exception("command failed", extra={"reference": reference})
        exit_with(TEXTS.plain("cli-unexpected", reference=reference))
