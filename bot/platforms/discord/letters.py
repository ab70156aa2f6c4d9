"""What the hub says by itself on Discord: letters in channels, threads, posts of forums and private talks; their edits.
A try whose answer was lost shows nothing twice: messages bear a nonce, the posts of forums are looked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b
from typing import Any

import discord

from bot.platforms.base import WHOLE, Malformed, Parts, TryLater, Unreachable
from bot.platforms.discord.calls import UNKNOWN_MESSAGE, Call, Refusal, meaning
from bot.platforms.discord.show import EPHEMERAL, HOOK, Body, forum_post, show
from bot.platforms.text import in_words
from club.dialogue import Message
from club.people import Place
from club.texts import Texts

log = logging.getLogger(__name__)

NONCE = 25  # characters
FORUMS = {15, 16}  # types of channels that hold posts and no messages
LOOKED_BACK = timedelta(days=2)  # a letter is tried for one
MOST_FOLLOWED = 500
IN_WORDS = "0+"  # before the reference of parts that left without what the message carries
UNKNOWN_YET = 5.0  # seconds until the connection may have told what a channel is


class Letters:
    """Sends and edits. `known` gives a channel that the connection told of, None for others."""

    def __init__(self, call: Call, texts: Texts, known: Callable[[int], object]) -> None:
        self._call = call
        self._texts = texts
        self._known = known
        self._talks: dict[str, str] = {}  # channels of private talks, by person
        self._followed: dict[str, int] = {}  # parts said below an answer that was replaced, by answer and text

    async def send(self, place: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        """Show it there; the reference is the numbers of its messages, joined by « + »."""
        left = parts.sent
        mark = ""

        async def note(count: int, ref: str) -> None:
            nonlocal left
            left = count
            await parts.note(count, f"{mark}{ref}")

        if parts.ref.startswith(IN_WORDS):  # refused when the first part left
            parts, mark = replace(parts, ref=parts.ref.removeprefix(IN_WORDS)), IN_WORDS
            message = in_words(message, self._texts)
        try:
            return await self._send(place, message, key, replace(parts, note=note))
        except (Malformed, Unreachable) as refused:
            if left or not message.attachments:
                raise
            log.warning("attachments refused", extra={"why": refused.why})
        mark = IN_WORDS
        return await self._send(place, in_words(message, self._texts), key, replace(parts, note=note))

    async def _send(self, place: Place, message: Message, key: str, parts: Parts) -> str:
        channel = await self._channel(place)
        known = self._known(int(channel))
        bodies = show(message, self._texts)
        refs = parts.ref.split("+") if parts.ref else []
        for at, body in enumerate(bodies):
            if at < parts.sent:
                continue
            if isinstance(known, discord.ForumChannel):
                # The first part is the post, which bears its number; the others are said in it.
                if at == 0:
                    refs.append(await self._open_post(known, message, body, doubt=parts.doubt))
                    await parts.note(at + 1, "+".join(refs))
                    continue
                channel, known = refs[0], None
            posted = await self._say(f"/channels/{channel}/messages", {**body, **_once(key, at)})
            refs.append(posted["id"])
            if at + 1 < len(bodies):
                await parts.note(at + 1, "+".join(refs))
        if isinstance(known, discord.TextChannel) and known.is_news():
            await self._announce(channel, refs)
        return "+".join(refs)

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Show it instead; parts too many go, further ones follow. What answered an interaction can be changed for a
        quarter of an hour, through it."""
        try:
            await self._edit(place, ref, message)
        except (Malformed, Unreachable) as refused:
            if not message.attachments:
                raise
            log.warning("attachments refused", extra={"why": refused.why})
            await self._edit(place, ref, in_words(message, self._texts))

    async def _edit(self, place: Place, ref: str, message: Message) -> None:
        if ref.startswith(HOOK):
            await self._change_answer(ref.removeprefix(HOOK), message)
            return
        refs = ref.split("+")
        if not all(one.isascii() and one.isdecimal() for one in refs):
            raise Malformed("no such message")
        channel = await self._channel(place)
        if isinstance(self._known(int(channel)), discord.ForumChannel):
            channel = refs[0]
        bodies = show(message, self._texts)
        for at, body in enumerate(bodies):
            if at < len(refs):
                body = {"attachments": [], **body}  # what it carried goes, or it would stay
                await self._say(f"/channels/{channel}/messages/{refs[at]}", body, "PATCH")
            else:
                once = _once(f"{ref} {body['content']}", at)
                await self._say(f"/channels/{channel}/messages", {**body, **once})
        for surplus in refs[len(bodies) :]:
            await self._say(f"/channels/{channel}/messages/{surplus}", None, "DELETE")

    async def _change_answer(self, hook: str, message: Message) -> None:
        first, *more = show(message, self._texts)
        await self._through(hook, "PATCH", "/messages/@original", {"attachments": [], **first})
        # Discord knows no nonce here: what left, or may have, is noted, so that another try says only the rest.
        name = blake2b(f"{hook} {message.to_json()}".encode(), digest_size=12).hexdigest()
        for at, body in enumerate(more):
            if at < self._followed.get(name, 0):
                continue
            flags = body["flags"] | (EPHEMERAL if message.private else 0)
            try:
                await self._through(hook, "POST", "", {**body, "flags": flags})
            except TryLater as lost:
                if not lost.doubt:
                    raise
                log.warning("part not said again", extra={"part": at + 2})
            self._followed[name] = at + 1
        while len(self._followed) > MOST_FOLLOWED:
            self._followed.pop(next(iter(self._followed)))

    async def _through(self, hook: str, method: str, path: str, body: Body) -> None:
        try:
            await self._call(method, f"/webhooks/{hook}{path}", body)
        except Refusal as refused:
            # Its token is too old, or the answer was closed; a gate before Discord (-1) says nothing of it.
            if refused.status in (401, 403, 404) and refused.code != -1:
                raise Malformed("the interaction is over") from refused
            raise meaning(refused) from refused

    async def _channel(self, place: Place) -> str:
        """The channel's number there; a private talk is opened by its person's number."""
        ident = place.thread or place.id
        if not (ident.isascii() and ident.isdecimal() and len(ident) <= 20):
            raise Unreachable("unreachable-gone")
        if place.thread or self._known(int(ident)):
            return ident
        if ident not in self._talks:
            try:
                opened = await self._call("POST", "/users/@me/channels", {"recipient_id": ident})
            except Refusal as refused:
                if refused.status in (400, 404) and refused.code != 40003:
                    await self._must_take_messages(ident)
                    return ident  # nobody bears that number: a channel that is not known yet, or is gone
                raise meaning(refused) from refused
            self._talks[ident] = str(opened["id"])
        return self._talks[ident]

    async def _must_take_messages(self, ident: str) -> None:
        """A forum does not; its tags come with the connection, which is waited for."""
        if (await self._say(f"/channels/{ident}", None, "GET"))["type"] in FORUMS:
            raise TryLater(UNKNOWN_YET)

    async def _say(self, path: str, body: Body | None, method: str = "POST") -> Any:
        try:
            return await self._call(method, path, body)
        except Refusal as refused:
            if refused.code == UNKNOWN_MESSAGE:
                raise Malformed("no such message") from refused
            raise meaning(refused) from refused

    # Forums

    async def _open_post(self, forum: discord.ForumChannel, message: Message, body: Body, *, doubt: bool) -> str:
        tags = [(str(tag.id), tag.name) for tag in forum.available_tags if not tag.moderated]
        post = forum_post(message, body, tags, must=forum.flags.require_tag, texts=self._texts)
        found = await self._find_post(forum, post) if doubt else ""
        return found or str((await self._say(f"/channels/{forum.id}/threads", post))["id"])

    async def _find_post(self, forum: discord.ForumChannel, post: Body) -> str:
        """The number of this post when it was opened all the same; "" when it was not, or may not be looked for."""
        since = discord.utils.utcnow() - LOOKED_BACK
        try:
            active = await self._call("GET", f"/guilds/{forum.guild.id}/threads/active")
            for one in active["threads"]:
                ident, ours = one["id"], one.get("owner_id") == str(forum.guild.me.id)
                same = ours and one.get("parent_id") == str(forum.id) and one.get("name") == post["name"]
                if not same or discord.utils.snowflake_time(int(ident)) < since:
                    continue
                first = await self._call("GET", f"/channels/{ident}/messages/{ident}")
                if first["content"].strip() == post["message"]["content"].strip():
                    return str(ident)
        except Refusal as refused:
            if refused.passing:
                raise meaning(refused) from refused
            log.warning("post not looked for", extra={"status": refused.status, "code": refused.code})
        return ""

    # Announcements

    async def _announce(self, channel: str, refs: Sequence[str]) -> None:
        """What is posted in an announcement channel goes to those who follow it; only ten an hour may."""
        for ref in refs:
            try:
                await self._call("POST", f"/channels/{channel}/messages/{ref}/crosspost")
            except Refusal as refused:
                log.warning("not announced", extra={"status": refused.status, "code": refused.code})


def _once(key: str, part: int) -> Body:
    """The name under which Discord knows this part again, for some minutes."""
    nonce = key if part == 0 else blake2b(f"{key}.{part}".encode(), digest_size=12).hexdigest()
    return {"nonce": nonce[:NONCE], "enforce_nonce": True}
