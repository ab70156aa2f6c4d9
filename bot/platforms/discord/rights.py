"""What the bot may do in each configured place, asked of Discord without listening: the lines of `ecohub check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.platforms.base import Finding
from bot.platforms.discord.calls import Call, Refusal
from club.people import Place
from club.texts import Texts

Said = Mapping[str, Any]

# What the bot asks for when it is invited, and no more: what letters and answers need, then what it can do without.
NEEDED = discord.Permissions(view_channel=True, send_messages=True, send_messages_in_threads=True)
OPTIONAL = discord.Permissions(read_message_history=True, attach_files=True, create_events=True)
ASKED = NEEDED | OPTIONAL
FORUM, THREADS = 15, (10, 11, 12)


async def examine(call: Call, places: Sequence[tuple[Place, str]], guild: str, texts: Texts) -> list[Finding]:
    """A line for the token, one or two for each place and each server."""
    try:
        me = await call("GET", "/users/@me")
    except Refusal as refused:
        return [Finding(False, "discord-check-token" if refused.status == 401 else "discord-check-away")]
    found = [Finding(True, "discord-check-token-good", {"name": str(me["username"])})]
    look = Look(call, str(me["id"]), texts)
    try:
        if guild:
            found += await look.at_server(guild)
    except Refusal:
        pass  # no answer says nothing
    for place, name in places:
        try:
            found += await look.at_place(place, name)
        except Refusal:
            found.append(Finding(False, "discord-check-unsure", {"place": str(place), "name": name}))
    return found


def invitation(application: object) -> str:
    """The address that invites the bot with the rights it asks for."""
    scopes = "scope=bot+applications.commands"
    return f"https://discord.com/oauth2/authorize?client_id={application}&{scopes}&permissions={ASKED.value}"


class Look:
    """What Discord says of servers and channels; each server is asked about once."""

    def __init__(self, call: Call, me: str, texts: Texts) -> None:
        self._call = call
        self._me = me
        self._texts = texts
        self._servers: dict[str, tuple[Said, Said] | None] = {}

    async def at_server(self, ident: str) -> list[Finding]:
        """Whether the bot is there, and what it may not do there as a whole."""
        values = {"guild": ident, "invitation": invitation(self._me)}
        server = await self._server(ident)
        if server is None:
            return [Finding(False, "discord-check-server", values)]
        if rights(*server, {}).create_events:
            return []
        return [Finding(True, "discord-check-events", {**values, "guild": str(server[0]["name"])}, note=True)]

    async def at_place(self, place: Place, name: str) -> list[Finding]:
        """Whether the bot can write there; what it will have to do without."""
        channel = await self._ask(f"/channels/{place.thread or place.id}")
        if channel is None:
            return [Finding(False, "discord-check-channel", {"place": str(place), "name": name})]
        said: dict[str, object] = {"place": str(place), "name": str(channel.get("name") or name)}
        if not channel.get("guild_id"):
            return [Finding(True, "discord-check-good", said)]
        server = await self._server(channel["guild_id"])
        is_thread = channel["type"] in THREADS
        where = await self._ask(f"/channels/{channel['parent_id']}") if is_thread else channel
        if server is None or where is None:
            return [Finding(False, "discord-check-channel", said)]
        held = rights(*server, where)
        missing = missing_rights(held, int(channel["type"]))
        if missing:
            return [Finding(False, "discord-check-rights", said | {"rights": self._named(missing)})]
        if is_thread and channel.get("thread_metadata", {}).get("locked") and not held.manage_threads:
            return [Finding(False, "discord-check-locked", said)]
        spared = [key for key, there in _spared(held).items() if not there]
        notes = [Finding(True, "discord-check-without", said | {"rights": self._named(spared)}, note=True)]
        return [Finding(True, "discord-check-good", said), *(notes if spared else ())]

    def _named(self, keys: Sequence[str]) -> str:
        return " ; ".join(map(self._texts.plain, keys))

    async def _server(self, ident: str) -> tuple[Said, Said] | None:
        """The server and the bot as its member; None when it is not there."""
        if ident not in self._servers:
            guild, member = await self._ask(f"/guilds/{ident}"), await self._ask(f"/guilds/{ident}/members/{self._me}")
            self._servers[ident] = None if guild is None or member is None else (guild, member)
        return self._servers[ident]

    async def _ask(self, path: str) -> Said | None:
        """What is there, None when Discord hides it from the bot. Refusal when it says neither."""
        try:
            found: Said = await self._call("GET", path)
        except Refusal as refused:
            if refused.status in (400, 403, 404):
                return None
            raise
        return found


def rights(guild: Said, member: Said, channel: Said) -> discord.Permissions:
    """What a member may do in a channel (topics/permissions, permission overwrites)."""
    borne = {*member.get("roles", ()), guild["id"]}
    held = discord.Permissions(0)
    for role in guild.get("roles", ()):
        if role["id"] in borne:
            held.value |= int(role["permissions"])
    if held.administrator or guild.get("owner_id") == member["user"]["id"]:
        return discord.Permissions.all()
    over = {one["id"]: one for one in channel.get("permission_overwrites", ())}
    everyone, own = over.get(guild["id"]), over.get(member["user"]["id"])
    of_roles = [over[ident] for ident in borne - {guild["id"]} if ident in over]
    for layer in ([everyone] if everyone else [], of_roles, [own] if own else []):
        for one in layer:
            held.value &= ~int(one["deny"])
        for one in layer:
            held.value |= int(one["allow"])
    return held


def missing_rights(held: discord.Permissions, kind: int) -> list[str]:
    """What is missing to write in a channel of that kind, as keys of texts."""
    needed = {
        "discord-right-view-channel": held.view_channel,
        "discord-right-send-messages": held.send_messages or kind in (FORUM, *THREADS),
        "discord-right-create-posts": held.send_messages or kind != FORUM,
        "discord-right-send-messages-in-threads": held.send_messages_in_threads or kind not in (FORUM, *THREADS),
    }
    return [key for key, there in needed.items() if not there]


def _spared(held: discord.Permissions) -> dict[str, bool]:
    return {
        "discord-without-read-message-history": held.read_message_history,
        "discord-without-attach-files": held.attach_files,
    }
