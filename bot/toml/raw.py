"""A configuration as written: the file's tree with the environment laid over it, and where each value came from."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.toml.faults import ConfigError, Fault
from bot.toml.lines import KeyPath, Lines

PREFIX = "ECOHUB_"
_NOT_SETTINGS = ("ECOHUB_CONFIG", "ECOHUB_TEST_")
_LONGEST = 60  # characters of a found value that are shown
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def variable_name(path: KeyPath) -> str:
    """`ECOHUB_FETCH__TIMEOUT` for `fetch.timeout`."""
    return PREFIX + "__".join(str(step).upper() for step in path)


class Variable(str):
    """What a variable holds: always a text, also where a file would say true."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RawConfig:
    """The tree to be read, and for each fault found in it its place. `faults` are those of the environment itself.
    `tables` are the lists of tables, whose rows only a file can write."""

    tree: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    lines: Lines | None = None
    variables: dict[KeyPath, str] = field(default_factory=dict)
    branches: dict[KeyPath, str] = field(default_factory=dict)  # sections that only a variable speaks of
    faults: list[Fault] = field(default_factory=list)
    tables: tuple[KeyPath, ...] = ()

    def fault(self, path: KeyPath, expected: str, *, found: str = "", nearest: str = "", **values: object) -> Fault:
        """A Fault of what stands at `path`."""
        variable = self.variable(path)
        return Fault(
            expected,
            file="" if variable else self.file,
            line=None if variable or not self.lines else self.lines.find(path),
            key=self.shown_key(path),
            variable=variable,
            found=shown(found),
            values=values,
            nearest=nearest,
        )

    def variable(self, path: KeyPath) -> str:
        """The environment's variable that wrote `path`, "" when it comes from the file."""
        if path in self.branches:
            return self.branches[path]
        return next((self.variables[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.variables), "")

    def shown_key(self, path: KeyPath) -> str:
        """`[fetch] timeout`, `[[channels]] #2 topics #1`."""
        table = self.table(path)
        head = f"[[{'.'.join(map(str, table))}]]" if table else f"[{path[0]}]"
        rest = (f"#{step + 1}" if isinstance(step, int) else step for step in path[len(table) or 1 :])
        return " ".join(shown(part) for part in (head, *rest))

    def table(self, path: KeyPath) -> KeyPath:
        """The list of tables that `path` is in, () when it is in none."""
        return next((table for table in self.tables if path[: len(table)] == table), ())


def read_file(path: Path, tables: tuple[KeyPath, ...]) -> RawConfig:
    """What a file says that may have these lists of tables; ConfigError with one fault when it is no TOML."""
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError((Fault("config-bad-encoding", file=name, line=line),)) from None
    except FileNotFoundError:
        raise ConfigError((Fault("config-bad-absent", file=name),)) from None
    except (OSError, ValueError):
        raise ConfigError((Fault("config-bad-unreadable", file=name),)) from None
    text = text.replace("\r\n", "\n")
    try:
        return RawConfig(tomllib.loads(text), name, Lines(text), tables=tables)
    except RecursionError:
        raise ConfigError((Fault("config-bad-depth", file=name),)) from None
    except ValueError as error:
        raise ConfigError((Fault("config-bad-toml", file=name, line=_line_of(error, text)),)) from None


def lay_over(written: RawConfig, environ: Mapping[str, str], is_secret: Callable[[KeyPath], bool]) -> RawConfig:
    """The same with every `ECOHUB_SECTION__KEY` put over the file, and secrets read from `…_FILE`."""
    over = RawConfig(deepcopy(written.tree), written.file, written.lines, tables=written.tables)
    for name in sorted(environ):
        if name.startswith(PREFIX) and not name.startswith(_NOT_SETTINGS):
            _lay(over, name, environ[name], is_secret)
    return over


def readable_by_others(path: Path) -> bool:
    """True when accounts outside the file's group may read it."""
    return bool(path.stat().st_mode & stat.S_IROTH)


def shown(value: object) -> str:
    """A value as it may stand in a line: no control character, not too long; containers without what they hold."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = "".join(char if char.isprintable() else "\ufffd" for char in str(value))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _lay(over: RawConfig, name: str, value: str, is_secret: Callable[[KeyPath], bool]) -> None:
    path = tuple(name.removeprefix(PREFIX).lower().split("__"))
    if table := over.table(path):
        over.faults.append(Fault("config-bad-table", variable=name, values={"table": over.shown_key(table)}))
        return
    plain = (*path[:-1], path[-1].removesuffix("_file"))
    if plain != path and is_secret(plain):
        if plain in over.variables:
            over.faults.append(Fault("config-bad-twice", variable=name, values={"other": over.variables[plain]}))
            return
        try:
            value = Path(value).read_text("utf-8").strip()
        except (OSError, ValueError):
            over.faults.append(Fault("config-want-secret-file", variable=name, found=shown(value)))
            return
        path = plain
    branch = over.tree
    for depth, step in enumerate(path[:-1], 1):
        if path[:depth] in over.variables:
            return  # a fault of that variable: a section was expected there
        if not isinstance(branch.get(step), dict):
            branch[step] = {}
            over.branches[path[:depth]] = name
        branch = branch[step]
    branch[path[-1]] = Variable(value)
    over.variables[path] = name


def _line_of(error: ValueError, text: str) -> int:
    at = _AT_LINE.search(str(error))
    return int(at[1]) if at and at[1] else text.rstrip("\n").count("\n") + 1
