"""Insert what is not there yet, in one statement on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_for(connection: AsyncConnection, table: Table) -> SqliteInsert | PostgresInsert:
    """The INSERT of this database, which knows ON CONFLICT."""
    return insert_sqlite(table) if connection.dialect.name == "sqlite" else insert_postgres(table)


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose unique keys are free; how many those were."""
    before = 0
    for row in rows:
        result = await connection.execute(insert_for(connection, table).values(**row).on_conflict_do_nothing())
        before += result.rowcount
    return before
