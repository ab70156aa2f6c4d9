"""A small stage for each platform: what people do there and what they see, for the contract suite."""

from __future__ import annotations

import asyncio
import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

import aiohttp

from bot.platforms.base import Answer, Platform
from bot.platforms.console.network import Console
from bot.platforms.simulator.network import Simulator
from club.dialogue import Command
from club.people import Place, Resident, Role
from club.texts import Texts

PEOPLE = (Resident("ana", "Ana"), Resident("paul", "Paul", Role.PARTNER), Resident("mona", "Mona", Role.MODERATOR))
CHANNELS = ("actualites", "moderation")
COMMANDS = (Command("aide", "ce que je sais faire"),)


class Attached(NamedTuple):
    """A file as it reached a person: its name "" where the network has none for it, a picture's words."""

    name: str
    data: bytes
    alt: str = ""


class Stage(Protocol):
    """What a test does on one network, as its people would. `place` "" is one's private talk."""

    platform: Platform

    def ident(self, name: str) -> str:
        """The number, or the name, that the network gives this person or channel."""
        ...

    async def open(self, answer: Answer) -> None: ...

    async def say(self, person: str, words: str, place: str = "") -> None: ...

    async def press(self, person: str, label: str, place: str = "") -> None: ...

    def shown(self, person: str, place: str = "") -> list[str]: ...

    async def until(self, person: str, text: str, place: str = "") -> None: ...

    async def attached(self, person: str, place: str = "") -> list[Attached]:
        """What the messages that this person sees there carry, in order."""
        ...

    async def give(self, person: str, name: str, data: bytes) -> None:
        """The person sends a file in private, without a word."""
        ...

    def lose(self) -> None:
        """The network keeps no file that it was given."""
        ...

    async def close(self) -> None: ...


class Watching:
    """Waits for what must appear, never for time to pass."""

    def __init__(self) -> None:
        self.news = asyncio.Event()

    def ident(self, name: str) -> str:
        return name

    def shown(self, person: str, place: str = "") -> list[str]:
        raise NotImplementedError

    async def until(self, person: str, text: str, place: str = "") -> None:
        async with asyncio.timeout(20):
            while not any(text in shown for shown in self.shown(person, place)):
                self.news.clear()
                await self.news.wait()


class Screen(io.StringIO):
    def __init__(self, news: asyncio.Event) -> None:
        super().__init__()
        self.news = news

    def flush(self) -> None:
        self.news.set()


class ConsoleStage(Watching):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.keys = asyncio.StreamReader(limit=2**20)
        self.screen = Screen(self.news)
        channels = [(Place("console", name), name) for name in CHANNELS]
        self.platform = Console(PEOPLE, channels, Texts(), self.keys, self.screen, folder / "files")

    async def open(self, answer: Answer) -> None:
        await self.platform.start(COMMANDS, answer)

    async def say(self, person: str, words: str, place: str = "") -> None:
        where = f":dans {place}\n" if place else ""
        self.keys.feed_data(f":qui {person}\n{where}{words}\n".encode())

    async def press(self, person: str, label: str, place: str = "") -> None:
        texts = self.shown(person, place)
        [number] = re.findall(rf"^(\d+)\. (?:[☑☐] )?{re.escape(label)}$", "\n".join(texts), re.MULTILINE)
        await self.say(person, number, place)

    def shown(self, person: str, place: str = "") -> list[str]:
        names = {resident.id: resident.name for resident in PEOPLE}
        head = f"#{place}" if place else names[person]
        messages: dict[str, str] = {}
        for header, text in re.findall(r"^\[(.+)\]\n((?:  .*\n|\n)*)", self.screen.getvalue(), re.MULTILINE):
            where, *only, number = header.removesuffix(" · modifié").split(" · ")
            if where == head and only in ([], [f"pour {names[person]} seulement"]):
                messages[number] = re.sub("^  ", "", text, flags=re.MULTILINE).rstrip()
        return list(messages.values())

    async def attached(self, person: str, place: str = "") -> list[Attached]:
        named = r"^Pièce jointe : (\S+) \([^)]+ ko\), à ouvrir dans (.+)(?:\nEn mots : (.+))?"
        found = re.findall(named, "\n".join(self.shown(person, place)), re.MULTILINE)
        return [Attached(name, Path(file).read_bytes(), alt) for name, file, alt in found]

    async def give(self, person: str, name: str, data: bytes) -> None:
        file = self.folder / "sent" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        await self.say(person, f":joindre '{file}'")

    def lose(self) -> None:
        for file in (self.folder / "sent").iterdir():
            file.unlink()

    async def close(self) -> None:
        await self.platform.stop()


