"""Promises 1–11 against real servers on loopback."""

import asyncio
import gzip
import shutil
import socket
import ssl
import subprocess
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import brotli
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from club.news import SourceTrouble
from club.texts import Texts
from connectors.address import Allowed
from connectors.body import IN_MEMORY
from connectors.fetch import CONNECTIONS, LARGE, MAX_HEADERS, Fetched, Fetcher, Memo, NotModified

NOTHING = Memo()
FEED = b"<rss version='2.0'/>"
Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Site:
    """A partner's site: what it serves by path, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[web.BaseRequest] = []
        self.port = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serves(self, path: str, body: bytes = FEED, status: int = 200, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(request: web.BaseRequest) -> web.Response:
            return web.Response(body=body, status=status, headers=named)

        self.answers[path] = answer
        return self.url(path)

    def does(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return self.url(path)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        found = self.answers.get(request.path)
        return web.Response(status=404) if found is None else await found(request)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]


@asynccontextmanager
async def opened(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    site = Site()
    runner = web.ServerRunner(web.Server(site.answer, handler_cancellation=True), shutdown_timeout=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, 0, ssl_context=tls).start()
        site.port = runner.addresses[0][1]
        yield site
    finally:
        await runner.cleanup()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with opened() as site:
        yield site


@pytest.fixture
async def secret() -> AsyncIterator[Site]:
    """A server on loopback that is not in the allow list."""
    async with opened() as site:
        yield site


@asynccontextmanager
async def raw(answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[int]:
    """A server that speaks as it likes, on the port given."""

    serving: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        with suppress(ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            await answer(reader, writer)
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*filter(None, serving))


class Watched(Fetcher):
    """Remembers every address that a socket was opened for."""

    dialled: list[tuple[str, int]]

    def dial(self, info: object) -> socket.socket:
        opened = super().dial(info)
        self.dialled.append(info[4][:2])  # type: ignore[index]
        return opened


class Names(AbstractResolver):
    """A name server: each name's successive answers."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        answers = self.answers[host.partition(".")[0]]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in found
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def fetching(*allowed: str, **options: object) -> AsyncIterator[Watched]:
    async with Watched(Allowed.parse(allowed), **options) as fetcher:  # type: ignore[arg-type]
        fetcher.dialled = []
        yield fetcher


@pytest.fixture
async def fetcher(site: Site) -> AsyncIterator[Watched]:
    async with fetching(f"127.0.0.1:{site.port}", timeout=10.0, contact="https://club.exemple.fr") as fetcher:
        yield fetcher


async def trouble_of(fetcher: Fetcher, url: str, memo: Memo = NOTHING) -> SourceTrouble:
    """The trouble, whose French text must exist and take its values."""
    with pytest.raises(SourceTrouble) as caught:
        await fetcher.fetch(url, memo)
    assert Texts().plain(caught.value.key, **caught.value.values)
    return caught.value


async def key_of(fetcher: Fetcher, url: str) -> str:
    return (await trouble_of(fetcher, url)).key


async def page_of(fetcher: Fetcher, url: str, memo: Memo = NOTHING) -> Fetched:
    page = await fetcher.fetch(url, memo)
    assert isinstance(page, Fetched)
    return page


# --- a good visit


async def test_a_page(site: Site, fetcher: Watched) -> None:
    url = site.serves(
        "/rss",
        Content_Type="application/rss+xml; charset=utf-8",
        ETag='W/"a"',
        Last_Modified="Tue, 09 Mar 2027 09:00:00 GMT",
        Cache_Control="public, max-age=600",
    )
    assert await fetcher.fetch(url, NOTHING) == Fetched(
        url=url,
        body=FEED,
        content_type="application/rss+xml; charset=utf-8",
        etag='W/"a"',
        last_modified="Tue, 09 Mar 2027 09:00:00 GMT",
        max_age=600,
    )
    assert fetcher.dialled == [("127.0.0.1", site.port)]
    asked = site.asked[0].headers
    assert asked["User-Agent"] == "EcoHub/0.1 (+https://club.exemple.fr)"
    assert asked["Accept-Encoding"] == "gzip, deflate, br"
    assert "If-None-Match" not in asked and "If-Modified-Since" not in asked and "Cookie" not in asked


