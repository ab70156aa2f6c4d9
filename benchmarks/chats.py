"""The whole program on Telegram and Discord of ours, over loopback HTTP, beside the same on the simulator."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import TOKEN, Telegram
from tests.fakes.telegram_http import serve
from tests.kit.program import Program, free_port

PERSONS = range(1000, 1100)  # each asks once a round: a person is slowed down after ten commands a minute
ROUNDS = 3
ASKED = "/aide"


@dataclass(frozen=True)
class Chats:
    """Round trips of a command, one after the other, by second; resident memory in MB. Each the median of three rounds
    of one run."""

    telegram: float
    discord: float
    memory: float
    simulator: float
    simulator_memory: float


async def measure() -> Chats:
    telegram, discord, memory = await _both()
    simulator, simulator_memory = await _simulator()
    return Chats(telegram, discord, memory, simulator, simulator_memory)


async def _both() -> tuple[float, float, float]:
    telegram, discord = Telegram(), FakeDiscord()
    for n in PERSONS:
        telegram.user(n, f"P{n}")
        discord.add_person(f"P{n}", n)

    async def on_telegram(n: int) -> None:
        before = len(telegram.sent_at)
        telegram.say(n, ASKED)
        while len(telegram.sent_at) == before:
            telegram.seen.clear()
            await telegram.seen.wait()

    async def on_discord(n: int) -> None:
        person = discord.people[n]
        before = len(discord.seen(person))
        await discord.slash(person, ASKED[1:])
        await discord.until(lambda: len(discord.seen(person)) > before)

    await discord.open()
    try:
        async with serve(telegram) as api:
            config = (
                f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{api}"\n'
                f'[discord]\ntoken = "{DISCORD_TOKEN}"\napi_url = "{discord.root}"\nguild = "500"\n'
            )
            with tempfile.TemporaryDirectory() as folder:
                program = Program(Path(folder))
                program.configure(config)
                async with program.running() as (process, ready):
                    assert ready.startswith("prêt · Telegram · Discord"), ready
                    telegrams, discords, memory = await _rounds(process.pid, on_telegram, on_discord)
                    return telegrams, discords, memory
    finally:
        await discord.close()


async def _simulator() -> tuple[float, float]:
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    people = "".join(f'[[simulator.people]]\nid = "p{n}"\nname = "P{n}"\n' for n in PERSONS)
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder))
        program.configure(f"[simulator]\nenabled = true\nport = {port}\n{people}")
        async with (
            program.running() as (process, _),
            aiohttp.ClientSession(headers={"Origin": home}) as web,
            web.ws_connect(f"{home}/live") as tab,
        ):
            update, seen = count(), 0  # stamps grow over all persons

            async def ask(n: int) -> None:
                nonlocal seen
                await tab.send_json({"person": f"p{n}", "seen": seen})
                said = {"update": f"bench-{next(update):04}", "person": f"p{n}", "place": f"p{n}", "words": ASKED}
                async with web.post(f"{home}/say", json=said) as heard:
                    assert heard.status == 202
                while not _answered(news := await tab.receive_json(), f"p{n}"):
                    pass
                seen = news["seen"]

            rate, memory = await _rounds(process.pid, ask)
            return rate, memory


def _answered(news: dict[str, Any], person: str) -> bool:
    return news["person"] == person and any(not post["author"] for post in news["posts"])


async def _rounds(pid: int, *asks: Callable[[int], Awaitable[None]]) -> list[float]:
    """The median rate of each, then the median memory; each round asks all of them, so that a busy moment of the
    machine weighs on all."""
    rounds = [[*[await _rate(ask) for ask in asks], _resident(pid)] for _ in range(ROUNDS)]
    return [statistics.median(measures) for measures in zip(*rounds, strict=True)]


async def _rate(ask: Callable[[int], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    for n in PERSONS:
        await ask(n)
    return len(PERSONS) / (time.perf_counter() - begun)


def _resident(pid: int) -> float:
    process = psutil.Process(pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 1e6
