"""Insert what is not there yet, in one statement on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")


def insert_for(connection: AsyncConnection, table: Table) -> SqliteInsert | PostgresInsert:
    """The INSERT of this database, which knows ON CONFLICT."""
    return insert_sqlite(table) if connection.dialect.name == "sqlite" else insert_postgres(table)


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose unique keys are free; how many those were."""
    new = insert_for(connection, table).on_conflict_do_nothing().returning(*table.primary_key)
    return len((await connection.execute(new, list(rows))).all()) if rows else 0


def batched(values: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """So many at a time: databases bound the parameters of a statement."""
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]
