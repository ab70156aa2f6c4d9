"""Cold, warm and one new entry each: the hub beside lemon24/reader, on the same server in the same round."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from benchmarks.collect import Pass
from benchmarks.server import ENTRIES, SOURCES, is_calendar

PASSES = {"cold": 0, "warm": 0, "new": 1}  # how many new entries each source has by then
READERS = ("hub", "reader")
ROUNDS = 3
CALENDARS = sum(map(is_calendar, range(SOURCES)))

Found = dict[tuple[str, str], Pass]


def expected(name: str, *, calendars: bool = True) -> int:
    """How many entries a careful reader holds after that pass."""
    return (SOURCES if calendars else SOURCES - CALENDARS) * (ENTRIES + PASSES[name])


def measure(on_pass: Callable[[], None]) -> Found:
    """The median of three rounds, by reader and pass."""
    rounds = [_round(on_pass) for _ in range(ROUNDS)]
    return {key: _median([one[key] for one in rounds]) for key in rounds[0]}


def _median(passes: list[Pass]) -> Pass:
    def middle(name: str) -> float:
        return statistics.median(getattr(one, name) for one in passes)

    return Pass(middle("wall"), middle("cpu"), middle("memory"), min(one.entries for one in passes))


def _round(on_pass: Callable[[], None]) -> Found:
    found: Found = {}
    with tempfile.TemporaryDirectory() as folder, _started("benchmarks.server") as (server, ports):
        for name in READERS:
            with _started("benchmarks.collect", name, folder, say=ports) as (reader, _):
                for of, new in PASSES.items():
                    _ask(server, str(new))
                    found[name, of] = Pass(**json.loads(_ask(reader, of)))
                    on_pass()
    return found


@contextmanager
def _started(module: str, *arguments: str, say: str = "") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, and the first line that it said; it ends when its input does."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        try:
            if say:
                _pipe(program.stdin).write(say)
                _pipe(program.stdin).flush()
            yield program, _pipe(program.stdout).readline()
        finally:
            _pipe(program.stdin).close()
            program.wait(30)


def _ask(program: subprocess.Popen[str], word: str) -> str:
    _pipe(program.stdin).write(f"{word}\n")
    _pipe(program.stdin).flush()
    return str(_pipe(program.stdout).readline())


def _pipe(pipe: IO[str] | None) -> Any:
    assert pipe is not None
    return pipe


if __name__ == "__main__":
    for key, one in _round(lambda: None).items():
        print(key, one, expected(key[1]), flush=True)
