"""Who owns the database: one `run` or `demo` on SQLite, told by a locked file; live workers on PostgreSQL."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.store import Store
from storage.trouble import StorageTrouble

# First half of the advisory locks that say "this worker lives"; the second half is the worker's number.
_WORKERS = 0x4543


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that may claim letters, for as long as it owns its number."""

    number: int
    hold: tuple[str, ...] = ()  # networks where doubt waits for a person


@asynccontextmanager
async def own(store: Store, *, hold: tuple[str, ...] = ()) -> AsyncIterator[Worker]:
    """Own the database (SQLite) or a worker's number (PostgreSQL) while the block runs.

    Raises StorageTrouble("storage-owned", pid=…) when another process owns the SQLite file (promise 51). Either
    ends with the process, whatever ends it.
    """
    if not store.on_sqlite:
        number = secrets.randbelow(2**31 - 1) + 1
        async with store.engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:a, :b)"), {"a": _WORKERS, "b": number})
            await connection.commit()
            try:
                yield Worker(number, hold)
            finally:
                await connection.invalidate()  # ends the session, and the lock with it, whatever state it is in
        return
    with locked(Path(str(store.engine.url.database))):
        yield Worker(os.getpid(), hold)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Keep every other process from owning that SQLite file; StorageTrouble("storage-owned", pid=…) when one does."""
    descriptor = os.open(_lock_of(database), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StorageTrouble("storage-owned", pid=_pid_in(descriptor)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def owner_of(database: Path) -> str:
    """The pid of the process that owns that SQLite file, "" when none does. Nothing is written."""
    try:
        descriptor = os.open(_lock_of(database), os.O_RDONLY)
    except FileNotFoundError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid_in(descriptor)
    finally:
        os.close(descriptor)
    return ""


def _lock_of(database: Path) -> Path:
    return Path(f"{database}.lock")


def _pid_in(descriptor: int) -> str:
    return os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "?"


async def recover(store: Store, worker: Worker, now: datetime, gap: timedelta) -> int:
    """Take back what dead workers held; how many letters. On SQLite at start only: its owner is alone."""
    async with store.begin() as tx:
        holders = await tx.outbox.workers_in_flight()
        if not holders:
            return 0
        if store.on_sqlite:
            return await tx.outbox.recover(holders, now, gap, hold=worker.hold)
        dead = [number for number in holders if number != worker.number and await _is_dead(tx.connection, number)]
        return await tx.outbox.recover(dead, now, gap, hold=worker.hold)


async def _is_dead(connection: AsyncConnection, number: int) -> bool:
    """True when nobody holds that worker's lock; taken until the end of this transaction, so one peer recovers."""
    query = text("SELECT pg_try_advisory_xact_lock(:a, :b)")
    return bool(await connection.scalar(query, {"a": _WORKERS, "b": number}))
