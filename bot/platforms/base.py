"""All that a chat must be able to do, and the ways in which opening it and sending there can fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from aiohttp import web

from club.dialogue import Choice, Command, Message, Request
from club.filetype import Received
from club.markup import Line
from club.people import Place
from club.texts import Texts

Answer = Callable[[Request], Awaitable[Message | None]]
# What is at an address, read as carefully as any other; SourceTrouble when it cannot be.
Read = Callable[[str], Awaitable[bytes]]


class NotOpen(Exception):  # noqa: N818 — a state of the network
    """The network cannot be listened to now: its token is refused, it does not answer. `why` is a text key
    (`network-…`) with its `values`; it is tried again while the others work."""

    def __init__(self, why: str, **values: object) -> None:
        super().__init__(why)
        self.why = why
        self.values = values


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


# Why a place refuses for as long as somebody there wants, and not for good: it is asked again.
PASSING = ("unreachable-forbidden", "unreachable-closed")


class Unreachable(Exception):  # noqa: N818 — a state of the place
    """This place cannot be written to: blocked, gone, or, for as long as it lasts, forbidden or closed (`PASSING`).
    `why` is a text key (`unreachable-…`)."""

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


async def at_once() -> None:
    """Default of `Services.turn`: no pace to keep."""


async def held_nowhere(seconds: float) -> None:
    """Default of `Services.hold`."""


async def noted_nowhere(old: Place, new: Place) -> None:
    """Default of `Services.moved`."""


async def closed_nowhere(place: Place, why: str) -> None:
    """Default of `Services.place_closed`."""


async def open_nowhere(place: Place) -> None:
    """Default of `Services.place_open`."""


async def as_it_is(place: Place, ref: str) -> Place:
    """The place as the network says it."""
    return place


def in_no_group(place: Place) -> bool:
    """Default of `Pace.is_group`: every place is one person's."""
    return False


NO_GAP = timedelta(0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a network may be written to: letters a second over all chats, and the gap within one chat;
    `group_gap` is another gap for those places that `is_group` names."""

    rate: float = 1000.0
    gap: timedelta = NO_GAP
    in_flight: int = 1
    hold_doubt: bool = False
    group_gap: timedelta | None = None
    is_group: Callable[[Place], bool] = in_no_group

    def gap_at(self, place: Place) -> timedelta:
        """The gap between two letters to that place."""
        return self.gap if self.group_gap is None or not self.is_group(place) else self.group_gap

    @property
    def longest_gap(self) -> timedelta:
        """The longest gap of any place."""
        return max(self.gap, self.group_gap or self.gap)


UNHURRIED = Pace()


@dataclass(frozen=True, slots=True)
class Shareable:
    """An answer that anybody may post in a conversation: its question, how it begins, and all that it says."""

    id: str
    title: str
    summary: str
    lines: tuple[Line, ...]


Share = Callable[[str], Awaitable[Sequence[Shareable]]]


async def nothing_to_share(typed: str) -> Sequence[Shareable]:
    """Default of `Services.share`: no answer to any words."""
    return ()


def told_nobody(why: str) -> None:
    """Default of `Services.closed`."""


Receive = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Mount = Callable[[str, str, Receive], Callable[[], None]]  # method, path; gives what takes it off again
Suggest = Callable[[Request, str], Awaitable[Sequence[Choice]]]


def served_nowhere(method: str, path: str, receive: Receive) -> Callable[[], None]:
    """Default of `Services.mount`: nothing is served."""
    return lambda: None


async def no_suggestion(request: Request, typed: str) -> Sequence[Choice]:
    """Default of `Services.suggest`: no choice for any words."""
    return ()


def stopped_by_others() -> None:
    """Default of `Services.stop`: the program goes on."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a network may ask of the hub beside answers.

    `texts` says things; `channels` are the places there that the hub writes to, with their names; files that the
    network keeps go into `folder`.
    `turn` returns when something may leave at the network's pace, which all workers share; answers to people come
    before letters. `hold` says that the network asks everyone for so many seconds of silence.
    `closed` tells, once the network was open, why it does not listen any more (a text key `network-…`), and "" when it
    does again; saying it twice changes nothing.
    `moved` tells that a place has another id; `place_closed` that it cannot be written to any more and why (a text key
    `unreachable-…`), `place_open` that it can be again: a place without a thread stands for all its threads. `whole`
    gives a place with the thread of the letter that has this reference there, for a network that does not say it.
    `share` gives the answers that words may ask for, the likeliest first; `suggest` the choices for a command's field
    while it is typed. `mount` serves a path of the web side; `stop` ends the program.
    """

    texts: Texts = field(default_factory=Texts)
    channels: Sequence[tuple[Place, str]] = ()
    folder: Path = Path()
    turn: Callable[[], Awaitable[None]] = at_once
    hold: Callable[[float], Awaitable[None]] = held_nowhere
    closed: Callable[[str], None] = told_nobody
    moved: Callable[[Place, Place], Awaitable[None]] = noted_nowhere
    place_closed: Callable[[Place, str], Awaitable[None]] = closed_nowhere
    place_open: Callable[[Place], Awaitable[None]] = open_nowhere
    whole: Callable[[Place, str], Awaitable[Place]] = as_it_is
    share: Share = nothing_to_share
    suggest: Suggest = no_suggestion
    mount: Mount = served_nowhere
    stop: Callable[[], None] = stopped_by_others


async def forget_part(count: int, ref: str) -> None:
    """Nothing is kept of a part that left."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How far a long message went (choice A20): `sent` parts left before, under the reference `ref`. `note` is
    told after each further part how many left and their reference so far. `doubt`: what a try before this one sent may
    have arrived though its answer was lost."""

    sent: int = 0
    ref: str = ""
    note: Callable[[int, str], Awaitable[None]] = forget_part
    doubt: bool = False


WHOLE = Parts()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `ecohub check`: the text `key` with its values, and whether all is well; `note` when it is, and
    something is worth knowing all the same."""

    well: bool
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    note: bool = False


class Platform(Protocol):
    """A network: listens once started, sends when asked."""

    @property
    def name(self) -> str:
        """As in `platform:id`."""

    async def start(self, commands: Sequence[Command], answer: Answer) -> None:
        """Listen: what people say goes to `answer`, whose Message is shown. Returns once it really listens; raises
        NotOpen when it cannot, and may then be started again."""

    async def stop(self) -> None:
        """Stop listening within two seconds; what is being sent ends first."""

    async def send(self, place: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        """Show the message there and give the network's reference of it. The same key again is the same message.

        Raises TryLater, Unreachable, Moved or Malformed.
        """

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Show the message in place of the one with this reference; the same errors as `send`."""

    async def fetch(self, handle: str, read: Read) -> Received:
        """The file that a person sent there, by the handle that its Request had.

        Raises Refused, in words, when it is not to be had any more, TryLater, or what `read` raises.
        """
