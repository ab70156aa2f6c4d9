"""A partner's site on loopback: verbs set what stands at an address, `asked` is what it was asked, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

PUBLISHED = "Mon, 08 Mar 2027 09:00:00 +0100"


def rss(*titles: str, title: str = "Flux", published: str = PUBLISHED) -> str:
    """A feed with these entries."""
    items = "".join(
        f"<item><title>{one}</title><guid>{one}</guid><pubDate>{published}</pubDate></item>" for one in titles
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def ics(*titles: str) -> str:
    """A calendar with these events."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{one}\r\nDTSTART:20270402T073000Z\r\nSUMMARY:{one}\r\nEND:VEVENT\r\n" for one in titles
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//essai//FR\r\n{events}END:VCALENDAR\r\n"


@dataclass
class PartnerSite:
    """What it serves, by path with query; everything else is 404."""

    port: int = 0
    pages: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hanging: set[str] = field(default_factory=set)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serves(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, raw, said)

    def moves(self, path: str, to: str, status: int = 301) -> None:
        self.serves(path, "", status, Location=to)

    def hangs(self, path: str) -> None:
        self.hanging.add(path)

    async def answer(self, request: web.Request) -> web.Response:
        path = request.raw_path
        self.asked.append(path)
        self.headers.append(dict(request.headers))
        if path in self.hanging:
            await asyncio.Event().wait()
        status, body, headers = self.pages.get(path, (404, b"", {}))
        if status == 200 and "ETag" in headers and request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304)
        return web.Response(body=body, status=status, headers=headers)


@asynccontextmanager
async def open_partner() -> AsyncIterator[PartnerSite]:
    """The site, for as long as the block runs."""
    site = PartnerSite()
    app = web.Application()
    app.router.add_get("/{rest:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.port = runner.addresses[0][1]
    try:
        yield site
    finally:
        await runner.cleanup()