async def test_conditions_are_sent_back_as_received(site: Site, fetcher: Watched) -> None:
    url = site.serves("/rss", b"", status=304, Cache_Control="max-age=60")
    assert await fetcher.fetch(url, Memo('W/"é, "', "hier")) == NotModified(60)
    assert site.asked[0].headers["If-None-Match"] == 'W/"é, "'
    assert site.asked[0].headers["If-Modified-Since"] == "hier"


async def test_304_that_nobody_asked_for(site: Site, fetcher: Watched) -> None:
    trouble = await trouble_of(fetcher, site.serves("/rss", b"", status=304))
    assert (trouble.key, trouble.values["code"]) == ("trouble-status", 304)


async def test_the_query_arrives_as_written(site: Site, fetcher: Watched) -> None:
    site.serves("/a b")
    await page_of(fetcher, site.url("/a%20b?x=%2F%7e&t[]=1"))
    assert site.asked[0].raw_path == "/a%20b?x=%2F%7e&t[]=1"


async def test_cookies_are_not_kept(site: Site, fetcher: Watched) -> None:
    site.serves("/rss", Set_Cookie="a=b; Path=/")
    for _ in range(2):
        await page_of(fetcher, site.url("/rss", "localhost"))  # for addresses they are refused anyway
    assert [request.headers.get("Cookie") for request in site.asked] == [None, None]


async def test_proxy_variables_have_no_effect(
    site: Site, secret: Site, fetcher: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, secret.url())
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert (await page_of(fetcher, site.serves("/rss"))).body == FEED
    assert fetcher.dialled == [("127.0.0.1", site.port)] and not secret.asked


# --- promises 1–3: which addresses are dialled

