"""Discord as the contract suite plays on it: our fake on loopback, its people, what each of them reads."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from bot.platforms.base import Answer
from bot.platforms.discord.network import Discord
from club.people import Role
from club.texts import Texts
from tests.fakes.discord import TOKEN, WRITE, Channel, FakeDiscord, Person, parts
from tests.kit.platforms import COMMANDS, PEOPLE, Attached

MANAGE = 1 << 4  # manage channels
_READ = re.compile(r"(https?://[^\s<]+)|\\([^0-9A-Za-z\s])|\*\*")


def read(content: str) -> str:
    """The content as people read it, bold or not."""
    return _READ.sub(lambda found: found[1] or found[2] or "", content)


class DiscordStage:
    def __init__(self, _: Path) -> None:
        self.fake = FakeDiscord()
        self.fake.roles = [{"id": "600", "name": "Gestion", "permissions": str(WRITE | MANAGE)}]
        self.people: dict[str, Person] = {}
        for place, resident in enumerate(PEOPLE):
            manages = resident.role >= Role.MODERATOR
            rights, roles = (WRITE | MANAGE, ["600"]) if manages else (WRITE, [])
            self.people[resident.id] = self.fake.add_person(resident.name, 1000 + place, rights=rights, roles=roles)
        self.channels = {
            name: self.fake.add_channel(name, 2000 + at) for at, name in enumerate(("actualites", "moderation"))
        }
        self.platform: Any = Discord(TOKEN, Texts())
        self.changed = asyncio.Event()
        self.reading: asyncio.Task[None] | None = None

    def ident(self, name: str) -> str:
        known = {**self.people, **self.channels}
        return str(known[name].id) if name in known else "4040404"

    async def open(self, answer: Answer) -> None:
        await self.fake.open()
        self.platform = Discord(TOKEN, Texts(), api_url=self.fake.root)
        await self.platform.start(COMMANDS, answer)
        self.reading = asyncio.create_task(self.read_answers())

    async def restart(self, answer: Answer) -> None:
        """The program starts again: it remembers nothing."""
        await self.platform.stop()
        self.platform = Discord(TOKEN, Texts(), api_url=self.fake.root)
        await self.platform.start(COMMANDS, answer)

    async def read_answers(self) -> None:
        """Who sees that an answer waits for them reads it."""
        pressed: set[str] = set()
        while True:
            await self.fake.news.wait()
            self.fake.news.clear()
            for channel in self.channels.values():
                for message in tuple(channel.messages.values()):
                    for part in parts(message):
                        custom_id = part.get("custom_id", "")
                        if custom_id.startswith("w:") and message["id"] not in pressed:
                            pressed.add(message["id"])
                            person = self.fake.people[int(custom_id.split(":")[1])]
                            await self.fake.press(person, message, part["label"])
            self.changed.set()

    def where(self, place: str) -> Channel | None:
        return self.channels[place] if place else None

    async def say(self, person: str, words: str, place: str = "") -> None:
        name = words.removeprefix("/")
        if words.startswith("/") and name in {command.name for command in COMMANDS}:
            await self.fake.slash(self.people[person], name, self.where(place))
        else:
            await self.fake.say(self.people[person], words, self.where(place))

    async def press(self, person: str, label: str, place: str = "") -> None:
        seen = self.fake.seen(self.people[person], self.where(place))
        [message] = [message for message in seen if label in labels(message)]
        await self.fake.press(self.people[person], message, label)

    def shown(self, person: str, place: str = "") -> list[str]:
        texts: list[str] = []
        for message in self.fake.seen(self.people[person], self.where(place)):
            text = "\n".join([read(message["content"]), *labels(message)])
            if re.fullmatch(r"r\d+\.[1-9]", message.get("nonce", "")):  # the rest of a long one
                texts[-1] += f" {text}"
            else:
                texts.append(text)
        return texts

    async def give(self, person: str, name: str, data: bytes) -> None:
        await self.fake.give(self.people[person], name, data)

    def lose(self) -> None:
        self.fake.files.clear()

    async def attached(self, person: str, place: str = "") -> list[Attached]:
        seen = self.fake.seen(self.people[person], self.where(place))
        return [Attached(*one) for message in seen for one in self.fake.carried(message)]

    async def until(self, person: str, text: str, place: str = "") -> None:
        async with asyncio.timeout(20):
            while not any(text in shown for shown in self.shown(person, place)):
                self.changed.clear()
                await self.changed.wait()

    async def close(self) -> None:
        if self.reading:
            self.reading.cancel()
        await self.platform.stop()
        await self.fake.close()
        assert self.fake.faults == []


def labels(message: dict[str, Any]) -> list[str]:
    return [one["label"] for part in parts(message) for one in (part.get("options") or [part]) if one.get("label")]
