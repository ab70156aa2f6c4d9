"""Each line: what was measured, the measure, the floor measured in the same run, their ratio (median of three)."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import text

from benchmarks import chats, collection, fanout, faq
from bot.feature import Settings
from bot.features import FEATURES
from bot.talk.flood import Flood
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Request
from club.people import Person, Place, Role
from club.texts import Texts
from storage.store import Store

ROUNDS = 3
NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)


def row(name: str, measure: float, unit: str, floor: float, what: str) -> None:
    ratio = f"{measure / floor:.2f}" if floor else "–"
    print(f"| {name} | {measure:,.1f} {unit} | {floor:,.1f} {unit} ({what}) | {ratio} |", flush=True)


def start() -> None:
    """From the command to the ready line, beside a Python that imports the same libraries; then memory and stop."""
    ready, rest, stop, bare, small = [], [], [], [], []
    libraries = "import sqlalchemy.ext.asyncio, aiohttp, pydantic, babel.dates, apscheduler.schedulers.asyncio, click"
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            hub = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=folder, stdout=subprocess.PIPE, text=True)
            assert hub.stdout is not None
            assert hub.stdout.readline().startswith("prêt")
            ready.append((time.perf_counter() - begun) * 1000)
            time.sleep(3)
            rest.append(_memory(hub.pid))
            begun = time.perf_counter()
            hub.send_signal(signal.SIGTERM)
            assert hub.wait(15) == 0
            stop.append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        floor = subprocess.Popen(
            [sys.executable, "-c", f"{libraries}; print(1, flush=True); input()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert floor.stdout is not None
        floor.stdout.readline()
        bare.append((time.perf_counter() - begun) * 1000)
        small.append(_memory(floor.pid))
        floor.communicate("\n")
    row("ready line", statistics.median(ready), "ms", statistics.median(bare), "importing the libraries")
    row("idle memory, children included", statistics.median(rest), "MB", statistics.median(small), "the same imports")
    row("stop on SIGTERM", statistics.median(stop), "ms", 10_000, "promised")


def _memory(pid: int) -> float:
    process = psutil.Process(pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6


async def median(work: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds, median of three."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


async def talk(store: Store) -> None:
    """A command's round trip through router and database, beside one committed row."""
    unbounded = Flood(frozenset({"bench"}))  # who asks more than ten times a minute is not answered
    router = Router(store, Texts(), Settings(), Seal(b"bench"), FEATURES, lambda: NOW, flood=unbounded)
    ana = Person("bench", "ana", "Ana")
    async with store.begin() as tx:
        await tx.people.give((await tx.people.meet(ana, NOW)).number, Role.MEMBER, NOW, "bench")

    async def ask() -> None:
        for number in range(200):
            words = "/abonner" if number % 2 else "/aide"
            assert await router.answer(Request(ana, Place("bench", "ana"), words=words)) is not None

    async def commit() -> None:
        for _ in range(200):
            async with store.begin() as tx:
                await tx.journal.note(NOW, "bench")

    trip, floor = await median(ask), await median(commit)
    row("commands a second", 200_000 / trip, "/s", 200_000 / floor, "rows committed")
    row("a command's round trip", trip / 200, "ms", floor / 200, "one row committed")


async def compose(progress: Progress) -> None:
    """One slot over 5,000 entries: its texts alone, then all of it."""
    counts = (1_000, 10_000, 100_000)
    task = progress.add_task("subscribers", total=ROUNDS * len(counts))
    print("\n| subscribers | signatures | letters | composing, CPU | whole slot, CPU | by the clock | a chat waits |")
    print("|---|---|---|---|---|---|---|")
    for count in counts:
        slots = []
        for _ in range(ROUNDS):
            slots.append(await fanout.measure(count))
            progress.advance(task)
        middle = {
            name: statistics.median(getattr(one, name) for one in slots)
            for name in ("compose", "whole", "wall", "waited")
        }
        times = " | ".join(f"{value:.2f} s" for value in middle.values())
        print(f"| {count:,} | {slots[0].signatures:,} | {slots[0].letters:,} | {times} |", flush=True)


def collect(progress: Progress) -> None:
    """A thousand sources, beside lemon24/reader."""
    task = progress.add_task("collection", total=collection.ROUNDS * len(collection.READERS) * len(collection.PASSES))
    found = collection.measure(lambda: progress.advance(task))
    print("\n| pass | reader | CPU | by the clock | memory | entries | of what it can read | CPU against reader |")
    print("|---|---|---|---|---|---|---|---|")
    for (name, of), one in found.items():
        can = collection.expected(of, calendars=name == "hub")
        ratio = one.cpu / found["reader", of].cpu
        print(
            f"| {of} | {name} | {one.cpu:.1f} s | {one.wall:.1f} s | {one.memory:.0f} MB | {one.entries:,} "
            f"| {one.entries / can:.1%} | {ratio:.2f} |",
            flush=True,
        )


async def chat() -> None:
    """Commands on Telegram and Discord of ours, both on; beside the simulator alone."""
    found = await chats.measure()
    alone = "the simulator alone"
    row("commands on Telegram, which is paced at 28/s", found.telegram, "/s", found.simulator, alone)
    row("commands on Discord", found.discord, "/s", found.simulator, alone)
    row("memory with both, children included", found.memory, "MB", found.simulator_memory, alone)


async def main() -> None:
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("SQLAlchemy", "aiohttp", "feedparser", "lxml", "reader")
    )
    with tempfile.TemporaryDirectory() as folder, Progress(console=Console(stderr=True)) as progress:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite3'}")
        async with store.read() as tx:
            sqlite = await tx.connection.scalar(text("SELECT sqlite_version()"))
        print(f"Python {platform.python_version()}, SQLite {sqlite}, {versions}, {os.cpu_count()} cores")
        await asyncio.to_thread(collect, progress)
        await compose(progress)
        task = progress.add_task("program", total=3)
        print("\n| what | measure | floor | ratio |\n|---|---|---|---|")
        for work in (asyncio.to_thread(start), talk(store), chat()):
            await work
            progress.advance(task)
        questions = progress.add_task("questions", total=len(faq.KINDS))
        await faq.main(done=lambda: progress.advance(questions))
        await store.close()


if __name__ == "__main__":
    asyncio.run(main())