SPELLINGS = [
    *("127.0.0.1", "localhost", "LOCALHOST", "127.0.0.2", "0.0.0.0", "[::]", "[::1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
    *("2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.", "127.0.0.01"),
    *("１２７.0.0.1", "127。0。0。1"),
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_a_private_address_is_not_dialled(host: str, site: Site, secret: Site, fetcher: Watched) -> None:
    trouble = await trouble_of(fetcher, secret.url("/", host))
    assert trouble.key == "trouble-address" and trouble.blocked
    assert "refusée" in Texts().plain(trouble.key, **trouble.values)
    assert fetcher.dialled == [] and not secret.asked


@pytest.mark.parametrize("host", SPELLINGS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nor_by_a_redirect(host: str, status: int, site: Site, secret: Site, fetcher: Watched) -> None:
    url = site.serves("/rss", b"", status=status, Location=secret.url("/", host))
    trouble = await trouble_of(fetcher, url)
    assert trouble.key == "trouble-address" and trouble.blocked
    assert fetcher.dialled == [("127.0.0.1", site.port)] and not secret.asked


async def test_an_allowed_address_is_that_address_and_port_only(site: Site, secret: Site) -> None:
    async with fetching(f"127.0.0.1:{site.port}") as fetcher:
        for url in (secret.url(), site.url(host="127.0.0.2"), site.url(host="[::ffff:127.0.0.1]")):
            assert await key_of(fetcher, url) == "trouble-address"
        assert fetcher.dialled == [] and not site.asked and not secret.asked
        site.serves("/")
        assert (await page_of(fetcher, site.url(host="localhost"))).body == FEED
    async with fetching(f"[::1]:{site.port}") as fetcher:
        assert await key_of(fetcher, site.url()) == "trouble-address"
        assert fetcher.dialled == []


async def test_an_allowed_name_is_that_name_only(site: Site) -> None:
    site.serves("/")
    names = Names(partenaire=[["127.0.0.1"]], autre=[["127.0.0.1"]])
    async with fetching(f"partenaire.test:{site.port}", resolver=names) as fetcher:
        assert (await page_of(fetcher, site.url(host="Partenaire.test"))).body == FEED
        assert await key_of(fetcher, site.url(host="autre.test")) == "trouble-address"
        assert await key_of(fetcher, site.url()) == "trouble-address"
        # Together, too: each connection knows its own name.
        answers = await asyncio.gather(
            *(fetcher.fetch(site.url(host=f"{name}.test"), NOTHING) for name in ("partenaire", "autre") * 4),
            return_exceptions=True,
        )
    assert [type(answer) for answer in answers] == [Fetched, SourceTrouble] * 4
    assert len(site.asked) == 5


async def test_one_lookup_and_its_address_is_dialled(site: Site) -> None:
    site.serves("/")
    names = Names(change=[["127.0.0.1"], ["127.0.0.2"]])
    async with fetching(f"127.0.0.1:{site.port}", resolver=names) as fetcher:
        await page_of(fetcher, site.url(host="change.test"))
        assert names.asked == ["change.test"]
        assert fetcher.dialled == [("127.0.0.1", site.port)]


async def test_a_public_name_that_becomes_private(site: Site, secret: Site) -> None:
    names = Names(change=[["127.0.0.1"], ["127.0.0.2"]])
    async with fetching(f"127.0.0.1:{site.port}", resolver=names) as fetcher:
        site.serves("/", b"", status=302, Location=site.url("/suite", "change.test"), Connection="close")
        assert await key_of(fetcher, site.url(host="change.test")) == "trouble-address"
        assert names.asked == ["change.test", "change.test"]
        assert fetcher.dialled == [("127.0.0.1", site.port)]
        assert site.paths == ["/"]


@pytest.mark.parametrize("found", [["10.0.0.1", "127.0.0.1"], ["fd00::1", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]])
async def test_a_private_answer_among_several_is_not_dialled(found: list[str], site: Site) -> None:
    site.serves("/")
    async with fetching(f"127.0.0.1:{site.port}", resolver=Names(double=[found])) as fetcher:
        assert (await page_of(fetcher, site.url(host="double.test"))).body == FEED
        assert fetcher.dialled == [("127.0.0.1", site.port)]


async def test_a_private_answer_beside_a_host_that_is_down() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with fetching(f"127.0.0.1:{port}", resolver=Names(double=[["10.0.0.1", "127.0.0.1"]])) as fetcher:
            trouble = await trouble_of(fetcher, f"http://double.test:{port}/")
            assert trouble.key.startswith("trouble-unreachable") and not trouble.blocked
            assert set(fetcher.dialled) == {("127.0.0.1", port)}


async def test_only_private_answers(site: Site) -> None:
    async with fetching(resolver=Names(prive=[["127.0.0.1", "::1", "10.0.0.1", "fe80::1"]])) as fetcher:
        assert await key_of(fetcher, site.url(host="prive.test")) == "trouble-address"
        assert fetcher.dialled == []


# --- promises 4 and 5: schemes and redirects


@pytest.mark.parametrize(
    ("location", "key"),
    [
        ("file:///etc/passwd", "trouble-scheme"),
        ("ftp://127.0.0.1/", "trouble-scheme"),
        ("gopher://127.0.0.1/", "trouble-scheme"),
        ("data:text/xml,<rss/>", "trouble-scheme"),
        ("http://a:b@127.0.0.1/", "trouble-url-user"),
        ("http://[::1/", "trouble-url"),
        ("http://:80/", "trouble-url"),
        ("", "trouble-redirect-empty"),
        ("   ", "trouble-redirect-empty"),
        ("/rss", "trouble-redirect-loop"),
        ("#ici", "trouble-redirect-loop"),
        ("/" + "a" * 3000, "trouble-url-long"),
    ],
)
async def test_where_a_redirect_may_not_lead(location: str, key: str, site: Site, fetcher: Watched) -> None:
    assert await key_of(fetcher, site.serves("/rss", b"", status=301, Location=location)) == key
    assert site.paths == ["/rss"]


async def test_a_redirect_without_location(site: Site, fetcher: Watched) -> None:
    assert await key_of(fetcher, site.serves("/rss", b"", status=302)) == "trouble-redirect-empty"


def chain(site: Site, *statuses: int) -> str:
    for number, status in enumerate(statuses):
        site.serves(f"/{number}", b"", status=status, Location=f"{number + 1}")
    site.serves(f"/{len(statuses)}")
    return site.url("/0")


async def test_five_redirects_and_no_sixth(site: Site, fetcher: Watched) -> None:
    page = await page_of(fetcher, chain(site, *[302] * 5))
    assert page.url == site.url("/5") and len(site.asked) == 6
    site.asked.clear()
    assert await key_of(fetcher, chain(site, *[302] * 6)) == "trouble-redirects"
    assert len(site.asked) == 6


async def test_a_loop_of_two(site: Site, fetcher: Watched) -> None:
    site.serves("/a", b"", status=301, Location="/b")
    site.serves("/b", b"", status=301, Location="/a")
    assert await key_of(fetcher, site.url("/a")) == "trouble-redirect-loop"
    assert site.paths == ["/a", "/b"]


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [((), False), ((301,), True), ((308, 301), True), ((302,), False), ((301, 302), False), ((307, 301), False)],
)
async def test_moved_for_good(statuses: tuple[int, ...], moved: bool, site: Site, fetcher: Watched) -> None:
    page = await page_of(fetcher, chain(site, *statuses))
    assert page.moved == (site.url(f"/{len(statuses)}") if moved else None)


async def test_conditions_follow_redirects(site: Site, fetcher: Watched) -> None:
    site.serves("/a", b"", status=301, Location="/b")
    site.serves("/b", b"", status=304)
    assert await fetcher.fetch(site.url("/a"), Memo("x")) == NotModified(moved=site.url("/b"))


# --- promise 6: size

BOMB = 3_000_000
squeeze = partial(gzip.compress, mtime=0)  # the same bytes in every process that lists the tests
LIMIT = 1_000_000


@pytest.fixture
async def small(site: Site) -> AsyncIterator[Watched]:
    async with fetching(f"127.0.0.1:{site.port}", max_bytes=LIMIT, timeout=10.0) as fetcher:
        yield fetcher


async def test_too_big_as_announced(site: Site, small: Watched) -> None:
    assert await key_of(small, site.serves("/", b"0" * (LIMIT + 1))) == "trouble-too-big"
    assert len((await page_of(small, site.serves("/juste", b"0" * LIMIT))).body) == LIMIT


async def test_too_big_without_announcing(site: Site, small: Watched) -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"0" * 10_000)

    assert await key_of(small, site.does("/", endless)) == "trouble-too-big"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", squeeze(b"0" * BOMB)),
        ("deflate", zlib.compress(b"0" * BOMB)),
        ("br", brotli.compress(b"0" * BOMB, quality=1)),
        ("gzip, gzip", squeeze(squeeze(b"0" * BOMB))),
        ("gzip, br, deflate", zlib.compress(brotli.compress(squeeze(b"0" * BOMB)))),
        ("", squeeze(b"0" * BOMB)),
    ],
)
async def test_bombs(coding: str, body: bytes, site: Site, small: Watched) -> None:
    assert await key_of(small, site.serves("/", body, Content_Encoding=coding)) == "trouble-too-big"


