"""Request → Message: find the route, check the role, ask for what is missing, call; seal what leaves.

One request is one transaction; what raises undoes it. Role and state are read at each press (promise 29).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from bot.feature import Desk, Feature, Route, Settings
from bot.platforms.networks import NETWORKS
from bot.talk.choices import LISTS, Values
from bot.talk.commands import Commands, Typed
from bot.talk.errands import note_shown
from bot.talk.expiry import is_left, note_chooser, show_left
from bot.talk.flood import Flood
from bot.talk.forms import Asking, DraftButton, begin
from bot.talk.incoming import HEARS, clean, is_for_us
from bot.talk.lookahead import look_ahead
from bot.talk.replies import show_group, show_refusal, show_unknown
from bot.talk.rights import check
from bot.talk.seal import Seal
from club.dialogue import Action, Choice, Command, Message, Request
from club.faq.knowledge import Found
from club.fold import fold
from club.refusal import Refused
from club.texts import Texts
from storage.health import key_in
from storage.store import Store, Transaction

log = logging.getLogger(__name__)

LOCAL = frozenset(network.name for network in NETWORKS if network.is_here)

_SHOWN = 60  # characters of what was typed that are said back


class Router:
    """Answers every Request of every platform from one table of routes."""

    def __init__(
        self,
        store: Store,
        texts: Texts,
        settings: Settings,
        seal: Seal,
        features: Iterable[Feature],
        clock: Callable[[], datetime],
        flood: Flood | None = None,
    ) -> None:
        features = tuple(features)
        self._store = store
        self._texts = texts
        self._settings = settings
        self._seal = seal
        self._clock = clock
        self._flood = Flood(LOCAL) if flood is None else flood
        self._routes = {route.name: route for feature in features for route in feature.routes}
        self._hearer = next((route for route in self._routes.values() if route.hears), None)
        self._lists = LISTS | {name: lister for feature in features for name, lister in feature.lists.items()}
        self._fixed = frozenset(LISTS).union(*(feature.fixed for feature in features))
        self._commands = Commands(self._routes.values(), texts, self._fixed)
        fields = [field for route in self._routes.values() for field in route.fields]
        listed = {name for field in fields for name in (field.choices, field.suggests, field.beyond) if name}
        if lost := listed - self._lists.keys():
            raise ValueError(f"no feature has these lists of choices: {lost}")

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands people may type, for the platforms' menus."""
        return self._commands.listed

    async def answer(self, request: Request) -> Message | None:
        """What to show, sealed for its place; None when there is nothing to say. Never raises."""
        if (wait := self._flood.ask(request)) is not None:
            # Before the database is asked: one person's flood delays nobody (promise 36).
            return self._leaving(self._say("flood-told", seconds=wait), request) if wait else None
        try:
            if not await is_for_us(request, self._commands, self._store, self._clock()):
                return None
            looked = await look_ahead(request, self._routes, self._commands, self._hearer, self._settings)
            async with self._store.begin() as tx:
                message = await self._answer(request, tx, looked)
                return message and self._leaving(message, request)  # what cannot be sealed undoes the change
        except Refused as refusal:
            seen = await self._seen(request)
            return None if seen else self._leaving(show_refusal(refusal, self._texts), request)
        except Exception as error:
            reference = secrets.token_hex(3).upper()
            log.exception("request failed", extra={"reference": reference, "route": request.route})
            text = "error-memory" if key_in(error) else "error-internal"
            return self._leaving(self._say(text, reference=reference), request)

    async def _seen(self, request: Request) -> bool:
        """Whether what is refused was refused before: that it came was undone with the rest, and is noted apart."""
        with suppress(Exception):  # memory that fails now must not hide the reason
            async with self._store.begin() as tx:
                return await _is_repeat(request, tx, self._clock())
        return False

    async def suggest(self, request: Request, name: str) -> Sequence[Choice]:
        """What a field of the command in the words offers to this person there, while they type; () when nothing."""
        found = self._commands.find(request.words.removeprefix("/"))
        route = found.route if isinstance(found, Typed) and not found.group else None
        fields = route.fields if route else ()
        offered = next((one.choices or one.suggests for one in fields if one.name == name), "")
        if route is None or not offered:
            return ()
        now = self._clock()
        async with self._store.read() as tx:
            person = await tx.people.find(request.person, now)
            request = replace(request, person=replace(person, role=max(person.role, request.granted)))
            desk = Desk(tx, self._texts, now, self._settings, self.commands)
            try:
                if offered not in self._fixed:
                    await check(route, request, desk)
            except Refused:
                return ()
            return await self._lists[offered](request, desk)

    def _leaving(self, message: Message, request: Request) -> Message:
        message = message if request.private else message.privately()
        if message.errand:
            message = replace(message, shown=partial(note_shown, self._store, self._clock, message.errand))
        if message.chooser:
            message = replace(message, shown=partial(note_chooser, self._store, message.chooser))
        return self._seal.message(message, request.place)

    def _say(self, text: str, /, **values: object) -> Message:
        return Message(self._texts.lines(text, **values))

    async def _answer(self, request: Request, tx: Transaction, looked: Found | None) -> Message | None:
        now = self._clock()  # once the transaction has begun: what waited is not backdated
        if await _is_repeat(request, tx, now):
            return None
        request = clean(request)
        person = await tx.people.meet(request.person, now)
        await tx.people.acted(person.number, now)
        request = replace(request, person=replace(person, role=max(person.role, request.granted)))
        desk = Desk(tx, self._texts, now, self._settings, self.commands, looked)
        if request.token:
            return await self._pressed(request, desk)
        if request.route:
            # A network may show an older menu than the program's.
            route = self._routes.get(request.route)
            return await self._called(request, desk, Typed(route)) if route else desk.say("button-unknown")
        return await self._spoken(request, desk)

    async def _spoken(self, request: Request, desk: Desk) -> Message | None:
        """A command, the answer to an open question, or words for nobody."""
        words = request.words.strip()
        asking = await self._open(request, desk)
        way = asking.way(words) if asking else None
        if asking is None and fold(words[:20]) == fold(self._texts.plain("form-cancel")):
            return desk.say("cancel-nothing") if request.private or request.named else None
        if way is None and words.startswith(("/", "!")):
            found = self._commands.find(words[1:])
            if isinstance(found, Typed):
                return await self._called(request, desk, found)
            return show_unknown(found, words, self._commands, self._texts) if request.private else None
        if asking is not None:
            return await self._replied(asking, way, words)
        return await self._nothing_open(request, desk) if request.private or request.named else None

    async def _open(self, request: Request, desk: Desk) -> Asking | None:
        """The question that hears this person's words here."""
        draft = await desk.tx.drafts.active(request.person.number, str(request.place))
        if draft is None or not (request.private or desk.now - draft.touched_at <= HEARS):
            return None
        asking = await self._asking(draft.id, request, desk)
        return None if asking is None or is_left(asking.route, draft, desk.now) else asking

    async def _replied(self, asking: Asking, way: Action | None, words: str) -> Message:
        """The answer to an open question, or one of its buttons by name."""
        if way is not None:
            return await self._moved(way.route, DraftButton.read(way.values["k"]), asking)
        desk = asking.desk
        try:
            await self._check_draft(asking)
        except Refused as refusal:
            # What may not be done any more stops listening, else nothing else could be said.
            await desk.tx.drafts.set_aside(asking.draft.person_id, asking.draft.place)
            return self._say(refusal.key, **refusal.values)
        if not asking.is_asked:
            return await asking.show(Refused("form-waiting"))
        try:
            return await self._go_on(await asking.answer(asking.said(words)))
        except Refused as refusal:
            return await asking.show(refusal)

    async def _nothing_open(self, request: Request, desk: Desk) -> Message:
        """Words that answer nothing: whoever hears them, else help; and the question that was set aside last."""
        draft = await desk.tx.drafts.latest(request.person.number, str(request.place))
        asking = await self._asking(draft.id, request, desk) if draft else None
        if asking is not None and is_left(asking.route, asking.draft, desk.now):
            if asking.draft.active:  # what was typed answers it: said once
                await desk.tx.drafts.set_aside(asking.draft.person_id, asking.draft.place)
                return show_left(asking.route, self._texts)
            asking = None
        if self._hearer is not None and desk.looked is not None:
            message = await self._called(request, desk, Typed(self._hearer, request.words.strip()))
        else:
            message = desk.say("words-unknown").offering(Action(self._texts.plain("help-button"), "help"))
        return message if asking is None else message.offering(asking.resume())

    async def _called(
        self, request: Request, desk: Desk, typed: Typed, sealed: Mapping[str, str] = MappingProxyType({})
    ) -> Message:
        """A command with its words, a menu's route with its values, or a button's with those it sealed."""
        if typed.group:
            return show_group(typed.group, request.person.role, self._commands, self._texts)
        route = typed.route
        await check(route, replace(request, values={**request.values, **sealed}), desk)
        values = Values(request, desk, self._lists)
        if route.instead is not None and await values.lack(route.fields):
            return await route.instead(request, desk)
        filled = await typed.fill(values, request.values, sealed)
        given, faults = filled.given, filled.faults
        if filled.over:
            raise Refused("command-words-over", words=filled.over[:_SHOWN], command=self._commands.usage(route))
        missing = [f.name for f in route.fields if f.name not in given and (f.required or route.changes)]
        asked = tuple(dict.fromkeys([*faults, *missing]))  # what was not understood comes first
        if not asked:
            return await self._act(route, given, request, desk, values)
        draft = await desk.tx.drafts.begin(
            request.person.number, str(request.place), route.name, given, asked, desk.now
        )
        asking = Asking(route, draft, request, desk, values)
        return await (asking.form(faults) if faults else asking.show())

    async def _act(self, route: Route, given: dict[str, str], request: Request, desk: Desk, values: Values) -> Message:
        read = {f.name: await values.read(f, given[f.name]) for f in route.fields if given.get(f.name)}
        message = await route.handler(replace(request, route=route.name, values=given, read=read), desk)
        return await self.follow(message, request, desk)

    async def follow(self, message: Message, request: Request, desk: Desk) -> Message:
        """The message with the form below that a handler asks for; Refused when this person may not fill it."""
        wanted = message.follow_up
        route = self._routes.get(wanted.route) if wanted else None
        if wanted is None or route is None:
            return message
        role = await desk.tx.people.role(request.person.number, desk.now)  # what was just done may have given one
        request = replace(request, person=replace(request.person, role=max(request.person.role, role)))
        try:
            await check(route, replace(request, values=wanted.values), desk)
        except Refused as refusal:
            if not message.lines:
                raise
            return message.adding(self._texts.lines(refusal.key, **refusal.values))
        if not route.fields:
            shown = await self._act(route, {}, request, desk, Values(request, desk, self._lists))
            return replace(shown, lines=message.lines + shown.lines)
        asking = await begin(route, wanted, request, desk, self._lists)
        shown = await asking.show()
        return replace(message, lines=message.lines + shown.lines, actions=shown.actions, form=shown.form,
                       again=shown.again, chooser=shown.chooser, follow_up=None)  # fmt: skip

    async def _check_draft(self, asking: Asking) -> None:
        await check(asking.route, replace(asking.request, values=asking.draft.given), asking.desk)

    # Buttons

    async def _pressed(self, request: Request, desk: Desk) -> Message:
        opened = self._seal.open(request.token, request.place)
        if opened is None or (opened[0] not in self._routes and opened[0] not in _DRAFT_ROUTES):
            await desk.note(request, "button.refused")
            return desk.say("button-unknown")
        name, values = opened
        if name in _DRAFT_ROUTES:
            return await self._draft_pressed(name, values.get("k", ""), request, desk)
        return await self._called(request, desk, Typed(self._routes[name]), values)

    async def _draft_pressed(self, name: str, where: str, request: Request, desk: Desk) -> Message:
        press = DraftButton.read(where)
        asking = await self._asking(press.draft, request, desk)
        if asking is None:
            # Somebody else's question in a channel is left as it stands.
            gone = desk.say("draft-gone")
            return gone.replacing() if request.private else gone
        if is_left(asking.route, asking.draft, desk.now):
            return show_left(asking.route, self._texts).replacing()
        return (await self._moved(name, press, asking)).replacing()

    async def _moved(self, name: str, press: DraftButton, asking: Asking) -> Message:
        """What a draft's button does."""
        drafts, now = asking.desk.tx.drafts, asking.desk.now
        if name == "draft.cancel":
            await drafts.drop(asking.draft.id)
            return self._say("form-cancelled")
        await self._check_draft(asking)
        if name == "draft.fill":
            asking, faults = await asking.fill(asking.request.values, partial=asking.request.partial)
            if faults:
                await drafts.keep(asking.draft, now)
                return await asking.form(faults)
            return await self._go_on(asking)
        if name == "draft.confirm" and not asking.is_asked and press.detail == asking.stamp:
            return await self._confirm(asking)
        asking = asking.at(press.step)
        try:
            asking = await asking.press(name, press.detail)
        except Refused as refusal:
            # The question shown is the one that hears what is typed next.
            await drafts.keep(asking.draft, now)
            return await asking.show(refusal)
        return await self._go_on(asking)

    async def _go_on(self, asking: Asking) -> Message:
        """Keep the draft and show what comes next: a question, a preview, or the answer itself."""
        if not asking.is_asked and not asking.route.changes:
            return await self._confirm(asking)
        await asking.desk.tx.drafts.keep(asking.draft, asking.desk.now)
        return await asking.show()

    async def _confirm(self, asking: Asking) -> Message:
        tx = asking.desk.tx
        try:
            request = await asking.complete()
        except Refused as refusal:
            await tx.drafts.keep(asking.draft, asking.desk.now)
            return await asking.show(refusal)
        await tx.drafts.drop(asking.draft.id)
        message = await asking.route.handler(request, asking.desk)
        return await self.follow(message, asking.request, asking.desk)

    async def _asking(self, number: int, request: Request, desk: Desk) -> Asking | None:
        draft = await desk.tx.drafts.get(number, request.person.number, str(request.place))
        route = self._routes.get(draft.route) if draft else None
        names = {field.name for field in route.fields} if route else set()
        if draft is None or route is None or not names.issuperset(draft.asked):
            return None
        return Asking(route, draft, request, desk, Values(request, desk, self._lists))


_DRAFT_ROUTES = frozenset(
    {"draft.choose", "draft.done", "draft.skip", "draft.go", "draft.cancel", "draft.confirm", "draft.fill"}
)


async def _is_repeat(request: Request, tx: Transaction, now: datetime) -> bool:
    return bool(request.update) and not await tx.journal.first_time(request.place.platform, request.update, now)
