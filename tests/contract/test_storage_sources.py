"""Sources on both databases: claimed for a visit, followed from the file, their health."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from club.news import Health, Origin, Source, SourceKind
from storage.sources import CLAIM, SourceState, failure, success
from storage.store import Store
from tests.kit.memory import add_source, source, until_someone_waits

HOUR = timedelta(hours=1)
A, B = source("a"), source("b")


async def claim(store: Store, now: datetime, limit: int = 50, *, everything: bool = False) -> list[str]:
    async with store.begin() as tx:
        claimed = await tx.sources.claim_due(now, limit, everything=everything)
        return [state.source.name for state in claimed]


async def get(store: Store, name: str) -> SourceState:
    async with store.read() as tx:
        state = await tx.sources.get(name)
    assert state
    return state


async def fails(store: Store, name: str, now: datetime, key: str = "trouble-timeout", **values: object) -> None:
    before = await get(store, name)
    wait = timedelta(seconds=values["retry_after"]) if isinstance(values.get("retry_after"), int) else HOUR
    async with store.begin() as tx:
        await tx.sources.note(
            {
                before.source.id: failure(
                    before,
                    now,
                    now + wait,
                    Health.ERROR,
                    key,
                    values,
                    gone=key == "trouble-gone",
                    deadly="parse" in key,
                )
            }
        )


async def succeeds(store: Store, name: str, now: datetime, **memory: str | datetime | None) -> None:
    number = (await get(store, name)).source.id
    async with store.begin() as tx:
        await tx.sources.note({number: success(now, now + HOUR, **memory)})


async def follow(store: Store, now: datetime, *sources: Source) -> None:
    async with store.begin() as tx:
        await tx.sources.follow_config(sources, now)


async def test_a_new_source_is_due_at_once(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        full = Source("Dréal", "https://a.example/", SourceKind.ICS, "Dréal", "76", True, "Indian/Reunion")
        assert await tx.sources.add(replace(full, origin=Origin.CHAT), now)
        assert not await tx.sources.add(replace(A, name="Dréal"), now)
        assert not await tx.sources.add(replace(A, url="https://a.example/"), now)
    state = await get(any_store, "Dréal")
    assert replace(state.source, id=0) == replace(full, origin=Origin.CHAT)
    assert (state.health, state.trouble, state.visited_at, state.failures) == (Health.OK, "", None, 0)
    assert await claim(any_store, now) == ["Dréal"]


async def test_a_claim_keeps_others_away_and_ends_by_itself(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A, B)
    assert await claim(any_store, now, 1) == ["a"]
    assert await claim(any_store, now) == ["b"]
    assert await claim(any_store, now) == []
    assert await claim(any_store, now + CLAIM - timedelta(seconds=1)) == []
    assert await claim(any_store, now + CLAIM) == ["a", "b"]


async def test_two_visitors_at_once_never_claim_the_same_source(any_store: Store, now: datetime) -> None:
    names = {f"s{n}" for n in range(20)}
    await follow(any_store, now, *map(source, names))
    async with any_store.begin() as tx:
        mine = [state.source.name for state in await tx.sources.claim_due(now, 7)]
        other = asyncio.create_task(claim(any_store, now, 50))
        await until_someone_waits(any_store, other)
        assert other.done() or any_store.on_sqlite  # it goes on with the others rather than wait
    theirs = await other
    assert len(mine) == 7
    assert set(theirs) == names - set(mine) and len(theirs) == 13


async def test_a_visit_makes_it_due_later(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A)
    await claim(any_store, now)
    memory: dict[str, str | datetime | None] = {
        "etag": '"1"',
        "last_modified": "Mon",
        "body_digest": "d",
        "moved_to": None,
        "parsed_at": now,
    }
    await succeeds(any_store, "a", now, **memory)
    state = await get(any_store, "a")
    assert {name: getattr(state, name) for name in memory} == memory
    assert (state.visited_at, state.succeeded_at, state.visit_at) == (now, now, now + HOUR)
    assert await claim(any_store, now + HOUR - timedelta(seconds=1)) == []
    assert await claim(any_store, now + HOUR) == ["a"]


async def test_failures_are_counted_and_forgotten(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A)
    await fails(any_store, "a", now)
    await fails(any_store, "a", now + HOUR, "trouble-status", code=418)
    state = await get(any_store, "a")
    assert (state.failures, state.failing_since, state.succeeded_at) == (2, now, None)
    assert (state.health, state.trouble, state.trouble_values) == (Health.ERROR, "trouble-status", {"code": 418})
    await succeeds(any_store, "a", now + 2 * HOUR)
    state = await get(any_store, "a")
    assert (state.failures, state.failing_since, state.health, state.trouble) == (0, None, Health.OK, "")
    assert state.trouble_values == {}


async def test_the_third_410_in_a_row_pauses(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A)
    for key in ("trouble-gone", "trouble-gone", "trouble-timeout", "trouble-gone", "trouble-gone"):
        await fails(any_store, "a", now, key)
    assert (await get(any_store, "a")).paused == ""
    await fails(any_store, "a", now, "trouble-gone")
    assert (await get(any_store, "a")).paused == "paused-gone"
    assert await claim(any_store, now + 99 * HOUR, everything=True) == []
    await follow(any_store, now, A)  # neither a restart nor another partner's name makes it come back
    await follow(any_store, now, replace(A, partner="Autre"))
    assert (await get(any_store, "a")).paused == "paused-gone"
    await follow(any_store, now, replace(A, url="https://new.example/"))
    assert (await get(any_store, "a")).paused == ""


async def test_everything_is_visited_save_who_asked_to_wait(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A, B, source("c"))
    await succeeds(any_store, "a", now)
    await fails(any_store, "b", now, "trouble-busy", retry_after=600)
    await fails(any_store, "c", now)
    assert await claim(any_store, now + timedelta(minutes=5)) == []
    assert await claim(any_store, now + timedelta(minutes=5), everything=True) == ["a", "c"]
    assert await claim(any_store, now + timedelta(minutes=10), everything=True) == ["a", "b", "c"]


async def test_a_pass_does_not_come_back_to_a_source(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A, B)
    async with any_store.begin() as tx:
        [first] = await tx.sources.claim_due(now, 1, everything=True)
        await tx.sources.note({first.source.id: success(now, now)})
        claimed = await tx.sources.claim_due(now, 9, everything=True, skip=[first.source.id])
    assert [state.source.name for state in claimed] == ["b"]


async def test_a_deadly_source_goes_last(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A, B)
    await fails(any_store, "a", now - 5 * HOUR, "trouble-parse-slow")
    assert await claim(any_store, now, 1) == ["b"]
    assert await claim(any_store, now, 1) == ["a"]


async def test_the_file_is_followed(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A, B)
    await succeeds(any_store, "a", now, etag='"1"', body_digest="d", parsed_at=now)
    await follow(any_store, now, replace(A, partner="Ademe", trusted=True))
    a, b = await get(any_store, "a"), await get(any_store, "b")
    assert (a.source.partner, a.source.trusted, a.etag) == ("Ademe", True, '"1"')
    assert b.paused == "paused-left-config"
    await follow(any_store, now, A, B)
    assert (await get(any_store, "b")).paused == ""
    assert (await get(any_store, "b")).source.id == b.source.id


@pytest.mark.parametrize(
    "change", [{"url": "https://b.example/x"}, {"kind": SourceKind.ICS}, {"zone": "Indian/Reunion"}]
)
async def test_what_is_read_otherwise_is_read_anew(any_store: Store, now: datetime, change: dict[str, str]) -> None:
    await follow(any_store, now, A)
    await succeeds(any_store, "a", now, etag='"1"', last_modified="Mon", body_digest="d", parsed_at=now)
    await follow(any_store, now, replace(A, **change))  # type: ignore[arg-type]  # one field of each kind
    state = await get(any_store, "a")
    assert (state.etag, state.last_modified, state.body_digest, state.parsed_at) == (None, None, None, None)
    assert await claim(any_store, now) == ["a"]


async def test_a_source_added_in_chat_is_not_the_files(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        assert await tx.sources.add(replace(A, origin=Origin.CHAT), now)
    await follow(any_store, now, B)
    assert (await get(any_store, "a")).paused == ""


async def test_a_pause_during_a_visit_stays(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, A)
    await claim(any_store, now)
    before = await get(any_store, "a")
    await follow(any_store, now)
    async with any_store.begin() as tx:
        await tx.sources.note(
            {before.source.id: failure(before, now, now, Health.ERROR, "trouble-timeout", {}, gone=False, deadly=False)}
        )
    assert (await get(any_store, "a")).paused == "paused-left-config"


async def test_two_programs_that_start_at_once_make_one_source(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.sources.follow_config([A], now)
        other = asyncio.create_task(follow(any_store, now, A, B))
        await until_someone_waits(any_store, other)
    await other
    async with any_store.read() as tx:
        assert [state.source.name for state in await tx.sources.all()] == ["a", "b"]


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
async def test_a_clock_that_jumps_freezes_no_source(any_store: Store, now: datetime, hours: int) -> None:
    await follow(any_store, now, A, B)
    assert await claim(any_store, now, 1) == ["a"]
    await succeeds(any_store, "a", now)
    assert await claim(any_store, now, 1) == ["b"]
    assert await claim(any_store, now + hours * HOUR + timedelta(minutes=30)) == ["a", "b"]


async def test_forgetting_a_source_forgets_its_entries(any_store: Store, now: datetime) -> None:
    from tests.kit.memory import harvest, item

    async with any_store.begin() as tx:
        kept = await add_source(tx, "a", now)
        await tx.news.keep([(kept, harvest(item("1", "Une")))], now)
        await tx.sources.remove("a")
        assert await tx.news.entries(None) == []
        assert await tx.sources.get("a") is None
