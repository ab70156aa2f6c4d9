"""The outbox as a state machine: a network with moods, crashes at any step, clocks that jump (promises §2).

No loss, at most one double a crash or lost answer, each chat in order, nothing after an unsubscription.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.platforms.base import Malformed, Pace, TryLater
from bot.post.delivery import Delivery
from bot.talk.seal import Seal
from club.people import Place
from storage.outbox import Address
from storage.owner import Worker, recover
from storage.store import Store
from tests.kit.memory import Clock, order, said
from tests.kit.network import Network

T = TypeVar("T")
GAP = timedelta(seconds=1)
PLACES = ("ana", "mona", "actualites")


class Crash(BaseException):
    """The program is killed here."""


class OutboxMachine(RuleBasedStateMachine):
    ready: Path  # a migrated file

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="ecohub-outbox-"))
        shutil.copy(self.ready, self.folder / "hub.sqlite3")
        self.store = self.run(Store.open(f"sqlite+aiosqlite:///{self.folder / 'hub.sqlite3'}"))
        self.clock = Clock(datetime(2027, 3, 9, 9, tzinfo=UTC))
        self.network = Network()
        self.written: dict[str, list[str]] = {place: [] for place in PLACES}
        self.orders: dict[int, str] = {}
        self.withdrawn: dict[str, int] = {}  # key -> how often it had been shown by then
        self.refused = 0
        self.doubts = 0
        self.number = 0
        self.restart()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def restart(self) -> None:
        worker = Worker(1)
        self.delivery = Delivery(
            self.store,
            {"simulator": self.network},
            {"simulator": Pace(rate=100, gap=GAP)},
            Seal(b"k" * 32),
            worker,
            self.clock,
        )
        self.run(recover(self.store, worker, self.clock(), GAP))

    # What people and the hub do

    @rule(place=st.sampled_from(PLACES), count=st.integers(1, 3), subscribed=st.booleans())
    def write(self, place: str, count: int, subscribed: bool) -> None:
        async def put() -> None:
            now, where = self.clock(), Place("simulator", place)
            async with self.store.begin() as tx:
                number = await tx.subscriptions.add(order(since=now, place=where), now) if subscribed else None
                if number:
                    self.orders[number] = place
                for _ in range(count):
                    self.number += 1
                    key = f"{number or 0}:{self.number}"
                    body = await tx.outbox.write("slot", key, said(key), now)
                    assert await tx.outbox.post(body, [Address(key, where, number)], now, now) == 1
                    assert await tx.outbox.post(body, [Address(key, where, number)], now, now) == 0
                    self.written[place].append(key)

        self.run(put())

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def unsubscribe(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.orders)))
        place = self.orders.pop(number)

        async def leave() -> None:
            async with self.store.begin() as tx:
                await tx.subscriptions.remove(number)

        self.run(leave())
        shown = Counter(words for _, words in self.network.shown)
        self.withdrawn |= {key: shown[key] for key in self.written[place] if key.startswith(f"{number}:")}

    # What the network and the machine do

    @rule(turns=st.integers(1, 6))
    def deliver(self, turns: int) -> None:
        async def work() -> None:
            for _ in range(turns):
                await self.delivery.deliver_one("simulator")
                self.clock.jumps(seconds=1)

        self.run(work())

    @rule(seconds=st.integers(1, 3000))
    def refuse(self, seconds: int) -> None:
        self.network.refuses(seconds)

    @rule()
    def cut(self) -> None:
        self.network.fails(TryLater(1))

    @rule()
    def refuse_the_message(self) -> None:
        self.network.fails(Malformed("no"))
        self.refused += 1

    @rule()
    def drop_the_answer(self) -> None:
        self.network.drops_the_answer()
        self.doubts += 1

    @rule(accepted=st.booleans())
    def crash(self, accepted: bool) -> None:
        def die(*_: object) -> None:
            raise Crash

        (self.network.after if accepted else self.network.moods).insert(0, die)
        try:
            self.run(self.delivery.deliver_one("simulator"))
        except Crash:
            self.doubts += accepted
        else:  # nothing could leave
            (self.network.after if accepted else self.network.moods).remove(die)
        self.restart()

    @rule(hours=st.sampled_from([-24, -1, 1, 24]))
    def jump(self, hours: int) -> None:
        self.clock.jumps(hours=hours)

    @rule(minutes=st.integers(1, 90))
    def pass_time(self, minutes: int) -> None:
        self.clock.jumps(minutes=minutes)

    # What must hold at each step, and in the end

    @invariant()
    def nothing_is_shown_after_an_unsubscription(self) -> None:
        shown = Counter(words for _, words in self.network.shown)
        assert all(shown[key] == count for key, count in self.withdrawn.items())

    @invariant()
    def doubles_are_doubts(self) -> None:
        shown = [words for _, words in self.network.shown]
        assert len(shown) - len(set(shown)) <= self.doubts

    @invariant()
    def each_chat_reads_in_order(self) -> None:
        for place, written in self.written.items():
            read = list(dict.fromkeys(self.network.read_by(place)))
            assert read == [key for key in written if key in set(read)]

    def teardown(self) -> None:
        try:
            self.network.moods, self.network.after = [], []
            self.run(self._drain())
            shown = {words for _, words in self.network.shown}
            lost = {key for keys in self.written.values() for key in keys} - shown - set(self.withdrawn)
            assert len(lost) <= self.refused
            dead = self.run(self._counts()).get("dead", 0)
            assert len(lost) <= dead
            assert not self.run(self._counts()).keys() - {"sent", "dead"}
        finally:
            self.run(self.store.close())
            self.runner.close()
            shutil.rmtree(self.folder)

    async def _drain(self) -> None:
        """Everything leaves within an hour and a bit of waiting: nothing is frozen, whatever the clock did."""
        for _ in range(80):
            while await self.delivery.deliver_one("simulator"):
                self.clock.jumps(seconds=1)
            self.clock.jumps(minutes=1)

    async def _counts(self) -> dict[str, int]:
        async with self.store.read() as tx:
            return dict(await tx.outbox.counts())


def test_the_outbox_keeps_its_promises(ready_sqlite: Path) -> None:
    machine = type("Machine", (OutboxMachine,), {"ready": ready_sqlite})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it without types
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
