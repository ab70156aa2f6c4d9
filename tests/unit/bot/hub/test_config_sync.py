"""What following the configuration changes is in the journal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.clock import now
from bot.config.model import load
from bot.hub.config_sync import follow
from bot.hub.plan import Plan, plan_of
from bot.platforms.network import NetworkSection
from bot.platforms.simulator import SimulatorSection
from club.news import Source
from club.people import Role
from storage.store import Store

ADEME = Source("Ademe", "https://a.test/")
CEREMA = Source("Cerema", "https://c.test/")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'hub.sqlite3'}")
    yield store
    await store.close()


def plan(*sources: Source, **values: Any) -> Plan:
    return replace(plan_of(load(None, {})), sources=sources, **values)


def village(role: Role, organisation: str = "") -> dict[str, NetworkSection]:
    """The simulator, where Paul alone lives."""
    paul = {"id": "paul", "name": "Paul", "role": role, "organisation": organisation}
    return {"simulator": SimulatorSection.model_validate({"enabled": True, "people": [paul]})}


async def noted(store: Store) -> list[tuple[str, Any, Any]]:
    """Each line, the oldest first: action, before, after."""
    async with store.read() as tx:
        lines = list(reversed(await tx.journal.last(50)))
    assert all(line["detail"]["by"] == "config" and line["person_id"] is None for line in lines)
    return [(line["action"], line["detail"]["before"], line["detail"]["after"]) for line in lines]


async def test_sources_of_the_file_are_noted_when_they_change_only(store: Store) -> None:
    await follow(plan(ADEME, CEREMA), store)
    await follow(plan(ADEME, CEREMA), store)
    await follow(plan(replace(ADEME, trusted=True, url="https://b.test/")), store)
    await follow(plan(replace(ADEME, trusted=True, url="https://b.test/"), CEREMA), store)
    assert await noted(store) == [
        ("source.imported", {}, {"names": ["Ademe", "Cerema"]}),
        (
            "source.changed",
            {"name": "Ademe", "address": "https://a.test/", "trusted": False},
            {"name": "Ademe", "address": "https://b.test/", "trusted": True},
        ),
        (
            "source.paused",
            {"name": "Cerema", "state": "journal-is-read"},
            {"name": "Cerema", "state": "paused-left-config"},
        ),
        (
            "source.resumed",
            {"name": "Cerema", "state": "paused-left-config"},
            {"name": "Cerema", "state": "journal-is-read"},
        ),
    ]


async def test_roles_of_the_file_are_noted_when_they_change_only(store: Store) -> None:
    def people(role: Role, *admins: str) -> Plan:
        return plan(networks=village(role), admins=admins)

    await follow(people(Role.MEMBER), store)
    await follow(people(Role.PARTNER, "telegram:1"), store)
    await follow(people(Role.PARTNER, "telegram:1"), store)
    await follow(people(Role.MODERATOR), store)
    assert [(action, _words(before), _words(after)) for action, before, after in await noted(store)] == [
        ("role.given", [], ["admin"]),
        ("role.given", [], ["partner"]),
        ("role.taken", ["admin"], ["visitor"]),
        ("role.given", ["partner"], ["moderator"]),
    ]


async def test_a_resident_speaks_for_one_organisation(store: Store) -> None:
    async def speaks(organisation: str) -> list[tuple[Role, str]]:
        await follow(plan(networks=village(Role.PARTNER, organisation)), store)
        async with store.read() as tx:
            return [(one.role, one.organisation) for one in await tx.people.grants(now())]

    assert await speaks("") == [(Role.PARTNER, "")]
    assert await speaks("USH") == [(Role.PARTNER, "USH")]
    assert await speaks("USH") == [(Role.PARTNER, "USH")]
    assert len(await noted(store)) == 2


def _words(facts: Any) -> list[str]:
    return [one["role"] for one in facts.get("roles", ())]
