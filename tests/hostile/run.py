"""Some sources through the real `ecohub collect`, on a network of the test's own; what became of each, and its cost."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from club.news import News
from storage.store import Store
from tests.hostile.case import SECRET, Case, Outcome
from tests.hostile.server import Answer, Server, says, serving
from tests.kit.program import ROOT, Program

NET = Path(__file__).parent / "net"
MEGABYTE = 2**20
INSIDE = "secret"  # the port that stands for what must not be reached
HIDDEN = "<rss version='2.0'><channel><title>x</title><item><title>SECRET</title></item></channel></rss>"


@dataclass
class Run:
    """One pass, or several: outcomes by name, `peak` of the program and of its child in MB, `faults` of the whole."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    seconds: float = 0.0
    peak: float = 0.0
    faults: list[str] = field(default_factory=list)
    listed: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def unsaid(self, case: Case) -> bool:
        """True when `sources list` does not say what is wrong."""
        outcome = self.outcomes[case.name]
        return bool(outcome.state.trouble) and not outcome.state.paused and outcome.words not in self.listed


@dataclass(frozen=True)
class Bench:
    """Where the cases are served, and what the program needs to meet them there."""

    program: Program
    server: Server
    cases: Sequence[Case]

    @property
    def environ(self) -> dict[str, str]:
        return {"PYTHONPATH": f"{NET}:{ROOT}", "HOSTILE_NET": str(self.program.folder / "net.json")}


@asynccontextmanager
async def bench(folder: Path, cases: Sequence[Case], seconds: float = 15.0) -> AsyncIterator[Bench]:
    answers: dict[str, Answer] = {INSIDE: says(HIDDEN)}
    async with serving(answers | {case.name: case.listens for case in cases}) as server:
        program = Program(folder)
        program.configure(_config(cases, server, seconds))
        (folder / "net.json").write_text(json.dumps(_net(cases, server, folder / "net.log")), "utf-8")
        yield Bench(program, server, cases)


async def collect(folder: Path, cases: Sequence[Case], *, seconds: float = 15.0, passes: int = 1) -> Run:
    """Visit the cases in one configuration, in a new database in `folder`."""
    async with bench(folder, cases, seconds) as here:
        run = Run()
        begun = time.perf_counter()
        for number in range(passes):
            await _pass(here.program, run, here.environ, *(["--all"] if number else []))
        run.seconds = time.perf_counter() - begun
        run.listed = " ".join((await here.program("sources", "list", **here.environ)).out.split())
        found = await outcomes(here.program.database, here.server)
        run.outcomes = {case.name: found[case.name] for case in cases if case.name in found}
        run.faults += escapes(here)
        return run


async def _pass(program: Program, run: Run, environ: dict[str, str], *words: str) -> None:
    process = await program.start("collect", *words, **environ)
    watching = asyncio.create_task(watch(process))
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    run.peak = max(run.peak, await watching)
    if process.returncode or b"Traceback" in err:
        run.faults.append(f"collect ended with {process.returncode}: {err.decode(errors='replace')[-2000:]}")
    if SECRET.encode() in out:
        run.faults.append("the secret was told")


async def watch(process: Process) -> float:
    """MB of the program at its most and of the largest of its children at its most, from now until it ends."""
    peak = Peak(process.pid)
    while process.returncode is None:
        peak.look()
        await asyncio.sleep(0.05)
    return peak.megabytes


class Peak:
    """The memory of a program and of its children, from now on."""

    def __init__(self, pid: int) -> None:
        self._program = psutil.Process(pid)
        self._main = self._child = 0.0
        with suppress(OSError, psutil.Error):
            for process in (self._program, *self._program.children()):
                # Linux forgets what a process once held.
                Path(f"/proc/{process.pid}/clear_refs").write_text("5")

    @property
    def megabytes(self) -> float:
        return self._main + self._child

    def look(self) -> None:
        with suppress(psutil.Error):
            self._main = max(self._main, _memory(self._program))
            for child in _children(self._program):
                with suppress(psutil.Error):
                    self._child = max(self._child, _memory(child))


def _children(process: psutil.Process) -> list[psutil.Process]:
    """Linux names them; elsewhere every process is asked for its parent."""
    with suppress(OSError):
        pids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return [psutil.Process(int(pid)) for pid in pids]
    return process.children()


def _memory(process: psutil.Process) -> float:
    """The most that it ever held where the system tells it, else what it holds now."""
    if sys.platform == "linux":
        with suppress(OSError, StopIteration):
            status = Path(f"/proc/{process.pid}/status").read_text()
            line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
            return int(line.split()[1]) / 1024
    return float(process.memory_info().rss) / MEGABYTE


def _config(cases: Sequence[Case], server: Server, seconds: float) -> str:
    ports = [port for name, port in server.ports.items() if name != INSIDE]
    allowed = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
    rows = "".join(
        f"[[sources]]\nname = {json.dumps(case.name)}\nkind = {json.dumps(case.kind)}\nurl = {json.dumps(url)}\n"
        for case in cases
        for url in [address(case, server)]
    )
    return f"[fetch]\ntimeout = {seconds}\nallow_private = [{allowed}]\n{rows}"


def address(case: Case, server: Server) -> str:
    port, secret = server.ports[case.name], server.ports[INSIDE]
    return (case.url or "http://127.0.0.1:{port}/{name}").format(port=port, secret=secret, name=case.name)


def _net(cases: Sequence[Case], server: Server, log: Path) -> dict[str, object]:
    return {
        "log": str(log),
        "names": {
            name: {"after": case.lookup, "answers": answers} for case in cases for name, answers in case.names.items()
        },
        "routes": {host: server.ports[case.name] for case in cases for host in case.dials},
    }


async def outcomes(database: Path, server: Server) -> dict[str, Outcome]:
    """What became of the sources in this database, by name."""
    store = await Store.open(f"sqlite+aiosqlite:///{database}")
    try:
        async with store.read() as tx:
            states = await tx.sources.all()
            entries = await tx.news.entries(None)
    finally:
        await store.close()
    kept: dict[str, list[News]] = {}
    for entry in entries:
        kept.setdefault(entry.source, []).append(entry)
    return {
        name: Outcome(state, tuple(kept.get(name, ())), tuple(server.asked[name]))
        for state in states
        for name in [state.source.name]
    }


def escapes(here: Bench) -> list[str]:
    """Whoever was dialled without being allowed to."""
    outside = {host for case in here.cases for host in case.dials}
    ports = {port for name, port in here.server.ports.items() if name != INSIDE}
    log = here.program.folder / "net.log"
    rows = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    dialled = {(row["dialled"], row["port"]) for row in rows if "dialled" in row}
    found = [
        f"{host}:{port} was dialled"
        for host, port in sorted(dialled)
        if host not in outside and (host != "127.0.0.1" or port not in ports)
    ]
    return found + [f"the inside was asked {line}" for line in here.server.asked[INSIDE]]
