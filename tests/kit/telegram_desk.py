"""A bot and its network for the tests of Telegram, with a hub that answers as the test says."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.base import Services
from bot.platforms.telegram.network import Telegram
from club.dialogue import Command, Message, Request
from club.markup import as_text
from club.people import Place
from club.texts import Texts
from tests.fakes.telegram import TOKEN, Direct
from tests.fakes.telegram import Telegram as Network

ANA, ZOE, GROUP, CHANNEL = 1001, 1003, -1001000000001, -1002000000002
COMMANDS = (
    Command("start", "Dire bonjour", role=0),
    Command("aide", "Ce que je sais faire", role=0),
    Command("digest apercu", "La prochaine lettre", role=1),
    Command("file", "Ce qui attend", role=3),
)


@dataclass
class Desk:
    """The bot, the network, and a hub that answers as the test says."""

    network: Network
    bot: Telegram
    heard: list[Request] = field(default_factory=list)
    show: Callable[[Request], Message | None] = lambda request: Message(as_text(f"reçu {request.words}"))
    turns: int = 0
    clock: Callable[[], float] = field(default_factory=lambda: unhurried())
    moves: list[tuple[Place, Place]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    places: list[tuple[Place, str]] = field(default_factory=list)  # those that closed and why; "" = open again
    silences: list[float] = field(default_factory=list)
    threads: dict[str, str] = field(default_factory=dict)  # where letters stand, by their reference

    async def answer(self, request: Request) -> Message | None:
        self.heard.append(request)
        self.network.seen.set()
        return self.show(request)

    async def start(self) -> None:
        await self.bot.start(COMMANDS, self.answer)

    async def until(self, holds: Callable[[], Any]) -> Any:
        async with asyncio.timeout(20):
            while not (found := holds()):
                self.network.seen.clear()
                await self.network.seen.wait()
        return found

    async def shown(self, chat: int, words: str) -> dict[str, Any]:
        def last() -> list[dict[str, Any]]:
            return [one for one in self.network.messages.get(chat, {}).values() if words in one.get("text", "")]

        found: list[dict[str, Any]] = await self.until(last)
        return found[-1]


def unhurried() -> Callable[[], float]:
    """A clock that finds a minute between any two answers: tests are faster than people."""
    return itertools.count(0.0, 60.0).__next__


def make_desk() -> Desk:
    """Ana manages the group, Zoé never wrote to the bot; a forum with an open topic and a closed one; a channel."""
    network = Network()
    network.user(ANA, "Ana")
    network.user(ZOE, "Zoé", started=False)
    network.group(GROUP, "Club", forum=True).members |= {ANA: "administrator", ZOE: "member"}
    network.chats[GROUP].topics = {7: True, 8: False}
    network.group(CHANNEL, "Actualités", kind="channel")
    made = Desk(network, Telegram(TOKEN, Texts(), request=Direct(network)))

    async def turn() -> None:
        made.turns += 1

    async def hold(seconds: float) -> None:
        made.silences.append(seconds)

    async def moved(old: Place, new: Place) -> None:
        made.moves.append((old, new))
        network.seen.set()

    def closed(why: str) -> None:
        made.closed.append(why)
        network.seen.set()

    async def place_closed(place: Place, why: str) -> None:
        made.places.append((place, why))
        network.seen.set()

    async def place_open(place: Place) -> None:
        made.places.append((place, ""))
        network.seen.set()

    async def whole(place: Place, ref: str) -> Place:
        return Place(place.platform, place.id, made.threads.get(ref, ""))

    hub = Services(
        turn=turn,
        hold=hold,
        closed=closed,
        moved=moved,
        place_closed=place_closed,
        place_open=place_open,
        whole=whole,
    )
    made.bot = Telegram(TOKEN, Texts(), hub=hub, request=Direct(network), clock=lambda: made.clock())
    return made


def here(ident: int, thread: str = "") -> Place:
    return Place("telegram", str(ident), thread)
