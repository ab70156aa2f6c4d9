"""A slot for many is written in parts: each subscriber is served once, whatever happens between two of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from sqlalchemy import event, func, select

import bot.letters.editions
from bot.feature import Desk, Hub
from bot.letters.editions import prepare
from bot.letters.slots import latest
from club.people import Place
from club.subscription import Wish
from storage.store import Store
from storage.tables import delivery, digest_body
from tests.kit.memory import order
from tests.unit.bot.letters.test_editions import ONE, TWO, Club, told

PEOPLE = 7


@dataclass(frozen=True, slots=True)
class Interrupted(Hub):
    """Before its second desk, something else happens."""

    acts: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    desks: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        self.desks.append(1)
        if len(self.desks) == 2:
            for act in self.acts:
                await act()
        async with self.store.begin() as tx:
            yield Desk(tx, self.texts, self.clock(), self.settings)


@pytest.fixture
def club(any_store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Club:
    monkeypatch.setattr(bot.letters.editions, "PART", 2)
    monkeypatch.setattr(bot.letters.editions, "TEXT_COST", 0)
    monkeypatch.setattr(bot.letters.editions, "PAUSE", 0)
    return Club(any_store, now)


async def join(club: Club) -> list[int]:
    """Seven who want everything; nobody of two other topics' news is told anything."""
    wishes = [*[Wish()] * PEOPLE, Wish((19,), ("93",))]
    places = [Place("simulator", f"p{n}") for n in range(len(wishes))]
    since = club.clock()
    orders = (order(p.id, since=since, place=p, wish=w) for p, w in zip(places, wishes, strict=True))
    return await club.subscribes(*orders)


async def serve(club: Club, *acts: Callable[[], Awaitable[object]]) -> int:
    async with club.store.read() as tx:
        [schedule] = await tx.subscriptions.schedules()
    hub = Interrupted(club.store, club.hub.texts, club.hub.settings, club.clock, acts=list(acts))
    return await prepare(hub, schedule, latest(schedule.cadence, club.clock()))


async def addressed(club: Club) -> list[int]:
    async with club.store.read() as tx:
        return sorted(await tx.connection.scalars(select(delivery.c.subscription_id)))


async def test_everybody_is_served_once(club: Club) -> None:
    numbers = await join(club)
    await club.publishes(ONE)
    club.clock.jumps(days=1)
    assert await serve(club) == PEOPLE
    assert await addressed(club) == numbers[:PEOPLE]
    assert await club.watermarks() == [club.clock()] * (PEOPLE + 1)
    assert await serve(club) == 0
    assert told(await club.letters(), ONE) == [PEOPLE]


async def test_a_text_is_written_once_for_readers_of_several_parts(club: Club) -> None:
    wishes = [Wish(), Wish(regions=("76",))] * PEOPLE
    places = [Place("simulator", f"p{n}") for n in range(len(wishes))]
    since = club.clock()
    await club.subscribes(*(order(p.id, since=since, place=p, wish=w) for p, w in zip(places, wishes, strict=True)))
    await club.publishes(ONE)
    club.clock.jumps(days=1)
    assert await serve(club) == 2 * PEOPLE
    async with club.store.read() as tx:
        read = list(await tx.connection.scalars(select(delivery.c.body_id).order_by(delivery.c.subscription_id)))
        assert await tx.connection.scalar(select(func.count()).select_from(digest_body)) == 2
    assert read == [read[0], read[1]] * PEOPLE and read[0] != read[1]


async def test_a_kill_between_two_parts_doubles_and_forgets_nobody(
    club: Club, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = await join(club)
    await club.publishes(ONE)
    engine = club.store.engine.sync_engine
    puts: list[str] = []

    def kill(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO delivery"):
            puts.append(statement)
            if len(puts) == 3:
                raise RuntimeError("killed")

    event.listen(engine, "before_cursor_execute", kill)
    await club.at(8, days=1)
    assert "slot failed" in caplog.text
    assert await addressed(club) == numbers[:4]
    event.remove(engine, "before_cursor_execute", kill)
    club.clock.jumps(minutes=1)
    await club.publishes(TWO)  # those who come second are told more, and nothing is lost for the first
    await club.ticks()
    letters = await club.letters()
    assert told(letters, ONE, TWO) == [PEOPLE, PEOPLE - 4]
    await club.at(8, days=1)
    assert told(await club.letters(), ONE, TWO) == [0, 4]


async def test_who_leaves_or_pauses_between_two_parts_is_not_written_to(club: Club) -> None:
    numbers = await join(club)
    await club.publishes(ONE)
    since = club.clock()
    club.clock.jumps(days=1)

    async def leave() -> None:
        async with club.store.begin() as tx:
            await tx.subscriptions.remove(numbers[4])
            await tx.subscriptions.pause(numbers[5], "paused-by-person")

    assert await serve(club, leave) == PEOPLE - 2
    assert await addressed(club) == [*numbers[:4], numbers[6]]
    async with club.store.read() as tx:
        paused = await tx.subscriptions.get(numbers[5])
    assert paused is not None
    assert paused.watermark == since


async def test_two_processes_serve_one_slot_together(club: Club) -> None:
    numbers = await join(club)
    await club.publishes(ONE)
    club.clock.jumps(days=1)
    others: list[int] = []

    async def another() -> None:
        others.append(await serve(club))

    assert await serve(club, another) + others[0] == PEOPLE
    assert await addressed(club) == numbers[:PEOPLE]


async def test_what_is_filed_after_the_draft_is_not_lost(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    await join(club)
    await club.publishes(ONE)
    club.clock.jumps(days=1)
    drafts: list[object] = []
    real = bot.letters.editions.draft_slot

    async def draft(*given: object) -> object:
        drafts.append(made := await real(*given))  # type: ignore[arg-type]
        if len(drafts) == 1:
            await club.publishes(TWO)  # by a clock that is not ahead of the draft's
        return made

    monkeypatch.setattr(bot.letters.editions, "draft_slot", draft)
    await serve(club)
    assert len(drafts) == 2
    assert told(await club.letters(), ONE, TWO) == [PEOPLE, PEOPLE]
