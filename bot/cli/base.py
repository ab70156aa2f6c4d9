"""What every command shares: the texts, the configuration, how a failure is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from bot.config import Config, load
from club.texts import Texts

# Help texts come from the catalogue, so it is read before the commands are declared (settled.md §5.8).
TEXTS = Texts()


def with_config(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--config FILE`."""
    return click.option(
        "--config",
        "config_file",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar=TEXTS.plain("cli-config.metavar"),
        help=TEXTS.plain("cli-config"),
    )(command)


def read_config(file: Path | None) -> Config:
    """The configuration; ConfigError with every fault."""
    config = load(file, os.environ)
    for key, values in config.warnings:
        click.echo(TEXTS.plain(key, **values), err=True)
    return config


def exit_with(words: str, code: int = 1) -> NoReturn:
    """Say why on stderr and end."""
    click.echo(words, err=True)
    sys.exit(code)