@pytest.mark.parametrize(
    ("coding", "body", "key"),
    [
        ("zstd", b"?", "trouble-coding"),
        ("gzip, gzip, gzip, gzip", b"?", "trouble-coding"),
        ("gzip", b"\x1f\x8b<rss/>", "trouble-coding-broken"),
        ("br", b"\x00\x01<rss/>", "trouble-coding-broken"),
        ("gzip", squeeze(FEED)[:-4], "trouble-coding-broken"),
    ],
)
async def test_codings_that_cannot_be_read(coding: str, body: bytes, key: str, site: Site, fetcher: Watched) -> None:
    assert await key_of(fetcher, site.serves("/", body, Content_Encoding=coding)) == key


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "none", "utf-8", "gzip, br", "binary"])
@pytest.mark.parametrize("body", [FEED, b"\xef\xbb\xbf" + FEED, b'\n{"version": "1"}', b"BEGIN:VCALENDAR\r\n"])
async def test_a_coding_that_lies_is_left(coding: str, body: bytes, site: Site, fetcher: Watched) -> None:
    assert (await page_of(fetcher, site.serves("/", body, Content_Encoding=coding))).body == body


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/calendar", "application/json"])
async def test_a_coding_that_is_not_said_is_undone(kind: str, site: Site, fetcher: Watched) -> None:
    assert (await page_of(fetcher, site.serves("/", squeeze(FEED), Content_Type=kind))).body == FEED


async def test_a_long_header_and_many_are_read(site: Site, fetcher: Watched) -> None:
    assert (await page_of(fetcher, site.serves("/", Content_Security_Policy="x" * 34_000))).body == FEED
    many = {f"X_N{n}": "x" * 100 for n in range(200)}
    assert (await page_of(fetcher, site.serves("/", **many))).body == FEED


