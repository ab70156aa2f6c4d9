"""`any_store` for suites that need many: made once a run, emptied or copied for each test."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from storage.store import Store
from storage.tables import METADATA


def _run(work: Coroutine[Any, Any, None]) -> None:
    """In a thread: fixtures of a whole run must not meddle with the loop of a test."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def _migrate(url: str) -> None:
    await (await Store.open(url, migrate=True)).close()


async def _say(postgres: str, command: str) -> None:
    engine = create_async_engine(postgres, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(command))
    await engine.dispose()


@pytest.fixture(scope="session")
def ready_postgres(postgres: str) -> Iterator[str]:
    """A migrated database, empty at each test."""
    name = f"ready{os.getpid()}_{os.urandom(3).hex()}"
    url = make_url(postgres).set(database=name).render_as_string(hide_password=False)
    _run(_say(postgres, f"CREATE DATABASE {name}"))
    _run(_migrate(url))
    yield url
    _run(_say(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def ready_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    file = tmp_path_factory.mktemp("ready") / "hub.sqlite3"
    _run(_migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
async def store(ready_sqlite: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store on the embedded database."""
    shutil.copy(ready_sqlite, tmp_path / "hub.sqlite3")
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'hub.sqlite3'}")
    yield opened
    await opened.close()


@pytest.fixture
async def postgres_store(ready_postgres: str) -> AsyncIterator[Store]:
    """An empty store on PostgreSQL; its numbers do not begin at 1."""
    opened = await Store.open(ready_postgres)
    yield opened
    async with opened.begin() as tx:
        for table in reversed(METADATA.sorted_tables):
            await tx.connection.execute(table.delete())
    await opened.close()


@pytest.fixture(params=["store", "postgres_store"], ids=["sqlite", "postgres"])
def any_store(request: pytest.FixtureRequest) -> Store:
    """The same test on both databases."""
    found: Store = request.getfixturevalue(request.param)
    return found
