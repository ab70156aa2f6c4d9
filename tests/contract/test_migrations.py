"""A database of any earlier revision, filled, is brought up to date and loses nothing (promise 83)."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from storage.migrate import HEAD
from storage.store import Store
from storage.tables import METADATA
from tests.kit.revisions import ROWS, make_database, revisions, rows_of

ROOT = Path(__file__).parents[2]


def test_revisions_follow_each_other() -> None:
    found = revisions()
    assert found == sorted(found)
    assert found[-1] == HEAD


@pytest.mark.parametrize("revision", revisions())
async def test_every_row_of_every_revision_is_kept(any_url: str, revision: str) -> None:
    await make_database(any_url, revision)
    before = await rows_of(any_url)
    assert set(before.values()) == {ROWS}

    store = await Store.open(any_url, migrate=True)
    after = await rows_of(any_url)
    # A table may go with a revision that says where its rows went; today none does.
    assert {name: after.get(name) for name in before} == before
    assert set(after) == set(METADATA.tables)

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    async with store.engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
        assert await connection.run_sync(differences) == []
        if store.on_sqlite:
            assert (await connection.execute(text("PRAGMA foreign_key_check"))).all() == []
            assert await connection.scalar(text("PRAGMA integrity_check")) == "ok"
        await connection.rollback()
    async with store.begin() as tx:  # every row can be read as what it is today
        await tx.sources.all()
        await tx.subscriptions.channels()
        await tx.news.entries(None)
        await tx.journal.last()
    await store.close()


async def ends_before(url: str, step: int) -> bool:
    """Whether `ecohub migrate` ended before it was to be killed."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.kit.killer", "", str(step), "migrate"),
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")}
        | {"ECOHUB_DATABASE__URL": url},
        stdout=asyncio.subprocess.DEVNULL,
    )
    code = await program.wait()
    assert code in (0, -signal.SIGKILL)
    return code == 0


@pytest.mark.parametrize("revision", ["", *revisions()[:1]])
async def test_a_migration_killed_at_any_step_begins_again(any_url: str, revision: str) -> None:
    if revision:
        await make_database(any_url, revision)
    before = await rows_of(any_url)
    step = 2
    while not await ends_before(any_url, step):
        assert await rows_of(any_url) == before
        step = 4 * step + 1
    assert step > 2
    after = await rows_of(any_url)
    assert {name: after[name] for name in before} == before
    assert set(after) == set(METADATA.tables)
