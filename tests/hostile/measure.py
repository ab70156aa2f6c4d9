"""One case at a time through the hub's collection: how long it took, and how much more memory than a good source."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.hostile.case import Case, faults
from tests.hostile.cases import GOOD
from tests.hostile.run import Bench, Peak, address, outcomes
from tests.kit.program import ROOT

SECONDS = 15.0  # promise 7: of a visit, each
TO_TELL = 1.5  # from the end of that to its line in the database, on a busy machine
MEGABYTES = 200.0  # more than the control


@dataclass(frozen=True)
class Measure:
    """What one case came to; `megabytes` more than a good source."""

    case: Case
    words: str
    seconds: float
    megabytes: float
    faults: tuple[str, ...]


@dataclass
class Worker:
    process: Process
    here: Bench
    control: float = 0.0

    async def visit(self, case: Case) -> Measure:
        folder = Path(self.here.program.folder)
        database = folder / f"{case.name}.sqlite3"
        source = {"name": case.name, "url": address(case, self.here.server), "kind": case.kind}
        order = {"source": source, "database": str(database), "passes": case.passes}
        peak = Peak(self.process.pid)
        seconds = await self._ask(order, peak)
        outcome = (await outcomes(database, self.here.server))[case.name]
        megabytes = max(peak.megabytes - self.control, 0.0)
        found = faults(case, outcome, datetime.now(UTC))
        if seconds > (SECONDS + TO_TELL) * case.passes:
            found.append(f"{case.name}: {seconds:.1f} s")
        if megabytes > MEGABYTES:
            found.append(f"{case.name}: {megabytes:.0f} MB above the control")
        return Measure(case, outcome.words, seconds, megabytes, tuple(found))

    async def _ask(self, order: dict[str, object], peak: Peak) -> float:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        answer = asyncio.ensure_future(self.process.stdout.readline())
        while not answer.done():
            peak.look()
            await asyncio.wait((answer,), timeout=0.01)
        peak.look()
        assert answer.result().startswith(b"done "), "the worker ended"
        return float(answer.result().split()[1])


@asynccontextmanager
async def working(here: Bench) -> AsyncIterator[Worker]:
    """A worker that has read a good source already."""
    command = (sys.executable, "-m", "tests.hostile.worker")
    environ = {"PATH": "/usr/bin:/bin", **here.environ, "PYTHONPATH": f"{here.environ['PYTHONPATH']}:{ROOT}"}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=here.program.folder, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environ
    )
    assert process.stdout and process.stdin
    try:
        assert await process.stdout.readline() == b"ready\n"
        worker = Worker(process, here)
        for _ in range(2):
            worker.control = 0.0
            worker.control = (await worker.visit(GOOD[0])).megabytes
        yield worker
        process.stdin.close()
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
