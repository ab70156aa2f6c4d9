"""The real program is killed while it looks at a page for somebody: the answer arrives all the same, once."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sqlite3
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web

from tests.kit.memory import until
from tests.kit.program import Program

CONFIG = """
[database]
url = "sqlite+aiosqlite:///hub.sqlite3"
[simulator]
enabled = true
port = {port}
[fetch]
allow_private = ["127.0.0.1:{site}"]
"""
FEED = '<rss version="2.0"><channel><title>Flux lent</title><item><title>Nouvelle</title></item></channel></rss>'


class SlowSite:
    """Says nothing until it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = asyncio.Event()
        self.port = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        await self.open.wait()
        return web.Response(text=FEED, content_type="application/rss+xml")


@pytest.fixture
async def site() -> AsyncIterator[SlowSite]:
    made = SlowSite()
    app = web.Application()
    app.router.add_get("/flux", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    made.open.set()
    await runner.cleanup()


def shown(folder: Path) -> list[str]:
    """What Paul sees of the hub in private."""
    file = next(folder.rglob("simulator.sqlite3"), None)
    if file is None:
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
        try:
            rows = base.execute("SELECT body FROM post WHERE place = 'paul' AND author = '' ORDER BY seq").fetchall()
        except sqlite3.OperationalError:
            return []
    return ["\n".join("".join(span[0] for span in line) for line in json.loads(row[0])["lines"]) for row in rows]


@asynccontextmanager
async def started(program: Program) -> AsyncIterator[Process]:
    async with program.running("run") as (process, ready):
        assert ready.startswith("prêt")
        yield process


async def test_killed_while_it_looks_the_answer_arrives_once(tmp_path: Path, site: SlowSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Program(tmp_path)
    program.configure(CONFIG.format(port=port, site=site.port))
    async with started(program) as process:
        said = {"update": str(uuid4()), "person": "paul", "place": "paul"}
        words = f"/source tester http://127.0.0.1:{site.port}/flux"
        home = f"http://127.0.0.1:{port}"
        async with (
            aiohttp.ClientSession(headers={"Origin": home}) as browser,
            browser.post(f"{home}/say", json={**said, "words": words}) as answer,
        ):
            assert answer.status == 202

        async def asked() -> bool:
            return site.asked == 1 and shown(tmp_path) == ["Je lis la page…"]

        await until(asked, 20)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert shown(tmp_path) == ["Je lis la page…"]

    site.open.set()
    async with started(program):

        async def told() -> bool:
            return any("Flux lent" in one for one in shown(tmp_path))

        await until(told, 20)
    [only] = shown(tmp_path)  # in place of what waited
    assert "Rien n’est gardé" in only
    assert site.asked == 2
