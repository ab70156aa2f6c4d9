"""The one site that the hub opens to browsers, watchers and webhooks: only what is mounted is there.

Each connection carries one request; whoever takes ten seconds to ask it, or to take the answer, is cut off
(promises 55, 59).
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import ETag, web

from connectors.outlets.sheet import Sheet

log = logging.getLogger(__name__)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 64 * 2**10  # bytes of a body
_SILENT = logging.getLogger("aiohttp.access")  # no line a visit: promise 70 keeps no addresses
_WITHIN = 10.0  # seconds to ask, then as many to take the answer
_LINGER = 1.0  # seconds that what nobody reads may still come, so that the answer is not lost
_STOP = 1.0  # seconds that answers on their way have when closing
_WORTH_PACKING = 512  # bytes: below, gzip gains nothing

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SAFE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "ecohub",
}


class Site:
    """Listens on one address. `mount` what is always there, before `open`; `attach` what comes and goes meanwhile."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._app = web.Application(client_max_size=LARGEST, middlewares=[self._route])
        self._attached: dict[tuple[str, str], Answer] = {}
        self._runner = web.AppRunner(self._app, shutdown_timeout=_STOP)
        self._socket: asyncio.Server | None = None

    def mount(self, path: str, answer: Answer) -> None:
        """Serve GET and HEAD of this path, which may hold parts: `/lettres/{name}`."""
        self._app.router.add_get(path, answer)

    def attach(self, method: str, path: str, answer: Answer) -> Callable[[], None]:
        """Serve this very path from now on, and how to end that."""
        at = (method, path)
        if at in self._attached:
            raise ValueError(f"{method} {path} is served already")
        self._attached[at] = answer

        def detach() -> None:
            self._attached.pop(at, None)

        return detach

    async def open(self) -> None:
        """Listen; OSError when the port is taken. With port 0, `port` is then the one that was free."""
        loop = asyncio.get_running_loop()
        await self._runner.setup()
        server = self._runner.server
        assert server is not None  # noqa: S101 — it was just set up

        def talk() -> asyncio.Protocol:
            return _Talk(server, loop=loop, access_log=_SILENT, lingering_time=_LINGER, auto_decompress=False)

        try:
            self._socket = await loop.create_server(talk, self.host, self.port)
        except OSError:
            await self._runner.cleanup()
            raise
        self.port = self._socket.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Listen no more; answers on their way may end."""
        if self._socket is not None:
            self._socket.close()
            await self._runner.cleanup()

    @web.middleware
    async def _route(self, request: web.Request, handler: Answer) -> web.StreamResponse:
        if isinstance(request.protocol, _Talk):
            request.protocol.asked = request
        answer = self._attached.get((request.method, request.path), handler)
        try:
            return await answer(request)
        except web.HTTPNotFound:
            if methods := [method for method, path in self._attached if path == request.path]:
                raise web.HTTPMethodNotAllowed(request.method, methods) from None
            raise


class _Talk(web.RequestHandler):
    """aiohttp's own talk with one client, for one request, in our own words and with our headers."""

    __slots__ = ("_limit", "_line", "asked")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        self.asked: web.Request | None = None
        self._line = transport
        self._limit = asyncio.get_running_loop().call_later(_WITHIN, self._end_asking)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """It left, or was cut off."""
        self._limit.cancel()
        super().connection_lost(exc)

    def _end_asking(self) -> None:
        if self.asked is None or not self.asked.content.is_eof():
            self._cut()

    def _cut(self) -> None:
        if isinstance(self._line, asyncio.WriteTransport):
            self._line.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A request that is none, or a fault of ours; either is said without detail."""
        if isinstance(exc, web.RequestPayloadError):
            status = HTTPStatus.BAD_REQUEST
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(exc, ConnectionError):
            log.error("request failed", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun")
        return short(HTTPStatus(status))

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """The one way out of every answer: refusals are short, headers are safe, the client has so long to take it."""
        if isinstance(resp, web.HTTPException):
            resp = _refusal(resp)
        _make_safe(resp)
        resp.force_close()
        self._limit.cancel()
        self._limit = asyncio.get_running_loop().call_later(_WITHIN, self._cut)
        return await super().finish_response(request, resp, start_time)

    def log_exception(self, *args: object, **kw: object) -> None:
        """What a client sends behind its request is no fault of ours: a row, no trace."""
        log.warning("request broken off", extra={"why": type(kw.get("exc_info")).__name__})


def _make_safe(response: web.StreamResponse) -> None:
    """What a page says itself stands."""
    for name, value in SAFE.items():
        response.headers.setdefault(name, value)
    if "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]:
        response.headers["X-Frame-Options"] = "DENY"  # for browsers that know no frame-ancestors


def _refusal(refused: web.HTTPException) -> web.Response:
    response = short(HTTPStatus(refused.status))
    if isinstance(refused, web.HTTPMethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(refused.allowed_methods))
    return response


def short(status: HTTPStatus) -> web.Response:
    """The status in its own words and nothing more: the same for every path."""
    return web.Response(status=status, text=f"{status.value} {status.phrase}\n")


def reply(request: web.BaseRequest, sheet: Sheet) -> web.Response:
    """The document, packed for who takes that; 304 for who has it already. Its mark is weak: it is the same packed or
    not."""
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if sheet.shared:
        headers["Access-Control-Allow-Origin"] = "*"
    if sheet.policy:
        headers["Content-Security-Policy"] = sheet.policy
    mark = ETag(hashlib.blake2b(sheet.body, digest_size=16).hexdigest(), is_weak=True)
    known = (one.value for one in request.if_none_match or ())
    if sheet.status == HTTPStatus.OK and any(value in (mark.value, "*") for value in known):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    else:
        body = sheet.body
        if len(body) >= _WORTH_PACKING and takes_gzip(request.headers.get("Accept-Encoding", "")):
            body = gzip.compress(body, 6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        response = web.Response(body=body, status=sheet.status, headers=headers | {"Content-Type": sheet.kind})
    response.etag = mark
    return response


_CODINGS = re.compile(r"(?:^|,)\s*(gzip|\*)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?(?=,|$)", re.IGNORECASE)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding takes gzip (RFC 9110 §12.5.3); what cannot be read takes nothing."""
    weights = {name.lower(): float(weight or 1) for name, weight in _CODINGS.findall(accepted)}
    return weights.get("gzip", weights.get("*", 0)) > 0
