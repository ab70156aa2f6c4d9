"""What the tables hold of one person: given out, and erased."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.journal import PERSON
from storage.tables import METADATA, account, delivery, digest_body


@dataclass(frozen=True, slots=True)
class Whose:
    """A person: the number, and where they are spoken to in private."""

    number: int
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """How rows of a table are about a person.

    `by`: columns that hold the person's number, each with what is written over the row at an erasure, None = the row
    goes. `at_place`: the columns `platform` and `place` say a private talk, and the row goes. `in_subject`: the column
    `subject` may name the person (`person=12`), and then names nobody. `is_given` is False for what says nothing to the
    person: it is erased and not given out.
    """

    table: Table
    by: Mapping[str, Mapping[str, Any] | None]
    at_place: bool = False
    in_subject: bool = False
    is_given: bool = True


class Personal:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def whose(self, number: int) -> Whose:
        """The person of that number, with every account."""
        rows = await self._connection.execute(select(account).where(account.c.person_id == number))
        return Whose(number, tuple(Place(row.platform, row.ident) for row in rows))

    async def given(self, held: Held, whose: Whose) -> list[dict[str, Any]]:
        """The rows about this person, as JSON can say them."""
        if not held.is_given:
            return []
        about = _about(held, whose)
        query = select(held.table).where(about).order_by(*held.table.primary_key)
        if held.table is delivery:
            query = query.join(digest_body).add_columns(digest_body.c.message)
        return [
            {name: _said(value) for name, value in row._asdict().items()}
            for row in await self._connection.execute(query)
        ]

    async def erase(self, everything: Iterable[Held], whose: Whose) -> None:
        """Nothing leads to this person any more: rows go, or are written over where others need them."""
        order = {table.name: rank for rank, table in enumerate(reversed(METADATA.sorted_tables))}
        for held in sorted(everything, key=lambda held: order[held.table.name]):
            for column, left in held.by.items():
                mine = held.table.c[column] == whose.number
                change = delete(held.table) if left is None else update(held.table).values(**left)
                await self._connection.execute(change.where(mine))
            if held.in_subject:
                hidden = update(held.table).values(subject=f"{PERSON}-")
                await self._connection.execute(hidden.where(_subject(held.table, whose)))
            if held.at_place:
                await self._erase_places(held.table, whose)

    async def _erase_places(self, table: Table, whose: Whose) -> None:
        there = _places(table, whose)
        if table is not delivery:
            await self._connection.execute(delete(table).where(there))
            return
        bodies = set(await self._connection.scalars(select(delivery.c.body_id).where(there)))
        await self._connection.execute(delete(delivery).where(there))
        unused = ~exists().where(delivery.c.body_id == digest_body.c.id)
        await self._connection.execute(delete(digest_body).where(digest_body.c.id.in_(bodies), unused))


def _about(held: Held, whose: Whose) -> ColumnElement[bool]:
    numbered = [held.table.c[column] == whose.number for column in held.by]
    there = [_places(held.table, whose)] if held.at_place else []
    named = [_subject(held.table, whose)] if held.in_subject else []
    return or_(*numbered, *there, *named)


def _subject(table: Table, whose: Whose) -> ColumnElement[bool]:
    return table.c.subject == f"{PERSON}{whose.number}"


def _places(table: Table, whose: Whose) -> ColumnElement[bool]:
    where = [(place.platform, place.id) for place in whose.places]
    return tuple_(table.c.platform, table.c.place).in_(where)


def _said(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value