async def test_headers_of_more_than_64_kib_are_refused(site: Site, fetcher: Watched) -> None:
    assert (
        await key_of(fetcher, site.serves("/", X_Long="x" * 40_000, X_Other="x" * 40_000)) == "trouble-too-big-headers"
    )


async def test_a_cookie_is_sent_back_within_its_redirects_and_forgotten(site: Site, fetcher: Watched) -> None:
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(request.headers.get("Cookie", ""))
        if "seen=1" in asked[-1]:
            return web.Response(body=FEED)
        return web.Response(status=302, headers={"Location": "/", "Set-Cookie": "seen=1; Path=/; HttpOnly"})

    site.answers["/"] = answer
    assert (await page_of(fetcher, site.url("/"))).body == FEED
    assert (await page_of(fetcher, site.url("/"))).body == FEED
    assert asked == ["", "seen=1", "", "seen=1"]


async def test_a_cookie_that_changes_at_each_redirect_ends(site: Site, fetcher: Watched) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        count = request.headers.get("Cookie", "n=0").partition("=")[2]
        return web.Response(status=302, headers={"Location": "/", "Set-Cookie": f"n={int(count) + 1}"})

    site.answers["/"] = answer
    assert await key_of(fetcher, site.url("/")) == "trouble-redirects"


async def test_codings(site: Site, fetcher: Watched) -> None:
    document = FEED * 20_000  # past what is kept in memory, so that it passes through the disk
    for coding, body in {
        "gzip": gzip.compress(document),
        "deflate": zlib.compress(document),
        "br": brotli.compress(document, quality=1),
        "identity": document,
        "gzip, br": brotli.compress(gzip.compress(document), quality=1),
    }.items():
        assert (await page_of(fetcher, site.serves("/", body, Content_Encoding=coding))).body == document
    assert (await page_of(fetcher, site.serves("/rss.xml.gz", gzip.compress(document)))).body == document


async def pour(writer: asyncio.StreamWriter, head: bytes, more: Callable[[int], bytes], times: int) -> None:
    writer.write(head)
    for number in range(times):
        writer.write(more(number))
        await writer.drain()


@pytest.mark.parametrize(
    "more",
    [
        lambda number: b"a" * 1000,  # one line without end
        lambda number: b"X-%d: %s\r\n" % (number, b"a" * 900),  # lines without end
        lambda number: b"X-%d: \r\n" % number,
    ],
)
async def test_headers_without_end(more: Callable[[int], bytes]) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await pour(writer, b"HTTP/1.1 200 OK\r\nX: ", more, 100_000)

    async with raw(answer) as port, fetching(f"127.0.0.1:{port}") as fetcher:
        assert await key_of(fetcher, f"http://127.0.0.1:{port}/") == "trouble-too-big-headers"


