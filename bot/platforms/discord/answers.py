"""Answers that somebody waits for, insisted on: an interaction's first one while its three seconds last, the rest while
its token is worth something. Nothing is shown twice."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import discord

from bot.platforms.base import Services
from bot.platforms.discord.calls import ALREADY_ANSWERED, UNKNOWN_MESSAGE, Call, Refusal
from bot.platforms.discord.show import EPHEMERAL, Body, quiet

log = logging.getLogger(__name__)

# What an interaction may be answered with (interactions/receiving-and-responding).
SAY, WAIT, WAIT_HERE, REPLACE, SUGGEST, OPEN = 4, 5, 6, 7, 8, 9

ACKNOWLEDGE = 3.0  # seconds that an interaction waits for its first answer
TOKEN = 15 * 60.0  # seconds that its token is worth
FIRST_TRY = 1.0  # seconds for a try of the first answer: one that hangs leaves time for another
AGAIN = (0.2, 60.0)  # seconds between tries: at first, at most


class Insistence:
    """Calls tried again until an instant of the monotonic clock."""

    def __init__(self, call: Call, hub: Services) -> None:
        self._call = call
        self._hub = hub

    async def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        until: float,
        each: float = TOKEN,
        done: int = 0,
        twice: bool = True,
        paced: bool = False,
    ) -> Any:
        """The answer; None when a try whose answer was lost had been carried out, which the code `done` tells.

        `each`: seconds for a try. `twice`: saying it again shows it once, so a lost answer is asked for anew; without
        that, only what was certainly not heard is said again. `paced`: it keeps the network's pace.
        """
        wait, doubt = AGAIN[0], False
        while True:
            try:
                if paced:
                    await self._hub.turn()
                async with asyncio.timeout(min(each, until - time.monotonic())):
                    return await self._call(method, path, body)
            except TimeoutError:
                refused = Refusal(0, why="slow", lost=True)
            except Refusal as no:
                refused = no
            if doubt and done and refused.code == done:
                return None
            doubt = doubt or refused.doubtful
            if refused.everywhere:
                await self._hub.hold(refused.after)
            pause = max(wait, refused.after)
            late = time.monotonic() + pause >= until
            if not refused.passing or late or (refused.doubtful and not twice):
                raise refused
            await asyncio.sleep(pause)
            wait = min(wait * 2, AGAIN[1])


class Reply:
    """The answers to one interaction, from the moment it was heard."""

    def __init__(self, event: discord.Interaction, insist: Insistence) -> None:
        self.event = event
        self._insist = insist
        self._heard = time.monotonic()
        self._hook = f"/webhooks/{event.application_id}/{event.token}"

    async def first(self, kind: int, data: Body | None = None) -> None:
        """What acknowledges it. Raises Refusal."""
        body: Body = {"type": kind}
        if kind == REPLACE and data is not None:
            data = {"attachments": [], **data}  # what it carried goes, or it would stay
        if data is not None:
            # A window and suggestions show no text that could mention anybody.
            body["data"] = data if kind in (OPEN, SUGGEST) else {**quiet(), **data}
        path = f"/interactions/{self.event.id}/{self.event.token}/callback"
        until = self._heard + ACKNOWLEDGE
        await self._insist("POST", path, body, until=until, each=FIRST_TRY, done=ALREADY_ANSWERED)

    async def amend(self, body: Body) -> None:
        """What stands in place of the first one. Raises Refusal."""
        body = {"attachments": [], **body}
        await self._insist("PATCH", f"{self._hook}/messages/@original", body, until=self._heard + TOKEN)

    async def withdraw(self) -> None:
        """Nothing instead of the first one. Raises Refusal."""
        path = f"{self._hook}/messages/@original"
        await self._insist("DELETE", path, until=self._heard + TOKEN, done=UNKNOWN_MESSAGE)

    async def follow(self, bodies: Sequence[Body], *, private: bool, start: int = 1) -> None:
        """What comes below, in order, for this person's eyes when `private`. Raises Refusal.

        Discord knows again what a private talk was told. On a server only the token reaches one pair of eyes, and has
        no such memory: what may have been heard there is not said again.
        """
        for place, body in enumerate(bodies, start):
            if self.event.guild_id is None:
                body = {**body, "nonce": f"i{self.event.id}.{place}", "enforce_nonce": True}
                path = f"/channels/{self.event.channel_id}/messages"
                await self._insist("POST", path, body, until=self._heard + TOKEN, paced=True)
            else:
                body = {**body, "flags": body["flags"] | (EPHEMERAL if private else 0)}
                await self._insist("POST", self._hook, body, until=self._heard + TOKEN, twice=False)
