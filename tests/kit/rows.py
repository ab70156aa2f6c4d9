"""A row of any table, with the rows that it needs; what is not said is the plainest value of its column."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import Utc, Word, Words

_NUMBERS = count(1000)


async def add_row(connection: AsyncConnection, table: Table, **said: Any) -> Any:
    """The key of the new row."""
    values = dict(said)
    for column in table.columns:
        if column.name not in values and not column.nullable and not _is_counted(column):
            parent = next(iter(column.foreign_keys), None)
            values[column.name] = await add_row(connection, parent.column.table) if parent else _plainest(column)
    result = await connection.execute(insert(table).values(**values))
    return result.inserted_primary_key[0] if result.inserted_primary_key else None


def _is_counted(column: Column[Any]) -> bool:
    return bool(column.primary_key and isinstance(column.type, Integer) and not column.foreign_keys)


def _plainest(column: Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, Utc):
        return datetime(2027, 3, 9, tzinfo=UTC)
    if isinstance(kind, Word):
        return next(iter(kind.words))
    if isinstance(kind, Words):
        return ()
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Float):
        return next(_NUMBERS)
    return str(next(_NUMBERS))[: getattr(kind, "length", None) or 8]
