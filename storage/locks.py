"""Turns that are taken until the end of a transaction. SQLite has one writer at a time, so there it costs nothing."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

NEWS = 0x4E455753  # filing and composing
CONFIG = 0x434F4E46  # following the configuration file
SEATS = 0x53454154 << 31  # the places of a gathering, with its number
TAKE = text("SELECT pg_advisory_xact_lock(:turn)")


async def take_turn(connection: AsyncConnection, turn: int) -> None:
    """Wait until no other transaction holds this turn, then hold it."""
    if connection.dialect.name == "postgresql":
        await connection.execute(TAKE, {"turn": turn})
