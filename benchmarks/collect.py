"""One reader of the thousand sources, in a process of its own: `python -m benchmarks.collect hub|reader FOLDER`.

Reads ports, then a word for each pass, from its input; answers each pass with a Pass in JSON."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import func, select

from benchmarks.server import SOURCES

FIRST = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
WORKERS = 16  # threads of lemon24/reader


@dataclass(frozen=True, slots=True)
class Pass:
    """Seconds by the clock, seconds of CPU with children, the most MB of memory with children, entries stored."""

    wall: float
    cpu: float
    memory: float
    entries: int


def addresses(ports: list[int]) -> list[str]:
    return [f"http://127.0.0.1:{ports[number % len(ports)]}/{number}/feed" for number in range(SOURCES)]


async def with_hub(folder: Path, ports: list[int]) -> None:
    """As the hub does it."""
    from club.news import Source
    from connectors.address import Allowed
    from connectors.fetch import Fetcher
    from connectors.harvest import visit_due
    from connectors.reader import Reader
    from storage.store import Store
    from storage.tables import entry

    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'hub.sqlite3'}")
    async with store.begin() as tx:
        for number, url in enumerate(addresses(ports)):
            await tx.sources.add(Source(f"p{number}", url), FIRST)
    hours = 0
    reader = Reader()
    async with Fetcher(Allowed.parse([f"127.0.0.1:{port}" for port in ports])) as fetcher:

        async def work() -> None:
            nonlocal hours
            hours += 1
            now = FIRST + timedelta(hours=hours)
            done = await visit_due(store, fetcher, reader, lambda: now, everything=True)
            assert (done.visited, done.failed) == (SOURCES, 0)

        async def count() -> int:
            async with store.read() as tx:
                return int(await tx.connection.scalar(select(func.count()).select_from(entry)) or 0)

        await _serve(work, count)
    await reader.close()
    await store.close()


async def with_reader(folder: Path, ports: list[int]) -> None:
    """lemon24/reader, with its default plug-ins."""
    import feedparser_sgmllib

    # Its own copy of feedparser wants a module that feedparser's newer releases bring under another name.
    sys.modules["sgmllib"] = feedparser_sgmllib
    from reader import make_reader

    reader = make_reader(str(folder / "reader.sqlite3"))
    for url in addresses(ports):
        reader.add_feed(url)

    async def work() -> None:
        reader.update_feeds(workers=WORKERS, scheduled=False)

    async def count() -> int:
        return int(reader.get_entry_counts().total or 0)

    await _serve(work, count)
    reader.close()


async def _serve(work: Callable[[], Awaitable[None]], count: Callable[[], Awaitable[int]]) -> None:
    print("ready", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        with Peak() as peak:
            wall, cpu = time.perf_counter(), _cpu()
            await work()
            wall, cpu = time.perf_counter() - wall, _cpu() - cpu
        print(json.dumps(asdict(Pass(wall, cpu, peak.most, await count()))), flush=True)


def _cpu() -> float:
    """This process's seconds so far, and those of its children, alive or not."""
    me = psutil.Process()
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    times = [one.cpu_times() for one in (me, *me.children(recursive=True))]
    return ended.ru_utime + ended.ru_stime + sum(one.user + one.system for one in times)


class Peak:
    """The most memory that was held inside the block, looked at ten times a second."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        me = psutil.Process()
        while True:
            held = 0
            for one in (me, *me.children(recursive=True)):
                try:
                    held += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, held / 1e6)
            if self._over.wait(0.1):
                return


if __name__ == "__main__":
    who, where = sys.argv[1:]
    known = {"hub": with_hub, "reader": with_reader}
    asyncio.run(known[who](Path(where), json.loads(sys.stdin.readline())))
