"""Who owns a database, what a killed owner leaves, how readers and writers wait, how values are written."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, func, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from club.news import Event, Item, News, Source, SourceKind, Status
from club.people import Person, Role
from club.subscription import Cadence, Subscription, Wish
from storage.columns import Utc, Word, Words
from storage.drafts import Draft
from storage.engine import make_engine
from storage.migrate import HEAD
from storage.owner import Worker, own, recover
from storage.sources import SourceState
from storage.store import Store
from storage.tables import METADATA, draft, entry, schedule, source, subscription
from storage.trouble import StorageTrouble
from tests.kit.memory import claim, counts, letter, order, put

GAP = timedelta(0)

# Owns the database, claims a letter, says so, and waits to be killed.
OWNER = """
import asyncio, sys
from datetime import datetime
from storage.owner import own
from storage.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    async with own(store) as worker:
        async with store.begin() as tx:
            await tx.outbox.claim("simulator", 1000.0, worker.number, datetime.fromisoformat(sys.argv[2]))
        print(worker.number, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def another_owner(store: Store, now: datetime) -> AsyncIterator[tuple[int, Callable[[], None]]]:
    """Another process that owns the store and holds a letter: its worker's number, and how to kill it."""
    url = store.engine.url.render_as_string(hide_password=False)
    other = subprocess.Popen(
        [sys.executable, "-c", OWNER, url, now.isoformat()],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )

    def kill() -> None:
        other.send_signal(signal.SIGKILL)
        other.wait()

    with other:
        try:
            assert other.stdout
            line = await asyncio.to_thread(other.stdout.readline)
            yield int(line), kill
        finally:
            other.kill()


async def test_a_second_owner_is_told_who_is_the_first(store: Store, now: datetime) -> None:
    async with another_owner(store, now) as (pid, kill):
        with pytest.raises(StorageTrouble) as refused:
            async with own(store):
                pytest.fail("two owners")
        assert (refused.value.key, refused.value.values) == ("storage-owned", {"pid": str(pid)})
        kill()
        async with own(store) as worker:  # free at once
            assert worker.number == os.getpid()


async def test_the_lock_is_free_after_a_good_end(store: Store) -> None:
    for _ in range(2):
        async with own(store):
            pass
    lock = Path(f"{store.engine.url.database}.lock")
    assert lock.stat().st_mode & 0o777 == 0o600


async def test_others_work_beside_the_owner(store: Store, now: datetime) -> None:
    async with another_owner(store, now):
        await put(store, now, "a")
        assert await claim(store, now)


async def test_the_next_owner_takes_back_what_the_killed_one_held(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b")
    async with another_owner(any_store, now) as (number, kill):
        async with any_store.read() as tx:
            assert await tx.outbox.workers_in_flight() == [number]
        kill()
        async with own(any_store) as worker:

            async def recovered() -> bool:
                return await recover(any_store, worker, now, GAP) == 1

            # PostgreSQL needs a moment to see that the other end is gone.
            while not await recovered():
                await asyncio.sleep(0.01)
            again = await claim(any_store, now + timedelta(seconds=1), worker=worker.number)
    assert again and (again.key, again.doubtful) == ("a", True)


async def test_what_a_living_worker_holds_stays_its_own(postgres_store: Store, now: datetime) -> None:
    await put(postgres_store, now, "a")
    async with another_owner(postgres_store, now), own(postgres_store) as worker:
        assert await recover(postgres_store, worker, now, GAP) == 0
        assert await counts(postgres_store) == {"sending": 1}


async def test_a_worker_never_takes_back_its_own(postgres_store: Store, now: datetime) -> None:
    await put(postgres_store, now, "a")
    async with own(postgres_store) as worker:
        assert await claim(postgres_store, now, worker=worker.number)
        assert await recover(postgres_store, worker, now, GAP) == 0
    assert await recover(postgres_store, Worker(1), now, GAP) == 1


async def test_a_worker_that_ended_badly_is_dead_at_once(postgres_store: Store, now: datetime) -> None:
    await put(postgres_store, now, "a")
    with pytest.raises(RuntimeError):
        async with own(postgres_store) as worker:
            assert await claim(postgres_store, now, worker=worker.number)
            raise RuntimeError
    found = 0
    while not found:
        found = await recover(postgres_store, Worker(1), now, GAP)


async def test_a_recovered_letter_waits_where_doubt_is_held(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a")
    assert await claim(any_store, now, worker=5)
    assert await recover(any_store, Worker(1, hold=("simulator",)), now, GAP) == 1
    assert await counts(any_store) == {"uncertain": 1}


async def test_a_reader_does_not_wait_for_a_writer(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "before")
    async with any_store.begin() as tx:
        await tx.outbox.put(letter("during", now), now)
        assert await asyncio.wait_for(counts(any_store), 5) == {"pending": 1}
    assert await counts(any_store) == {"pending": 2}


async def test_a_reader_sees_one_moment(any_store: Store, now: datetime) -> None:
    async with any_store.read() as tx:
        assert await tx.outbox.counts() == {}
        await put(any_store, now, "during")
        assert await tx.outbox.counts() == {}


async def test_a_reader_writes_nothing(postgres_store: Store, now: datetime) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with postgres_store.read() as tx:
            await tx.journal.note(now, "x")


async def test_a_writer_waits_for_another_program(store: Store, now: datetime) -> None:
    with closing(sqlite3.connect(str(store.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(put(store, now, "a"))
        assert await counts(store) == {}
        assert not writing.done()
        other.execute("COMMIT")
    await writing
    assert await counts(store) == {"pending": 1}


async def test_a_file_that_stays_locked_is_said_in_words(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engine.BUSY_SECONDS", 0.05)
    impatient = Store(make_engine(store.engine.url))
    with closing(sqlite3.connect(str(store.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageTrouble) as trouble:
            await put(impatient, now, "a")
        other.execute("ROLLBACK")
    assert trouble.value.key == "storage-locked"
    await put(impatient, now, "a")  # service resumes without help
    await impatient.close()


async def test_migrating_a_filled_database_keeps_every_row(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store.begin() as tx:
        ana = (await tx.people.meet(Person("telegram", "42", "Ana"), now)).number
        await tx.people.give(ana, Role.MEMBER, now, "chat")
        await tx.drafts.begin(ana, "here", "subscribe", {}, (), now)
        await tx.subscriptions.add(order(since=now, person=ana), now)
        await tx.connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    before = await _rows(store)

    def rebuild(connection: Connection) -> None:
        """A later revision: with foreign keys on, SQLite would delete the children of this table without a word."""
        with Operations(MigrationContext.configure(connection)).batch_alter_table("person", recreate="always") as table:
            table.add_column(Column("nickname", String(8)))
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})

    monkeypatch.setattr("storage.migrate._upgrade", rebuild)
    await store.close()
    again = await Store.open(store.engine.url.render_as_string())
    assert await _rows(again) == before
    assert sum(before.values()) == 6
    await again.close()
    copy = Path(f"{store.engine.url.database}.before-0000")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT name FROM person").fetchall() == [("Ana",)]


async def _rows(store: Store) -> dict[str, int]:
    async with store.read() as tx:
        return {
            name: int(await tx.connection.scalar(select(func.count()).select_from(table)) or 0)
            for name, table in METADATA.tables.items()
        }


async def test_a_migration_that_fails_leaves_nothing(any_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    def refuse(*names: Any, **options: Any) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(op, "create_index", refuse)
        with pytest.raises(RuntimeError):
            await Store.open(any_url, migrate=True)
    store = await Store.open(any_url, migrate=True)
    assert set(await _rows(store)) == set(METADATA.tables)
    await store.close()


async def test_two_programs_may_migrate_at_once(any_url: str) -> None:
    stores = await asyncio.gather(*(Store.open(any_url, migrate=True) for _ in range(3)))
    assert not any((await _rows(stores[0])).values())
    for one in stores:
        await one.close()


@pytest.mark.parametrize(
    ("table", "value", "apart"),
    [
        (draft, Draft, set()),
        (source, Source, set()),
        (source, SourceState, {"source"}),
        (schedule, Cadence, set()),
        (subscription, Subscription, {"wish", "cadence", "person"}),
        (subscription, Wish, set()),
        (entry, News, {"source", "partner", "trusted", "start", "end", "was"}),
        (entry, Item, set()),
        (entry, Event, {"uid", "start", "end"}),
    ],
)
def test_columns_bear_the_names_of_the_fields(table: Table, value: type, apart: set[str]) -> None:
    names = {field.name for field in dataclasses.fields(value)}
    assert apart <= names
    assert names - apart <= set(table.c.keys())


VALUES = Table(
    "value",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Utc),
    Column("kind", Word(SourceKind)),
    Column("status", Word(Status)),
    Column("numbers", Words),
    Column("names", Words),
)


@pytest.fixture(params=["sqlite", "postgres"])
def value_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'values.sqlite3'}"
    url: str = request.getfixturevalue("ready_postgres")
    return url


async def test_values_come_out_as_they_went_in(value_url: str) -> None:
    engine = make_engine(make_url(value_url))
    async with engine.begin() as connection:
        await connection.run_sync(VALUES.metadata.create_all)
    loop = asyncio.get_running_loop()

    async def round_trip(row: dict[str, Any]) -> dict[str, Any]:
        async with engine.connect() as connection:
            await connection.execute(VALUES.insert().values(**row))
            found = (await connection.execute(select(*[VALUES.c[name] for name in row]))).one()._asdict()
            if row["at"] is not None:
                later = row["at"].astimezone(UTC) + timedelta(microseconds=1)
                order_kept = select(func.count()).where(VALUES.c.at < later, VALUES.c.at >= row["at"])
                assert await connection.scalar(order_kept) == 1
            await connection.rollback()
            return found

    words = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=8)
    instants = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones(), allow_imaginary=True)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.fixed_dictionaries(
            {
                "at": st.none() | instants,
                "kind": st.none() | st.sampled_from(SourceKind),
                "status": st.none() | st.sampled_from(Status),
                "numbers": st.lists(st.integers(-(2**53), 2**53), max_size=4).map(tuple),
                "names": st.lists(words, max_size=4).map(tuple),
            }
        )
    )
    def check(row: dict[str, Any]) -> None:
        found = asyncio.run_coroutine_threadsafe(round_trip(row), loop).result(30)
        same = row if row["at"] is None else {**row, "at": row["at"].astimezone(UTC)}
        assert found == same
        assert all(type(found[name]) is type(same[name]) for name in row)
        assert found["at"] is None or found["at"].utcoffset() == timedelta(0)

    try:
        await asyncio.to_thread(check)
    finally:
        async with engine.begin() as connection:
            await connection.run_sync(VALUES.metadata.drop_all)
        await engine.dispose()


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Utc().process_bind_param(datetime(2027, 3, 9), sqlite.dialect())
