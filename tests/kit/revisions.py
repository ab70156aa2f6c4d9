"""Databases as earlier programs left them: of any revision, with rows in every table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Connection, DateTime, Float, Integer, MetaData, Table, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.sql.type_api import TypeEngine

import storage
from storage.columns import Word, Words
from storage.engine import make_engine
from storage.tables import METADATA

ROWS = 3
# What is text or a number to the database and more than that to the program.
MEANT = {"zone": "Europe/Paris", "at": "08:00:0{}", "role": 1, "weekday": 1, "minutes": 5}
BEGUN = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def revisions() -> list[str]:
    """Every revision, the first one first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


async def make_database(url: str, revision: str) -> None:
    """A filled database of that revision."""

    def make(connection: Connection) -> None:
        command.upgrade(_config(connection), revision)
        _fill(connection)

    engine = make_engine(make_url(url), pooled=False)
    async with engine.begin() as connection:
        await connection.run_sync(make)
    await engine.dispose()


def _fill(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection)
    keys: dict[tuple[str, str], list[Any]] = {}
    for table in found.sorted_tables:
        if table.name == "alembic_version":
            continue
        rows = [{column.name: _value(table, column.name, number, keys) for column in table.c} for number in range(ROWS)]
        connection.execute(table.insert(), rows)
        for column in table.c:
            keys[table.name, column.name] = [row[column.name] for row in rows]


def _value(table: Table, name: str, number: int, keys: dict[tuple[str, str], list[Any]]) -> Any:
    column = table.c[name]
    for link in column.foreign_keys:
        above = link.column
        return keys[above.table.name, above.name][number] if above.table is not table else None
    known = METADATA.tables[table.name].c.get(name) if table.name in METADATA.tables else None
    kind = known.type if known is not None else None
    if isinstance(kind, Word):
        return list(kind.words)[number % len(kind.words)].value
    if isinstance(kind, Words):
        return []
    meant = MEANT.get(name) if not isinstance(column.type, DateTime) else None
    return meant.format(number) if isinstance(meant, str) else meant or _plain(column.type, name, number)


def _plain(kind: TypeEngine[Any], name: str, number: int) -> Any:
    if isinstance(kind, Boolean):
        return number == 0
    if isinstance(kind, Integer):
        return number + 1
    if isinstance(kind, Float):
        return number + 0.5
    if isinstance(kind, DateTime):
        return BEGUN + timedelta(days=number)
    if kind.python_type is dict:
        return {}
    return f"{name}{number}"[-(getattr(kind, "length", None) or 99) :]


async def rows_of(url: str) -> dict[str, int]:
    """How many rows each table has."""

    def count(connection: Connection) -> dict[str, int]:
        found = MetaData()
        found.reflect(connection)
        return {
            table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }

    engine = make_engine(make_url(url), pooled=False)
    async with engine.connect() as connection:
        rows = await connection.run_sync(count)
        await connection.rollback()
    await engine.dispose()
    return rows
