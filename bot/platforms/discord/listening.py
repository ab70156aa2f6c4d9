"""What hearing on Discord needs, whatever was heard: whom to ask, with which rights, and the work under way."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import discord

from bot.platforms.base import Answer, Services, Suggest, no_suggestion
from bot.platforms.discord.answers import Insistence
from bot.platforms.discord.calls import Call
from bot.platforms.discord.members import Members
from bot.platforms.discord.menu import Menu
from bot.platforms.discord.read import lacking
from club.dialogue import Message, Request
from club.people import Role
from club.texts import Texts

log = logging.getLogger(__name__)


@dataclass
class Listener:
    """`me` is the bot's own id once known; `guild` the one server that is served, "" = all; `roles` maps ids of roles
    of the server to the hub's."""

    call: Call
    texts: Texts
    guild: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    hub: Services = field(default_factory=Services)
    suggest: Suggest = no_suggestion
    menu: Menu = field(default_factory=lambda: Menu(()))
    answer: Answer | None = None
    me: int = 0
    _work: set[asyncio.Task[None]] = field(default_factory=set)
    _members: Members = field(init=False)

    def __post_init__(self) -> None:
        self._members = Members(self.call, self.guild, self.roles)

    @property
    def insist(self) -> Insistence:
        """What says again what was not heard."""
        return Insistence(self.call, self.hub)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """The work on its own, until it ends."""
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task

    async def end(self, within: float) -> None:
        """Let answers on their way arrive; cut those that take longer."""
        under_way = tuple(self._work)
        if under_way:
            await asyncio.wait(under_way, timeout=within)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def ask(self, requests: Sequence[Request]) -> Message | None:
        """The answer to the last of them; the router answers for its own faults, this is the last net."""
        shown: Message | None = None
        try:
            for request in requests:
                shown = await self.answer(await self.lent(request)) if self.answer else None
        except Exception:
            reference = secrets.token_hex(3)
            log.exception("answer failed", extra={"reference": reference})
            return Message(self.texts.lines("discord-failed", reference=reference), private=True)
        return shown

    def serves(self, guild: int | None) -> bool:
        """Whether this server, or a private talk, is heard."""
        return guild is None or not self.guild or str(guild) == self.guild

    def missing(self, rights: discord.Permissions, channel: object) -> tuple[str, ...]:
        """What the bot would need to write there, in words."""
        return tuple(self.texts.plain(key) for key in lacking(rights, channel))

    def granted(self, user: discord.User | discord.Member) -> Role:
        """The role that the configuration maps the person's own ones to; read at each event of a server."""
        return self._members.mapped(str(role.id) for role in getattr(user, "roles", ()))

    async def lent(self, request: Request) -> Request:
        """The same, with what the person's roles on the served server are worth in private too."""
        return replace(request, granted=await self._members.role(request.person.id)) if request.private else request
