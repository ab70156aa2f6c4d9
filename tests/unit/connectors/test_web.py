"""The hub's one site: only what is mounted, safe headers on everything, one request a connection, and nothing that a
client sends leaves more than a row in the log (promises 55, 59)."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from connectors.outlets.sheet import Sheet
from connectors.web import LARGEST, SAFE, Site, reply, takes_gzip

LONG = Sheet(b"Le quartier. " * 1000, "text/plain; charset=utf-8")
FRAMED = Sheet(b"<p>", "text/html; charset=utf-8", "default-src 'none'; frame-ancestors *")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=f"{request.method} {request.match_info.get('name', '')}")

    async def count(request: web.BaseRequest) -> web.Response:
        return web.Response(text=f"{request.method} {len(await request.read())}")

    async def fail(request: web.Request) -> web.Response:
        raise RuntimeError("the secret of the house")

    async def show(request: web.Request) -> web.Response:
        return reply(request, FRAMED if request.path == "/framed" else LONG)

    made = Site("127.0.0.1", 0)
    made.mount("/a", answer)
    made.mount("/a/{name:[a-z-]+}", answer)
    made.mount("/fails", fail)
    made.mount("/long", show)
    made.mount("/framed", show)
    await made.open()
    made.attach("POST", "/b", count)
    yield made
    await made.close()


async def raw(site: Site, said: bytes) -> tuple[str, dict[str, str], bytes]:
    """What is answered to these very bytes: status line, headers, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(said)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    status, *lines = head.decode().split("\r\n")
    return status, dict(line.split(": ", 1) for line in lines), body


