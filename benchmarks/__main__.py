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
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import text

from benchmarks import chats
from bot.editions import prepare_due
from bot.feature import Hub, Settings
from bot.features import FEATURES
from bot.filing import file_new
from bot.router import Router
from bot.seal import Seal
from club.dialogue import Request
from club.news import Harvest, Item, Source, SourceKind
from club.people import Person, Place, Role
from club.regions import Regions
from club.subscription import Cadence, Rhythm, Subscription, Wish
from club.texts import Texts
from club.topics import Topics
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
    router = Router(store, Texts(), Settings(), Seal(b"bench"), FEATURES, lambda: NOW)
    ana = Person("bench", "ana", "Ana")
    async with store.begin() as tx:
        await tx.people.give((await tx.people.meet(ana, NOW)).number, Role.MEMBER, NOW, "bench")

    async def ask() -> None:
        for number in range(200):
            words = "/abonner" if number % 2 else "/aide"
            await router.answer(Request(ana, Place("bench", "ana"), words=words))

    async def commit() -> None:
        for _ in range(200):
            async with store.begin() as tx:
                await tx.journal.note(NOW, "bench")

    trip, floor = await median(ask), await median(commit)
    row("a command's round trip", trip / 200, "ms", floor / 200, "one row committed")


async def compose(store: Store) -> None:
    """Filing 2,000 entries; a letter for 1,000 subscribers of 100 preferences, beside reading the entries once."""
    source = Source("bench", "https://exemple.fr/", SourceKind.FEED)
    words = [
        "eau",
        "biodiversité",
        "mobilité",
        "énergie",
        "réemploi",
        "concertation",
        "patrimoine",
        "numérique",
        "santé",
        "chaleur",
    ]
    items = [
        Item(
            f"g{n}",
            f"g{n}",
            f"{words[n % 10].title()} : le projet {n} avance à Toulouse",
            f"https://exemple.fr/{n}",
            NOW,
        )
        for n in range(2000)
    ]
    async with store.begin() as tx:
        await tx.sources.add(source, NOW)
        state = await tx.sources.get("bench")
        assert state is not None
        for part in range(0, len(items), 500):
            harvest = Harvest(SourceKind.FEED, items=tuple(items[part : part + 500]))
            await tx.news.keep(state.source, harvest, NOW)
    begun = time.perf_counter()
    await file_new(store, Topics.load(), Regions.load(), lambda: NOW)
    filing = (time.perf_counter() - begun) * 1000
    begun = time.perf_counter()
    async with store.read() as tx:
        await tx.news.window(NOW - timedelta(days=1), NOW)
    floor = (time.perf_counter() - begun) * 1000
    row("filing 2,000 entries", filing, "ms", floor, "reading them once")
    cadence = Cadence(Rhythm.INTERVAL, minutes=60)
    async with store.begin() as tx:
        for n in range(1000):
            wish = Wish(topics=(n % 20 + 1,), regions=(("76", "53", "11", "93", "84")[n % 5],))
            place = Place("bench", str(n))
            await tx.subscriptions.add(Subscription(place, wish, cadence, NOW - timedelta(days=1), name=str(n)), NOW)
    begun = time.perf_counter()
    await prepare_due(Hub(store, Texts(), Settings(), lambda: NOW + timedelta(hours=1)))
    row("letters for 1,000 subscribers", (time.perf_counter() - begun) * 1000, "ms", floor, "reading the entries once")


async def chat() -> None:
    """Commands on Telegram and Discord of ours, both on; beside the simulator alone."""
    found = await chats.measure()
    alone = "the simulator alone"
    row("commands on Telegram, which is paced at 28/s", found.telegram, "/s", found.simulator, alone)
    row("commands on Discord", found.discord, "/s", found.simulator, alone)
    row("memory with both, children included", found.memory, "MB", found.simulator_memory, alone)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite3'}")
        async with store.read() as tx:
            sqlite = await tx.connection.scalar(text("SELECT sqlite_version()"))
        print(f"Python {platform.python_version()}, SQLite {sqlite}, {os.cpu_count()} cores\n")
        print("| what | measure | floor | ratio |\n|---|---|---|---|")
        start()
        await talk(store)
        await compose(store)
        await store.close()
        await chat()


if __name__ == "__main__":
    asyncio.run(main())
