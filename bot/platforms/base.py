"""All that a chat must be able to do, and the four ways in which sending can fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from club.dialogue import Command, Message, Request
from club.people import Place

Answer = Callable[[Request], Awaitable[Message | None]]


class TryLater(Exception):  # noqa: N818 — an instruction, not a fault
    """The network asks to wait, or cannot be reached: try again after so many seconds.

    `told` is True when the network itself said how long (429): then every letter of this network waits.
    `doubt` is True when the message may have arrived all the same (the answer was lost).
    """

    def __init__(self, after: float, *, told: bool = False, doubt: bool = False) -> None:
        super().__init__(after)
        self.after = after
        self.told = told
        self.doubt = doubt


class Unreachable(Exception):  # noqa: N818 — a state of the place
    """This place cannot be written to any more: blocked, gone, forbidden. `why` is a text key (`unreachable-…`)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Moved(Exception):  # noqa: N818 — a state of the place
    """The place has another id now (a Telegram group became a supergroup): send there."""

    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


class Malformed(Exception):  # noqa: N818 — a judgement of the network
    """The network refuses this very message; `why` is its word, for the journal only."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Platform(Protocol):
    """A network: listens once started, sends when asked."""

    @property
    def name(self) -> str:
        """As in `platform:id`."""

    async def start(self, commands: Sequence[Command], answer: Answer) -> None:
        """Listen: what people say goes to `answer`, whose Message is shown. Returns once it really listens."""

    async def stop(self) -> None:
        """Stop listening within two seconds; what is being sent ends first."""

    async def send(self, place: Place, message: Message, key: str) -> str:
        """Show the message there and give the network's reference of it. The same key again is the same message.

        Raises TryLater, Unreachable, Moved or Malformed.
        """

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Show the message in place of the one with this reference; the same errors as `send`."""
