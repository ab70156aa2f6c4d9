"""What a feature is made of: routes, lists of choices and jobs, in plain tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from club.dialogue import Choice, Command, Field, Message, Request
from club.people import Place, Role
from club.subscription import Cadence
from club.texts import Texts
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Settings:
    """The few settings that a feature may read."""

    zone: str = "Europe/Paris"
    moderators: tuple[Place, ...] = ()
    quick: Cadence | None = None  # a rhythm that only the demonstration offers
    networks: tuple[str, ...] = ()  # those that are configured
    closed: Mapping[str, str] = field(default_factory=dict)  # as of now: why each that is not open is not, a text key


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler finds on its desk; lives for one request, inside one transaction."""

    tx: Transaction
    texts: Texts
    now: datetime
    settings: Settings
    commands: tuple[Command, ...] = ()  # those people may type

    def say(self, key: str, /, **values: object) -> Message:
        """The text `key` as a Message."""
        return Message(self.texts.lines(key, **values))


Handler = Callable[[Request, Desk], Awaitable[Message]]
Lister = Callable[[Request, Desk], Awaitable[Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class Route:
    """Name → handler, its fields, the least role it needs.

    `name` is English, stable, never shown; a listed route is a command people type: the text `route-<name>` gives
    its French name, `.help` its summary, `.aliases` other names. A route that `changes` something asks every field
    that was not given and shows a preview before it acts; others ask only what they cannot do without. `guard` raises
    Refused when this person may not do it in this place: before the first question, and at each press. `instead`
    answers when a field that is needed has nothing to choose from.
    """

    name: str
    handler: Handler
    fields: tuple[Field[object], ...] = ()
    role: Role = Role.MEMBER
    listed: bool = False
    changes: bool = False
    preview: Handler | None = None
    guard: Callable[[Request], None] | None = None
    instead: Handler | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """What happens by itself, and how often it is looked at."""

    name: str
    every: timedelta
    run: Callable[[Hub], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing the hub does. `lists` are the choices that its fields name; those named in `fixed` are the same for
    everyone, as long as the program runs."""

    routes: tuple[Route, ...] = ()
    lists: Mapping[str, Lister] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    jobs: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Hub:
    """What lives as long as the program: the store, the texts, the settings, the clock."""

    store: Store
    texts: Texts
    settings: Settings
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """A desk of its own transaction; the time is read once the transaction has begun."""
        async with self.store.begin() as tx:
            yield Desk(tx, self.texts, self.clock(), self.settings)
