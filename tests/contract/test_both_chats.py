"""One program, two networks in bad weather: forty channels and five hundred persons, each letter once and in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from club.dialogue import Message
from club.markup import write
from club.people import Place
from storage.outbox import Address
from storage.store import Store
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import TOKEN, No, Silence, Telegram
from tests.fakes.telegram_http import serve
from tests.kit.discord_stage import read
from tests.kit.memory import until
from tests.kit.program import Program

pytestmark = pytest.mark.timeout(240)

CHANNELS, PERSONS, BLOCKED = 20, 250, 10
TELEGRAM_LIMIT, DISCORD_LIMIT = 30, 50  # messages in any second
GROUP_GAP, PRIVATE_GAP = 3.0, 1.0
SLACK = 0.3  # seconds between the instant that the program counts from and ours


class Both:
    """The two networks with their people, each told apart by its number."""

    def __init__(self) -> None:
        self.telegram, self.discord = Telegram(), FakeDiscord()
        for n in range(PERSONS):
            self.telegram.user(1000 + n, f"P{n}")
            self.discord.add_person(f"P{n}", 1000 + n)
        self.telegram.blocked = set(range(1000, 1000 + BLOCKED))
        for n in range(CHANNELS):
            self.telegram.group(-1001000000000 - n, f"Canal {n}", kind="channel")
            self.discord.add_channel(f"canal-{n}", 2000 + n)

    def channels(self) -> list[Place]:
        telegram = [Place("telegram", str(-1001000000000 - n)) for n in range(CHANNELS)]
        return telegram + [Place("discord", str(2000 + n)) for n in range(CHANNELS)]

    def persons(self) -> list[Place]:
        return [Place(name, str(1000 + n)) for name in ("telegram", "discord") for n in range(PERSONS)]

    def said(self, place: Place) -> list[str]:
        if place.platform == "telegram":
            return self.telegram.texts(int(place.id))
        channel = self.discord.channels.get(int(place.id)) or self.discord.dm(self.discord.people[int(place.id)])
        return [read(message["content"]) for message in channel.messages.values()]

    def storm(self) -> None:
        """Every tenth call fails in some way, the same ones each time."""
        chance = Random(7)
        kinds: list[Exception] = [
            No(429, "Too Many Requests: retry after 1", retry_after=1),
            No(500, "Internal Server Error"),
            No(502, "Bad Gateway"),
            Silence(),
        ]
        self.telegram.weather = lambda: chance.choice(kinds) if chance.random() < 0.08 else None
        for n in range(0, CHANNELS, 4):
            path = f"/channels/{2000 + n}/messages"
            self.discord.trouble("POST", path, (429, 500, 502, 503, 504)[n // 4], **({} if n else {"retry_after": 1.0}))
        self.discord.trouble("POST", "/channels/2001/messages", 500, times=2)
        self.discord.trouble("POST", "/channels/2002/messages", 502, done=True)  # carried out, its answer lost
        self.discord.trouble("POST", "/users/@me/channels", 500, times=5)


async def post(program: Program, letters: Sequence[tuple[str, Sequence[Place]]]) -> None:
    """Another program puts these letters into the outbox, in this order."""
    now = datetime.now(UTC)
    store = await Store.open(f"sqlite+aiosqlite:///{program.database}")
    async with store.begin() as tx:
        for words, places in letters:
            body = await tx.outbox.write("slot", words, Message(write(words)), now)
            await tx.outbox.post(body, [Address(f"{words}:{place}", place) for place in places], now, now)
    await store.close()


def busiest(times: Sequence[float]) -> int:
    """The most calls in any second."""
    most, start = 0, 0
    for end, at in enumerate(times):
        while at - times[start] >= 1:
            start += 1
        most = max(most, end - start + 1)
    return most


def gaps(sent: Sequence[tuple[float, int | str]]) -> Iterator[tuple[int, float]]:
    last: dict[int | str, float] = {}
    for at, chat in sent:
        if chat in last:
            yield int(chat), at - last[chat]
        last[chat] = at


async def test_everyone_gets_each_letter_once_in_order_within_the_limits(tmp_path: Path) -> None:
    both, program = Both(), Program(tmp_path)
    both.storm()
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(serve(both.telegram))
        await both.discord.open()
        stack.push_async_callback(both.discord.close)
        program.configure(
            f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{api}"\n'
            f'[discord]\ntoken = "{DISCORD_TOKEN}"\napi_url = "{both.discord.root}"\nguild = "500"\n'
        )
        async with program.running() as (process, ready):
            assert ready.startswith("prêt · Telegram · Discord")
            await post(
                program, [("première", both.channels()), ("seconde", both.channels()), ("à vous", both.persons())]
            )
            await settled(program)
            process.terminate()
            assert await process.wait() == 0
    check(both)


async def settled(program: Program) -> None:
    """Every letter has left or was given up."""
    store = await Store.open(f"sqlite+aiosqlite:///{program.database}")
    counts: Mapping[str, int] = {}

    async def done() -> bool:
        nonlocal counts
        async with store.read() as tx:
            counts = await tx.outbox.counts()
        return not counts.get("pending") and not counts.get("sending")

    await until(done, 180)
    await store.close()
    assert dict(counts) == {"sent": 4 * CHANNELS + 2 * PERSONS - BLOCKED, "dead": BLOCKED}


def check(both: Both) -> None:
    for place in both.channels():
        assert both.said(place) == ["première", "seconde"], place
    told = Counter(tuple(both.said(place)) for place in both.persons())
    assert told == {("à vous",): 2 * PERSONS - BLOCKED, (): BLOCKED}
    assert both.telegram.faults == []
    assert both.discord.faults == []
    assert busiest([at for at, _ in both.telegram.sent_at]) <= TELEGRAM_LIMIT
    assert busiest(both.discord.sent_at) <= DISCORD_LIMIT
    for chat, gap in gaps(both.telegram.sent_at):
        assert gap >= (GROUP_GAP if chat < 0 else PRIVATE_GAP) - SLACK, chat
