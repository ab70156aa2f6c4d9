"""`make hostile`: every case by itself, then all of them beside ten good sources; exit 1 when a bound is broken."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tests.hostile.case import Case, faults
from tests.hostile.cases import CASES, GOOD
from tests.hostile.measure import MEGABYTES, SECONDS, Measure, working
from tests.hostile.run import Run, bench, collect, escapes

WAITING = 6  # workers whose source does nothing
FRESH = 40  # cases of one worker: its memory is not given back whole
ALL_SECONDS = 120.0
ALL_MEGABYTES = 300.0  # more than the ten good sources alone

Show = Callable[[], None]


async def one_by_one(folder: Path, cases: Sequence[Case], show: Show) -> tuple[list[Measure], list[str]]:
    """Those that only wait, many at a time; then the others, as many as there are processors; floods alone."""
    waiting = [case for case in cases if case.slow and not case.flood]
    busy = [case for case in cases if not case.slow and not case.flood]
    measures: list[Measure] = []
    async with bench(folder, [*cases, *GOOD[:1]]) as here:

        async def work(queue: list[Case]) -> None:
            while queue:
                async with working(here) as worker:
                    for _ in range(min(FRESH, len(queue))):
                        if queue:  # others take from it too
                            measures.append(await worker.visit(queue.pop(0)))
                            show()

        for queue, workers in ((waiting, WAITING), (busy, os.cpu_count() or 1), ([c for c in cases if c.flood], 1)):
            await asyncio.gather(*(work(queue) for _ in range(min(workers, len(queue)))))
        return measures, escapes(here)


async def together(folder: Path, cases: Sequence[Case]) -> tuple[Run, Run, list[str]]:
    """Ten good sources alone, then beside all the others."""
    (folder / "ten").mkdir()
    (folder / "all").mkdir()
    ten = await collect(folder / "ten", GOOD)
    run = await collect(folder / "all", [*cases, *GOOD])
    broken = [*ten.faults, *run.faults]
    for case in (*cases, *GOOD):
        if case.name not in run.outcomes:
            broken.append(f"{case.name}: absent")
        elif not case.again:
            broken += faults(case, run.outcomes[case.name], run.at)
        if case.name in run.outcomes and run.unsaid(case):
            broken.append(f"{case.name}: its words are not in sources list")
    if run.seconds > ALL_SECONDS:
        broken.append(f"{run.seconds:.0f} s for all")
    if run.peak - ten.peak > ALL_MEGABYTES:
        broken.append(f"{run.peak - ten.peak:.0f} MB more than ten good sources")
    return ten, run, broken


def draw(measures: Sequence[Measure], console: Console) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("Cas")
    table.add_column("Ce qui en est dit", overflow="fold")
    table.add_column("Secondes", justify="right")
    table.add_column("Mo de plus", justify="right")
    table.add_column("Verdict")
    for one in sorted(measures, key=lambda one: one.case.name):
        verdict = Text("rompu", "red") if one.faults else Text("tenu", "green")
        cells = Text(one.case.name), Text(one.words), Text(f"{one.seconds:.1f}"), Text(f"{one.megabytes:.0f}"), verdict
        table.add_row(*cells)
    console.print(table)


def main() -> int:
    words = sys.argv[1:]
    cases = [case for case in CASES if not words or any(word in case.name for word in words)]
    console, errors = Console(width=None if sys.stdout.isatty() else 150), Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with (
        tempfile.TemporaryDirectory(prefix="ecohub-hostile-") as folder,
        Progress(*columns, console=errors, disable=not errors.is_terminal) as progress,
    ):
        alone, beside = Path(folder) / "alone", Path(folder) / "beside"
        alone.mkdir()
        beside.mkdir()
        task = progress.add_task("Un par un", total=len(cases))
        measures, broken = asyncio.run(one_by_one(alone, cases, lambda: progress.advance(task)))
        last = progress.add_task("Tous ensemble", total=1)
        ten, run, found = asyncio.run(together(beside, cases))
        progress.advance(last)
    draw(measures, console)
    broken += [*(fault for one in measures for fault in one.faults), *found]
    worst = max(measures, key=lambda one: one.megabytes)
    console.print(
        f"{len(measures)} cas, chacun en moins de {SECONDS:.0f} s et {MEGABYTES:.0f} Mo de plus qu’une bonne source "
        f"(le pire : {worst.case.name}, {worst.megabytes:.0f} Mo).\n"
        f"Tous dans une configuration, avec dix bonnes sources : {run.seconds:.1f} s (au plus {ALL_SECONDS:.0f}), "
        f"{max(run.peak - ten.peak, 0):.0f} Mo de plus que les dix seules (au plus {ALL_MEGABYTES:.0f})."
    )
    for fault in broken:
        console.print(Text(f"Rompu : {fault}", "red"))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
