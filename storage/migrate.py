"""Bring a schema up to date. Alembic is imported only when there is something to do (choice S8)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL

from storage.engine import LOOKING, make_engine
from storage.locks import TAKE
from storage.trouble import StorageTrouble

# The newest revision that this program knows; a test compares it with the scripts.
HEAD = "0016"
_MIGRATING = 0x4D494752


async def bring_up_to_date(url: URL, *, migrate: bool, keep_copy: bool = True) -> None:
    """Run what is missing, in one transaction, checked before the commit. Harmless when repeated. On SQLite a copy of
    what was there stays beside the file, unless `keep_copy` says otherwise.

    On an engine of its own without foreign keys: with them on, rebuilding a table on SQLite deletes its children
    without a word (choice S4).
    """
    engine = make_engine(url, foreign_keys=False, pooled=False)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(**LOOKING)
            found = await connection.run_sync(_revision)
        if found == HEAD:
            return
        if found is not None and found > HEAD:
            raise StorageTrouble("storage-newer", found=found, known=HEAD)
        if not migrate:
            raise StorageTrouble("storage-old", found=found or "0000", known=HEAD)
        if keep_copy and found is not None and url.database and url.get_backend_name() == "sqlite":
            _copy(Path(url.database), found)
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # 0.2 s that a database of today need not pay
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(TAKE, {"turn": _MIGRATING})  # who comes second finds nothing left to do
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise StorageTrouble("storage-broken-links", count=len(broken))


def _copy(path: Path, revision: str) -> None:
    """A consistent copy beside the file, named after the revision it holds."""
    beside = path.with_name(f"{path.name}.before-{revision}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(beside)) as target:
        source.backup(target)
    beside.chmod(0o600)
