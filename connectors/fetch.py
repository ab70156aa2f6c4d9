"""One polite GET: conditional, bounded in size and time; the address that is checked is the address that is dialled
(promises 1–11, choice S2). Nothing but what `fetch` is asked for and its redirects is ever requested."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from club.news import SourceTrouble
from connectors.address import IP, Allowed, check_url, is_public
from connectors.body import IN_MEMORY, Bodies, Body
from connectors.headers import max_age, printable, retry_after, with_cookies
from connectors.inflate import ACCEPTED
from connectors.lookup import Lookup

CONNECTIONS = 50
CONNECTIONS_PER_HOST = 4
MAX_REDIRECTS = 5
MAX_HEADERS = 65_536  # bytes of all of them (promise 6); one alone may be as long
MOST_HEADERS = 256
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # here, for what is read
LARGE = 8  # visits at once whose document is larger than what is kept in memory

REDIRECTS = {301: True, 302: False, 303: False, 307: False, 308: True}  # status: is it permanent?
REFUSALS = {
    401: "trouble-unauthorised",
    403: "trouble-forbidden",
    404: "trouble-not-found",
    410: "trouble-gone",
    429: "trouble-busy",
}

# OpenSSL's words for a certificate that is good, for another host or address.
_OTHER_NAME = (62, 64)


@dataclass(frozen=True, slots=True)
class Memo:
    """What the last answer said of its version, sent back as received; "" = it said nothing."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document: `url` is where it was in the end, `body` is inflated, `moved` its new address when every redirect
    was permanent, `max_age` the seconds for which its publisher calls it fresh."""

    url: str
    body: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved: str | None = None
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing new since the memo; `max_age` in seconds and `moved`, as in Page."""

    max_age: int | None = None
    moved: str | None = None


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    permanent: bool
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A document whose body is not in memory yet; at the end of its file."""

    page: Fetched
    body: Body


@dataclass(slots=True)
class _Visit:
    """Which host a connection is for, and what became of the addresses it gave."""

    host: str
    dialled: list[IP] = field(default_factory=list)
    refused: list[IP] = field(default_factory=list)
    opened: int = 0


# The socket factory is told an address, never the name it came from; tasks started for a visit inherit this.
_visit: ContextVar[_Visit] = ContextVar("visit")


@dataclass(slots=True)
class _Share:
    """Seconds that are left to the documents of one visit (waiting for one's turn between them costs none), and
    whether it has room for a large one."""

    left: float
    room: bool = False


_share: ContextVar[_Share | None] = ContextVar("share", default=None)


async def _open_once(*_: object) -> None:
    """aiohttp asks again when a connection closes without an answer; only one that was kept open deserves that."""
    visit = _visit.get()
    visit.opened += 1
    if visit.opened > 1:
        raise aiohttp.ServerDisconnectedError


class NotPublic(OSError):  # noqa: N818 — says what the address is
    """An address that is not dialled; the next one is tried."""


class Fetcher:
    """Reads documents. Use as `async with Fetcher(allowed) as fetcher`; one for the whole program."""

    def __init__(
        self,
        allowed: Allowed,
        timeout: float = 15.0,
        max_bytes: int = 10 * 2**20,
        contact: str = "",
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._allowed = allowed
        self._timeout = timeout
        self._agent = f"EcoHub/0.1 (+{contact})" if contact else "EcoHub/0.1"
        self._resolver = resolver
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._room = asyncio.Semaphore(LARGE)
        self._bodies = Bodies(max_bytes)
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        tracing = aiohttp.TraceConfig()
        tracing.on_connection_create_start.append(_open_once)
        self._session = aiohttp.ClientSession(
            trace_configs=[tracing],
            connector=aiohttp.TCPConnector(
                socket_factory=self.dial,
                resolver=self._resolver or Lookup(),
                use_dns_cache=False,
                limit=CONNECTIONS,
                limit_per_host=CONNECTIONS_PER_HOST,
            ),
            # Connecting and each silence have their share of the whole, 3 s and 5 s of 15.
            timeout=aiohttp.ClientTimeout(sock_connect=self._timeout / 5, sock_read=self._timeout / 3),
            headers={
                "User-Agent": self._agent,
                "Accept": "application/atom+xml, application/rss+xml, application/feed+json, text/calendar, */*;q=0.8",
                "Accept-Encoding": ACCEPTED,
                "Accept-Language": "fr, *;q=0.5",
            },
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            max_line_size=MAX_HEADERS,
            max_field_size=MAX_HEADERS,
            max_headers=MOST_HEADERS,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def fetch(self, url: str, memo: Memo) -> Fetched | NotModified:
        """The document at `url`, or NotModified; SourceTrouble for whatever stands in the way."""
        url = check_url(url)
        async with self._slot(urlsplit(url).netloc):
            begun, share = asyncio.get_running_loop().time(), _share.get() or _Share(self._timeout)
            try:
                async with asyncio.timeout(share.left):
                    found = await self._follow(url, memo)
            except TimeoutError:
                raise SourceTrouble("trouble-timeout") from None
            finally:
                share.left -= asyncio.get_running_loop().time() - begun
        return found if isinstance(found, NotModified) else await self._load(found)

    @contextmanager
    def one_visit(self) -> Iterator[None]:
        """All that is fetched inside the block has the time of one document, and few visits at once hold large ones:
        others wait for them to end (promises 6, 7)."""
        share = _Share(self._timeout)
        token = _share.set(share)
        try:
            yield
        finally:
            _share.reset(token)
            if share.room:
                self._room.release()

    async def _load(self, found: _Found) -> Fetched:
        with found.body as body:
            share = _share.get()
            if share and not share.room and body.tell() > IN_MEMORY:
                await self._room.acquire()
                share.room = True
            body.seek(0)
            return replace(found.page, body=body.read())

    def dial(self, info: Any) -> socket.socket:
        """The socket for one address: the only place that opens one. NotPublic when it may not be visited."""
        family, kind, proto, _, (host, port, *_) = info
        visit = _visit.get()
        ip = ip_address(host)
        if not is_public(ip) and not self._allowed.permits(visit.host, ip, port):
            visit.refused.append(ip)
            raise NotPublic(host)
        visit.dialled.append(ip)
        return socket.socket(family, kind, proto)

    @asynccontextmanager
    async def _slot(self, host: str) -> AsyncIterator[None]:
        # Before the deadline starts: waiting for a neighbour is not the site's slowness. The host's turn comes first,
        # so those who wait for a busy host keep no general slot.
        turn = self._hosts.setdefault(host, asyncio.Semaphore(CONNECTIONS_PER_HOST))
        async with turn, self._slots:
            yield

    async def _follow(self, url: str, memo: Memo) -> _Found | NotModified:
        seen: set[tuple[str, str]] = {(url, "")}
        permanent = True
        cookies: dict[str, str] = {}  # by host: some sites redirect until theirs comes back; forgotten afterwards
        for _ in range(1 + MAX_REDIRECTS):
            host = urlsplit(url).netloc
            answer = await self._ask(url, memo, cookies.get(host, ""))
            if not isinstance(answer, _Redirect):
                moved = url if permanent and len(seen) > 1 else None
                if isinstance(answer, NotModified):
                    return replace(answer, moved=moved)
                return replace(answer, page=replace(answer.page, moved=moved))
            permanent &= answer.permanent
            cookies[host] = with_cookies(cookies.get(host, ""), answer.cookies)
            url = _next(url, answer.location)
            asked = (url, cookies.get(urlsplit(url).netloc, ""))
            if asked in seen:
                raise SourceTrouble("trouble-redirect-loop")
            seen.add(asked)
        raise SourceTrouble("trouble-redirects")

    async def _ask(self, url: str, memo: Memo, cookies: str) -> _Found | NotModified | _Redirect:
        visit = _Visit(urlsplit(url).hostname or "")
        _visit.set(visit)
        conditions = {"If-None-Match": memo.etag, "If-Modified-Since": memo.last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        is_conditional = bool(headers)
        if cookies:
            headers["Cookie"] = cookies
        try:
            # Encoded already by check_url: yarl would rewrite escapes that the publisher's server may want as they are.
            target = URL(url, encoded=True)
            async with self._session.get(target, headers=headers, allow_redirects=False) as response:
                return await self._read(url, response, conditional=is_conditional)
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise _trouble(error, visit) from error

    async def _read(
        self, url: str, response: aiohttp.ClientResponse, conditional: bool
    ) -> _Found | NotModified | _Redirect:
        if sum(len(name) + len(value) + 4 for name, value in response.raw_headers) > MAX_HEADERS:
            raise SourceTrouble("trouble-too-big-headers")
        headers = response.headers
        if response.status in REDIRECTS:
            cookies = tuple(headers.getall("Set-Cookie", ()))
            return _Redirect(headers.get("Location", ""), REDIRECTS[response.status], cookies)
        if response.status == 304 and conditional:
            return NotModified(max_age(headers.get("Cache-Control", "")))
        if response.status not in (200, 203):
            raise _refusal(response.status, headers.get("Retry-After", ""))
        page = Fetched(
            url=url,
            body=b"",
            content_type=printable(headers.get("Content-Type", "")),
            etag=printable(headers.get("ETag", "")),
            last_modified=printable(headers.get("Last-Modified", "")),
            max_age=max_age(headers.get("Cache-Control", "")),
        )
        return _Found(page, await self._bodies.receive(response))


def _next(url: str, location: str) -> str:
    if not location.strip():
        raise SourceTrouble("trouble-redirect-empty")
    try:
        return check_url(urljoin(url, location.strip()))
    except ValueError:
        raise SourceTrouble("trouble-url", blocked=True) from None


def _trouble(error: aiohttp.ClientError | OSError, visit: _Visit) -> SourceTrouble:
    if visit.refused and not visit.dialled:
        return SourceTrouble("trouble-address", blocked=True, host=visit.host)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return SourceTrouble("trouble-disk")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return SourceTrouble("trouble-unreachable-dns", host=visit.host)
    if isinstance(error, aiohttp.ClientConnectorCertificateError) and _is_of_another_name(error.certificate_error):
        return SourceTrouble("trouble-unreachable-name", host=visit.host)
    if isinstance(error, aiohttp.ClientSSLError):
        return SourceTrouble("trouble-unreachable-tls")
    if isinstance(error, aiohttp.ClientConnectorError):
        refused = isinstance(error.os_error, ConnectionRefusedError)
        return SourceTrouble("trouble-unreachable-refused" if refused else "trouble-unreachable")
    if isinstance(error, aiohttp.ClientResponseError):
        # The parser's own bounds on headers; by their words, since they have no type of their own.
        bounded = error.message.startswith(("Got more than", "Too many headers"))
        return SourceTrouble("trouble-too-big-headers" if bounded else "trouble-answer")
    if isinstance(error, aiohttp.InvalidURL):
        return SourceTrouble("trouble-url", blocked=True)
    return SourceTrouble("trouble-cut")


def _is_of_another_name(error: Exception) -> bool:
    return isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _OTHER_NAME


def _refusal(status: int, after: str) -> SourceTrouble:
    default = "trouble-server" if status >= 500 else "trouble-status"
    trouble = SourceTrouble(REFUSALS.get(status, default), code=status)
    if status in (429, 503) and (wait := retry_after(after, datetime.now(UTC))) is not None:
        trouble.values["retry_after"] = wait
    return trouble
