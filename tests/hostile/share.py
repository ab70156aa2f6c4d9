"""`python -m tests.hostile.share`: passes over two hundred sources of which 8 % are hostile, each over when the whole
answer's deadline is, two seconds later at most. Exit 1 when one is not, or when a good source lost an entry."""

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


async def visit(folder: Path, hostile: list[Case]) -> tuple[float, list[str]]:
    """Seconds of the pass, what starts and ends the program left out; and what is not as it must be."""
    ordinary = [replace(GOOD[number % len(GOOD)], name=f"good-{number}") for number in range(SOURCES - len(hostile))]
    each = len(ordinary) // len(hostile)  # the hostile ones stand among them, not in front
    mixed = [one for number, case in enumerate(hostile) for one in (*ordinary[number * each :][:each], case)]
    async with bench(folder, [*mixed, *ordinary[len(hostile) * each :]]) as here:
        spent = []
        for _ in range(2):  # the second pass finds nothing to do
            begun = time.perf_counter()
            done = await here.program("collect", **here.environ)
            spent.append(time.perf_counter() - begun)
            if done.code:
                return spent[0], [done.err]
        found = await outcomes(here.program.database, here.server)
    at = datetime.now(UTC)
    return spent[0] - spent[1], [fault for case in ordinary for fault in faults(case, found[case.name], at)]


async def main() -> int:
    broken = False
    for what, hostile in chosen():
        with tempfile.TemporaryDirectory(prefix="ecohub-hostile-") as folder:
            seconds, wrong = await visit(Path(folder), hostile)
        broken |= seconds > SECONDS + MORE or bool(wrong)
        print(f"| {what} | {len(hostile)} | {seconds:.1f} s | {len(wrong)} |", *wrong[:3], flush=True)  # noqa: T201
    return int(broken)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
