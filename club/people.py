"""Who speaks and where: a person on a network, a place on a network, and the role the hub granted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Role(IntEnum):
    """What a person may do; each role may do what those below it may."""

    VISITOR = 0
    MEMBER = 1
    PARTNER = 2
    MODERATOR = 3
    EDITOR = 4
    ADMIN = 5

    @property
    def word(self) -> str:
        """The role's name in catalogues, configuration and storage: `moderator`."""
        return self.name.lower()

    @classmethod
    def named(cls, word: str) -> Role:
        """The role called `word`; ValueError when there is none."""
        try:
            return cls[word.upper()]
        except KeyError:
            raise ValueError(word) from None


@dataclass(frozen=True, slots=True)
class Place:
    """Where one speaks: a private talk, a channel, a thread of one; named by the network and its id there."""

    platform: str
    id: str
    thread: str = ""

    def __str__(self) -> str:
        return ":".join(filter(None, (self.platform, self.id, self.thread)))

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read `platform:id[:thread]`; ValueError when a part is missing."""
        platform, _, rest = text.strip().partition(":")
        # Matrix ids hold a colon themselves (`!room:server`); a thread there is an event id, `$…`.
        ident, _, thread = rest.partition(":") if platform != "matrix" else rest.partition(":$")
        if not platform or not ident:
            raise ValueError(text)
        return cls(platform, ident, f"${thread}" if thread and platform == "matrix" else thread)


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks: named by network and id there; the router adds the number and the role that storage knows."""

    platform: str
    id: str
    name: str = ""
    number: int = 0  # storage's own; 0 = not met yet
    role: Role = Role.VISITOR
    language: str = "fr"

    @property
    def account(self) -> str:
        """`platform:id`, as configuration names people."""
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody was given; `organisation` and `region` bound it, `until` ends it. `origin` tells who gave
    it: `chat`, the file (`config…`), the person's own first word (`start`)."""

    id: int
    person: int
    name: str
    role: Role
    organisation: str = ""
    region: str = ""
    until: datetime | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Resident:
    """Someone of a local network (simulator, console), as configuration introduces them; the role is granted in
    the store like any other, for that organisation ("" = none)."""

    id: str
    name: str
    role: Role = Role.MEMBER
    organisation: str = ""
