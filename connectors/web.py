"""The one site that the hub opens to browsers, watchers and webhooks: only what is mounted is there.

Each connection carries one request; whoever takes ten seconds to ask it is cut off (promises 55, 59).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

log = logging.getLogger(__name__)

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_SILENT = logging.getLogger("aiohttp.access")  # no line a visit: promise 70 keeps no addresses
_ASK_WITHIN = 10.0  # seconds
_LINGER = 1.0  # seconds that what nobody reads may still come, so that the answer is not lost
_STOP = 1.0  # seconds that answers on their way have when closing

SAFE = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "ecohub",
}


class Site:
    """Listens on one address. What is mounted is served as (method, path) from that moment, until it is taken off."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._mounted: dict[tuple[str, str], Answer] = {}
        self._talks: web.Server | None = None
        self._socket: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; OSError when the port is taken. With port 0, `port` is then the one that was free."""
        loop = asyncio.get_running_loop()
        talks = self._talks = web.Server(self._answer)

        def talk() -> asyncio.Protocol:
            return _Talk(talks, loop=loop, access_log=_SILENT, lingering_time=_LINGER)

        self._socket = await loop.create_server(talk, self.host, self.port)
        self.port = self._socket.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Listen no more; answers on their way may end."""
        if self._socket is not None and self._talks is not None:
            self._socket.close()
            self._talks.pre_shutdown()
            await self._talks.shutdown(_STOP)

    def mount(self, method: str, path: str, answer: Answer) -> Callable[[], None]:
        """Serve this, and how to take it off again."""
        at = (method, path)
        if at in self._mounted:
            raise ValueError(f"{method} {path} is served already")
        self._mounted[at] = answer

        def take_off() -> None:
            self._mounted.pop(at, None)

        return take_off

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if isinstance(request.protocol, _Talk):
            request.protocol.has_asked = True
        method = "GET" if request.method == "HEAD" else request.method
        answer = self._mounted.get((method, request.path))
        if answer is None:
            known = any(path == request.path for _, path in self._mounted)
            response: web.StreamResponse = short(HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND)
        else:
            response = await _answered(answer, request)
        response.headers.update({name: value for name, value in SAFE.items() if name not in response.headers})
        response.force_close()
        return response


async def _answered(answer: Answer, request: web.BaseRequest) -> web.StreamResponse:
    try:
        return await answer(request)
    except web.HTTPException as refused:  # a body that is too big
        return short(HTTPStatus(refused.status))


class _Talk(web.RequestHandler):
    """aiohttp's own talk with one client, for one request, with our own words for what cannot be read."""

    __slots__ = ("has_asked",)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        self.has_asked = False
        super().connection_made(transport)
        asyncio.get_running_loop().call_later(_ASK_WITHIN, self._hurry)

    def _hurry(self) -> None:
        if not self.has_asked:
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A request that is none, or a fault of ours; either is said without detail."""
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request failed", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun")
        response = short(HTTPStatus(status))
        response.headers.update(SAFE)
        response.force_close()
        return response


def short(status: HTTPStatus) -> web.Response:
    """The status in its own words and nothing more: the same for every path."""
    return web.Response(status=status, text=f"{status.value} {status.phrase}\n")
