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

# What the bot asks for when it is invited, and no more.
NEEDED = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, read_message_history=True
)
FORUM, THREADS = 15, (10, 11, 12)


async def examine(call: Call, places: Sequence[tuple[Place, str]], guild: str, texts: Texts) -> list[Finding]:
    """One line for the token, one for the server, one for each place."""
    try:
        me = await call("GET", "/users/@me")
    except Refusal as refused:
        return [Finding(False, "discord-check-token" if refused.status == 401 else "discord-check-away")]
    found = [Finding(True, "discord-check-token-good", {"name": str(me["username"])})]
    if guild and not await _is_there(call, guild):
        found.append(Finding(False, "discord-check-server", {"guild": guild, "invitation": invitation(me["id"])}))
    for place, name in places:
        try:
            found.append(await _examine(call, place, name, str(me["id"]), texts))
        except Refusal:
            found.append(Finding(False, "discord-check-unsure", {"place": str(place), "name": name}))
    return found


def invitation(application: object) -> str:
    """The address that invites the bot with the rights it needs."""
    scopes = "scope=bot+applications.commands"
    return f"https://discord.com/oauth2/authorize?client_id={application}&{scopes}&permissions={NEEDED.value}"


async def _examine(call: Call, place: Place, name: str, me: str, texts: Texts) -> Finding:
    channel = await _ask(call, f"/channels/{place.thread or place.id}")
    if channel is None:
        return Finding(False, "discord-check-channel", {"place": str(place), "name": name})
    said = {"place": str(place), "name": str(channel.get("name") or name)}
    if not channel.get("guild_id"):
        return Finding(True, "discord-check-good", said)
    server = f"/guilds/{channel['guild_id']}"
    guild, member = await _ask(call, server), await _ask(call, f"{server}/members/{me}")
    is_thread = channel["type"] in THREADS
    where = await _ask(call, f"/channels/{channel['parent_id']}") if is_thread else channel
    if guild is None or member is None or where is None:
        return Finding(False, "discord-check-channel", said)
    missing = missing_rights(rights(guild, member, where), int(channel["type"]))
    if not missing:
        return Finding(True, "discord-check-good", said)
    return Finding(False, "discord-check-rights", said | {"rights": ", ".join(map(texts.plain, missing))})


async def _is_there(call: Call, guild: str) -> bool:
    """False when Discord says that the bot is not on that server; no answer says nothing."""
    try:
        return await _ask(call, f"/guilds/{guild}") is not None
    except Refusal:
        return True


async def _ask(call: Call, path: str) -> Said | None:
    """What is there, None when Discord hides it from the bot. Refusal when it says neither."""
    try:
        found: Said = await call("GET", path)
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
        "discord-right-read-message-history": held.read_message_history,
    }
    return [key for key, there in needed.items() if not there]
