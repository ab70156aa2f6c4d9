"""What a network says of itself: one row, which its folder hands on as NETWORK."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.platforms.base import UNHURRIED, Finding, Pace, Platform, Services
from bot.toml.section import ConfigSection
from club.dialogue import Message
from club.people import Place, Resident
from club.texts import Texts

Notice = tuple[str, Mapping[str, object]]  # a text key with its values


class NetworkSection(ConfigSection):
    """The table of the configuration that is about one network."""

    @property
    def is_on(self) -> bool:
        """True when the hub is to speak there."""
        return True

    @property
    def needs_web(self) -> bool:
        """True when the network brings what it hears to our web side."""
        return False

    @property
    def own_port(self) -> int:
        """The port of this machine that it listens on by itself, 0 = none."""
        return 0

    @property
    def url(self) -> str:
        """Where people of this machine open it in a browser, "" = nowhere."""
        return ""

    @property
    def residents(self) -> tuple[Resident, ...]:
        """People whose roles this table says."""
        return ()

    def warnings(self) -> Iterable[Notice]:
        """What is allowed and unwise."""
        return ()


S = TypeVar("S", bound=NetworkSection)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What `ecohub check` hands to a network: the places there that the hub writes to, or would, with their names, and
    whether a hub runs now, which then holds the network's port and files."""

    services: Services
    places: Sequence[tuple[Place, str]] = ()
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class Network(Generic[S]):
    """One row. Whatever needs the network's library imports it when called.

    `section` is its table `[name]`, `default` what holds when the file has none; `is_in_file` is False for a network
    that the program alone turns on. `make` is None for a network that the file may speak of and this version does not
    speak. `check` gives lines of `ecohub check`, or raises NotOpen; `draw` gives the bodies of the calls that show a
    message. `is_here`: whoever speaks there sits at this machine. `seals_whole_chat`: the network does not always say
    in which thread a button stands, so a button is good for the whole chat.
    """

    name: str
    section: type[S]
    default: S | None = None
    is_in_file: bool = True
    make: Callable[[S, Services], Platform] | None = None
    check: Callable[[S, Inspection], Awaitable[list[Finding]]] | None = None
    draw: Callable[[Message, Texts], Sequence[Mapping[str, Any]]] | None = None
    pace: Pace = UNHURRIED
    is_here: bool = False
    seals_whole_chat: bool = False
