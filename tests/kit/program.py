"""The real program in a process of its own, in a folder of its own, and partners' pages on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from typing import Any

from aiohttp import web

from tests.kit.forked import run

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        return self.out + self.err


@dataclass
class Program:
    folder: Path
    log: str = ""  # of what ran last

    @property
    def database(self) -> Path:
        return self.folder / "data" / "ecohub.sqlite3"

    def configure(self, text: str) -> None:
        (self.folder / "config.toml").write_text(text, "utf-8")

    async def start(self, *words: str, stdout: int = PIPE, module: str = "bot", **environ: str) -> Process:
        command = (sys.executable, "-m", module, *words)
        return await asyncio.create_subprocess_exec(
            *command, cwd=self.folder, stdin=DEVNULL, stdout=stdout, stderr=PIPE, env=_environment(environ)
        )

    async def __call__(self, *words: str, given: str = "", **environ: str) -> Done:
        return _done(*await run(words, self.folder, _environment(environ), given.encode()))

    async def from_nothing(self, *words: str, **environ: str) -> Done:
        """The same in a new interpreter, as in a terminal."""
        process = await self.start(*words, **environ)
        out, err = await process.communicate()
        return _done(process.returncode or 0, out, err)

    async def survives(self, said: str, nth: int, *words: str) -> bool:
        """False when it was killed at the nth thing it asked its database after saying so (tests/kit/killer.py)."""
        process = await self.start(said, str(nth), *words, module="tests.kit.killer")
        _, err = await process.communicate()
        assert process.returncode in (0, -SIGKILL), err.decode()
        return process.returncode == 0

    @asynccontextmanager
    async def running(self, *words: str, module: str = "bot") -> AsyncIterator[tuple[Process, str]]:
        """The hub and its ready line; ended by SIGTERM with the block, if it still runs."""
        process = await self.start(*(words or ("run",)), module=module)
        assert process.stdout is not None
        noise = asyncio.create_task(process.stderr.read()) if process.stderr else None
        try:
            yield process, (await process.stdout.readline()).decode()
        finally:
            if process.returncode is None:
                process.terminate()
            await process.stdout.read()
            await process.wait()
            if noise:
                self.log = (await noise).decode()


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("ECOHUB_", "LANG"))}
    mine |= {"PYTHONPATH": str(ROOT), "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"}
    return mine | {"ECOHUB_FAQ__ENABLED": "false", **environ}  # a model takes half a minute of processor


def _done(code: int, out: bytes, err: bytes) -> Done:
    assert b"Traceback" not in err, err.decode()
    return Done(code, plain_blanks(out.decode()), plain_blanks(err.decode()))


def plain_blanks(said: str) -> str:
    """French no-break blanks as plain ones, so that tests are written as one types."""
    return said.replace("\u00a0", " ").replace("\u202f", " ")


@dataclass
class Partners:
    """What is served, by path; a path that is missing answers 404, one of None keeps silent until the end."""

    port: int
    pages: dict[str, str | None] = field(default_factory=dict)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def config(self, sources: Mapping[str, str], more: str = "") -> str:
        """A configuration that may visit these sources: name → page, or an address."""
        rows = [
            f'[[sources]]\nname = "{name}"\nurl = "{page if "//" in page else self.url(page)}"\n'
            for name, page in sources.items()
        ]
        return f'[fetch]\nallow_private = ["127.0.0.1:{self.port}"]\n{more}\n{"".join(rows)}'

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.set()
        page = self.pages.get(request.path.removeprefix("/"), "")
        if page is None:
            await self.closing.wait()
        return web.Response(text=page) if page else web.Response(status=404)


@asynccontextmanager
async def serve_partners() -> AsyncIterator[Partners]:
    partners = Partners(0)
    app = web.Application()
    app.router.add_get("/{name:.*}", partners.answer)
    runner = web.AppRunner(app, shutdown_timeout=0, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    partners.port = runner.addresses[0][1]
    try:
        yield partners
    finally:
        partners.closing.set()
        await runner.cleanup()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