@pytest.mark.parametrize(("length", "fits"), [(MAX_HEADERS // 10 - 500, True), (MAX_HEADERS // 10 + 50, False)])
async def test_the_header_block_is_bounded(length: int, fits: bool) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await pour(writer, b"HTTP/1.1 200 OK\r\n", lambda number: b"X-%d: %s\r\n" % (number, b"a" * length), 10)
        await pour(writer, b"Content-Length: 0\r\n\r\n", lambda number: b"", 0)

    async with raw(answer) as port, fetching(f"127.0.0.1:{port}") as fetcher:
        url = f"http://127.0.0.1:{port}/"
        if fits:
            assert (await page_of(fetcher, url)).body == b""
        else:
            assert await key_of(fetcher, url) == "trouble-too-big-headers"


# --- promise 7: time


async def silent(request: web.BaseRequest) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def dripping(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("answer", [silent, dripping])
async def test_a_slow_site_is_left(answer: Answer, site: Site) -> None:
    async with fetching(f"127.0.0.1:{site.port}", timeout=0.3) as fetcher:
        assert await key_of(fetcher, site.does("/", answer)) == "trouble-timeout"


async def test_redirects_do_not_start_the_time_again(site: Site) -> None:
    def hop(number: int) -> Answer:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            await asyncio.sleep(0.09)  # below the patience with each silence, 0.1 s of 0.3
            return web.Response(status=302, headers={"Location": f"/{number + 1}"})

        return answer

    for number in range(6):
        site.does(f"/{number}", hop(number))
    async with fetching(f"127.0.0.1:{site.port}", timeout=0.3) as fetcher:
        assert await key_of(fetcher, site.url("/0")) == "trouble-timeout"


async def test_a_silent_name_server_is_left() -> None:
    class Silent(Names):
        async def resolve(self, *asked: object, **options: object) -> list[ResolveResult]:
            await asyncio.Event().wait()
            raise AssertionError

    async with fetching(resolver=Silent(), timeout=0.1) as fetcher:
        assert await key_of(fetcher, "http://exemple.test/") == "trouble-timeout"


async def test_what_is_fetched_in_one_block_has_one_visit(site: Site) -> None:
    async def hang(request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    quick, slow = site.serves("/quick"), site.does("/slow", hang)
    async with fetching(f"127.0.0.1:{site.port}", timeout=0.5) as fetcher:
        with fetcher.one_visit():
            await page_of(fetcher, quick)
            for _ in range(4):  # a silence has a third of it
                assert await key_of(fetcher, slow) == "trouble-timeout"
            assert await key_of(fetcher, quick) == "trouble-timeout"  # nothing is left
        await page_of(fetcher, quick)


async def test_few_visits_hold_a_large_document_at_once(site: Site) -> None:
    large, small = site.serves("/large", b"x" * (IN_MEMORY + 1)), site.serves("/small")
    held = [asyncio.Event() for _ in range(LARGE + 1)]
    leave = asyncio.Event()

    async def visit(fetcher: Fetcher, has: asyncio.Event) -> None:
        with fetcher.one_visit():
            await page_of(fetcher, large)
            await page_of(fetcher, large)  # the same visit has room already
            has.set()
            await leave.wait()

    async with fetching(f"127.0.0.1:{site.port}", timeout=30.0) as fetcher:
        visits = [asyncio.create_task(visit(fetcher, has)) for has in held]
        while sum(has.is_set() for has in held) < LARGE:
            await asyncio.sleep(0.01)
        with fetcher.one_visit():
            await page_of(fetcher, small)  # small ones pass
        assert sum(has.is_set() for has in held) == LARGE
        leave.set()
        await asyncio.gather(*visits)


async def test_a_connection_that_closes_without_an_answer_is_not_opened_again(site: Site) -> None:
    asked = []

    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(1)

    async with raw(leave) as port, fetching(f"127.0.0.1:{port}") as fetcher:
        assert await key_of(fetcher, f"http://127.0.0.1:{port}/") == "trouble-cut"
    assert len(asked) == 1


async def test_waiting_for_ones_turn_is_not_the_sites_slowness(site: Site) -> None:
    """Four visits take the host's turns for their whole time; those that waited for them still have theirs."""
    most = now = 0

    async def first_four_drip(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal most, now
        now += 1
        most = max(most, now)
        try:
            return web.Response(body=FEED) if len(site.asked) > 4 else await dripping(request)
        finally:
            now -= 1

    async with fetching(f"127.0.0.1:{site.port}", timeout=0.9) as fetcher:
        url = site.does("/", first_four_drip)
        answers = await asyncio.gather(*(fetcher.fetch(url, NOTHING) for _ in range(10)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [SourceTrouble] * 4 + [Fetched] * 6
    assert most == 4


async def test_a_slow_host_leaves_the_others_their_turn(site: Site, secret: Site) -> None:
    busy, released = asyncio.Event(), asyncio.Event()

    async def slow(request: web.BaseRequest) -> web.StreamResponse:
        busy.set()
        await released.wait()
        return web.Response(body=FEED)

    async with fetching(f"127.0.0.1:{site.port}", f"127.0.0.1:{secret.port}", timeout=30.0) as fetcher:
        slow_url = site.does("/", slow)
        waiting = [asyncio.create_task(page_of(fetcher, slow_url)) for _ in range(CONNECTIONS + 10)]
        await busy.wait()
        assert (await page_of(fetcher, secret.serves("/"))).body == FEED
        assert not any(task.done() for task in waiting)
        released.set()
        await asyncio.gather(*waiting)


# --- promise 8: what sites answer


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (401, "trouble-unauthorised"),
        (403, "trouble-forbidden"),
        (404, "trouble-not-found"),
        (410, "trouble-gone"),
        (429, "trouble-busy"),
        (418, "trouble-status"),
        (204, "trouble-status"),
        (206, "trouble-status"),
        (300, "trouble-status"),
        (500, "trouble-server"),
        (503, "trouble-server"),
    ],
)
async def test_refusals_are_told_apart_and_not_retried(status: int, key: str, site: Site, fetcher: Watched) -> None:
    trouble = await trouble_of(fetcher, site.serves("/", b"", status=status))
    assert (trouble.key, trouble.values, trouble.blocked) == (key, {"code": status}, False)
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("status", "text", "seconds"),
    [(429, "90", 90), (503, "999999", 86_400), (503, "plus tard", None), (500, "90", None)],
)
async def test_retry_after(status: int, text: str, seconds: int | None, site: Site, fetcher: Watched) -> None:
    trouble = await trouble_of(fetcher, site.serves("/", b"", status=status, Retry_After=text))
    assert trouble.values.get("retry_after") == seconds


# --- connections that fail


async def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        async with fetching(f"127.0.0.1:{port}") as fetcher:
            assert await key_of(fetcher, f"http://127.0.0.1:{port}/") == "trouble-unreachable-refused"


async def test_no_such_name() -> None:
    class Unknown(Names):
        async def resolve(self, *asked: object, **options: object) -> list[ResolveResult]:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")

    async with fetching(resolver=Unknown()) as fetcher:
        trouble = await trouble_of(fetcher, "http://nulle-part.test/")
        assert (trouble.key, trouble.values) == ("trouble-unreachable-dns", {"host": "nulle-part.test"})


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (b"", "trouble-cut"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss", "trouble-cut"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "trouble-answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "trouble-cut"),
        (b"220 ftp.exemple.fr\r\n\r\n", "trouble-answer"),
        (b"HTTP/1.1 deux cents\r\n\r\n", "trouble-answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "trouble-answer"),
    ],
)
async def test_answers_that_cannot_be_read(answer: bytes, key: str) -> None:
    async def give(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await pour(writer, answer, lambda number: b"", 0)

    async with raw(give) as port, fetching(f"127.0.0.1:{port}") as fetcher:
        assert await key_of(fetcher, f"http://127.0.0.1:{port}/") == key


async def test_headers_in_raw_bytes() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = 'HTTP/1.1 200 OK\r\nETag: "é"\r\nContent-Type: text/xml; x=é\r\nContent-Length: 0\r\n\r\n'
        await pour(writer, head.encode("latin-1"), lambda number: b"", 0)

    async with raw(answer) as port, fetching(f"127.0.0.1:{port}") as fetcher:
        page = await page_of(fetcher, f"http://127.0.0.1:{port}/")
        assert (page.etag, page.content_type) == ("", "")


async def test_a_site_that_speaks_no_tls(site: Site, fetcher: Watched) -> None:
    assert await key_of(fetcher, site.url().replace("http:", "https:")) == "trouble-unreachable-tls"


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    return signed(tmp_path, "127.0.0.1")


def signed(tmp_path: Path, address: str) -> ssl.SSLContext:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to refuse")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", f"/CN={address}", "-addext", f"subjectAltName=IP:{address}", "-days", "2"]
    subprocess.run([*command, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    return tls


async def test_a_certificate_of_another_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = signed(tmp_path, "127.0.0.2")
    trusting = ssl.create_default_context(cafile=tmp_path / "certificate.pem")
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", trusting)
    async with opened(tls=served) as site, fetching(f"127.0.0.1:{site.port}") as fetcher:
        assert await key_of(fetcher, site.url().replace("http:", "https:")) == "trouble-unreachable-name"
        assert not site.asked


async def test_certificates_are_verified(self_signed: ssl.SSLContext) -> None:
    async with opened(tls=self_signed) as site, fetching(f"127.0.0.1:{site.port}") as fetcher:
        assert await key_of(fetcher, site.url().replace("http:", "https:")) == "trouble-unreachable-tls"
        assert fetcher.dialled == [("127.0.0.1", site.port)] and not site.asked
