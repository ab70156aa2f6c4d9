"""Killed while it collects or composes: all of a source or nothing, a slot with its letters or neither (promise 47)."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.kit.program import Partners, Program, serve_partners

ENTRIES = 12
SOURCES = ("Un", "Deux", "Trois")
FEED = '<rss version="2.0"><channel><title>{0}</title>{1}</channel></rss>'
ITEM = "<item><title>Nouvelle {1} de {0}</title><guid>{0}{1}</guid><link>https://{0}.exemple.fr/{1}</link></item>"
pytestmark = pytest.mark.timeout(240)  # as many starts of the program as there are kills
CHANNELS = "".join(f'[[channels]]\nname = "C{n}"\nplace = "simulator:c{n}"\n' for n in range(3))


@pytest.fixture
async def partners() -> AsyncIterator[Partners]:
    async with serve_partners() as made:
        for name in SOURCES:
            made.pages[name] = FEED.format(name, "".join(ITEM.format(name, n) for n in range(ENTRIES)))
        yield made


@pytest.fixture
def ecohub(tmp_path: Path, partners: Partners) -> Program:
    program = Program(tmp_path)
    program.configure(f"{partners.config({name: name for name in SOURCES})}\n[simulator]\nenabled = true\n{CHANNELS}")
    return program


def ask(ecohub: Program, query: str) -> list[Any]:
    with closing(sqlite3.connect(ecohub.database)) as base, base:
        return base.execute(query).fetchall()


def whole(ecohub: Program) -> bool:
    return ask(ecohub, "PRAGMA integrity_check") == [("ok",)] and not ask(ecohub, "PRAGMA foreign_key_check")


def end_claims(ecohub: Program) -> None:
    """As two minutes would."""
    ask(ecohub, "UPDATE source SET claimed_until = NULL, visit_at = '2020-01-01 00:00:00.000000'")


async def test_killed_while_it_collects(ecohub: Program) -> None:
    assert (await ecohub("migrate")).code == 0
    nth, kills = 1, 0
    while not await ecohub.survives("UPDATE source SET claimed_until", nth, "collect", "--all"):
        assert whole(ecohub)
        kept = Counter(row[0] for row in ask(ecohub, "SELECT source_id FROM entry"))
        assert set(kept.values()) <= {ENTRIES}  # all of a document, or nothing of it
        kills += 1
        nth = 2 * nth + 1
        end_claims(ecohub)
        ask(ecohub, "UPDATE source SET etag = NULL, last_modified = NULL, body_digest = NULL, parsed_at = NULL")
    assert kills > 3
    end_claims(ecohub)
    assert (await ecohub("collect", "--all")).code == 0
    entries = (await ecohub("entries", "--all", "--json")).json["entries"]
    assert Counter(one["id"] for one in entries) == Counter(f"{name}{n}" for name in SOURCES for n in range(ENTRIES))
    assert ask(ecohub, "SELECT count(*) FROM entry WHERE NOT filed OR kept_at IS NULL") == [(0,)]


async def test_what_is_kept_and_not_filed_is_filed_later(ecohub: Program) -> None:
    """Killed between keeping and filing: the next pass files it, though the site says that nothing changed."""
    nth = 1
    while not await ecohub.survives("INSERT INTO entry", nth, "collect", "--all"):
        nth = 3 * nth + 1
        end_claims(ecohub)
    end_claims(ecohub)
    assert (await ecohub("collect")).code == 0
    assert ask(ecohub, "SELECT count(*), sum(filed), count(kept_at) FROM entry") == [(36, 36, 36)]


async def test_killed_while_it_composes(ecohub: Program) -> None:
    assert (await ecohub("collect", "--all")).code == 0
    ask(ecohub, "UPDATE subscription SET watermark = '2020-01-01 00:00:00.000000'")  # before what is published
    nth, seen = 1, set()
    while not await ecohub.survives("INSERT INTO digest_body", nth, "digest", "send", "--channel", "C0"):
        assert whole(ecohub)
        seen.add(composed(ecohub))
        nth = 2 * nth + 1
    assert (0, 0, 0, 0) in seen
    assert seen | {composed(ecohub)} == {(0, 0, 0, 0), (1, 1, 1, 1)}
    assert (await ecohub("digest", "send", "--channel", "C0")).out.startswith("C0 : déjà envoyée")
    assert composed(ecohub) == (1, 1, 1, 1)


def composed(ecohub: Program) -> tuple[int, ...]:
    """How many slots, letters, open lanes and advanced watermarks there are."""
    wheres = ("schedule_slot", "delivery", "lane WHERE ready", "subscription WHERE watermark > '2021-01-01'")
    return tuple(ask(ecohub, f"SELECT count(*) FROM {where}")[0][0] for where in wheres)  # noqa: S608