def ask(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    more = "".join(f"{header}\r\n" for header in headers)
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


BODY_TOO_BIG = b"1" * (LARGEST + 1)
CHUNKED = b"POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno number\r\n"


@pytest.mark.parametrize(
    ("said", "status", "shown"),
    [
        (ask("GET", "/a"), 200, "GET "),
        (ask("GET", "/a?page=1"), 200, "GET "),
        (ask("GET", "/a/un-nom"), 200, "GET un-nom"),
        (ask("HEAD", "/a"), 200, ""),
        (ask("POST", "/b", b"12345"), 200, "POST 5"),
        (ask("POST", "/b", b"1" * LARGEST), 200, f"POST {LARGEST}"),
        (ask("POST", "/b", BODY_TOO_BIG), 413, "413 Request Entity Too Large\n"),
        (ask("POST", "/a"), 405, "405 Method Not Allowed\n"),
        (ask("POST", "/a", BODY_TOO_BIG), 405, "405 Method Not Allowed\n"),
        (ask("DELETE", "/a/x"), 405, "405 Method Not Allowed\n"),
        (ask("PROPFIND", "/a"), 405, "405 Method Not Allowed\n"),
        (ask("BREW", "/a"), 400, "400 Bad Request\n"),
        (ask("GET", "/b"), 405, "405 Method Not Allowed\n"),
        (ask("GET", "/"), 404, "404 Not Found\n"),
        (ask("TRACE", "/"), 404, "404 Not Found\n"),
        (ask("OPTIONS", "*"), 404, "404 Not Found\n"),
        (ask("GET", "/../../etc/passwd"), 404, "404 Not Found\n"),
        (ask("GET", "/a/../../etc/passwd"), 404, "404 Not Found\n"),
        (ask("GET", "/a/%2e%2e%2fetc"), 404, "404 Not Found\n"),
        (ask("GET", "/a/%00"), 404, "404 Not Found\n"),
        (ask("GET", "/%00?%00=%00"), 404, "404 Not Found\n"),
        (ask("GET", "/%ff%fe"), 404, "404 Not Found\n"),
        (ask("GET", "//a"), 404, "404 Not Found\n"),
        (ask("GET", "http://elsewhere.test/none"), 404, "404 Not Found\n"),
        (ask("GET", "/" + "x" * 4000), 404, "404 Not Found\n"),
        (ask("GET", "/" + "x" * 10_000), 400, "400 Bad Request\n"),
        (ask("GET", "/a", b"", "Expect: the-impossible"), 417, "417 Expectation Failed\n"),
        (ask("GET", "/fails"), 500, "500 Internal Server Error\n"),
        (CHUNKED % b"/b", 400, "400 Bad Request\n"),
        (CHUNKED % b"/none", 400, "400 Bad Request\n"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, "400 Bad Request\n"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", 400, "400 Bad Request\n"),
        (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "400 Bad Request\n"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400, "400 Bad Request\n"),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n", 404, "404 Not Found\n"),
    ],
)
async def test_what_is_answered(
    site: Site, caplog: pytest.LogCaptureFixture, said: bytes, status: int, shown: str
) -> None:
    line, headers, body = await raw(site, said)
    assert line.split()[1] == str(status)
    assert body.decode() == shown
    assert headers.items() >= SAFE.items()
    assert headers["X-Frame-Options"] == "DENY"
    assert headers.get("Connection", "close") == "close"  # broken requests are answered in HTTP 1.0, which closes
    assert "Set-Cookie" not in headers
    assert ("Allow" in headers) == (status == 405)
    if status != 500:  # a fault of ours is told in full, what clients send in a row at most
        assert [one for one in caplog.records if one.exc_info or "\n" in one.getMessage()] == []
        assert len(caplog.records) <= 1


@pytest.mark.parametrize("broken", [b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12", ask("GET", "/long")])
async def test_who_leaves_in_the_middle_leaves_no_trace(
    site: Site, caplog: pytest.LogCaptureFixture, broken: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", site.port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        client.sendall(broken)
    assert (await raw(site, ask("GET", "/a")))[2] == b"GET "
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_what_follows_a_refused_request_leaves_a_row_at_most(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"POST /none HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert b" 404 " in await reader.readline()
    writer.write(b"zz\r\nno number\r\n")
    await reader.read()
    writer.close()
    assert [one for one in caplog.records if one.exc_info] == []
    assert len(caplog.records) <= 1


async def test_a_body_that_nobody_asked_for_is_not_read(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
    assert b" 404 " in await reader.readline()
    await reader.read()
    writer.close()


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET /a HTTP/1.1\r\nHost:", b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"],
)
async def test_who_does_not_ask_is_cut_off(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, begun: bytes
) -> None:
    monkeypatch.setattr("connectors.web._WITHIN", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(begun)
    with contextlib.suppress(ConnectionResetError):  # cut off in the middle of what it was still saying
        assert await reader.read() == b""
    writer.close()
    assert caplog.records == []


async def test_who_does_not_take_the_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.web._WITHIN", 0.05)

    async def much(request: web.Request) -> web.Response:
        return web.Response(body=bytes(50_000_000))

    site = Site("127.0.0.1", 0)
    site.mount("/much", much)
    await site.open()
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=1000)
    writer.write(ask("GET", "/much"))
    talks = site._runner.server
    assert talks is not None
    while not talks.connections:
        await asyncio.sleep(0.001)
    while talks.connections:  # nothing is read here meanwhile
        await asyncio.sleep(0.001)
    taken = 0
    with contextlib.suppress(ConnectionResetError):
        while some := await reader.read(1_000_000):
            taken += len(some)
    assert taken < 50_000_000
    writer.close()
    await site.close()


async def test_a_slow_answer_is_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.web._WITHIN", 0.01)
    gate = asyncio.Event()

    async def slow(request: web.BaseRequest) -> web.Response:
        asyncio.get_running_loop().call_later(0.1, gate.set)
        await gate.wait()
        return web.Response(text="there")

    site.attach("GET", "/slow", slow)
    assert (await raw(site, ask("GET", "/slow")))[2] == b"there"


async def test_what_is_detached_is_gone(site: Site) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(text="here")

    detach = site.attach("GET", "/here", answer)
    with pytest.raises(ValueError, match="already"):
        site.attach("GET", "/here", answer)
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{site.port}/here"
        async with session.get(url) as found:
            assert await found.text() == "here"
        detach()
        detach()
        async with session.get(url) as gone:
            assert gone.status == 404


async def test_a_port_that_is_taken(site: Site) -> None:
    other = Site("127.0.0.1", site.port)
    with pytest.raises(OSError, match="address already in use"):
        await other.open()
    await other.close()


# What is asked for again


async def test_a_document_is_given_once(site: Site) -> None:
    _, headers, body = await raw(site, ask("GET", "/long"))
    assert (body, headers["Content-Type"]) == (LONG.body, LONG.kind)
    assert headers["Cache-Control"] == "no-cache"
    mark = headers["Etag"]
    for known in (mark, mark.removeprefix("W/"), f'"x", {mark}', "*", f'{mark}, "y"'):
        status, again, nothing = await raw(site, ask("GET", "/long", b"", f"If-None-Match: {known}"))
        assert (status.split()[1], again["Etag"], nothing) == ("304", mark, b"")
        assert again.items() >= (SAFE | {"Cache-Control": "no-cache"}).items()
    _, headers, body = await raw(site, ask("HEAD", "/long"))
    assert (headers["Etag"], headers["Content-Length"], body) == (mark, str(len(LONG.body)), b"")


@pytest.mark.parametrize("known", ["", '"', "é", '"x', 'W/"', ",,,", '""', "W/" * 3000, '"a" "b"', "null"])
async def test_garbage_is_no_mark(site: Site, known: str) -> None:
    said = b"GET /long HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + known.encode() + b"\r\n\r\n"
    status, _, body = await raw(site, said)
    assert (status.split()[1], body) == ("200", LONG.body)


async def test_a_document_is_packed_for_who_takes_that(site: Site) -> None:
    _, plain, _ = await raw(site, ask("GET", "/long"))
    _, packed, body = await raw(site, ask("GET", "/long", b"", "Accept-Encoding: br, gzip"))
    assert (packed["Content-Encoding"], packed["Etag"]) == ("gzip", plain["Etag"])
    assert gzip.decompress(body) == LONG.body
    assert len(body) == int(packed["Content-Length"]) < len(LONG.body) / 10
    assert "Content-Encoding" not in plain
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"
    _, short, _ = await raw(site, ask("GET", "/framed", b"", "Accept-Encoding: gzip"))
    assert "Content-Encoding" not in short


async def test_only_what_says_so_may_be_framed(site: Site) -> None:
    _, headers, _ = await raw(site, ask("GET", "/framed"))
    assert headers["Content-Security-Policy"] == FRAMED.policy
    assert "X-Frame-Options" not in headers


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0, *", False),
        ("gzip; q=0.000", False),
        ("", False),
        ("x-gzipped", False),
        ("gzip;q=oui", False),
        ("br", False),
    ],
)
def test_who_takes_gzip(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


@given(st.text())
def test_any_accept_encoding_is_read(accepted: str) -> None:
    takes_gzip(accepted)
