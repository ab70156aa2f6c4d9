"""A thousand partners on fifty ports: RSS, Atom, JSON Feed and calendars that are the same at each run, with ETag and
Last-Modified. `python -m benchmarks.server` prints its ports, then reads from its input how many new entries each
source has from then on."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from aiohttp import web

SOURCES = 1_000
PORTS = 50
ENTRIES = 20
BEGUN = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)
HTML = "<p>Les habitant·es du quartier <b>découvrent</b> le projet &amp; ses étapes.</p>" * 4


def is_calendar(number: int) -> bool:
    return number % 10 == 9


@cache
def document(number: int, new: int) -> tuple[bytes, str]:
    """The document of that source, newest first, and its type."""
    entries = [(n, BEGUN + timedelta(minutes=37 * n + number)) for n in reversed(range(ENTRIES + new))]
    kind = number % 10
    if kind == 9:
        return _calendar(number, entries).encode(), "text/calendar"
    if kind == 8:
        return _json(number, entries).encode(), "application/feed+json"
    if kind >= 5:
        return _atom(number, entries).encode(), "application/atom+xml"
    if kind == 4:  # declared, as old sites do
        return _rss(number, entries, "iso-8859-1").encode("iso-8859-1", "xmlcharrefreplace"), "application/rss+xml"
    return _rss(number, entries, "utf-8").encode(), "application/rss+xml"


def _title(number: int, n: int) -> str:
    return f"Partenaire {number} : étape {n} de l’écoquartier"


def _rss(number: int, entries: list[tuple[int, datetime]], charset: str) -> str:
    items = "".join(
        f"<item><title>{_title(number, n)}</title><link>https://p{number}.example/{n}</link>"
        + ("" if number % 10 == 3 else f'<guid isPermaLink="false">p{number}-{n}</guid>')  # some give none
        + f"<pubDate>{format_datetime(at)}</pubDate><description><![CDATA[{HTML}]]></description></item>"
        for n, at in entries
    )
    head = f"<title>Partenaire {number}</title><link>https://p{number}.example/</link><description>-</description>"
    return f'<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def _atom(number: int, entries: list[tuple[int, datetime]]) -> str:
    items = "".join(
        f"<entry><id>tag:p{number}.example,2027:{n}</id><title>{_title(number, n)}</title>"
        f'<link href="https://p{number}.example/{n}"/><updated>{at.isoformat()}</updated>'
        f'<published>{at.isoformat()}</published><summary type="html"><![CDATA[{HTML}]]></summary></entry>'
        for n, at in entries
    )
    head = (
        f"<id>tag:p{number}.example,2027:</id><title>Partenaire {number}</title><updated>{BEGUN.isoformat()}</updated>"
    )
    return f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{items}</feed>'


def _json(number: int, entries: list[tuple[int, datetime]]) -> str:
    items = [
        {
            "id": f"p{number}-{n}",
            "url": f"https://p{number}.example/{n}",
            "title": _title(number, n),
            "content_html": HTML,
            "date_published": at.isoformat(),
        }
        for n, at in entries
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": f"Partenaire {number}", "items": items})


def _calendar(number: int, entries: list[tuple[int, datetime]]) -> str:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:p{number}-{n}\r\nDTSTAMP:20270301T060000Z\r\nSUMMARY:{_title(number, n)}\r\n"
        f"DTSTART:{at + timedelta(days=30):%Y%m%dT%H%M%SZ}\r\n"
        f"DTEND:{at + timedelta(days=30, hours=2):%Y%m%dT%H%M%SZ}\r\n"
        "LOCATION:Toulouse\r\nEND:VEVENT\r\n"
        for n, at in entries
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//FR\r\n{events}END:VCALENDAR\r\n"


async def main() -> None:
    new = 0

    async def answer(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        tag = f'"{number}-{new}"'
        modified = format_datetime(BEGUN + timedelta(hours=new), usegmt=True)
        headers = {"ETag": tag, "Last-Modified": modified}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        body, kind = document(number, new)
        return web.Response(body=body, headers={**headers, "Content-Type": kind})

    app = web.Application()
    app.router.add_get("/{number}/feed", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    ports = []
    for _ in range(PORTS):
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        ports = [address[1] for address in runner.addresses]
    print(json.dumps(ports), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        new = int(line)
        print(new, flush=True)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
