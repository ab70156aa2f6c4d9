"""Whether the hub does its work, for those who watch it from outside (promises 61, 85). Time here is monotonic: a clock
that jumps makes nobody ill."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from aiohttp import web

from connectors.web import Answer

HEALTH = "/sante"  # where that is told
DEAF = timedelta(minutes=2)  # a network that has not listened for so long


class Liveness:
    """`closed` are the networks that do not listen now; `every` is how often a pass over the sources is due."""

    def __init__(
        self, closed: Mapping[str, object], every: timedelta, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._closed = closed
        self._every = every
        self._clock = clock
        self._passed_at = clock()
        self._deaf_since: dict[str, float] = {}

    def passed(self) -> None:
        """A pass over the sources ended, and not all of them fail."""
        self._passed_at = self._clock()

    def look(self) -> None:
        """To be called every few seconds: notes which networks do not listen, and since when."""
        now = self._clock()
        self._deaf_since = {name: self._deaf_since.get(name, now) for name in self._closed}

    @property
    def is_ready(self) -> bool:
        """False when a network has been deaf for two minutes, or no pass ended well for twice its interval."""
        self.look()
        now = self._clock()
        late = now - self._passed_at > 2 * self._every.total_seconds()
        deaf = any(now - since >= DEAF.total_seconds() for since in self._deaf_since.values())
        return not (late or deaf)


def teller(pulse: Liveness) -> Answer:
    """Answers `/sante`: 200 when ready, 503 when not, and why for nobody."""

    async def answer(_: web.Request) -> web.Response:
        is_ready = pulse.is_ready
        return web.json_response({"alive": True, "ready": is_ready}, status=200 if is_ready else 503)

    return answer


def health_url(web: tuple[str, int]) -> str:
    """The address of `/sante` on this host and port."""
    host, port = web
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{HEALTH}"
