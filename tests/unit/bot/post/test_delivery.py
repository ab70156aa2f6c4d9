"""Delivery against a network that refuses, drops answers, goes down, blocks and moves, on both databases."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from bot.platforms.base import Malformed, Pace, Parts, TryLater
from bot.platforms.telegram import is_group
from bot.post.delivery import Delivery, name_of, retry_after
from bot.talk.seal import Seal
from club.dialogue import Action, Message
from club.people import Place
from storage.outbox import Address, Claimed
from storage.owner import Worker, own
from storage.store import Store
from tests.kit.memory import Clock, claim, counts, order, put, said, until
from tests.kit.network import Network

SEAL = Seal(b"k" * 32)


@dataclass
class Post:
    """A store, a network, and the delivery between them, driven step by step or running."""

    store: Store
    network: Network
    clock: Clock
    pace: Pace = field(default_factory=Pace)

    @property
    def delivery(self) -> Delivery:
        """As after a restart."""
        return Delivery(self.store, {"simulator": self.network}, {"simulator": self.pace}, SEAL, Worker(7), self.clock)

    async def drain(self, delivery: Delivery | None = None, turns: int = 800) -> None:
        """Deliver, time passing whenever nothing may leave, until nothing waits."""
        delivery = delivery or self.delivery
        for _ in range(turns):
            if await delivery.deliver_one("simulator"):
                continue
            async with self.store.read() as tx:
                due = await tx.outbox.next_due("simulator", self.clock())
            if due is None:
                assert not (await counts(self.store)).get("pending")
                return
            self.clock.now = max(due, self.clock() + timedelta(milliseconds=1))
        pytest.fail("the outbox never got empty")

    async def journal(self) -> list[str]:
        async with self.store.read() as tx:
            return [row["action"] for row in await tx.journal.last(100)]


@pytest.fixture
def post(any_store: Store, now: datetime) -> Post:
    return Post(any_store, Network(), Clock(now))


@asynccontextmanager
async def running(post: Post) -> AsyncIterator[Delivery]:
    """The delivery at work, its clock going; stopped in the end."""
    post.clock.step = timedelta(milliseconds=5)
    delivery = post.delivery
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        delivery.stop()
        await asyncio.wait_for(task, 30)


async def put_many(post: Post, places: str, count: int) -> dict[str, list[str]]:
    written: dict[str, list[str]] = defaultdict(list)
    for n in range(count):
        for place in places:
            written[place].append(f"{place}{n}")
            await put(post.store, post.clock(), f"{place}{n}", place=place)
    return written


async def test_everything_arrives_once_and_in_order(post: Post) -> None:
    written = await put_many(post, "abc", 4)
    async with running(post):
        await until(lambda: _all(post, 12))
    assert {place: post.network.read_by(place) for place in "abc"} == written
    assert await counts(post.store) == {"sent": 12}
    assert post.network.most_on_the_wire == 1


async def _all(post: Post, count: int) -> bool:
    return (await counts(post.store)).get("sent", 0) == count


async def test_a_letter_put_while_it_runs_leaves_at_once(post: Post) -> None:
    async with running(post):
        await put(post.store, post.clock(), "a")
        await until(lambda: _all(post, 1))


async def test_no_more_on_the_wire_than_asked_for(post: Post) -> None:
    post.pace = Pace(in_flight=3)
    await put_many(post, "abcdef", 3)
    gate = post.network.waits()

    async def three() -> bool:
        return post.network.on_the_wire == 3

    async with running(post):
        await until(three)
        assert (await counts(post.store))["sending"] == 3
        gate.set()
        await until(lambda: _all(post, 18))
    assert post.network.most_on_the_wire == 3
    assert [post.network.read_by(place) for place in "abcdef"] == [[f"{p}{n}" for n in range(3)] for p in "abcdef"]


async def test_a_result_is_committed_before_the_next_letter_is_taken(post: Post) -> None:
    await put_many(post, "ab", 3)
    delivery = post.delivery
    for sent in range(1, 7):
        assert await delivery.deliver_one("simulator")
        assert (await counts(post.store)).get("sent") == sent
        post.clock.jumps(seconds=1)


async def test_429_is_kept_and_tried_as_often_as_it_takes(post: Post) -> None:
    await put_many(post, "ab", 2)
    post.network.refuses(90, times=20)
    began = post.clock()
    await post.drain()
    assert sorted(words for _, words in post.network.shown) == ["a0", "a1", "b0", "b1"]
    assert post.clock() - began >= timedelta(seconds=20 * 90)
    assert post.network.asked == 24  # never asked again before the time was over


async def test_while_a_network_asks_for_silence_nobody_speaks(post: Post) -> None:
    await put_many(post, "ab", 1)
    post.network.refuses(600)
    delivery = post.delivery
    assert await delivery.deliver_one("simulator")
    post.clock.jumps(seconds=599)
    assert not await delivery.deliver_one("simulator")
    post.clock.jumps(seconds=1)
    assert await delivery.deliver_one("simulator")


async def test_a_lost_answer_is_a_marked_double_at_most(post: Post) -> None:
    await put_many(post, "a", 3)
    post.network.drops_the_answer()
    await post.drain()
    assert post.network.read_by("a") == ["a0", "a0", "a1", "a2"]
    assert post.network.keys[0] == post.network.keys[1]  # so that a network with a memory shows it once
    assert await post.journal() == ["letter.maybe-twice"]


async def test_where_doubt_is_held_a_person_decides(post: Post) -> None:
    post.pace = Pace(hold_doubt=True)
    await put_many(post, "a", 2)
    post.network.drops_the_answer()
    await post.drain()
    assert post.network.read_by("a") == ["a0", "a1"]
    assert await counts(post.store) == {"uncertain": 1, "sent": 1}
    assert await post.journal() == ["letter.uncertain"]


async def test_a_network_that_is_down_loses_nothing(post: Post) -> None:
    written = await put_many(post, "abc", 3)
    post.network.is_down()
    delivery = post.delivery
    for _ in range(60):
        await delivery.deliver_one("simulator")
        post.clock.jumps(seconds=20)
    assert post.network.asked < 60  # the tries grow apart
    post.network.is_down(down=False)
    await post.drain()
    assert {place: post.network.read_by(place) for place in "abc"} == written


async def test_a_network_that_stays_down_is_given_up(post: Post) -> None:
    await put_many(post, "a", 1)
    post.network.is_down()
    delivery, hours = post.delivery, 0
    while (await counts(post.store)).get("pending"):
        assert await delivery.deliver_one("simulator")
        post.clock.jumps(hours=1)
        hours += 1
    assert await counts(post.store) == {"dead": 1}
    assert 24 < hours <= 26


async def test_a_refused_message_stops_nobody(post: Post) -> None:
    await put_many(post, "a", 2)
    post.network.fails(Malformed("can't parse entities"), times=2)
    await post.drain()
    assert post.network.read_by("a") == ["a1"]
    assert await counts(post.store) == {"dead": 1, "sent": 1}
    assert await post.journal() == ["letter.dead"]


async def test_a_refused_drawing_goes_out_once_as_plain_text(post: Post) -> None:
    await put_many(post, "a", 2)
    post.network.fails(Malformed("can't parse entities"))
    await post.drain()
    assert post.network.read_by("a") == ["a0", "a1"]
    assert [message.bare for message in post.network.messages] == [True, False]
    assert await post.journal() == ["letter.plain"]


async def test_what_left_of_a_long_letter_does_not_leave_again(post: Post) -> None:
    await put_many(post, "a", 1)
    told: list[tuple[int, str]] = []

    async def send(place: Place, message: Message, key: str, parts: Parts) -> str:
        told.append((parts.sent, parts.ref))
        if parts.sent == 0:
            await parts.note(1, "11")
            raise TryLater(0, doubt=True)
        return f"{parts.ref},12"

    post.network.send = send  # type: ignore[method-assign]
    await post.drain()
    assert told == [(0, ""), (1, "11")]
    assert await counts(post.store) == {"sent": 1}


async def test_many_readers_are_written_to_more_slowly(post: Post) -> None:
    post.pace = Pace(gap=timedelta(seconds=1), group_gap=timedelta(seconds=3), is_group=is_group)
    for n, place in enumerate(("7", "-100", "7", "-100")):
        await put(post.store, post.clock(), str(n), place=place)
    delivery = post.delivery
    began = post.clock()
    left: dict[str, list[float]] = defaultdict(list)
    while (await counts(post.store)).get("pending"):
        if await delivery.deliver_one("simulator"):
            left[post.network.shown[-1][0]].append((post.clock() - began).total_seconds())
        post.clock.jumps(seconds=0.5)
    assert left["7"][1] - left["7"][0] == 1
    assert left["-100"][1] - left["-100"][0] == 3


async def test_a_fault_of_ours_is_tried_again(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    await put_many(post, "a", 2)
    post.network.fails(KeyError("bug"))
    await post.drain()
    assert post.network.read_by("a") == ["a0", "a1"]
    assert "letter failed" in caplog.text


async def test_a_letter_that_cannot_be_sealed_stops_nobody(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    now = post.clock()
    async with post.store.begin() as tx:
        bad = said("a").offering(Action("Trop long", "route", {"value": "x" * 80}))
        body = await tx.outbox.write("slot", "s", bad, now)
        await tx.outbox.post(body, [Address("a", Place("simulator", "ana"))], now, now)
    await put(post.store, now, "b")
    await post.drain()
    assert post.network.read_by("ana") == ["b"]
    assert await counts(post.store) == {"dead": 1, "sent": 1}
    assert "letter not sealed" in caplog.text


async def test_buttons_are_sealed_for_their_place(post: Post) -> None:
    got: list[Message] = []

    async def send(place: Place, message: Message, key: str, parts: Parts) -> str:
        got.append(message)
        return "ref"

    post.network.send = send  # type: ignore[method-assign]  # looks at the message itself
    now = post.clock()
    async with post.store.begin() as tx:
        body = await tx.outbox.write(
            "slot", "s", said("a").offering(Action("La suite", "digest.rest", {"b": "3"})), now
        )
        await tx.outbox.post(body, [Address("a", Place("simulator", "ana"))], now, now)
    await post.drain()
    token = got[0].actions[0].token
    assert SEAL.open(token, Place("simulator", "ana")) == ("digest.rest", {"b": "3"})
    assert SEAL.open(token, Place("simulator", "mona")) is None


async def subscribe(post: Post, place: str, *keys: str) -> int:
    now, where = post.clock(), Place("simulator", place)
    async with post.store.begin() as tx:
        number = await tx.subscriptions.add(order(since=now, place=where), now)
        for key in keys:
            body = await tx.outbox.write("slot", key, said(key), now)
            await tx.outbox.post(body, [Address(key, where, number)], now, now)
    return number


async def test_unsubscribing_takes_effect_before_the_next_message(post: Post) -> None:
    number = await subscribe(post, "ana", "a", "b", "c")
    delivery = post.delivery
    assert await delivery.deliver_one("simulator")
    async with post.store.begin() as tx:
        await tx.subscriptions.remove(number)
    await post.drain(delivery)
    assert post.network.read_by("ana") == ["a"]


async def test_unsubscribing_while_its_message_is_on_the_wire(post: Post) -> None:
    number = await subscribe(post, "ana", "a", "b")
    post.network.fails(TryLater(0))
    gate = post.network.waits()

    async def flying() -> bool:
        return post.network.on_the_wire == 1

    sending = asyncio.create_task(post.delivery.deliver_one("simulator"))
    await until(flying)
    async with post.store.begin() as tx:
        await tx.subscriptions.remove(number)
    gate.set()
    await sending
    await post.drain()
    assert post.network.shown == []


async def test_who_blocked_us_is_not_written_to_again(post: Post) -> None:
    number = await subscribe(post, "ana", "a", "b")
    other = await subscribe(post, "mona", "m")
    await put(post.store, post.clock(), "reminder")
    post.network.blocks("ana")
    await post.drain()
    assert post.network.asked == 2
    assert post.network.shown == [("mona", "m")]
    async with post.store.begin() as tx:
        [ana, mona] = [await tx.subscriptions.get(one) for one in (number, other)]
        assert ana and mona
        assert (ana.paused, mona.paused) == ("paused-unreachable", "")
        assert await tx.subscriptions.wake_place(Place("simulator", "ana"), "paused-unreachable") == [number]
    assert await counts(post.store) == {"dead": 3, "sent": 1}


async def test_a_place_that_moved_is_followed(post: Post) -> None:
    number = await subscribe(post, "group", "a", "b")
    post.network.moves("group", "supergroup")
    await post.drain()
    assert post.network.shown == [("supergroup", "a"), ("supergroup", "b")]
    async with post.store.begin() as tx:
        found = await tx.subscriptions.get(number)
    assert found and found.place == Place("simulator", "supergroup")


async def test_places_that_move_in_circles_are_no_hot_loop(post: Post) -> None:
    await subscribe(post, "group", "a")
    post.network.moves("group", "supergroup")
    post.network.moves("supergroup", "group")
    delivery, began = post.delivery, post.clock()
    while post.network.asked < 16:
        if not await delivery.deliver_one("simulator"):
            post.clock.jumps(minutes=1)
    assert post.clock() - began > timedelta(minutes=30)


async def test_stopping_ends_after_the_current_letter(post: Post) -> None:
    await put_many(post, "ab", 3)
    gate = post.network.waits()

    async def flying() -> bool:
        return post.network.on_the_wire == 1

    delivery = post.delivery
    task = asyncio.create_task(delivery.run())
    await until(flying)
    delivery.stop()
    gate.set()
    await asyncio.wait_for(task, 30)
    assert await counts(post.store) == {"sent": 1, "pending": 5}


async def test_a_send_that_hangs_does_not_keep_the_program(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.post.delivery.LAST", 0.01)
    await put_many(post, "a", 1)
    post.network.waits()

    async def flying() -> bool:
        return post.network.on_the_wire == 1

    delivery = post.delivery
    task = asyncio.create_task(delivery.run())
    await until(flying)
    delivery.stop()
    await asyncio.wait_for(task, 30)
    assert await counts(post.store) == {"sending": 1}  # recovered at the next start, as one that may have arrived


async def test_a_send_that_hangs_is_tried_again(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.post.delivery.SEND_WITHIN", 0.01)
    await put_many(post, "a", 1)
    gate = post.network.waits()
    assert await post.delivery.deliver_one("simulator")
    assert await counts(post.store) == {"pending": 1}
    monkeypatch.setattr("bot.post.delivery.SEND_WITHIN", 30.0)
    gate.set()
    await post.drain()
    assert post.network.read_by("a") == ["a0"]
    assert "letter failed" in caplog.text


async def test_a_result_that_cannot_be_kept_is_kept_later(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.post.delivery.LOOK_EVERY", timedelta(milliseconds=1))
    await put_many(post, "a", 2)
    refusals = 0

    def fail(connection: object, cursor: object, statement: str, *_: object) -> None:
        nonlocal refusals
        if refusals < 3 and statement.startswith("UPDATE delivery SET state=") and post.network.shown:
            refusals += 1
            raise OSError("the disk is full")

    event.listen(post.store.engine.sync_engine, "before_cursor_execute", fail)
    await post.drain()
    assert refusals == 3
    assert post.network.read_by("a") == ["a0", "a1"]  # the first one neither lost, nor doubled, nor stuck
    assert "result not kept" in caplog.text


async def test_a_dead_peer_is_recovered_while_we_run(postgres_store: Store, now: datetime) -> None:
    post = Post(postgres_store, Network(), Clock(now))
    await put(postgres_store, now, "a")
    assert await claim(postgres_store, now, worker=99)  # nobody holds the lock of worker 99
    async with own(postgres_store), running(post):
        await until(lambda: _all(post, 1))
    assert post.network.read_by("ana") == ["a"]


def letter(number: int = 1, key: str = "k", attempts: int = 0) -> Claimed:
    return Claimed(number, key, Place("simulator", "ana"), said("a"), attempts, 0, doubtful=False, subscription=None)


def test_waits_grow_to_ten_minutes() -> None:
    waits = [retry_after(letter(attempts=n)).total_seconds() for n in range(200)]
    assert waits[:5] == [2, 4, 8, 16, 32]
    assert waits == sorted(waits)
    assert max(waits) == 600


def test_a_letters_name_is_short_stable_and_its_own() -> None:
    assert name_of(letter(2**31 - 1, "x" * 160)) == name_of(letter(2**31 - 1, "x" * 160))
    assert len(name_of(letter(2**31 - 1, "x" * 160))) <= 25
    assert len({name_of(letter(n, k)) for n in (1, 2) for k in ("a", "b")}) == 4
