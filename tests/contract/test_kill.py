"""The real program is killed at random instants while letters wait: each arrives exactly once (promises 39, 47)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from club.dialogue import Letter
from club.people import Place
from storage.store import Store
from tests.kit.memory import counts, said, until

FULL = os.environ.get("ECOHUB_TEST_KILLS") == "full"
LETTERS, KILLS = (2000, 30) if FULL else (240, 6)
PLACES = ("ana", "mona", "paul", "ada", "actualites")

CONFIG = """
[database]
url = "sqlite+aiosqlite:///hub.sqlite3"
[simulator]
enabled = true
port = {port}
[fetch]
allow_private = ["127.0.0.1:{site}"]
[[channels]]
name = "Actualités"
place = "simulator:actualites"
[[sources]]
name = "Partenaire"
url = "http://127.0.0.1:{site}/flux"
"""
FEED = '<rss version="2.0"><channel><title>Flux</title>{}</channel></rss>'.format(
    "".join(f"<item><title>Nouvelle {n}</title><guid>n{n}</guid></item>" for n in range(40))
)


@pytest.fixture
async def site() -> AsyncIterator[int]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=FEED, content_type="application/rss+xml")

    app = web.Application()
    app.router.add_get("/flux", answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
def folder(tmp_path: Path, site: int) -> Path:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "config.toml").write_text(CONFIG.format(port=port, site=site), "utf-8")
    return tmp_path


@asynccontextmanager
async def hub(folder: Path) -> AsyncIterator[Process]:
    """The program, started; killed in the end when it still runs."""
    with (folder / "journal.log").open("ab") as journal:
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(folder / "config.toml")),
            cwd=Path(__file__).parents[2],
            env=os.environ | {"ECOHUB_FAQ__ENABLED": "false"},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=journal,
        )
    try:
        yield program
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


def posts(folder: Path) -> list[str]:
    """What the simulator shows of the hub's letters, as text."""
    file = folder / "simulator.sqlite3"
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
        try:
            return [row[0] for row in base.execute("SELECT body FROM post WHERE key LIKE 'letter:%'")]
        except sqlite3.OperationalError:  # not made yet
            return []


def said_to_be_whole(file: Path) -> str:
    with closing(sqlite3.connect(file)) as base:
        return str(base.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.mark.timeout(900 if FULL else 240)
async def test_killed_again_and_again_each_letter_arrives_exactly_once(folder: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'hub.sqlite3'}")
    now = datetime.now(UTC)
    async with store.begin() as tx:
        for n in range(LETTERS):
            place = Place("simulator", PLACES[n % len(PLACES)])
            await tx.outbox.put(Letter(f"letter:{n}", place, said(f"Lettre numéro {n}."), now), now)

    chance = random.Random(7)
    instants = sorted(chance.sample(range(1, LETTERS - 20), KILLS))
    for instant in instants:
        async with hub(folder) as program:

            async def far_enough(seen: int = instant, program: Process = program) -> bool:
                assert program.returncode is None, "it ended by itself"
                return len(posts(folder)) >= seen

            await until(far_enough, 60)
            program.send_signal(signal.SIGKILL)
            await program.wait()
        assert said_to_be_whole(folder / "hub.sqlite3") == said_to_be_whole(folder / "simulator.sqlite3") == "ok"
        assert len(posts(folder)) < LETTERS  # it was killed at work

    async with hub(folder) as program:

        async def done() -> bool:
            assert program.returncode is None, "it ended by itself"
            return (await counts(store)) == {"sent": LETTERS}

        await until(done, 110)
        program.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(program.wait(), 30) == 0

    shown = Counter(posts(folder))
    assert set(shown.values()) == {1}
    assert all(sum(f"Lettre num\\u00e9ro {n}." in body for body in shown) == 1 for n in range(LETTERS))
    assert said_to_be_whole(folder / "hub.sqlite3") == "ok"
    async with store.read() as tx:
        doubts = [row for row in await tx.journal.last(2 * LETTERS) if row["action"] == "letter.maybe-twice"]
        read = [one.title for one in await tx.news.entries(None)]
    assert len(read) == len(set(read)) in (0, 40)  # all of the document or, while a killed visit's claim lasts, nothing
    assert len(doubts) <= KILLS  # one on its way at most, each time
    print(f"simulator: letters={LETTERS} kills={KILLS} lost=0 doubles=0 doubts={len(doubts)}")  # noqa: T201
    await store.close()


async def test_a_second_program_is_refused_with_the_pid_of_the_first(folder: Path) -> None:
    async with hub(folder) as first:
        lock = folder / "hub.sqlite3.lock"

        async def owned() -> bool:
            return lock.exists() and lock.read_text() == f"{first.pid}\n"

        await until(owned)
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(folder / "config.toml")),
            cwd=Path(__file__).parents[2],
            env=os.environ | {"ECOHUB_FAQ__ENABLED": "false"},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, words = await asyncio.wait_for(second.communicate(), 30)
        assert second.returncode == 1
        assert str(first.pid) in words.decode()
