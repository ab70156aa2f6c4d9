"""The `ecohub` command (contract.md §2): English verbs, French words, exit codes 0, 1 and 2."""

from __future__ import annotations

import gettext
import os
import sys
from pathlib import Path

import click

from bot.cli.base import TEXTS, exit_with
from bot.cli.running import demo, run
from bot.faults import ConfigError, render_faults
from storage.trouble import StorageTrouble


@click.group(help=TEXTS.plain("cli-help"), context_settings={"help_option_names": ["--help", "-h"]})
def ecohub() -> None:
    """The group of every command."""


for command in (run, demo):
    ecohub.add_command(command)


def main() -> None:
    """Run the command line; whatever goes wrong is said in French, on stderr."""
    # click asks gettext for its own few words (settled.md S5).
    os.environ["LANGUAGE"] = "fr"
    gettext.bindtextdomain("messages", str(Path(__file__).with_name("locale")))
    try:
        ecohub(prog_name="ecohub")
    except ConfigError as error:
        exit_with(render_faults(error, TEXTS), code=2)
    except StorageTrouble as trouble:
        exit_with(TEXTS.plain(trouble.key, **trouble.values))
    except KeyboardInterrupt:
        sys.exit(1)
