"""Answers that drip, never end, lie about their length or are hardly HTTP (promises 6–8, 13)."""

from __future__ import annotations

import asyncio

from club.news import Health
from tests.hostile.case import Case, read, trouble
from tests.hostile.cases.pages import item, rss
from tests.hostile.server import XML, Visit, chunked, head, in_turn, says, writes

GOOD = rss("complet")
DOCUMENT = GOOD.encode()
ROWS = [("Content-Type", XML)]
HEAD = head(200, ROWS)
CHUNKED = head(200, [*ROWS, ("Transfer-Encoding", "chunked")])
SLOW = 0.9  # seconds between two pieces: never silent for long
KILOBYTE = b"<item><title>x</title></item>" * 36


def status(code: int, key: str, health: Health = Health.ERROR, **headers: str) -> Case:
    return Case(f"status-{code}", says(GOOD, code, **headers), (key,), health=health)


async def drip_after_length(visit: Visit) -> None:
    await visit.send(head(200, [*ROWS, ("Content-Length", "100000")]))
    for letter in DOCUMENT * 10:
        await visit.send(bytes([letter]))
        await asyncio.sleep(SLOW)


async def drip_by_redirects(visit: Visit) -> None:
    """Each hop takes its time: the whole has one deadline."""
    await asyncio.sleep(SLOW * 3)
    await visit.send(head(302, [("Location", f"/{visit.number}"), ("Content-Length", "0")]))


async def half_closed_keep_alive(visit: Visit) -> None:
    await visit.send(
        head(200, [*ROWS, ("Content-Length", str(len(DOCUMENT))), ("Connection", "keep-alive")]) + DOCUMENT
    )
    await visit.send(head(200, [("Content-Length", "6")]) + b"SECRET")


SLOW_ONES: tuple[Case, ...] = (
    trouble("silent", writes(hold=True), "trouble-timeout", slow=True),
    trouble("silent-after-headers", writes(HEAD, hold=True), "trouble-timeout", slow=True),
    trouble("silent-after-half", writes(HEAD + DOCUMENT[:60], hold=True), "trouble-timeout", slow=True),
    trouble(
        "drip-of-headers", writes(b"HTTP/1.1 200 OK\r\nX-A: ", again=b"a", every=SLOW), "trouble-timeout", slow=True
    ),
    trouble(
        "drip-of-header-lines",
        writes(b"HTTP/1.1 200 OK\r\n", again=b"X-A: b\r\n", every=SLOW),
        "trouble-timeout",
        slow=True,
    ),
    trouble("drip-of-body", writes(HEAD, again=b"<", every=SLOW), "trouble-timeout", slow=True),
    trouble("drip-within-a-length", drip_after_length, "trouble-timeout", slow=True),
    trouble("drip-of-chunks", writes(CHUNKED, again=b"1\r\n<\r\n", every=SLOW), "trouble-timeout", slow=True),
    trouble(
        "drip-of-a-chunk-size",
        writes(CHUNKED, again=b"0", every=SLOW),
        "trouble-timeout",
        "trouble-cut",
        "trouble-answer",
        slow=True,
    ),
    trouble("drip-of-continues", writes(again=head("100 Continue"), every=SLOW), "trouble-timeout", slow=True),
    trouble(
        "drip-of-gzip",
        writes(
            head(200, [*ROWS, ("Content-Encoding", "gzip")]) + b"\x1f\x8b\x08\x10" + b"\0" * 6, again=b"c", every=SLOW
        ),
        "trouble-timeout",
        slow=True,
    ),
    trouble("drip-of-redirects", drip_by_redirects, "trouble-timeout", "trouble-redirects", slow=True, requests=6),
    trouble(
        "drip-of-trailers",
        writes(CHUNKED + chunked(DOCUMENT) + b"0\r\n", again=b"X-A: b\r\n", every=SLOW),
        "trouble-timeout",
        "trouble-cut",
        "trouble-answer",
        "trouble-too-big-headers",
        slow=True,
    ),
    trouble(
        "silent-tls",
        writes(b"\x16\x03\x01", hold=True),
        "trouble-timeout",
        "trouble-unreachable-tls",
        "trouble-unreachable",
        slow=True,
        url="https://127.0.0.1:{port}/",
    ),
)

