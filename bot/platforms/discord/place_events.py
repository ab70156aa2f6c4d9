"""What happens on servers to the places that letters go to: the bot is sent away, a channel goes, a right comes back
(promise 41). What is taken away without a word from Discord is found by the next letter."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.platforms.discord.listening import Listener
from bot.platforms.discord.read import lacking
from club.people import Place


class Watch:
    """Tells the hub of places that close and open."""

    def __init__(self, ears: Listener) -> None:
        self._ears = ears

    def attach(self, client: discord.Client) -> None:
        """Hear what this client hears of servers."""
        for heard in (
            self.on_guild_join,
            self.on_guild_remove,
            self.on_guild_channel_create,
            self.on_guild_channel_delete,
            self.on_guild_channel_update,
            self.on_guild_role_update,
            self.on_member_update,
            self.on_thread_update,
            self.on_raw_thread_update,
            self.on_raw_thread_delete,
        ):
            client.event(heard)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Invited, for the first time or again."""
        await self._open(guild, _writable(guild.channels))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was sent away from a server."""
        for channel in guild.channels:
            await self._close(guild, _place(channel))

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """New, or shown to the bot again."""
        await self._open(channel.guild, _writable([channel]))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The channel is gone, with its threads."""
        await self._close(channel.guild, _place(channel))

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Its rights may have changed."""
        if not _may_write(before):
            await self._open(after.guild, _writable([after]))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role of the bot may have gained rights."""
        if before.permissions != after.permissions and after in after.guild.me.roles:
            await self._open(after.guild, _writable(after.guild.channels))

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """The bot may have got a role."""
        if after.id == self._ears.me and before.roles != after.roles:
            await self._open(after.guild, _writable(after.guild.channels))

    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """A thread may have been unlocked."""
        if (before.archived or before.locked) and not (after.archived or after.locked):
            await self._open(after.guild, [Place("discord", str(after.parent_id), str(after.id))])

    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """A thread that the library does not know any more, since it was archived, may be open again."""
        closed = event.data["thread_metadata"]
        if event.thread is None and not (closed.get("archived") or closed.get("locked")):
            await self._open(event.guild_id, [Place("discord", str(event.parent_id), str(event.thread_id))])

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """The thread, or the post of a forum, is gone."""
        await self._close(event.guild_id, Place("discord", str(event.parent_id), str(event.thread_id)))

    async def _open(self, guild: discord.Guild | int, places: Iterable[Place]) -> None:
        if self._serves(guild):
            for place in places:
                await self._ears.hub.place_open(place)

    async def _close(self, guild: discord.Guild | int, place: Place) -> None:
        if self._serves(guild):
            await self._ears.hub.place_closed(place, "unreachable-gone")

    def _serves(self, guild: discord.Guild | int) -> bool:
        return self._ears.serves(guild if isinstance(guild, int) else guild.id)


def _place(channel: discord.abc.GuildChannel) -> Place:
    return Place("discord", str(channel.id))


def _writable(channels: Iterable[discord.abc.GuildChannel]) -> list[Place]:
    return [_place(channel) for channel in channels if _may_write(channel)]


def _may_write(channel: discord.abc.GuildChannel) -> bool:
    return not lacking(channel.permissions_for(channel.guild.me), channel)
