"""Migrations make the tables that the code knows, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

import storage
from storage.migrate import HEAD
from storage.store import Store
from storage.tables import METADATA, journal
from storage.trouble import StorageTrouble


async def test_migrations_make_the_tables(any_store: Store) -> None:
    def differences(connection: object) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))  # type: ignore[arg-type]

    async with any_store.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def test_the_program_knows_its_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


async def test_migrating_again_is_harmless(any_url: str) -> None:
    for _ in range(2):
        await (await Store.open(any_url, migrate=True)).close()


async def test_a_newer_database_is_refused(any_url: str) -> None:
    store = await Store.open(any_url, migrate=True)
    async with store.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await store.close()
    with pytest.raises(StorageTrouble) as refused:
        await Store.open(any_url, migrate=True)
    assert refused.value.key == "storage-newer"
    assert refused.value.values == {"found": "9999", "known": HEAD}


async def test_postgresql_is_migrated_only_on_request(postgres_url: str) -> None:
    with pytest.raises(StorageTrouble) as refused:
        await Store.open(postgres_url)
    assert refused.value.key == "storage-old"


async def test_the_file_is_for_its_owner_and_survives_power_cuts(store: Store) -> None:
    path = Path(str(store.engine.url.database))
    assert path.stat().st_mode & 0o777 == 0o600
    async with store.read() as tx:
        pragmas = {
            name: await tx.connection.scalar(text(f"PRAGMA {name}"))
            for name in ("synchronous", "journal_mode", "foreign_keys")
        }
    assert pragmas == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}


@pytest.mark.parametrize(
    ("instant", "kept"),
    [
        (datetime(2027, 3, 9, 9, tzinfo=ZoneInfo("Europe/Paris")), "2027-03-09 08:00:00.000000"),
        (datetime(2027, 3, 9, 9, 0, 0, 7, UTC), "2027-03-09 09:00:00.000007"),
        (datetime(987, 1, 2, tzinfo=UTC), "0987-01-02 00:00:00.000000"),
    ],
)
async def test_an_instant_is_kept_as_text_that_sorts(store: Store, instant: datetime, kept: str) -> None:
    async with store.begin() as tx:
        await tx.journal.note(instant, "essai")
        assert await tx.connection.scalar(text("SELECT at FROM journal")) == kept
        found = await tx.connection.scalar(select(journal.c.at))
    assert (found, found and found.utcoffset()) == (instant, timedelta(0))


async def test_an_instant_without_a_zone_is_refused(any_store: Store) -> None:
    async with any_store.begin() as tx:
        with pytest.raises(StatementError, match="zone"):
            await tx.journal.note(datetime(2027, 3, 9), "essai")


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hub.sqlite3"
    path.write_bytes(b"ceci n'est pas une base" * 100)
    with pytest.raises(StorageTrouble) as refused:
        await Store.open(f"sqlite+aiosqlite:///{path}")
    assert refused.value.key == "storage-corrupt"
    assert refused.value.values["file"] == str(path)
