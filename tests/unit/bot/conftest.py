"""A party on each database, a village, a Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.kit.discord_world import World
from tests.kit.party import Party
from tests.kit.stage import House


@pytest.fixture
async def party(any_store: Store, tmp_path: Path) -> Party:
    """Ana is a member, Paul too, Zoé a visitor."""
    made = Party(any_store, tmp_path / "texts")
    await made.invite("ana", "paul")
    return made


@pytest.fixture
async def small(store: Store, tmp_path: Path) -> Party:
    """The same on the embedded database only: for what databases have no part in."""
    made = Party(store, tmp_path / "texts")
    await made.invite("ana", "paul")
    return made


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Our platform on a Discord of ours; every call must be one that Discord describes."""
    made = World()
    yield made
    await made.discord.stop()
    await made.fake.close()
    assert made.fake.faults == []


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The village on a temporary file."""
    made = House(tmp_path / "hub.sqlite3")
    await made.open()
    yield made
    await made.close()
