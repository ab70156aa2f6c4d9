"""The web side as the plan asks for it: whether the hub is well, what watchers count, the pages of every feature."""

from __future__ import annotations

import errno
from collections.abc import Iterable

from aiohttp import web

from bot.feature import Hub, Page
from bot.hub.liveness import HEALTH, Liveness, teller
from bot.hub.plan import Plan
from connectors.outlets.sheet import PageRequest
from connectors.web import Answer, Site, reply


class Busy(Exception):  # noqa: N818 — a state of the machine
    """The port of a section of the configuration is taken."""

    def __init__(self, port: int, section: str) -> None:
        super().__init__(port, section)
        self.port = port
        self.section = section


async def open_site(plan: Plan, hub: Hub, liveness: Liveness, pages: Iterable[Page]) -> Site:
    """The site with all that is always served; it listens when the plan asks for it. Raises Busy."""
    site = Site(*(plan.web or ("", 0)))
    site.mount(HEALTH, teller(liveness))
    for page in pages:
        site.mount(page.path, answering(page, hub))
    if plan.web is not None:
        try:
            await site.open()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Busy(site.port, "web") from error
            raise OSError(error.errno, error.strerror, f"{site.host}:{site.port}") from error
    return site


def answering(page: Page, hub: Hub) -> Answer:
    """Answers a page from one look at the store."""

    async def answer(request: web.Request) -> web.StreamResponse:
        visit = PageRequest(dict(request.match_info), {key: request.query[key] for key in request.query})
        async with hub.look() as desk:
            sheet = await page.answer(visit, desk)
        if sheet is None:
            raise web.HTTPNotFound
        return reply(request, sheet)

    return answer
