"""A server that keeps no rule of HTTP unless told to: what a case answers is bytes on a socket. A port a case."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property

XML = "application/xml; charset=utf-8"


@dataclass
class Visit:
    """One request: its first line and headers as they came, and where the answer goes."""

    port: int
    number: int  # of this case, from 1
    head: bytes
    out: StreamWriter
    secret: int  # the port that nobody may visit

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode("latin-1")

    async def send(self, piece: bytes) -> None:
        self.out.write(piece)
        await self.out.drain()
        await asyncio.sleep(0)  # who reads fast must not keep the other ports from answering


Answer = Callable[[Visit], Awaitable[None]]


def head(status: int | str = 200, headers: Iterable[tuple[str, str]] = (), version: str = "HTTP/1.1") -> bytes:
    rows = [f"{version} {status} X" if isinstance(status, int) else f"{version} {status}"]
    rows += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*rows, "", ""]).encode("latin-1")


class says:  # noqa: N801 — a verb, as its neighbours
    """A whole answer, `length` being what it pretends; a body that costs something is made before it is asked for."""

    def __init__(
        self,
        body: bytes | str | Callable[[], bytes] = b"",
        status: int | str = 200,
        *,
        type: str = XML,  # noqa: A002 — as the header
        length: int | None = None,
        **headers: str,
    ) -> None:
        self._make = body if callable(body) else lambda: body
        self._status, self._length = status, length
        self._headers = {"Content-Type": type} | {name.replace("_", "-"): value for name, value in headers.items()}

    @cached_property
    def body(self) -> bytes:
        made = self._make()
        return made.encode() if isinstance(made, str) else made

    async def __call__(self, visit: Visit) -> None:
        octets = self.body.replace(b"{secret}", b"%d" % visit.secret)
        rows = {"Content-Length": str(len(octets) if self._length is None else self._length)}
        for name, value in self._headers.items():
            rows[name] = value.format(port=visit.port, secret=visit.secret, n=visit.number)
        await visit.send(head(self._status, rows.items()) + octets)


def writes(*pieces: bytes, again: bytes = b"", every: float = 0.0, after: float = 0.0, hold: bool = False) -> Answer:
    """These bytes, then `again` without end, one every `every` seconds; `hold` keeps the line open afterwards."""

    async def answer(visit: Visit) -> None:
        await asyncio.sleep(after)
        for piece in pieces:
            await visit.send(piece)
            await asyncio.sleep(every)
        while again:
            await visit.send(again)
            await asyncio.sleep(every)
        if hold:
            await asyncio.Event().wait()

    return answer


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def by_path(pages: Mapping[str, Answer], other: Answer) -> Answer:
    async def answer(visit: Visit) -> None:
        await pages.get(visit.path, other)(visit)

    return answer


def in_turn(*answers: Answer) -> Answer:
    """The last one is repeated."""

    async def answer(visit: Visit) -> None:
        await answers[min(visit.number, len(answers)) - 1](visit)

    return answer


@dataclass
class Server:
    """What each name was asked, and on which port it is."""

    ports: dict[str, int] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _open: list[asyncio.Server] = field(default_factory=list)

    async def open(self, name: str, answer: Answer) -> int:
        async def handle(source: StreamReader, out: StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            try:
                with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError):
                    request = await _request(source)
                    self.asked[name].append(request.split(b"\r\n", 1)[0].decode("latin-1"))
                    number = len(self.asked[name])
                    visit = Visit(self.ports[name], number, request, out, self.ports.get("secret", 0))
                    await self._answer(visit, answer, source)
            finally:
                self._tasks.discard(task)
                out.transport.abort() if out.transport.is_closing() else out.close()

        self.asked[name] = []
        opened = await asyncio.start_server(handle, "127.0.0.1", 0, limit=2**18)
        self.ports[name] = opened.sockets[0].getsockname()[1]
        self._open.append(opened)
        return self.ports[name]

    async def _answer(self, visit: Visit, answer: Answer, source: StreamReader) -> None:
        """Until the answer is given or the visitor has left."""
        answering = asyncio.ensure_future(answer(visit))
        left = asyncio.ensure_future(source.read())
        try:
            await asyncio.wait((answering, left), return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                answering.result()
        finally:
            answering.cancel()
            left.cancel()
            await asyncio.gather(answering, left, return_exceptions=True)

    async def close(self) -> None:
        for opened in self._open:
            opened.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for opened in self._open:
            await opened.wait_closed()


async def _request(source: StreamReader) -> bytes:
    first = await source.readexactly(1)
    if first == b"\x16":  # the visitor speaks TLS
        return b"TLS hello"
    return first + await source.readuntil(b"\r\n\r\n")


@asynccontextmanager
async def serving(answers: Mapping[str, Answer]) -> AsyncIterator[Server]:
    server = Server()
    try:
        for name, answer in answers.items():
            if isinstance(answer, says):
                await asyncio.to_thread(lambda answer=answer: answer.body)
            await server.open(name, answer)
        yield server
    finally:
        await server.close()
