"""Stores on both databases, a clock that is given, a hub on a temporary file."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.store import Store

settings.register_profile(
    "ci", max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("nightly", max_examples=20_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: a third of the time, tests wait for processes and timers."""
    return (os.cpu_count() or 1) * 3 // 2


NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Paris


@pytest.fixture
def now() -> datetime:
    return NOW


def _programs() -> Path | None:
    """Where initdb and postgres are: on the PATH, or where Debian keeps them."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server: the one named, or a temporary cluster on a socket of its own."""
    if named := os.environ.get("ECOHUB_TEST_POSTGRES_URL"):
        yield named
        return
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL: no server named in ECOHUB_TEST_POSTGRES_URL and no initdb installed")
    yield from _cluster(programs)


def _cluster(programs: Path) -> Iterator[str]:
    """initdb refuses root, so an unprivileged account runs it (choice S4)."""
    identity: dict[str, object] = {}
    folder = Path(tempfile.mkdtemp(prefix="ecohub-pg-"))
    if os.geteuid() == 0:
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            account = pwd.getpwnam("nobody")
        os.chown(folder, account.pw_uid, account.pw_gid)
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    run = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **identity}
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "ecohub", "-A", "trust", "-E", "UTF8", "--locale=C"], check=True, **run
    )
    options = ["-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    server = subprocess.Popen([programs / "postgres", "-D", data, *options], **run)
    try:
        deadline = time.monotonic() + 30
        status = data / "postmaster.pid"  # its last line says « ready » once connections are taken
        while not (status.exists() and "ready" in status.read_text()) and server.poll() is None:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        assert server.poll() is None, "PostgreSQL did not start"
        yield f"postgresql+asyncpg://ecohub@/postgres?host={folder}"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


_numbers = itertools.count()


@pytest.fixture
async def postgres_url(postgres: str) -> AsyncIterator[str]:
    """A database of its own for one test."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    engine = create_async_engine(postgres, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    yield engine.url.set(database=name).render_as_string(hide_password=False)
    async with engine.connect() as connection:
        await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    await engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'hub.sqlite3'}"


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    """An empty store on the embedded database."""
    opened = await Store.open(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", "postgres"])
def any_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def any_store(any_url: str) -> AsyncIterator[Store]:
    """The same test on both databases."""
    opened = await Store.open(any_url, migrate=True)
    yield opened
    await opened.close()
