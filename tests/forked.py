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


async def run(words: Sequence[str], folder: Path, environ: Mapping[str, str]) -> tuple[int, bytes, bytes]:
    """Its exit code, what it said on stdout and on stderr."""
    with TemporaryFile() as out, TemporaryFile() as err, TemporaryFile() as seen:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if not pid:
            _become(words, folder, environ, out, err, seen)
        _, status = await asyncio.to_thread(os.waitpid, pid, 0)
        _count(_content(seen))
        return os.waitstatus_to_exitcode(status), _content(out), _content(err)


def _become(
    words: Sequence[str], folder: Path, environ: Mapping[str, str], out: IO[bytes], err: IO[bytes], seen: IO[bytes]
) -> NoReturn:
    code: Any = 1
    try:
        gc.freeze()  # what belongs to the tests is theirs to close
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environ)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        sys.argv = ["ecohub", *words]
        sys.stdin = io.TextIOWrapper(io.FileIO(0))
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
