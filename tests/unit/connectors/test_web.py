"""The hub's one site: only what is mounted, safe headers on everything, one request a connection (promises 55, 59)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from connectors.web import SAFE, Site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(text=f"{request.method} {len(await request.read())}")

    async def fail(request: web.BaseRequest) -> web.Response:
        raise RuntimeError("the secret of the house")

    made = Site("127.0.0.1", 0)
    await made.open()
    made.mount("GET", "/a", answer)
    made.mount("POST", "/b", answer)
    made.mount("GET", "/fails", fail)
    yield made
    await made.close()


async def raw(site: Site, said: bytes) -> tuple[str, dict[str, str], str]:
    """What is answered to these very bytes: status line, headers, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(said)
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    status, *lines = head.split("\r\n")
    return status, dict(line.split(": ", 1) for line in lines), body


def ask(method: str, path: str, body: bytes = b"") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("said", "status", "shown"),
    [
        (ask("GET", "/a"), 200, "GET 0"),
        (ask("GET", "/a?page=1"), 200, "GET 0"),
        (ask("HEAD", "/a"), 200, ""),
        (ask("POST", "/b", b"12345"), 200, "POST 5"),
        (ask("POST", "/b", b"1" * (2**20 + 1)), 413, "413 Request Entity Too Large\n"),
        (ask("POST", "/a"), 405, "405 Method Not Allowed\n"),
        (ask("GET", "/"), 404, "404 Not Found\n"),
        (ask("GET", "/../../etc/passwd"), 404, "404 Not Found\n"),
        (ask("GET", "/" + "x" * 4000), 404, "404 Not Found\n"),
        (ask("GET", "/fails"), 500, "500 Internal Server Error\n"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, "400 Bad Request\n"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n", 400, "400 Bad Request\n"),
    ],
)
async def test_what_is_answered(site: Site, said: bytes, status: int, shown: str) -> None:
    line, headers, body = await raw(site, said)
    assert line.split()[1] == str(status)
    assert body == shown
    assert headers.items() >= SAFE.items()
    assert headers.get("Connection", "close") == "close"  # broken requests are answered in HTTP 1.0, which closes
    assert "Set-Cookie" not in headers


async def test_a_body_that_nobody_asked_for_is_not_read(site: Site) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
    assert b" 404 " in await reader.readline()
    await reader.read()
    writer.close()


async def test_who_does_not_ask_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.web._ASK_WITHIN", 0.01)
    for begun in (b"", b"GET /a HTTP/1.1\r\nHost:"):
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        writer.write(begun)
        assert await reader.read() == b""
        writer.close()


async def test_a_slow_answer_is_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.web._ASK_WITHIN", 0.01)
    gate = asyncio.Event()

    async def slow(request: web.BaseRequest) -> web.Response:
        asyncio.get_running_loop().call_later(0.1, gate.set)
        await gate.wait()
        return web.Response(text="there")

    site.mount("GET", "/slow", slow)
    assert (await raw(site, ask("GET", "/slow")))[2] == "there"


async def test_what_is_taken_off_is_gone(site: Site) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(text="here")

    take_off = site.mount("GET", "/here", answer)
    with pytest.raises(ValueError, match="already"):
        site.mount("GET", "/here", answer)
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{site.port}/here"
        async with session.get(url) as found:
            assert await found.text() == "here"
        take_off()
        take_off()
        async with session.get(url) as gone:
            assert gone.status == 404


async def test_a_port_that_is_taken(site: Site) -> None:
    with pytest.raises(OSError, match="address already in use"):
        await Site("127.0.0.1", site.port).open()
