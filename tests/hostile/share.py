"""`python -m tests.hostile.share`: passes over two hundred sources of which 8 % are hostile; the last visit is stored
two seconds after the whole answer's deadline at most. Exit 1 when it is not, or when a good source lost an entry."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.hostile.case import Case, faults
from tests.hostile.cases import CASES, GOOD
from tests.hostile.measure import SECONDS
from tests.hostile.run import bench, outcomes

SOURCES = 200
HOSTILE = 16
MORE = 2.0  # seconds after the deadline
MIXED = 4  # passes


def chosen() -> Iterator[tuple[str, list[Case]]]:
    """The hostile ones of each pass: of every kind, then those that only let wait, then all that flood."""
    once = [case for case in CASES if not case.again]
    step = len(once) // HOSTILE
    for number in range(MIXED):
        yield f"de toutes sortes ({number + 1})", once[number * step // MIXED :: step][:HOSTILE]
    yield "lentes", [case for case in once if case.slow and not case.flood][:HOSTILE]
    floods = [case for case in once if case.flood]
    yield "qui inondent", [*floods, *once[::step]][:HOSTILE]


async def visit(folder: Path, hostile: list[Case]) -> tuple[float, float, list[str]]:
    """Seconds from the first source that is stored to the last, seconds of the whole command, which starts and files
    what it read; and what is not as it must be."""
    ordinary = [replace(GOOD[number % len(GOOD)], name=f"good-{number}") for number in range(SOURCES - len(hostile))]
    each = len(ordinary) // len(hostile)  # the hostile ones stand among them, not in front
    mixed = [one for number, case in enumerate(hostile) for one in (*ordinary[number * each :][:each], case)]
    async with bench(folder, [*mixed, *ordinary[len(hostile) * each :]]) as here:
        begun = time.perf_counter()
        done = await here.program("collect", **here.environ)
        whole = time.perf_counter() - begun
        found = await outcomes(here.program.database, here.server)
    at = datetime.now(UTC)
    stored = [one.state.visited_at for one in found.values() if one.state.visited_at]
    wrong = [fault for case in ordinary for fault in faults(case, found[case.name], at)]
    if done.code or len(stored) < SOURCES:
        wrong.append(f"{len(stored)} visited: {done.err}")
    return (max(stored) - min(stored)).total_seconds(), whole, wrong


async def main() -> int:
    broken = False
    for what, hostile in chosen():
        with tempfile.TemporaryDirectory(prefix="ecohub-hostile-") as folder:
            visits, whole, wrong = await visit(Path(folder), hostile)
        broken |= visits > SECONDS + MORE or bool(wrong)
        print(f"| {what} | {visits:.1f} s | {whole:.1f} s | {len(wrong)} |", *wrong[:3], flush=True)  # noqa: T201
    return int(broken)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
