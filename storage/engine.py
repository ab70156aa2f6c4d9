"""How a database is connected to. On SQLite the driver's own transactions give way to ours (choice S4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

# A writer waits this long for another one before it gives up (promise 49: 3 s is waited for, 60 s is an error).
BUSY_SECONDS = 10

# The execution option of a transaction that only looks: it does not wait for writers.
LOOKING = {"ecohub_begin": "BEGIN"}


def make_engine(url: URL, *, foreign_keys: bool = True, pooled: bool = True) -> AsyncEngine:
    """The engine of this address; on SQLite each transaction writes unless it is LOOKING, DDL included."""
    # What people typed stays out of errors and logs (promise 77).
    options: dict[str, Any] = {"hide_parameters": True} | ({} if pooled else {"poolclass": NullPool})
    if url.get_backend_name() != "sqlite":
        return create_async_engine(url, **({"pool_pre_ping": True} | options))
    engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS}, **options)
    links = "ON" if foreign_keys else "OFF"

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN is deferred, and forgotten before DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"foreign_keys={links}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        options: dict[str, Any] = dict(connection.get_execution_options())
        connection.exec_driver_sql(options.get("ecohub_begin", "BEGIN IMMEDIATE"))

    return engine
