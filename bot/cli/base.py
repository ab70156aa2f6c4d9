"""What every command shares: the texts, the configuration, JSON, how a failure is said. Light: nothing heavy is
imported here, so that help and faults are shown at once."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from club.system import why
from club.texts import Texts
from storage.trouble import StorageTrouble

if TYPE_CHECKING:
    from bot.config.model import Config

# Help texts come from the catalogue, so it is read before the commands are declared.
TEXTS = Texts()
_CONFIG = "ecohub.config"

# What click puts between straight quotes: never an apostrophe within a word.
_QUOTED = re.compile(r"(?<!\w)(['\"])([^'\"\n]+)\1(?!\w)")

Command = Callable[..., Any]


class Port(click.ParamType[int]):
    """A port's number."""

    name = "port"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; click's own fault when it is none."""
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) < 2**16):
            self.fail(TEXTS.plain("cli-port-wrong", found=text), param, ctx)
        return int(text)


def a_file(*, exists: bool = False) -> click.Path[Path]:
    """A file's path as an argument, called so in French."""
    kind: click.Path[Path] = click.Path(exists=exists, dir_okay=False, path_type=Path)
    kind.name = TEXTS.plain("cli-file")
    return kind


class Later(click.Group):
    """A group whose commands are imported when they are called; their help comes from the catalogue, `cli-<name>`."""

    def __init__(self, *, homes: Mapping[str, str], **settings: Any) -> None:
        super().__init__(**settings)
        self._homes = homes
        for name in homes:
            self.add_command(click.Command(name, help=TEXTS.plain(f"cli-{name}")))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The real command in place of the one that was listed."""
        name, listed, rest = super().resolve_command(ctx, args)
        if name is None:
            return name, listed, rest
        command: click.Command = getattr(import_module(self._homes[name]), name)
        return name, command, rest

    def make_context(self, *words: Any, **settings: Any) -> click.Context:
        """click's own, its faults with French quotes."""
        with _french_quotes():
            return super().make_context(*words, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """click's own, its faults with French quotes."""
        with _french_quotes():
            return super().invoke(ctx)


@contextmanager
def _french_quotes() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            raise
        words = _QUOTED.sub(lambda found: TEXTS.plain("cli-quoted", words=found[2]), error.format_message())
        raise click.UsageError(words, error.ctx) from error


def with_config(command: Command) -> Command:
    """The option `--config FILE`, which may stand before or after the command's name."""
    return click.option(
        "--config",
        type=a_file(),
        metavar=TEXTS.plain("cli-config.metavar"),
        help=TEXTS.plain("cli-config"),
        callback=_keep_config,
        expose_value=False,
    )(command)


def with_json(command: Command) -> Command:
    """The option `--json`, given as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=TEXTS.plain("cli-json"))(command)


def _keep_config(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.meta[_CONFIG] = value


def read_config() -> Config:
    """The configuration; ConfigError with every fault."""
    from bot.config.model import load

    return load(click.get_current_context().meta.get(_CONFIG), os.environ)


def say(key: str, /, **values: object) -> None:
    """The text `key` on stdout."""
    click.echo(TEXTS.plain(key, **values))


def as_json(value: object, **options: Any) -> str:
    """The value as JSON; a number that JSON cannot write is null."""
    return json.dumps(_finite(value), allow_nan=False, **options)


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _finite(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(held) for held in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def write_json(value: object) -> None:
    """The value on stdout, in UTF-8 whatever the terminal's own encoding."""
    text = as_json(value, ensure_ascii=False, indent=2)
    write_bytes(text.encode("utf-8", "replace") + b"\n")


def write_bytes(content: bytes) -> None:
    """The content on stdout, as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def exit_with(words: str, code: int = 1) -> NoReturn:
    """Say why on stderr and end."""
    click.echo(words, err=True)
    sys.exit(code)


def values_of(trouble: StorageTrouble) -> dict[str, object]:
    """The values of its text, the system's word for it in French."""
    cause = trouble.__cause__
    return {**trouble.values, **({"why": why(cause, TEXTS)} if isinstance(cause, OSError) else {})}