class SimulatorStage(Watching):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.posts: dict[str, dict[int, dict[str, Any]]] = {resident.id: {} for resident in PEOPLE}
        channels = [(Place("simulator", name), name) for name in CHANNELS]
        self.file = folder / "network.sqlite3"
        self.platform = Simulator(self.file, PEOPLE, channels, 0, Texts())
        self.tabs: list[asyncio.Task[None]] = []

    async def open(self, answer: Answer) -> None:
        await self.platform.start(COMMANDS, answer)
        self.home = f"http://127.0.0.1:{self.platform.port}"
        self.web = aiohttp.ClientSession(headers={"Origin": self.home})
        for resident in PEOPLE:
            tab = await self.web.ws_connect(f"{self.home}/live")
            await tab.send_json({"person": resident.id, "seen": 0})
            self.tabs.append(asyncio.create_task(self.watch(resident.id, tab)))

    async def restart(self, answer: Answer) -> None:
        """The program starts again over the same file, and the tabs are opened anew."""
        await self.close()
        await self.open(answer)

    async def watch(self, person: str, tab: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in tab:
            for post in frame.json()["posts"]:
                self.posts[person][post["seq"]] = post
            self.news.set()

    async def post(self, person: str, place: str, **said: Any) -> None:
        asked = {"update": str(uuid4()), "person": person, "place": place or person, **said}
        async with self.web.post(f"{self.home}/say", json=asked) as answer:
            assert answer.status == 202, await answer.text()

    async def say(self, person: str, words: str, place: str = "") -> None:
        await self.post(person, place, words=words)

    async def press(self, person: str, label: str, place: str = "") -> None:
        [(seq, token)] = [
            (seq, action["token"])
            for seq, post in self.posts[person].items()
            for action in post["actions"]
            if action["label"] == label and post["place"] == (place or person)
        ]
        await self.post(person, place, token=token, ref=str(seq))

    async def fill(self, person: str, values: dict[str, str]) -> None:
        [(seq, form)] = [(seq, post["form"]) for seq, post in self.posts[person].items() if post["form"]]
        assert {blank["name"] for blank in form["blanks"]} >= values.keys()
        await self.post(person, person, token=form["token"], values=values, ref=str(seq))

    async def give(self, person: str, name: str, data: bytes) -> None:
        """Chosen in a form."""
        async with self.web.post(f"{self.home}/files", params={"name": name}, data=io.BytesIO(data)) as answer:
            handle = await answer.text()
            assert answer.status == 200, handle
        await self.post(person, person, token="form", values={"photo": handle})

    def lose(self) -> None:
        with closing(sqlite3.connect(self.file)) as base, base:
            base.execute("DELETE FROM attachment")

    def shown(self, person: str, place: str = "") -> list[str]:
        return [
            "\n".join(
                ["".join(text for text, _, _ in line) for line in post["lines"]]
                + [action["label"] for action in post["actions"]]
            )
            for _, post in sorted(self.posts[person].items())
            if post["place"] == (place or person) and post["author"] == ""
        ]

    async def attached(self, person: str, place: str = "") -> list[Attached]:
        posts = [post for _, post in sorted(self.posts[person].items()) if post["place"] == (place or person)]
        return [
            Attached(one["name"], await self.fetched(one["address"]), one["alt"])
            for post in posts
            for one in post["attachments"]
        ]

    async def fetched(self, address: str) -> bytes:
        async with self.web.get(f"{self.home}{address}") as answer:
            assert answer.status == 200
            return await answer.read()

    async def close(self) -> None:
        await self.web.close()
        await self.platform.stop()
        await asyncio.gather(*self.tabs)
