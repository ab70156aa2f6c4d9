"""A simulator over a file of its own, and the tabs that people open on it, by real HTTP and WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.platforms.simulator.network import Simulator
from club.dialogue import Command, Message, Request
from club.markup import as_text
from club.people import Place, Resident, Role
from club.texts import Texts

PEOPLE = (Resident("ana", "Ana"), Resident("mona", "Mona", Role.MODERATOR), Resident("x", "</script><b>É"))
CHANNELS = ((Place("simulator", "actualites"), "actualités"),)
ACTUALITES = CHANNELS[0][0]
COMMANDS = (Command("aide", "ce que je sais faire"), Command("file", "à relire", role=Role.MODERATOR))
AT = datetime(2026, 11, 24, 13, 3, tzinfo=UTC)


async def echo(request: Request) -> Message:
    return Message(as_text(f"reçu {request.words or request.token}"))


class Tab:
    """One open page: what it was sent, and what it can say."""

    def __init__(self, web: aiohttp.ClientSession, home: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.web, self.home, self.socket = web, home, socket
        self.received: list[dict[str, Any]] = []

    async def look(self, person: str, seen: int = 0) -> None:
        await self.socket.send_json({"person": person, "seen": seen})

    async def until(self, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first news of which this is true."""
        async with asyncio.timeout(20):
            while True:
                news: dict[str, Any] = await self.socket.receive_json()
                self.received.append(news)
                if reached(news):
                    return news

    async def until_text(self, text: str) -> dict[str, Any]:
        return await self.until(lambda news: text in texts(news["posts"]))

    async def say(self, update: str = "update-0001", **said: Any) -> int:
        asked = {"update": update, "person": "ana", "place": "ana", **said}
        async with self.web.post(f"{self.home}/say", json=asked) as answer:
            return answer.status


def texts(posts: list[dict[str, Any]]) -> list[str]:
    return ["\n".join("".join(text for text, _, _ in line) for line in post["lines"]) for post in posts]


class House:
    """Simulators over one file, started one after the other."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "made" / "network.sqlite3"
        self.simulator: Simulator
        self.web: aiohttp.ClientSession

    async def start(self, answer: Callable[[Request], Awaitable[Message | None]] = echo, port: int = 0) -> Simulator:
        self.simulator = Simulator(self.file, PEOPLE, CHANNELS, port, Texts(), lambda: AT)
        await self.simulator.start(COMMANDS, answer)
        self.home = f"http://127.0.0.1:{self.simulator.port}"
        self.web = aiohttp.ClientSession(headers={"Origin": self.home})
        return self.simulator

    async def open(self, person: str = "ana", seen: int = 0) -> Tab:
        tab = Tab(self.web, self.home, await self.web.ws_connect(f"{self.home}/live"))
        await tab.look(person, seen)
        return tab

    async def stop(self) -> None:
        await self.simulator.stop()
        await self.web.close()