ENDLESS: tuple[Case, ...] = (
    trouble("endless-body", writes(HEAD, again=KILOBYTE * 64), "trouble-too-big", "trouble-timeout", flood=True),
    trouble(
        "endless-chunks",
        writes(CHUNKED, again=chunked(KILOBYTE * 32)),
        "trouble-too-big",
        "trouble-timeout",
        flood=True,
    ),
    trouble(
        "endless-small-chunks",
        writes(CHUNKED, again=b"1\r\n \r\n" * 20_000),
        "trouble-too-big",
        "trouble-timeout",
        slow=True,
        flood=True,
    ),
    trouble(
        "endless-empty-lines", writes(HEAD, again=b"\r\n" * 32_768), "trouble-too-big", "trouble-timeout", flood=True
    ),
    trouble(
        "endless-header-line",
        writes(b"HTTP/1.1 200 OK\r\nX-A: ", again=b"a" * 8_192),
        "trouble-too-big-headers",
        "trouble-answer",
    ),
    trouble(
        "endless-header-lines",
        writes(b"HTTP/1.1 200 OK\r\n", again=b"X-A: b\r\n" * 500),
        "trouble-too-big-headers",
        "trouble-answer",
    ),
    trouble(
        "endless-status-line", writes(b"HTTP/1.1 200 ", again=b"O" * 8_192), "trouble-too-big-headers", "trouble-answer"
    ),
    trouble("endless-first-bytes", writes(again=b"x" * 8_192), "trouble-answer", "trouble-too-big-headers"),
    trouble(
        "endless-continues",
        writes(again=head("100 Continue") * 500),
        "trouble-timeout",
        "trouble-answer",
        slow=True,
        flood=True,
    ),
    trouble(
        "endless-hints",
        writes(again=head("103 Early Hints", [("Link", "</x>; rel=preload")]) * 500),
        "trouble-timeout",
        "trouble-answer",
        slow=True,
        flood=True,
    ),
    trouble(
        "endless-trailers",
        writes(CHUNKED + chunked(DOCUMENT) + b"0\r\n", again=b"X-A: b\r\n" * 500),
        "trouble-too-big-headers",
        "trouble-cut",
        "trouble-answer",
        flood=True,
    ),
    trouble(
        "endless-chunk-extension",
        writes(CHUNKED + b"5;", again=b"a" * 8_192),
        "trouble-timeout",
        "trouble-answer",
        "trouble-cut",
        "trouble-too-big-headers",
        slow=True,
        flood=True,
    ),
)

HEADERS: tuple[Case, ...] = (
    trouble("header-of-a-megabyte", says(GOOD, X_A="a" * 2**20), "trouble-too-big-headers"),
    read("header-of-ten-kilobytes", says(GOOD, X_A="a" * 10_000), 1),
    trouble("header-of-ninety-kilobytes", says(GOOD, X_A="a" * 90_000), "trouble-too-big-headers"),
    trouble("headers-by-thousands", says(GOOD, **{f"X_{n}": "a" for n in range(20_000)}), "trouble-too-big-headers"),
    trouble(
        "headers-of-80-kilobytes", says(GOOD, **{f"X_{n}": "a" * 8_000 for n in range(10)}), "trouble-too-big-headers"
    ),
    Case("header-with-a-nul", writes(head(200, [*ROWS, ("ETag", '"a\x00b"')]) + DOCUMENT), ("trouble-answer",)),
    read("header-etag-of-kilobytes", says(GOOD, ETag='"' + "e" * 8_000 + '"'), 1, again=True),
    read("header-etag-in-latin", says(GOOD, ETag='"été\u2028"'.encode().decode("latin-1")), 1, again=True),
    read("header-max-age-absurd", says(GOOD, Cache_Control="max-age=" + "9" * 4_000), 1),
    read("header-type-absurd", says(GOOD, type="text/" + "x;" * 2_000), 1),
    read("header-cookies", says(GOOD, Set_Cookie="a=b; Domain=127.0.0.1"), 1, again=True),
    Case("header-without-colon", writes(b"HTTP/1.1 200 OK\r\nbonjour\r\n\r\n" + DOCUMENT), ("trouble-answer",)),
    read("header-folded", writes(b"HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\n\r\n" + DOCUMENT), 1),
    read("header-bare-line-ends", writes(b"HTTP/1.1 200 OK\n\n" + DOCUMENT), 1),
)

