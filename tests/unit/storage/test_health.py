"""What a database refuses is said in words that an operator understands."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage.health import examine, explained
from storage.migrate import HEAD
from storage.owner import own
from storage.store import Store
from storage.trouble import StorageTrouble


async def refuse(url: str, statement: str) -> StorageTrouble:
    engine = create_async_engine(url, connect_args={"timeout": 0})
    try:
        with pytest.raises(StorageTrouble) as caught, explained(url):
            async with engine.begin() as connection:
                await connection.execute(text(statement))
    finally:
        await engine.dispose()
    return caught.value


async def test_a_lock_that_lasts(store: Store, sqlite_url: str, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "hub.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    trouble = await refuse(sqlite_url, "UPDATE setting SET name = name")
    other.close()
    assert (trouble.key, trouble.values) == ("storage-locked", {"file": str(tmp_path / "hub.sqlite3")})


async def test_a_read_only_database(store: Store, sqlite_url: str) -> None:
    trouble = await refuse(f"{sqlite_url}?mode=ro&uri=true".replace(":////", ":///file:/"), "CREATE TABLE x (y)")
    assert trouble.key == "storage-readonly"


async def test_a_disk_that_is_full(store: Store, sqlite_url: str) -> None:
    url = sqlite_url
    with pytest.raises(StorageTrouble) as caught, explained(url):
        async with store.begin() as tx:
            await tx.connection.execute(text("PRAGMA max_page_count = 1"))
            await tx.connection.execute(text("CREATE TABLE x (y)"))
            await tx.connection.execute(text("INSERT INTO x VALUES (zeroblob(10000000))"))
    assert caught.value.key == "storage-full"


async def test_a_fault_of_the_program_stays_one(sqlite_url: str) -> None:
    engine = create_async_engine(sqlite_url)
    with pytest.raises(DBAPIError), explained(sqlite_url):
        async with engine.begin() as connection:
            await connection.execute(text("SELECT nothing FROM nowhere"))
    await engine.dispose()


async def test_a_sound_database(any_store: Store) -> None:
    health = await examine(any_store)
    assert (health.revision, health.owner) == (HEAD, "")
    async with any_store.read() as tx:
        assert await tx.connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


async def test_the_owner_is_named(store: Store, sqlite_url: str) -> None:
    async with own(store) as worker:
        assert (await examine(store)).owner == str(worker.number)
    assert (await examine(store)).owner == ""


async def test_asking_who_owns_it_leaves_no_lock(store: Store, tmp_path: Path) -> None:
    assert (await examine(store)).owner == ""
    assert not (tmp_path / "hub.sqlite3.lock").exists()


async def test_damaged_pages_are_found(sqlite_url: str, tmp_path: Path) -> None:
    await (await Store.open(sqlite_url)).close()
    file = tmp_path / "hub.sqlite3"
    content = bytearray(file.read_bytes())
    content[8192:40960] = b"\xff" * 32768
    file.write_bytes(content)
    with pytest.raises(StorageTrouble) as caught, explained(sqlite_url):
        store = await Store.open(sqlite_url)
        try:
            await examine(store)
        finally:
            await store.close()
    assert caught.value.key == "storage-corrupt"
