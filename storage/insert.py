"""Insert what is not there yet, in one statement on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import JSON, ColumnElement, Integer, Subquery, Table, Text, cast, func, literal, literal_column, select
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


def listed(
    connection: AsyncConnection, rows: Iterable[Sequence[int | str]], **columns: type[Integer] | type[Text]
) -> Subquery:
    """Rows of numbers and words as a table of these columns: one parameter, however many."""
    document = literal(json.dumps(list(rows)), Text)
    value: Callable[[int, type[Integer] | type[Text]], ColumnElement[Any]]
    if connection.dialect.name == "sqlite":
        each = func.json_each(document).table_valued("value")
        value = lambda place, kind: func.json_extract(each.c.value, f"$[{place}]", type_=kind)  # noqa: E731
    else:
        each = func.json_array_elements(cast(document, JSON)).table_valued("value").render_derived()
        value = lambda place, kind: cast(each.c.value.op("->>")(literal_column(str(place))), kind)  # noqa: E731
    return select(*(value(place, kind).label(name) for place, (name, kind) in enumerate(columns.items()))).subquery()
