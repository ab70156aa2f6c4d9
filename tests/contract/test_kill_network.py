"""The real program is killed while it writes to a Telegram that refuses, limits, delays and cuts (promise 39).

Nothing is lost, each chat reads in order, and a kill leaves one double at most. `make kills` runs the full size.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from club.dialogue import Letter
from club.people import Place
from storage.store import Store
from tests.fakes.telegram import TOKEN, No, Silence, Telegram
from tests.fakes.telegram_http import serve
from tests.kit.memory import counts, said, until
from tests.kit.program import Program

FULL = os.environ.get("ECOHUB_TEST_KILLS") == "full"
LETTERS, CHATS, KILLS = (2000, 500, 30) if FULL else (240, 60, 6)
FIRST_CHAT = 2000

CONFIG = """
[telegram]
token = "{token}"
api_url = "{api}"
[delivery]
rate = {{ telegram = 2000 }}
"""


@dataclass
class Accepted:
    """A letter that was shown: in which life of the program, and whether its answer was cut on the way."""

    number: int
    life: int
    cut: bool = False


@dataclass
class Rough(Telegram):
    """A Telegram of a bad day. `holds` is met by one message: "before" or "after" it is shown, no answer comes."""

    chance: random.Random = field(default_factory=lambda: random.Random(11))
    shown: dict[int, list[Accepted]] = field(default_factory=lambda: defaultdict(list))  # by chat, in order
    life: int = 0
    holds: str = ""
    held: asyncio.Event = field(default_factory=asyncio.Event)
    refusals: Counter[str] = field(default_factory=Counter)

    @property
    def accepted(self) -> int:
        return sum(map(len, self.shown.values()))

    async def _send_message(self, chat_id: int | str, text: str, **more: Any) -> dict[str, Any]:  # type: ignore[override]
        await self._holds("before")
        if self.chance.random() < 0.05:
            await asyncio.sleep(0.05)  # a network that takes its time
        self._rages()
        message = super()._send_message(chat_id, text, **more)
        one = Accepted(int(re.sub(r"\D", "", text)), self.life)
        self.shown[int(chat_id)].append(one)
        await self._holds("after")
        if self.chance.random() < 0.02:
            one.cut = True
            self.refusals["answer cut"] += 1
            raise Silence
        return message

    async def _holds(self, when: str) -> None:
        if self.holds == when:
            self.holds = ""
            self.held.set()
            await asyncio.Event().wait()  # until the program is dead

    def _rages(self) -> None:
        kind = self.chance.choices(["", "cut", "refused", "limited"], [0.95, 0.02, 0.02, 0.01])[0]
        if kind == "limited" and self.refusals[kind] >= KILLS // 3:
            kind = ""  # each is a second of silence for all
        self.refusals[kind] += 1
        if kind == "cut":
            raise Silence
        if kind == "refused":
            raise No(502, "Bad Gateway")
        if kind == "limited":
            raise No(429, "Too Many Requests: retry after 1", retry_after=1)


async def put_letters(program: Program, now: datetime) -> Store:
    store = await Store.open(f"sqlite+aiosqlite:///{program.database}", own_folder=True)
    async with store.begin() as tx:
        for number in range(LETTERS):
            place = Place("telegram", str(FIRST_CHAT + number % CHATS))
            await tx.outbox.put(Letter(f"letter:{number}", place, said(f"Lettre {number}."), now), now)
    return store


async def live(network: Rough, program: Program, how: str, after: int) -> None:
    """One life of the program: killed once so many letters were shown, at that instant of the next one."""
    process = await program.start("run", stdout=asyncio.subprocess.DEVNULL)
    network.held.clear()

    async def far_enough() -> bool:
        assert process.returncode is None, "it ended by itself"
        return network.accepted >= after

    await until(far_enough, 60)
    if how != "any":
        network.holds = how
        await asyncio.wait_for(network.held.wait(), 60)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    network.holds = ""
    network.life += 1


async def finish(network: Rough, program: Program, store: Store) -> None:
    process = await program.start("run", stdout=asyncio.subprocess.DEVNULL)

    async def done() -> bool:
        assert process.returncode is None, "it ended by itself"
        return network.accepted >= LETTERS and await counts(store) == {"sent": LETTERS}

    await until(done, 110)
    process.terminate()
    _, log = await process.communicate()
    assert process.returncode == 0
    assert TOKEN.encode() not in log


def judge(network: Rough) -> tuple[Counter[int], int]:
    """Doubles by the kill that they are owed to, and those owed to an answer that was cut."""
    by_kill: Counter[int] = Counter()
    by_cut = 0
    for chat, arrived in network.shown.items():
        numbers = [one.number for one in arrived]
        assert numbers == sorted(numbers), f"out of order in {chat}"
        for first, second in pairwise(arrived):
            if first.number == second.number:
                assert first.cut or first.life < second.life, "a double that nobody is the cause of"
                by_cut += first.cut
                by_kill[first.life] += not first.cut
    assert {one.number for arrived in network.shown.values() for one in arrived} == set(range(LETTERS))
    return by_kill, by_cut


@pytest.mark.timeout(900 if FULL else 240)
async def test_killed_while_the_network_has_a_bad_day(tmp_path: Path) -> None:
    network, program = Rough(), Program(tmp_path)
    for chat in range(CHATS):
        network.user(FIRST_CHAT + chat, f"P{chat}")
    instants = sorted(network.chance.sample(range(1, LETTERS * 9 // 10), KILLS))
    ways = ["after", "before", "any"] * (KILLS // 3)  # a third with a message accepted and not yet answered
    network.chance.shuffle(ways)
    store = await put_letters(program, datetime.now(UTC))
    async with serve(network) as api:
        program.configure(CONFIG.format(token=TOKEN, api=api))
        for way, instant in zip(ways, instants, strict=True):
            await live(network, program, way, instant)
            with closing(sqlite3.connect(program.database)) as base:
                assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        await finish(network, program, store)
    await store.close()
    by_kill, by_cut = judge(network)
    assert not by_kill or max(by_kill.values()) == 1
    assert by_cut <= network.refusals["answer cut"]
    assert not network.faults
    with closing(sqlite3.connect(program.database)) as base:
        marked = base.execute("SELECT count(*) FROM journal WHERE action = 'letter.maybe-twice'").fetchone()[0]
    assert marked >= by_kill.total() + by_cut  # a double is never silent
    figures = f"letters={LETTERS} chats={CHATS} kills={KILLS} lost=0 doubles={by_kill.total()} most-by-one-kill="
    figures += (
        f"{max(by_kill.values(), default=0)} cut-answers={network.refusals['answer cut']} doubles-by-cut={by_cut}"
    )
    print(figures)  # noqa: T201
