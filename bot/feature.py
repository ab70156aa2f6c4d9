"""What a feature is made of: routes, lists of choices and jobs, in plain tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from club.dialogue import Choice, Command, Field, Letter, Message, Request
from club.faq.knowledge import Found, Knowledge
from club.filetype import Received
from club.news import Preview
from club.people import Place, Role
from club.refusal import Refused
from club.retention import Retention
from club.subscription import Cadence
from club.texts import Texts
from connectors.outlets.sheet import PageRequest, Sheet
from storage.personal import Held
from storage.store import Store, Transaction

MOST_ERRANDS = 3  # of one person, under way


@dataclass(frozen=True, slots=True)
class Settings:
    """The few settings that a feature may read."""

    zone: str = "Europe/Paris"
    moderators: tuple[Place, ...] = ()
    quick: Cadence | None = None  # a rhythm that only the demonstration offers
    networks: tuple[str, ...] = ()  # those that are configured
    closed: Mapping[str, str] = field(default_factory=dict)  # as of now: why each that is not open is not, a text key
    knowledge: Knowledge = field(default_factory=Knowledge)  # of questions and answers
    retention: Retention = field(default_factory=Retention)
    public_url: str = ""  # where the public pages are, without a slash at its end; "" = not told


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler finds on its desk; lives for one request, inside one transaction."""

    tx: Transaction
    texts: Texts
    now: datetime
    settings: Settings
    commands: tuple[Command, ...] = ()  # those people may type
    looked: Found | None = None  # what the route's `look` gave

    def say(self, key: str, /, **values: object) -> Message:
        """The text `key` as a Message."""
        return Message(self.texts.lines(key, **values))

    async def note(self, request: Request, action: str, subject: str = "", **detail: object) -> None:
        """One more line of the journal: who asks does that, in the role they have now."""
        who = request.person
        await self.tx.journal.note(self.now, action, subject, who.number, by=who.role.word, **detail)

    @property
    def today(self) -> date:
        """The day that it is where the Club is."""
        return self.now.astimezone(ZoneInfo(self.settings.zone)).date()

    async def send(
        self,
        key: str,
        place: Place,
        message: Message,
        *,
        due: datetime | None = None,
        priority: int = 1,
        edits: str = "",
    ) -> None:
        """A letter, once a key; it leaves once this transaction is committed, not before `due`."""
        letter = Letter(key, place, message, due or self.now, priority=priority, edits=edits)
        await self.tx.outbox.put(letter, self.now)

    def for_moderators(self, key: str) -> list[tuple[str, Place]]:
        """Where moderators read, each with the key of what is said there under that key."""
        return [(f"{key}:{number}", place) for number, place in enumerate(self.settings.moderators)]

    async def tell_moderators(
        self, key: str, message: Message, *, due: datetime | None = None, priority: int = 1
    ) -> None:
        """The same letter wherever moderators read."""
        for own, place in self.for_moderators(key):
            await self.send(own, place, message, due=due, priority=priority)

    async def settle(self, key: str, place: Place, card: Message) -> None:
        """Show the card in place of the letter of that key, which leaves no more when it is still waiting."""
        await self.tx.outbox.take_back(key)
        if ref := await self.tx.outbox.ref(key):
            await self.send(f"{key}:settled", place, card, priority=2, edits=ref)

    async def settle_moderators(self, key: str, card: Message) -> None:
        """The same wherever moderators were told."""
        for own, place in self.for_moderators(key):
            await self.settle(own, place, card)

    async def errand(self, request: Request, name: str, /, waiting: str = "errand-waiting", **given: str) -> Message:
        """Have the errand of that name run once this transaction is committed; what to show meanwhile. The errand's
        result takes its place, or comes in private."""
        if await self.tx.errands.waiting(request.person.number) >= MOST_ERRANDS:
            raise Refused("errand-too-many")
        number = await self.tx.errands.put(name, request, given, self.now)
        return replace(self.say(waiting), errand=number)


class Outside(Protocol):
    """What an errand may ask of the world."""

    def check(self, url: str) -> str:
        """The address as it will be asked for; SourceTrouble when the hub refuses to dial it (promises 1–4)."""

    async def look(self, url: str) -> Preview:
        """What is published there now; SourceTrouble when there is nothing to read, or the address is refused."""

    async def download(self, handle: str) -> Received:
        """The file that a person sent, by the handle that its field holds; Refused, in words, when it is not to be had
        any more, empty, or larger than ten mebibytes."""


Handler = Callable[[Request, Desk], Awaitable[Message]]
Lister = Callable[[Request, Desk], Awaitable[Sequence[Choice]]]
# Finds in the request's `values`, as they were typed or sealed, what was given so far; changes nothing.
Guard = Callable[[Request, Desk], Awaitable[None]]
# What needs the network, outside any transaction; then the handler that answers, with rights as they are by then. It
# may be run again after a kill, so it changes nothing itself.
Errand = Callable[[Mapping[str, str], Outside], Awaitable[Handler]]


# What a route must know from elsewhere, by the words behind its name: asked before the transaction, within two seconds.
Look = Callable[[str, Request, Settings], Awaitable[Found | None]]


@dataclass(frozen=True, slots=True)
class Route:
    """Name → handler, its fields, the least role it needs.

    `name` is English, stable, never shown; a listed route is a command people type: the text `route-<name>` gives
    its French name, `.help` its summary, `.aliases` other names. A route that `changes` something asks every field
    that was not given and shows a preview before it acts; others ask only what they cannot do without. `guard` raises
    Refused when it may not be done, or not by this person or in this place: before the first question, and at each
    press. `instead`
    answers when there is nothing to choose from. `look` finds what the handler will find as
    `desk.looked`; a route that `hears` is given what people say in private, or to the bot by its name, when it
    answers no question, unless its look gives None.
    """

    name: str
    handler: Handler
    fields: tuple[Field[object], ...] = ()
    role: Role = Role.MEMBER
    listed: bool = False
    changes: bool = False
    preview: Handler | None = None
    guard: Guard | None = None
    instead: Handler | None = None
    look: Look | None = None
    hears: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """What happens by itself, and how often it is looked at."""

    name: str
    every: timedelta
    run: Callable[[Hub], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a feature keeps: `rows` say which of it is about a person, and so how it is given out to that person and
    erased; `purge` forgets what has had its time, in a transaction of its own."""

    rows: tuple[Held, ...] = ()
    purge: Callable[[Desk], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What the web side serves at a path, which may hold parts: `/lettres/{name}`. `answer` finds a desk that only
    looks; None = there is nothing at that address."""

    path: str
    answer: Callable[[PageRequest, Desk], Awaitable[Sheet | None]]


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing the hub does. `lists` are the choices that its fields name; those named in `fixed` are the same for
    everyone, as long as the program runs. `errands` are what its handlers have done, by name; `pages` what it shows
    to everybody on the web side; `holds` what it keeps, of persons above all."""

    routes: tuple[Route, ...] = ()
    lists: Mapping[str, Lister] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    jobs: tuple[Job, ...] = ()
    errands: Mapping[str, Errand] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    holds: tuple[Keeping, ...] = ()


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

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Desk]:
        """A desk for looking only, which waits for nobody."""
        async with self.store.read() as tx:
            yield Desk(tx, self.texts, self.clock(), self.settings)
