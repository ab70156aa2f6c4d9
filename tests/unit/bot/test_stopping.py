"""Stopping: what is under way may end, and what hangs is not waited for (promise 84)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot import app
from bot.app import serve
from bot.hub.plan import Plan
from bot.hub.schedule import Tick
from club.news import Source
from connectors.address import Allowed
from storage.store import Store
from tests.kit.program import Partners, serve_partners


@pytest.fixture
async def partners() -> AsyncIterator[Partners]:
    async with serve_partners() as made:
        made.pages["lent"] = None
        yield made


async def visited(plan: Plan, partners: Partners, monkeypatch: pytest.MonkeyPatch, then: Callable[[], None]) -> bool:
    """Stop the hub while it reads the source, and do `then`; whether the visit was noted."""
    stopped, stop = asyncio.Event(), Tick.stop

    def stopping(tick: Tick) -> None:
        stop(tick)
        then()

    async def look() -> None:
        await partners.asked.wait()
        stopped.set()

    monkeypatch.setattr(Tick, "stop", stopping)
    async with asyncio.TaskGroup() as group:
        group.create_task(look())
        await serve(plan, lambda _: None, stopped=stopped)
    store = await Store.open(plan.database_url)
    async with store.read() as tx:
        [state] = await tx.sources.all()
    await store.close()
    return state.visited_at is not None


@pytest.fixture
def plan(tmp_path: Path, partners: Partners) -> Plan:
    source = Source("Lente", partners.url("lent"))
    allowed = Allowed.parse([f"127.0.0.1:{partners.port}"])
    return Plan(f"sqlite+aiosqlite:///{tmp_path / 'hub.sqlite3'}", sources=(source,), allowed=allowed)


async def test_a_job_under_way_may_end(plan: Plan, partners: Partners, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await visited(plan, partners, monkeypatch, partners.closing.set)


async def test_a_job_that_hangs_is_cut(plan: Plan, partners: Partners, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "LAST_JOB", 0.01)
    assert not await visited(plan, partners, monkeypatch, lambda: None)
