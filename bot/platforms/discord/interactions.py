"""What is pressed, called and filled on Discord, answered: acknowledged within three seconds whatever the load. Rights
of person and bot come with each event."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import discord

from bot.platforms.discord.answers import OPEN, REPLACE, SAY, SUGGEST, WAIT, WAIT_HERE, Reply
from bot.platforms.discord.calls import OVER, UNKNOWN_MESSAGE, Refusal
from bot.platforms.discord.listening import Listener
from bot.platforms.discord.menu import MenuEntry, matching
from bot.platforms.discord.messages import MessageHandler
from bot.platforms.discord.read import Pressed, filled, may_manage, options, place_of, pressed
from bot.platforms.discord.show import EPHEMERAL, HOOK, modal, show, suggestions, ways
from club.dialogue import Kind, Message, Request
from club.people import Person

log = logging.getLogger(__name__)

# A window can be opened only as the first answer, and there are three seconds for it.
FIRST = 1.5


class InteractionHandler:
    """Hears interactions and answers them."""

    def __init__(self, ears: Listener, words: MessageHandler) -> None:
        self._ears = ears
        self._words = words

    async def hear(self, event: discord.Interaction) -> None:
        """Answer it; what Discord does not let us say is logged."""
        reply = Reply(event, self._ears.insist)
        try:
            await self._hear(reply)
        except Refusal as refused:
            if refused.code in OVER:
                log.info("answer came too late", extra={"code": refused.code})
            else:
                log.warning("answer not shown", extra={"status": refused.status, "code": refused.code})

    async def _hear(self, reply: Reply) -> None:
        event = reply.event
        data = cast("Mapping[str, Any]", event.data or {})
        if not self._ears.serves(event.guild_id):
            await self._refuse(reply, "discord-other-server")
        elif event.type is discord.InteractionType.autocomplete:
            await self._suggest(reply, data)
        elif event.type is discord.InteractionType.application_command:
            await self._answer(reply, [self._called(event, data)], opens=True)
        elif event.type is discord.InteractionType.modal_submit:
            form = filled(data)
            request = replace(self._request(event), token=form.token, values=form.values, partial=form.partial)
            await self._answer(reply, [request], opens=False)
        elif event.type is discord.InteractionType.component:
            await self._pressed(reply, pressed(data["custom_id"], data.get("values") or [], _ticked(event, data)))

    async def _pressed(self, reply: Reply, what: Pressed) -> None:
        if what.person:
            await self._read(reply, what)
            return
        if not what.tokens:  # a list left as it was
            await reply.first(WAIT_HERE)
            return
        request = self._request(reply.event)
        requests = [
            replace(request, token=token, update=f"{request.update}.{place}" if place else request.update)
            for place, token in enumerate(what.tokens)
        ]
        await self._answer(reply, requests, opens=True, fill=what.fill)

    async def _answer(self, reply: Reply, requests: Sequence[Request], *, opens: bool, fill: bool = False) -> None:
        """Ask, and show what comes: at once, in a window when it has a form, or after saying that it takes longer."""
        asking = asyncio.ensure_future(self._ears.ask(requests))
        done, _ = await asyncio.wait({asking}, timeout=FIRST)
        answer = asking.result() if done else None
        if not done or (answer is not None and answer.attachments):  # a file takes longer to be sent
            await self._wait(reply, asking)
            return
        if answer is None:
            await self._say_nothing(reply)
        elif not (opens and answer.form and (fill or not answer.in_place)):
            await self._at_all(self._show, reply, answer)
        else:
            try:
                await reply.first(OPEN, modal(answer.form, self._ears.texts))
            except Refusal as refused:
                if not refused.malformed:
                    raise
                log.warning("window refused", extra={"why": refused.why})
                await self._at_all(self._show, reply, answer)

    async def _at_all(self, show: Callable[[Reply, Message], Awaitable[None]], reply: Reply, answer: Message) -> None:
        """As it is drawn, else without what it carries, else as plain text (promise 28)."""
        *first, last = ways(answer, self._ears.texts)
        for way in first:
            try:
                await show(reply, way)
                return
            except Refusal as refused:
                if not refused.bars(way):
                    raise
                log.warning("answer shown otherwise", extra={"why": refused.why})
        await show(reply, last)

    async def _show(self, reply: Reply, answer: Message) -> None:
        private = _is_private(reply.event, answer)
        if _may_replace(reply.event, answer):
            first, *more = show(answer, self._ears.texts)
            try:
                await reply.first(REPLACE, first)
                await reply.follow(more, private=private)
                await _note_shown(reply.event, answer)
                return
            except Refusal as refused:
                if refused.code != UNKNOWN_MESSAGE:
                    raise
        # What was pressed may be gone meanwhile: the answer is said below.
        first, *more = show(answer, self._ears.texts, ephemeral=private)
        await reply.first(SAY, first)
        await reply.follow(more, private=private)
        await _note_shown(reply.event, answer)

    async def _wait(self, reply: Reply, asking: asyncio.Future[Message | None]) -> None:
        """Say that it takes longer; what is asked for is done even when that is not heard."""
        on_message = reply.event.message is not None
        try:
            if on_message:
                await reply.first(WAIT_HERE)
            else:
                private = not asking.done() or _is_private(reply.event, asking.result())
                await reply.first(WAIT, {"flags": EPHEMERAL if reply.event.guild_id and private else 0})
        except Refusal:
            await asking
            raise
        answer = await asking
        if answer is not None:
            await self._at_all(self._show_late, reply, answer)
        elif not on_message:
            await reply.withdraw()

    async def _show_late(self, reply: Reply, answer: Message) -> None:
        """No window any more: the question itself, with a button that opens it."""
        private = _is_private(reply.event, answer)
        if reply.event.message is None or _may_replace(reply.event, answer):
            first, *more = show(answer, self._ears.texts)
            try:
                await reply.amend(first)
                await reply.follow(more, private=private)
                await _note_shown(reply.event, answer)
                return
            except Refusal as refused:
                if refused.code != UNKNOWN_MESSAGE:
                    raise
        await reply.follow(show(answer, self._ears.texts), private=private, start=0)

    async def _say_nothing(self, reply: Reply) -> None:
        if reply.event.message is not None:
            await reply.first(WAIT_HERE)
            return
        await reply.first(WAIT, {"flags": EPHEMERAL})
        await reply.withdraw()

    async def _refuse(self, reply: Reply, key: str) -> None:
        if reply.event.type is discord.InteractionType.autocomplete:
            await reply.first(SUGGEST, suggestions(()))
            return
        on_server = reply.event.guild_id is not None
        [body] = show(Message(self._ears.texts.lines(key)), self._ears.texts, ephemeral=on_server)
        await reply.first(SAY, body)

    async def _suggest(self, reply: Reply, data: Mapping[str, Any]) -> None:
        entry, given = self._ears.menu.find(data)
        asked = next(((name, one) for name, one in given.items() if one.get("focused")), None)
        if entry is None or asked is None or asked[0] not in entry.options:
            await reply.first(SUGGEST, suggestions(()))
            return
        blank = entry.options[asked[0]]
        request = replace(self._request(reply.event), words=f"/{entry.command.name}", update="")
        try:
            async with asyncio.timeout(FIRST):
                choices = await self._ears.suggest(await self._ears.lent(request), blank.name)
        except Exception:  # what is typed is read all the same
            log.warning("no suggestion", exc_info=True)
            choices = ()
        found = matching(choices, str(asked[1].get("value", "")), several=blank.kind is Kind.CHOICES)
        await reply.first(SUGGEST, suggestions(found))

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

    async def _read(self, reply: Reply, what: Pressed) -> None:
        """The answer that waited for this person; then its notice goes."""
        event = reply.event
        if str(event.user.id) != what.person:
            await self._refuse(reply, "discord-not-yours")
            return
        await reply.first(WAIT, {"flags": EPHEMERAL})
        await self._at_all(self._reveal, reply, self._words.take(what.message))
        if event.message is None:
            return
        try:
            await self._ears.call("DELETE", f"/channels/{event.message.channel.id}/messages/{event.message.id}")
        except Refusal as refused:
            log.info("notice not removed", extra={"code": refused.code})

    async def _reveal(self, reply: Reply, answer: Message) -> None:
        first, *more = show(answer, self._ears.texts)
        await reply.amend(first)
        await reply.follow(more, private=True)
        await _note_shown(reply.event, answer)


async def _note_shown(event: discord.Interaction, answer: Message) -> None:
    """The answer can be changed through the interaction only, and while that lives."""
    if answer.shown:
        await answer.shown(place_of(event.channel, event.user.id), f"{HOOK}{event.application_id}/{event.token}")


def _is_private(event: discord.Interaction, answer: Message | None) -> bool:
    """For one pair of eyes only; in a private talk there are no others."""
    return event.guild_id is not None and answer is not None and answer.private


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


def _by_field(entry: MenuEntry, given: Mapping[str, Mapping[str, Any]], data: Mapping[str, Any]) -> dict[str, str]:
    values = options(given, data.get("resolved") or {})
    return {entry.options[name].name: value for name, value in values.items() if name in entry.options}
