"""A network whose moods are set by verbs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.platforms.base import WHOLE, Answer, Moved, Parts, TryLater, Unreachable
from club.dialogue import Command, Message
from club.people import Place
from tests.kit.memory import words_of


@dataclass
class Network:
    """What it shows is in `shown`, one entry a message that it accepted."""

    name: str = "simulator"
    shown: list[tuple[str, str]] = field(default_factory=list)  # place, words
    messages: list[Message] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    asked: int = 0
    on_the_wire: int = 0
    most_on_the_wire: int = 0
    moods: list[Callable[[Place], None]] = field(default_factory=list)  # each meets one request
    after: list[Callable[[], None]] = field(default_factory=list)  # each meets one message that was accepted
    blocked_places: set[str] = field(default_factory=set)
    moved_places: dict[str, str] = field(default_factory=dict)
    down: bool = False
    gate: asyncio.Event | None = None

    def refuses(self, seconds: float, times: int = 1) -> None:
        """429."""
        self.moods += [self._raise(TryLater(seconds, told=True))] * times

    def fails(self, error: Exception, times: int = 1) -> None:
        self.moods += [self._raise(error)] * times

    def drops_the_answer(self, times: int = 1) -> None:
        def drop() -> None:
            raise TryLater(0, doubt=True)

        self.after += [drop] * times

    def is_down(self, *, down: bool = True) -> None:
        self.down = down

    def blocks(self, place: str) -> None:
        self.blocked_places.add(place)

    def moves(self, old: str, new: str) -> None:
        self.moved_places[old] = new

    def waits(self) -> asyncio.Event:
        """Every answer waits until this event is set."""
        self.gate = asyncio.Event()
        return self.gate

    @staticmethod
    def _raise(error: Exception) -> Callable[[Place], None]:
        def mood(_: Place) -> None:
            raise error

        return mood

    async def start(self, commands: Sequence[Command], answer: Answer) -> None:
        raise NotImplementedError

    async def stop(self) -> None:
        raise NotImplementedError

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        raise NotImplementedError

    async def send(self, place: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        self.asked += 1
        self.on_the_wire += 1
        self.most_on_the_wire = max(self.most_on_the_wire, self.on_the_wire)
        try:
            if self.gate:
                await self.gate.wait()
            await asyncio.sleep(0)
            return self._answer(place, message, key)
        finally:
            self.on_the_wire -= 1

    def _answer(self, place: Place, message: Message, key: str) -> str:
        if self.down:
            raise TryLater(1)
        if place.id in self.blocked_places:
            raise Unreachable("unreachable-blocked")
        if place.id in self.moved_places:
            raise Moved(Place(place.platform, self.moved_places[place.id]))
        if self.moods:
            self.moods.pop(0)(place)
        self.shown.append((place.id, words_of(message)))
        self.messages.append(message)
        self.keys.append(key)
        if self.after:
            self.after.pop(0)()
        return f"ref-{len(self.shown)}"

    def read_by(self, place: str) -> list[str]:
        return [words for where, words in self.shown if where == place]
