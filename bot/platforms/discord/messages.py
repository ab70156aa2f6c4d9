"""Words on Discord: said in private, or to the bot in a channel. What only their person may see waits behind a button,
since a channel shows everyone what answers a message."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.platforms.discord.calls import Refusal
from bot.platforms.discord.listening import Listener
from bot.platforms.discord.read import FILE, may_manage, place_of, spoken
from bot.platforms.discord.show import PRIMARY, READ, ROW, Body, button, show, ways
from club.dialogue import Message, Request
from club.people import Person

log = logging.getLogger(__name__)

TURN = 2.0  # seconds that a person's words wait for the answer to their previous ones
KEPT = 15 * 60  # seconds that an answer waits to be read by its person
MOST_KEPT = 500
ANSWER = 60.0  # seconds in which an answer is worth trying again
_NO_HISTORY = 160002  # one may not reply without the right to read what was said before


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer for the eyes of one person, until an instant of the monotonic clock."""

    message: Message
    until: float


class MessageHandler:
    """Hears messages and answers them."""

    def __init__(self, ears: Listener) -> None:
        self._ears = ears
        self._last: dict[int, asyncio.Task[None]] = {}  # what each person said last
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()  # by the number of what was said

    def hear(self, message: discord.Message) -> None:
        """Answer it in its own time; each person's words in their order."""
        if not self._is_for_us(message):
            return
        person = message.author.id
        task = self._ears.start(self._reply(message, self._last.get(person)))
        self._last[person] = task
        task.add_done_callback(lambda _: self._forget(person, task))

    def _forget(self, person: int, task: asyncio.Task[None]) -> None:
        if self._last.get(person) is task:
            del self._last[person]

    def _is_for_us(self, message: discord.Message) -> bool:
        """Bots, channels' own posts and forwarded words have no voice here (promise 35)."""
        server = message.guild.id if message.guild else None
        if message.author.bot or message.webhook_id or not self._ears.serves(server):
            return False
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return False
        return message.guild is None or any(one.id == self._ears.me for one in message.mentions)

    async def _reply(self, message: discord.Message, before: asyncio.Task[None] | None) -> None:
        if before and not before.done():
            # An answer that never comes must not silence a person for ever.
            await asyncio.wait({before}, timeout=TURN)
        answer = await self._ears.ask([self._request(message)])
        if answer is None:
            return
        try:
            if message.guild is not None and answer.private:
                await self._keep(message, answer)
            else:
                refs = await self._post_at_all(message, answer)
                if answer.shown:
                    await answer.shown(place_of(message.channel, message.author.id), "+".join(refs))
        except Refusal as refused:
            log.warning("answer not shown", extra={"status": refused.status, "code": refused.code})

    def _request(self, message: discord.Message) -> Request:
        user, channel, server = message.author, message.channel, message.guild
        rights = mine = discord.Permissions.none()
        if server is not None and isinstance(user, discord.Member) and hasattr(channel, "permissions_for"):
            rights, mine = channel.permissions_for(user), channel.permissions_for(server.me)
        words, named = spoken(message.content, self._ears.me)
        return Request(
            person=Person("discord", str(user.id), user.display_name),
            place=place_of(channel, user.id),
            words=words,
            files=tuple(f"{FILE}{one.url}" for one in message.attachments),
            private=server is None,
            named=named and server is not None,
            may_manage=server is not None and may_manage(rights),
            missing_rights=self._ears.missing(mine, channel) if server else (),
            granted=self._ears.granted(user),
            update=str(message.id),
        )

    async def _post_at_all(self, message: discord.Message, answer: Message) -> list[str]:
        """As it is drawn, else without what it carries, else as plain text (promise 28); the ids of its parts."""
        *first, last = ways(answer, self._ears.texts)
        for way in first:
            try:
                return await self._post(message, show(way, self._ears.texts))
            except Refusal as refused:
                if not refused.bars(way):
                    raise
                log.warning("answer shown otherwise", extra={"why": refused.why})
        return await self._post(message, show(last, self._ears.texts))

    async def _post(self, message: discord.Message, bodies: Sequence[Body]) -> list[str]:
        """An answer in the channel, below what was said; the ids of its parts."""
        refs = []
        for place, body in enumerate(bodies):
            body = {**body, "nonce": f"r{message.id}.{place}", "enforce_nonce": True}
            if message.guild is not None and not place:
                body["message_reference"] = {"message_id": str(message.id), "fail_if_not_exists": False}
            refs.append(str((await self._say(f"/channels/{message.channel.id}/messages", body))["id"]))
        return refs

    async def _say(self, path: str, body: Body) -> Any:
        until = time.monotonic() + ANSWER
        try:
            return await self._ears.insist("POST", path, body, until=until, paced=True)
        except Refusal as refused:
            if refused.code != _NO_HISTORY:
                raise
            body = {key: value for key, value in body.items() if key != "message_reference"}
            return await self._ears.insist("POST", path, body, until=until, paced=True)

    # Answers that wait to be read

    async def _keep(self, message: discord.Message, answer: Message) -> None:
        now = time.monotonic()
        self._waiting[str(message.id)] = Waiting(answer, now + KEPT)
        while len(self._waiting) > MOST_KEPT or next(iter(self._waiting.values())).until < now:
            self._waiting.popitem(last=False)
        texts = self._ears.texts
        [body] = show(Message(texts.lines("discord-answer-waits")), texts)
        read = button(f"{READ}{message.author.id}:{message.id}", texts.plain("discord-read"), PRIMARY)
        await self._post(message, [{**body, "components": [{"type": ROW, "components": [read]}]}])

    def take(self, said: str) -> Message:
        """The answer that waited, once; words that tell so when it is no longer there."""
        kept = self._waiting.pop(said, None)
        if kept is None or kept.until < time.monotonic():
            return Message(self._ears.texts.lines("discord-read-gone"))
        return kept.message
