"""A command of the program in a fork of the tests' own process: its libraries are there already, which take a second
to load, and what it runs is counted. A process like any other otherwise, with its own folder, environment and exit
code."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import pickle
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NoReturn

from bot import cli

for home in set(cli.HOMES.values()):
    import_module(home)  # once, rather than in each fork


async def run(
    words: Sequence[str], folder: Path, environ: Mapping[str, str], given: bytes = b""
) -> tuple[int, bytes, bytes]:
    """Its exit code, what it said on stdout and on stderr; `given` is its stdin."""
    with TemporaryFile() as asked, TemporaryFile() as out, TemporaryFile() as err, TemporaryFile() as seen:
        asked.write(given)
        asked.seek(0)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if not pid:
            for number, file in enumerate((asked, out, err)):
                os.dup2(file.fileno(), number)
            _become(words, folder, environ, seen)
        _, status = await asyncio.to_thread(os.waitpid, pid, 0)
        _count(_content(seen))
        return os.waitstatus_to_exitcode(status), _content(out), _content(err)


def _become(words: Sequence[str], folder: Path, environ: Mapping[str, str], seen: IO[bytes]) -> NoReturn:
    code: Any = 1
    try:
        gc.freeze()  # what belongs to the tests is theirs to close
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environ)
        sys.argv = ["ecohub", *words]
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0)), "utf-8")
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, "w")), "utf-8")
        sys.stderr = io.TextIOWrapper(io.BufferedWriter(io.FileIO(2, "w")), "utf-8", "backslashreplace")
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if counter := _counter():
            seen.write(pickle.dumps(dict(counter._get_newly_seen())))
            seen.flush()
        os._exit(code)


def _counter() -> Any:
    """What counts in this process, if anything does."""
    plugin = sys.modules.get("slipcover.pytest_plugin")
    return plugin and plugin._slipcover_instance  # type: ignore[attr-defined]


def _count(seen: bytes) -> None:
    if seen:
        for file, lines in pickle.loads(seen).items():  # noqa: S301 — our own fork wrote it
            _counter().all_seen[file].update(lines)


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
