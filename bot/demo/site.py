"""The demonstration's partner site: every outlet of `press` on one loopback port, with the pages its links lead to."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice

from aiohttp import web

from bot.demo.cms import SHAPES, TEMPLATES, Printer, page_path
from bot.demo.press import Outlet, PartnerPress, load_outlets, load_texts
from club.news import Source, SourceKind

HOST = "127.0.0.1"
SHOWN = 20  # entries a document lists at most, as usual CMSs do

_SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class PartnerSite:
    """The running site: its port and the sources it serves."""

    port: int
    sources: tuple[Source, ...]
    _runner: web.AppRunner

    async def close(self) -> None:
        """Stop serving; open connections are ended at once."""
        await self._runner.cleanup()


async def open_site(clock: Callable[[], datetime], port: int = 0, started: datetime | None = None) -> PartnerSite:
    """Serve the partners on 127.0.0.1 (`port` 0 = any free one); OSError when the port is taken.

    `started` is when the demonstration began, now if not given: a demonstration that is taken up again
    gives its first start, so that what was announced stays as it was and the minutes go on.
    """
    press = PartnerPress(load_outlets(), load_texts(), started or clock())
    # Bound before anything is written: the documents hold the site's own address.
    listener = socket.create_server((HOST, port))
    port = listener.getsockname()[1]
    pages = _Pages(press, Printer(press.texts, f"http://{HOST}:{port}"), clock)
    app = web.Application()
    app.router.add_get("/", pages.home)
    app.router.add_get("/style.css", pages.style)
    app.router.add_get("/{code}/{rest:.*}", pages.below)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    return PartnerSite(port, tuple(_source(outlet, port) for outlet in press.outlets.values()), runner)


def _source(outlet: Outlet, port: int) -> Source:
    return Source(
        name=outlet.name,
        url=f"http://{HOST}:{port}/{outlet.code}/{outlet.path}",
        kind=SourceKind(outlet.kind),
        partner=outlet.partner,
        region=outlet.region,
        trusted=outlet.trusted,
        zone=outlet.zone,
    )


class _Pages:
    """What is answered at each address."""

    def __init__(self, press: PartnerPress, printer: Printer, clock: Callable[[], datetime]) -> None:
        self._press = press
        self._printer = printer
        self._clock = clock

    async def home(self, request: web.Request) -> web.Response:
        """The list of outlets."""
        return self._html("home.html", outlets=self._press.outlets.values())

    async def style(self, request: web.Request) -> web.Response:
        """The pages' style sheet."""
        return web.Response(body=(TEMPLATES / "style.css").read_bytes(), content_type="text/css", headers=_SAFE)

    async def below(self, request: web.Request) -> web.Response:
        """An outlet's document, its list of announcements, or the page of one of them."""
        outlet = self._press.outlets.get(request.match_info["code"])
        if outlet is None:
            return self._html("missing.html", 404)
        if outlet.shape == "broken":
            return self._html("broken.html", 500)
        rest = request.match_info["rest"]
        asked = {rest, f"{rest}?{request.query_string}"}
        now = self._clock()
        if outlet.path in asked:
            return self._document(request, outlet, now)
        entries = self._press.entries(outlet, now)
        if not rest:
            return self._html("outlet.html", outlet=outlet, entries=list(islice(entries, SHOWN)))
        for entry in entries:
            if page_path(outlet, entry) in asked:
                return self._html("page.html", outlet=outlet, entry=entry)
        return self._html("missing.html", 404)

    def _document(self, request: web.Request, outlet: Outlet, now: datetime) -> web.Response:
        entries = list(islice(self._press.entries(outlet, now), SHOWN))
        shape = SHAPES[outlet.shape]
        body = self._printer.document(outlet, entries, now)
        response = web.Response(body=body, headers={"Content-Type": shape.content_type})
        if shape.steady:
            response.etag = sha256(body).hexdigest()[:20]
            response.last_modified = entries[0].published
            if _unchanged(request, response):
                response.set_status(304)
                response.body = None
        return response

    def _html(self, template: str, status: int = 200, **values: object) -> web.Response:
        text = self._printer.page(template, **values)
        return web.Response(text=text, status=status, content_type="text/html", headers=_SAFE)


def _unchanged(request: web.Request, response: web.Response) -> bool:
    """As RFC 9110 §13.2.2 wants it: the date counts only when no ETag was sent."""
    if request.if_none_match is not None:
        return response.etag in request.if_none_match
    since = request.if_modified_since
    return since is not None and response.last_modified is not None and response.last_modified <= since
