"""What is kept of a person is given out to that person and erased, table by table (promises 72, 73)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, Integer, Table, select

from bot.features import FEATURES
from storage.personal import Held, Whose
from storage.store import Store, Transaction
from storage.tables import METADATA, account, delivery, person
from tests.kit.rows import add_row

HELD = [held for feature in FEATURES for kept in feature.holds for held in kept.rows]
NAMES = sorted({held.table.name for held in HELD})


def person_columns(table: Table) -> set[str]:
    """The columns that lead to a person: by a foreign key, or by their name where the row outlives an erasure."""
    keys = {
        column.name
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint) and key.referred_table is person
        for column in key.columns
    }
    named = {
        column.name
        for column in table.columns
        if isinstance(column.type, Integer)
        and (column.name in ("by", "author") or column.name.endswith(("person_id", "_by")))
    }
    return keys | named


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_column_that_leads_to_a_person_is_held(table: Table) -> None:
    held = [one for one in HELD if one.table is table]
    assert person_columns(table) <= {column for one in held for column in one.by}
    if {"platform", "place"} <= set(table.columns.keys()) and "person_id" not in table.columns:
        assert any(one.at_place for one in held), "it says where persons are spoken to in private"


def test_a_table_is_held_once() -> None:
    assert len(NAMES) == len(HELD)


async def whose(tx: Transaction, name: str) -> Whose:
    """A new person with one account, and a row of every table that may be about a person."""
    number = await add_row(tx.connection, person, name=name)
    await add_row(tx.connection, account, platform="simulator", ident=name, person_id=number)
    for held in HELD:
        for column in held.by:
            if held.table not in (person, account):
                await add_row(tx.connection, held.table, **{column: number})
        if held.in_subject:
            await add_row(tx.connection, held.table, subject=f"person={number}")
        if held.at_place:
            await add_row(tx.connection, held.table, platform="simulator", place=name)
    return await tx.personal.whose(number)


async def rows(tx: Transaction, held: Held) -> list[dict[str, Any]]:
    return [row._asdict() for row in await tx.connection.execute(select(held.table))]


async def test_all_that_is_kept_is_given_out_and_erased(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        ana = await whose(tx, "ana-of-the-village")
        paul = await whose(tx, "paul-of-the-village")
    async with any_store.read() as tx:
        given = {held.table.name: await tx.personal.given(held, ana) for held in HELD}
        others = {held.table.name: await tx.personal.given(held, paul) for held in HELD}
    assert json.loads(json.dumps(given)) == given
    assert all(bool(given[held.table.name]) is held.is_given for held in HELD)
    assert "paul" not in json.dumps(given)
    async with any_store.begin() as tx:
        await tx.personal.erase(HELD, ana)
    async with any_store.read() as tx:
        for held in HELD:
            kept = await rows(tx, held)
            assert not any(row[column] == ana.number for row in kept for column in held.by), held.table.name
            assert "ana-of-the-village" not in repr(kept), held.table.name
            assert f"'person={ana.number}'" not in repr(kept), held.table.name
        assert {held.table.name: await tx.personal.given(held, paul) for held in HELD} == others


async def test_a_letter_goes_with_its_text_unless_others_received_it(any_store: Store) -> None:
    async with any_store.begin() as tx:
        ana = await whose(tx, "ana")
        [own] = await tx.personal.given(_held(delivery), ana)
        shared = await add_row(tx.connection, delivery, platform="simulator", place="ana", body_id=own["body_id"])
        await add_row(tx.connection, delivery, platform="simulator", place="club", body_id=own["body_id"])
        assert shared
        await tx.personal.erase(HELD, ana)
    async with any_store.read() as tx:
        left = await rows(tx, _held(delivery))
        assert [(row["place"], row["body_id"]) for row in left] == [("club", own["body_id"])]


def _held(table: Table) -> Held:
    return next(held for held in HELD if held.table is table)