LIES: tuple[Case, ...] = (
    trouble("length-too-long", says(GOOD, length=len(DOCUMENT) + 500), "trouble-cut"),
    # What follows the length would be the next answer: nothing of such a site is believed.
    trouble("length-too-short", says(GOOD + "SECRET", length=len(DOCUMENT)), "trouble-answer"),
    trouble(
        "length-cuts-the-document", writes(head(200, [*ROWS, ("Content-Length", "60")]) + DOCUMENT[:60]), "trouble-xml"
    ),
    trouble("length-of-a-terabyte", says(GOOD, length=2**40), "trouble-too-big"),
    trouble("length-just-over", says(GOOD, length=10 * 2**20 + 1), "trouble-too-big"),
    trouble("length-negative", says(GOOD, length=-1), "trouble-answer"),
    trouble("length-word", writes(head(200, [*ROWS, ("Content-Length", "beaucoup")]) + DOCUMENT), "trouble-answer"),
    trouble(
        "length-twice",
        writes(head(200, [*ROWS, ("Content-Length", "5"), ("Content-Length", "900")]) + DOCUMENT),
        "trouble-answer",
    ),
    trouble(
        "length-of-digits",
        writes(head(200, [*ROWS, ("Content-Length", "9" * 5_000)]) + DOCUMENT),
        "trouble-answer",
        "trouble-too-big",
    ),
    trouble(
        "length-and-chunks",
        writes(head(200, [*ROWS, ("Content-Length", "5"), ("Transfer-Encoding", "chunked")]) + chunked(DOCUMENT, b"")),
        "trouble-answer",
    ),
    trouble("chunk-size-of-words", writes(CHUNKED + b"zz\r\n<rss>\r\n"), "trouble-cut", "trouble-answer"),
    trouble("chunk-size-negative", writes(CHUNKED + b"-5\r\n<rss>\r\n"), "trouble-cut", "trouble-answer"),
    trouble("chunk-size-enormous", writes(CHUNKED + b"f" * 40 + b"\r\n<rss>\r\n"), "trouble-cut", "trouble-answer"),
    trouble(
        "chunk-longer-than-said",
        writes(CHUNKED + b"5\r\n" + DOCUMENT + b"\r\n0\r\n\r\n"),
        "trouble-cut",
        "trouble-answer",
    ),
    trouble("chunks-without-end", writes(CHUNKED + chunked(DOCUMENT)), "trouble-cut"),
    read("transfer-gzip-that-is-none", writes(head(200, [*ROWS, ("Transfer-Encoding", "gzip")]) + DOCUMENT), 1),
    trouble("cut-in-headers", writes(b"HTTP/1.1 200 OK\r\nContent-"), "trouble-cut", "trouble-answer"),
    trouble("nothing-at-all", writes(), "trouble-cut"),
    trouble("http-of-1991", writes(DOCUMENT), "trouble-answer"),
    trouble("http-of-2099", writes(b"HTTP/9.9 200 OK\r\n\r\n" + DOCUMENT), "trouble-answer"),
    trouble("another-protocol", writes(b"SSH-2.0-OpenSSH_9.6\r\n"), "trouble-answer"),
    trouble("tls-on-a-plain-port", writes(b"\x15\x03\x01\x00\x02\x02\x46"), "trouble-answer", "trouble-cut"),
    trouble(
        "plain-on-a-tls-port",
        writes(HEAD + DOCUMENT),
        "trouble-unreachable-tls",
        "trouble-cut",
        "trouble-unreachable",
        url="https://127.0.0.1:{port}/",
        requests=1,
    ),
    trouble("status-of-words", writes(b"HTTP/1.1 deux-cents OK\r\n\r\n" + DOCUMENT), "trouble-answer"),
    trouble("status-of-four-figures", writes(b"HTTP/1.1 2000 OK\r\n\r\n" + DOCUMENT), "trouble-answer"),
    trouble(
        "switching-protocols",
        writes(head("101 Switching Protocols", [("Upgrade", "websocket"), ("Connection", "Upgrade")]) + DOCUMENT),
        "trouble-status",
        "trouble-answer",
        "trouble-cut",
    ),
    read("second-answer-unasked", half_closed_keep_alive, 1, again=True),
)

