"""Telegram for the contract suite: three people and two groups of a Telegram of ours."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bot.platforms.base import Answer
from bot.platforms.telegram.network import Telegram
from club.texts import Texts
from tests.fakes.telegram import TOKEN, Direct
from tests.fakes.telegram import Telegram as Network
from tests.fakes.telegram_http import serve
from tests.fakes.telegram_spec import units
from tests.kit.platforms import CHANNELS, COMMANDS, PEOPLE, Attached, Watching
from tests.kit.telegram_desk import unhurried

IDS = {"ana": 1001, "paul": 1002, "mona": 1003, "actualites": -1001000000001, "moderation": -1001000000002}


class TelegramStage(Watching):
    def __init__(self, _: Path) -> None:
        super().__init__()
        self.network = Network(seen=self.news)
        for resident in PEOPLE:
            self.network.user(IDS[resident.id], resident.name)
        for name in CHANNELS:
            group = self.network.group(IDS[name], name)
            group.members |= {IDS["ana"]: "member", IDS["paul"]: "member", IDS["mona"]: "administrator"}
        self.platform = Telegram(TOKEN, Texts(), request=Direct(self.network), clock=unhurried())

    def ident(self, name: str) -> str:
        return str(IDS.get(name, 999999))

    async def open(self, answer: Answer) -> None:
        await self.platform.start(COMMANDS, answer)

    async def restart(self, answer: Answer) -> None:
        """The program starts again: it remembers nothing."""
        await self.platform.stop()
        self.platform = Telegram(TOKEN, Texts(), request=Direct(self.network), clock=unhurried())
        await self.platform.start(COMMANDS, answer)

    async def say(self, person: str, words: str, place: str = "") -> None:
        self.network.say(IDS[person], words, IDS[place] if place else 0)

    async def press(self, person: str, label: str, place: str = "") -> None:
        for message in (*self.private(person, place), *(self.messages(IDS[place]) if place else ())):
            if any(re.fullmatch(f"(?:[☑☐] )?{re.escape(label)}", one) for one in self.network.labels(message)):
                self.network.press(IDS[person], label, message["chat"]["id"])
                return
        raise AssertionError(f"no button {label!r}")

    def messages(self, chat: int) -> list[dict[str, Any]]:
        return list(self.network.messages.get(chat, {}).values())

    def private(self, person: str, place: str) -> list[dict[str, Any]]:
        """What she alone sees about that group, or about nothing but herself."""
        about = f"Pour « {place} »\n"
        return [
            m
            for m in self.messages(IDS[person])
            if "text" in m
            and m["text"].startswith(about if place else "")
            and (place or not m["text"].startswith("Pour « "))
        ]

    def shown(self, person: str, place: str = "") -> list[str]:
        own = joined([self.read(m, f"Pour « {place} »\n") for m in self.private(person, place)])
        if not place:
            return own
        windows = [text for who, text, _ in self.network.alerts if who == IDS[person] and text]
        return [self.read(m) for m in self.messages(IDS[place]) if "text" in m] + own + windows

    async def give(self, person: str, name: str, data: bytes) -> None:
        self.network.give(IDS[person], name, data)

    def lose(self) -> None:
        self.network.files.clear()

    async def attached(self, person: str, place: str = "") -> list[Attached]:
        seen = self.network.carried(IDS[place]) if place else []
        return [Attached(*one) for one in (*seen, *self.network.carried(IDS[person]))]

    def read(self, message: dict[str, Any], above: str = "") -> str:
        return "\n".join([message["text"].removeprefix(above), *self.network.labels(message)])

    async def close(self) -> None:
        await self.platform.stop()
        assert not self.network.faults


class TelegramHttpStage(TelegramStage):
    """The same over HTTP, as the program speaks."""

    async def open(self, answer: Answer) -> None:
        self.served = AsyncExitStack()
        self.api = await self.served.enter_async_context(serve(self.network))
        await self.restart(answer)

    async def restart(self, answer: Answer) -> None:
        await self.platform.stop()
        self.platform = Telegram(TOKEN, Texts(), self.api, clock=unhurried())
        await self.platform.start(COMMANDS, answer)

    async def close(self) -> None:
        await super().close()
        await self.served.aclose()


def joined(texts: list[str]) -> list[str]:
    """Parts of one long message read as one."""
    whole: list[str] = []
    for text in texts:
        if whole and units(whole[-1]) > 3800:
            whole[-1] += f" {text}"
        else:
            whole.append(text)
    return whole
