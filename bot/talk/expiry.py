"""Choosers that are left alone: a question that buttons answer ends, a form that people type waits (choice C23)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from bot.feature import Desk, Hub, Route
from bot.talk.forms import is_chooser, key
from club.dialogue import Action, Letter, Message
from club.people import Place
from club.texts import Texts
from storage.drafts import Draft
from storage.store import Store

# Of the fifteen minutes that choices have (choice C23); Discord lets some answers be edited no longer than that.
LEFT = timedelta(minutes=14, seconds=30)


def is_left(route: Route, draft: Draft, now: datetime) -> bool:
    """Whether it is a chooser that nobody touched for too long."""
    return is_chooser(route, draft) and now - draft.touched_at >= LEFT


def show_left(route: Route, texts: Texts) -> Message:
    """« Choix expirés… », with the command that begins again."""
    if not route.listed:
        return Message(texts.lines("chooser-left"))
    command = f"/{texts.plain(f'route-{key(route)}')}"
    return Message(texts.lines("chooser-left-again", command=command)).offering(Action(command, route.name))


async def note_chooser(store: Store, number: int, place: Place, ref: str) -> None:
    """It was shown there. Never raises: without a reference it is said to have ended when it is pressed."""
    with suppress(Exception):
        async with store.begin() as tx:
            await tx.drafts.shown(number, place, ref)


def ending(routes: Mapping[str, Route]) -> Callable[[Hub], Awaitable[None]]:
    """The job that edits the choosers that are left, each once."""

    async def end_left(hub: Hub) -> None:
        async with hub.store.read() as tx:
            if not await tx.drafts.shown_before(hub.clock() - LEFT):
                return
        async with hub.desk() as desk:
            for draft in await desk.tx.drafts.shown_before(desk.now - LEFT):
                await _end(draft, routes.get(draft.route), desk)

    return end_left


async def _end(draft: Draft, route: Route | None, desk: Desk) -> None:
    await desk.tx.drafts.shown(draft.id, None, "")
    if route is None or not is_chooser(route, draft) or not draft.shown:
        return
    message = show_left(route, desk.texts)
    if draft.place not in await desk.tx.people.accounts(draft.person_id):
        # Asked in a channel, for one person's eyes: its buttons belong there and not where the answer was shown.
        message = Message(message.lines, private=True)
    letter = Letter(
        f"chooser:{draft.id}:{draft.step}", Place.parse(draft.shown), message, desk.now, edits=draft.ref or ""
    )
    await desk.tx.outbox.put(letter, desk.now)
