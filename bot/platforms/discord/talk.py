"""What is pressed, called and filled on Discord, answered: acknowledged within three seconds whatever the load. Rights
of person and bot come with each event."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import discord

from bot.platforms.discord.calls import ALREADY_ANSWERED, UNKNOWN_INTERACTION, UNKNOWN_MESSAGE, Refusal
from bot.platforms.discord.ears import Ears
from bot.platforms.discord.menu import Entry, matching
from bot.platforms.discord.read import Pressed, filled, may_manage, options, place_of, pressed
from bot.platforms.discord.show import EPHEMERAL, Body, modal, quiet, show, suggestions
from bot.platforms.discord.words import Words
from club.dialogue import Kind, Message, Request
from club.people import Person

log = logging.getLogger(__name__)

# A window can be opened only as the first answer, and there are three seconds for it (settled.md §3).
FIRST = 1.5

# What an interaction may be answered with (interactions/receiving-and-responding).
SAY, WAIT, WAIT_HERE, REPLACE, SUGGEST, OPEN = 4, 5, 6, 7, 8, 9


class Talk:
    """Hears interactions and answers them."""

    def __init__(self, ears: Ears, words: Words) -> None:
        self._ears = ears
        self._words = words

    async def hear(self, event: discord.Interaction) -> None:
        """Answer it; what Discord does not let us say is logged."""
        try:
            await self._hear(event)
        except Refusal as refused:
            if refused.code not in (UNKNOWN_INTERACTION, ALREADY_ANSWERED):
                log.warning("answer not shown", extra={"status": refused.status, "code": refused.code})
            else:
                log.info("answer came too late", extra={"code": refused.code})

    async def _hear(self, event: discord.Interaction) -> None:
        data = cast("Mapping[str, Any]", event.data or {})
        if not self._ears.serves(event.guild_id):
            await self._refuse(event, "discord-other-server")
        elif event.type is discord.InteractionType.autocomplete:
            await self._suggest(event, data)
        elif event.type is discord.InteractionType.application_command:
            await self._answer(event, [self._called(event, data)], opens=True)
        elif event.type is discord.InteractionType.modal_submit:
            form = filled(data)
            request = replace(self._request(event), token=form.token, values=form.values, partial=form.partial)
            await self._answer(event, [request], opens=False)
        elif event.type is discord.InteractionType.component:
            await self._pressed(event, pressed(data["custom_id"], data.get("values") or [], _ticked(event, data)))

    async def _pressed(self, event: discord.Interaction, what: Pressed) -> None:
        if what.person:
            await self._read(event, what)
            return
        if not what.tokens:  # a list left as it was
            await self._respond(event, WAIT_HERE)
            return
        request = self._request(event)
        requests = [
            replace(request, token=token, update=f"{request.update}.{place}" if place else request.update)
            for place, token in enumerate(what.tokens)
        ]
        await self._answer(event, requests, opens=True, fill=what.fill)

    async def _answer(
        self, event: discord.Interaction, requests: Sequence[Request], *, opens: bool, fill: bool = False
    ) -> None:
        """Ask, and show what comes: at once, in a window when it has a form, or after saying that it takes longer."""
        asking = asyncio.ensure_future(self._ears.ask(requests))
        done, _ = await asyncio.wait({asking}, timeout=FIRST)
        if not done:
            await self._show_late(event, asking)
            return
        answer = asking.result()
        if answer is None:
            await self._say_nothing(event)
        elif opens and answer.form and (fill or not answer.in_place):
            await self._respond(event, OPEN, modal(answer.form, self._ears.texts))
        else:
            await self._show(event, answer)

    async def _show(self, event: discord.Interaction, answer: Message) -> None:
        private = _is_private(event, answer)
        if _may_replace(event, answer):
            first, *more = show(answer, self._ears.texts)
            try:
                await self._respond(event, REPLACE, first)
                await self._follow(event, more, private)
                return
            except Refusal as refused:
                if refused.code != UNKNOWN_MESSAGE:
                    raise
        # What was pressed may be gone meanwhile: the answer is said below.
        first, *more = show(answer, self._ears.texts, ephemeral=private)
        await self._respond(event, SAY, first)
        await self._follow(event, more, private)

    async def _show_late(self, event: discord.Interaction, asking: asyncio.Future[Message | None]) -> None:
        """No window any more: the question itself, with a button that opens it."""
        on_message, flags = event.message is not None, {"flags": EPHEMERAL if event.guild_id else 0}
        await self._respond(event, WAIT_HERE if on_message else WAIT, None if on_message else flags)
        answer = await asking
        if answer is None:
            if not on_message:
                await self._ears.call("DELETE", f"{_hook(event)}/messages/@original")
            return
        private = _is_private(event, answer)
        if not on_message or _may_replace(event, answer):
            first, *more = show(answer, self._ears.texts)
            try:
                await self._ears.call("PATCH", f"{_hook(event)}/messages/@original", first)
                await self._follow(event, more, private)
                return
            except Refusal as refused:
                if refused.code != UNKNOWN_MESSAGE:
                    raise
        await self._follow(event, show(answer, self._ears.texts), private)

    async def _follow(self, event: discord.Interaction, bodies: Sequence[Body], private: bool) -> None:
        for body in bodies:
            flags = body["flags"] | (EPHEMERAL if private else 0)
            await self._ears.call("POST", _hook(event), {**body, "flags": flags})

    async def _say_nothing(self, event: discord.Interaction) -> None:
        if event.message is not None:
            await self._respond(event, WAIT_HERE)
            return
        await self._respond(event, WAIT, {"flags": EPHEMERAL})
        await self._ears.call("DELETE", f"{_hook(event)}/messages/@original")

    async def _refuse(self, event: discord.Interaction, key: str) -> None:
        if event.type is discord.InteractionType.autocomplete:
            await self._respond(event, SUGGEST, suggestions(()))
            return
        [body] = show(Message(self._ears.texts.lines(key)), self._ears.texts, ephemeral=event.guild_id is not None)
        await self._respond(event, SAY, body)

    async def _respond(self, event: discord.Interaction, kind: int, data: Body | None = None) -> None:
        body: Body = {"type": kind}
        if data is not None:
            # A window and suggestions show no text that could mention anybody.
            body["data"] = data if kind in (OPEN, SUGGEST) else {**quiet(), **data}
        await self._ears.call("POST", f"/interactions/{event.id}/{event.token}/callback", body)

    async def _suggest(self, event: discord.Interaction, data: Mapping[str, Any]) -> None:
        entry, given = self._ears.menu.find(data)
        asked = next(((name, one) for name, one in given.items() if one.get("focused")), None)
        if entry is None or asked is None or asked[0] not in entry.options:
            await self._respond(event, SUGGEST, suggestions(()))
            return
        blank = entry.options[asked[0]]
        request = replace(self._request(event), words=f"/{entry.command.name}", update="")
        try:
            async with asyncio.timeout(FIRST):
                choices = await self._ears.suggest(request, blank.name)
        except Exception:  # what is typed is read all the same
            log.warning("no suggestion", exc_info=True)
            choices = ()
        found = matching(choices, str(asked[1].get("value", "")), several=blank.kind is Kind.CHOICES)
        await self._respond(event, SUGGEST, suggestions(found))

    def _called(self, event: discord.Interaction, data: Mapping[str, Any]) -> Request:
        entry, given = self._ears.menu.find(data)
        if entry is None:  # registered before, gone since: the router names the nearest
            return replace(self._request(event), words=f"/{data.get('name', '')}")
        return replace(self._request(event), words=f"/{entry.command.name}", values=_by_field(entry, given, data))

    def _request(self, event: discord.Interaction) -> Request:
        user = event.user
        return Request(
            person=Person("discord", str(user.id), user.display_name),
            place=place_of(event.channel, user.id),
            private=event.guild_id is None,
            may_manage=event.guild_id is not None and may_manage(event.permissions),
            missing_rights=self._ears.missing(event.app_permissions, event.channel) if event.guild_id else (),
            granted=self._ears.granted(user),
            ref=str(event.message.id) if event.message else "",
            update=str(event.id),
        )

    async def _read(self, event: discord.Interaction, what: Pressed) -> None:
        """The answer that waited for this person; then its notice goes."""
        if str(event.user.id) != what.person:
            await self._refuse(event, "discord-not-yours")
            return
        await self._respond(event, WAIT, {"flags": EPHEMERAL})
        answer = self._words.take(what.message)
        if event.message is not None:
            try:
                await self._ears.call("DELETE", f"/channels/{event.message.channel.id}/messages/{event.message.id}")
            except Refusal as refused:
                log.info("notice not removed", extra={"code": refused.code})
        first, *more = show(answer, self._ears.texts)
        await self._ears.call("PATCH", f"{_hook(event)}/messages/@original", first)
        await self._follow(event, more, private=True)


def _hook(event: discord.Interaction) -> str:
    return f"/webhooks/{event.application_id}/{event.token}"


def _is_private(event: discord.Interaction, answer: Message) -> bool:
    """For one pair of eyes only; in a private talk there are no others."""
    return event.guild_id is not None and answer.private


def _may_replace(event: discord.Interaction, answer: Message) -> bool:
    """A private answer never takes the place of what everyone sees."""
    if not answer.in_place or event.message is None:
        return False
    return event.message.flags.ephemeral or not _is_private(event, answer)


def _ticked(event: discord.Interaction, data: Mapping[str, Any]) -> list[str]:
    """The boxes that were ticked in the list when it was shown."""
    for row in event.message.components if event.message else ():
        for part in getattr(row, "children", ()):
            if isinstance(part, discord.SelectMenu) and part.custom_id == data["custom_id"]:
                return [option.value for option in part.options if option.default]
    return []


def _by_field(entry: Entry, given: Mapping[str, Mapping[str, Any]], data: Mapping[str, Any]) -> dict[str, str]:
    values = options(given, data.get("resolved") or {})
    return {entry.options[name].name: value for name, value in values.items() if name in entry.options}
