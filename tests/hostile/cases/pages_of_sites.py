"""Pages that name feeds which are none, lie inside or never come, and events that are no events (promises 1, 7, 9)."""

from __future__ import annotations

import gzip
import json
from typing import Any

from club.news import Health
from tests.hostile.case import Case, read, trouble
from tests.hostile.cases.pages import NOW, SOON, rss
from tests.hostile.server import Answer, by_path, says, writes

HTML = "text/html; charset=utf-8"
MEGABYTE = 2**20
WITH_FEED = says(rss("trouvé"))
ABSENT = says(status=404)
SEARCHED = 6  # the page and five candidates


def page(inside: str, before: str = "") -> Answer:
    return says(
        f"<!DOCTYPE html><html lang=fr><head><title>Site</title>{before}</head><body>{inside}</body></html>", type=HTML
    )


def named(*addresses: str) -> str:
    return "".join(f'<link rel="alternate" type="application/rss+xml" href="{address}">' for address in addresses)


def site(name: str, start: Answer, *keys: str, other: Answer = ABSENT, **more: Any) -> Case:
    """A page, and what all other addresses of its site answer."""
    return Case(name, by_path({f"/{name}": start}, other), keys, requests=SEARCHED, **more)


def told(name: str, *values: Any, kept: int = 0, raw: str = "", **more: Any) -> Case:
    """A page that describes its events for programs, a good one first."""
    good = {"@type": "Event", "name": "bon", "startDate": SOON.isoformat()}
    blocks = [json.dumps(value).replace("</", "<\\/") for value in (good, *values)] + ([raw] if raw else [])
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return read(f"page-{name}", page(scripts), kept or 1, kind="page", titles=("bon",), **more)


def happening(**more: Any) -> dict[str, Any]:
    return {"@type": "Event", "name": "étrange", "startDate": SOON.isoformat(), **more}


SEARCHES: tuple[Case, ...] = (
    site("page-with-a-feed", page("x", named("/flux")), other=WITH_FEED, kept=1),
    site("page-feed-inside", page("x", named("http://127.0.0.1:{secret}/")), "trouble-address", health=Health.BLOCKED),
    site("page-feed-inside-decimal", page("x", named("http://2130706433:{secret}/")), "trouble-no-feed"),
    site(
        "page-feed-in-a-file",
        page("x", named("file:///etc/passwd", "data:text/xml,<rss/>", "javascript:x")),
        "trouble-no-feed",
    ),
    site(
        "page-base-inside",
        page("x", "<base href='http://127.0.0.1:{secret}/'>" + named("flux")),
        "trouble-address",
        health=Health.BLOCKED,
    ),
    site(
        "page-webcal-inside",
        page("<a href='webcal://127.0.0.1:{secret}/a.ics'>agenda</a>"),
        "trouble-address",
        health=Health.BLOCKED,
    ),
    site(
        "page-feed-that-redirects-inside",
        page("x", named("/flux")),
        "trouble-address",
        health=Health.BLOCKED,
        other=says(status=302, Location="http://127.0.0.1:{secret}/"),
    ),
    site(
        "page-of-silent-feeds",
        page("x", named(*(f"/flux{n}.xml" for n in range(9)))),
        "trouble-timeout",
        other=writes(hold=True),
        slow=True,
    ),
    site(
        "page-of-dripping-feeds",
        page("x", named(*(f"/flux{n}.xml" for n in range(9)))),
        "trouble-timeout",
        other=writes(b"HTTP/1.1 200 OK\r\n\r\n", again=b"<", every=0.9),
        slow=True,
    ),
    site(
        "page-of-bombs",
        page("x", named(*(f"/flux{n}.xml" for n in range(9)))),
        "trouble-too-big",
        "trouble-timeout",
        other=says(gzip.compress(b" " * 11 * MEGABYTE), Content_Encoding="gzip"),
    ),
    site(
        "page-of-pages",
        page("x", named(*(f"/page{n}.xml" for n in range(200)))),
        "trouble-no-feed",
        other=page("x", named("/encore")),
    ),
    site(
        "page-of-thousands-of-links",
        page("".join(f"<a href='/{n}/feed'>x</a>" for n in range(30_000))),
        "trouble-no-feed",
    ),
    trouble(
        "page-endless",
        writes(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>", again=b"<p>x" * 8_192),
        "trouble-too-big",
        "trouble-timeout",
        flood=True,
    ),
    site("page-deep", page("<div>" * 200_000), "trouble-no-feed"),
    site(
        "page-of-attributes",
        page("<a " + " ".join(f"b{n}=c" for n in range(50_000)) + ">"),
        "trouble-no-feed",
        "trouble-parse-slow",
        "trouble-heavy",
    ),
    site("page-with-a-title-of-megabytes", page("x", f"<title>{'t' * 4 * MEGABYTE}</title>"), "trouble-no-feed"),
    site("page-of-nuls", page("\0" * 100_000), "trouble-no-feed"),
    site("page-of-comments", page("<!-" * 200_000), "trouble-no-feed"),
    site(
        "page-of-frames",
        page(
            "<iframe src='http://127.0.0.1:{secret}/'></iframe><img src='http://127.0.0.1:{secret}/'>"
            "<meta http-equiv=refresh content='0;url=http://127.0.0.1:{secret}/'>"
        ),
        "trouble-no-feed",
    ),
    trouble("page-parked-in-english", page("This domain is for sale"), "trouble-parked"),
)

EVENTS: tuple[Case, ...] = (
    told("event-fine", happening(), kept=2),
    told("event-without-date", {"@type": "Event", "name": "x"}),
    told("event-date-of-words", happening(startDate="bientôt")),
    told("event-date-9999", happening(startDate="9999-12-31T23:59:59Z")),
    told("event-date-number", happening(startDate=1e300)),
    told("event-name-object", happening(name={"x": []})),
    told("event-link-javascript", happening(url="javascript:alert(1)"), kept=2),
    told(
        "event-markup",
        happening(name="<script>x</script>étrange @everyone", location="<b>Mairie</b>"),
        kept=2,
        lacks=("<script", "<b>"),
    ),
    told("event-type-number", happening(**{"@type": 5})),
    told("event-type-list", happening(**{"@type": [None, {"a": 1}, "Event"]}), kept=2),
    told("event-end-before", happening(endDate=NOW.isoformat()), kept=2),
    told("event-of-itself", {"@graph": [{"@graph": [happening()]}]}, kept=2),
    told("event-status-absurd", happening(eventStatus={"@id": ["x"]}), kept=2),
    told("events-deep", raw='{"a":' * 50_000),
    told("events-cut", raw='{"@type": "Event", "name": "x'),
    told("events-of-quotes", raw='{"a": "' + '\\"' * 40_000),
    told("events-of-commas", raw="[" + "," * 300_000 + "]"),
    told("events-of-digits", raw="9" * 20_000),
    told("events-by-thousands-of-blocks", *([happening(name=f"e{n}") for n in range(400)]), kept=200),
    told("events-nested-lists", raw="[" * 3_000 + "]" * 3_000),
    told("events-of-megabytes", happening(description="mot " * 700_000), kept=2),
    Case(
        "page-events-by-thousands",
        page(
            '<script type="application/ld+json">'
            + json.dumps([happening(name=f"e{n}", url=f"https://exemple.fr/{n}") for n in range(15_000)])
            + "</script>"
        ),
        kind="page",
        kept=range(501),
    ),
)

CASES = (*SEARCHES, *EVENTS)