STATUSES: tuple[Case, ...] = (
    status(201, "trouble-status"),
    status(204, "trouble-answer"),
    trouble("status-204-without-a-body", writes(head(204)), "trouble-status"),
    status(205, "trouble-status"),
    status(206, "trouble-status", Content_Range="bytes 0-5/900"),
    status(304, "trouble-answer"),
    trouble("status-304-unasked", writes(head(304)), "trouble-status"),
    status(401, "trouble-unauthorised", WWW_Authenticate='Basic realm="x"'),
    status(402, "trouble-status"),
    status(403, "trouble-forbidden"),
    status(404, "trouble-not-found"),
    status(418, "trouble-status"),
    status(451, "trouble-status"),
    status(500, "trouble-server"),
    status(503, "trouble-server", Retry_After="600"),
    status(599, "trouble-server"),
    status(999, "trouble-server"),
    Case("gone-three-times", says(status=410), ("trouble-gone",), again=True),
    Case("busy-wait-below-zero", says(status=429, Retry_After="-1"), ("trouble-busy",)),
    Case("busy-wait-for-ages", says(status=429, Retry_After="1" + "0" * 12), ("trouble-busy",)),
    Case("busy-wait-until-yesterday", says(status=429, Retry_After="Mon, 01 Jan 1990 00:00:00 GMT"), ("trouble-busy",)),
    Case("busy-wait-until-year-9999", says(status=429, Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"), ("trouble-busy",)),
    Case("busy-wait-of-words", says(status=429, Retry_After="\xa0demain" * 50), ("trouble-busy",)),
    Case("busy-asked-twice", says(status=429, Retry_After="86400"), ("trouble-busy",), again=True),
    read("not-modified-unlike-before", in_turn(says(GOOD, ETag='"a"'), says(status=304, ETag='"b"')), 1, again=True),
    read(
        "same-etag-other-text", in_turn(says(rss("un"), ETag='"a"'), says(rss("un", "deux"), ETag='"a"')), 2, again=True
    ),
)

PAGES: tuple[Case, ...] = (
    trouble(
        "challenge",
        says("<!DOCTYPE html><title>Just a moment…</title><script>x()</script>", type="text/html"),
        "trouble-no-feed",
        requests=6,
    ),
    trouble(
        "challenge-as-feed", says("\n<!-- x --><html><script>SECRET</script></html>"), "trouble-no-feed", requests=6
    ),
    trouble(
        "parked",
        says("<html><body>Ce domaine est à vendre</body></html>", type="text/html"),
        "trouble-parked",
        "trouble-html",
    ),
    trouble(
        "login",
        in_turn(says(status=302, Location="/connexion"), says("<!doctype HTML><form>…", type="text/html")),
        "trouble-no-feed",
        requests=7,
    ),
    trouble("empty", says(""), "trouble-empty"),
    trouble("blanks", says(" \n" * 5_000), "trouble-empty"),
    trouble("nuls", says("\0" * 5_000), "trouble-empty"),
    trouble("picture", says(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, type="image/png"), "trouble-not-feed"),
    trouble("pdf", says(b"%PDF-1.7\n" + bytes(range(256)) * 40, type="application/pdf"), "trouble-not-feed"),
    trouble("plain-text", says("Bonjour à tout le monde", type="text/plain"), "trouble-not-feed"),
    trouble("another-xml", says("<?xml version='1.0'?><sitemapindex/>"), "trouble-not-feed"),
    read("empty-feed", says(rss()), 0),
    read("feed-called-html", says(GOOD, type="text/html"), 1),
    read("feed-called-picture", says(GOOD, type="image/gif"), 1),
    read("feed-after-warnings", says("Warning: mysql_connect() in /var/www\n" + GOOD), 1),
    read(
        "half-a-feed",
        says(GOOD.removesuffix("</channel></rss>") + item("suite") + "<item><title>sans fi"),
        range(2, 4),
        titles=("suite",),
    ),
)

CASES = (*SLOW_ONES, *ENDLESS, *HEADERS, *LIES, *STATUSES, *PAGES)
