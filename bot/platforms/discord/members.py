"""Which roles somebody bears on the server, for what they say elsewhere: asked of Discord, and known for a minute."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping

from bot.platforms.discord.calls import Call, Refusal
from club.people import Role

log = logging.getLogger(__name__)

KEPT = 60.0  # seconds that an answer is worth (promise 29)
WITHIN = 1.0  # seconds that an answer to a person may be held up by it
_MOST = 1000
_UNKNOWN_MEMBER = 10007


class Members:
    """The role that the configuration maps a person's own ones on the server to."""

    def __init__(
        self, call: Call, guild: str, roles: Mapping[str, Role], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._call = call
        self._guild = guild
        self._roles = roles
        self._clock = clock
        self._known: dict[str, tuple[float, Role]] = {}

    async def role(self, person: str) -> Role:
        """As it was at most a minute ago; none when Discord does not say it within a second. Never raises."""
        if not (self._guild and self._roles):
            return Role.VISITOR
        now = self._clock()
        since, known = self._known.get(person, (now - KEPT, Role.VISITOR))
        if now - since < KEPT:
            return known
        try:
            async with asyncio.timeout(WITHIN):
                member = await self._call("GET", f"/guilds/{self._guild}/members/{person}")
            found = self.mapped(map(str, member["roles"]))
        except (Refusal, TimeoutError, KeyError, TypeError) as away:
            if not (isinstance(away, Refusal) and away.code == _UNKNOWN_MEMBER):
                log.warning("roles not known", extra={"why": str(away) or type(away).__name__})
                return Role.VISITOR
            found = Role.VISITOR
        if len(self._known) >= _MOST:
            self._known = {one: kept for one, kept in self._known.items() if now - kept[0] < KEPT}
        self._known[person] = (now, found)
        return found

    def mapped(self, borne: Iterable[str]) -> Role:
        """The highest role that one of these gives."""
        return max((self._roles.get(ident, Role.VISITOR) for ident in borne), default=Role.VISITOR)
