"""Foreign documents are parsed in a child process that is ended when it takes too long (choice S7, C17)."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from club.news import Harvest, Source, SourceTrouble
from connectors.sources.document import Document
from connectors.sources.signs import Signs
from connectors.sources.wire import (
    PATIENCE,
    SIZE,
    harvest_from_json,
    pack,
    request_to_json,
    signs_from_json,
    trouble_from_json,
)

log = logging.getLogger(__name__)

START = 30.0  # seconds for the child's imports on a busy machine
LAST = 1.0  # seconds for one that closed its pipe: how it ended tells why


def child_environment() -> dict[str, str]:
    """The environment of a process of ours: modules are found as this one found them, and secrets of the configuration
    stay out of it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ECOHUB_")}
    paths = (str(Path(__file__).parents[1]), environment.get("PYTHONPATH", ""))
    return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


class Reader:
    """Parses one document at a time in its child, which starts when needed and ends when idle.

    `deadline` and `idle` are seconds, the first of the child's own work; `module` is what the child runs. The child
    may die at any moment: the document that it held is given up, the next one gets a new child.
    """

    def __init__(self, module: str = "connectors.sources", deadline: float = 3.0, idle: float = 60.0) -> None:
        self._module = module
        self._deadline = deadline
        self._idle = idle
        self._turn = asyncio.Lock()
        self._child: Process | None = None
        self._rest: asyncio.Task[None] | None = None

    async def read(self, document: Document, source: Source) -> Harvest:
        """What the document holds; SourceTrouble when it cannot be read, in time or at all."""
        return harvest_from_json((await self._answer(document, source))["harvest"])

    async def look(self, document: Document) -> Signs:
        """What a web page says of the feeds of its site; SourceTrouble when it cannot be read."""
        return signs_from_json((await self._answer(document, None))["signs"])

    async def _answer(self, document: Document, source: Source | None) -> Any:
        request = pack(request_to_json(document, source, self._deadline))
        async with self._turn:
            if self._rest is not None:
                self._rest.cancel()
            try:
                answer = await self._ask(request, document.body)
            finally:
                self._rest = asyncio.create_task(self._end_when_idle())
        if "detail" in answer:
            log.debug("parser failed", extra={"source": source and source.id, "detail": answer["detail"]})
        if "trouble" in answer:
            raise trouble_from_json(answer["trouble"])
        return answer

    async def close(self) -> None:
        """End the child, after the document it is reading."""
        async with self._turn:
            if self._rest is not None:
                self._rest.cancel()
            await self._end()

    async def _ask(self, request: bytes, body: bytes) -> Any:
        reused = self._child is not None
        child = self._child or await self._start()
        try:
            async with asyncio.timeout(self._deadline * PATIENCE):
                return await _exchange(child, request, body)
        except TimeoutError:
            await self._end()
            raise SourceTrouble("trouble-parse-slow") from None
        except (EOFError, ConnectionError):
            await self._end(LAST)
            if child.returncode == -signal.SIGPROF:  # its seconds are spent
                raise SourceTrouble("trouble-parse-slow") from None
            if reused:  # it may have died between two documents, which is not this one's fault
                return await self._ask(request, body)
            raise SourceTrouble("trouble-parse-died") from None
        except BaseException:
            await self._end()  # a half-read answer would be taken for the next document's
            raise

    async def _start(self) -> Process:
        # -P: modules are never taken from the working directory. A session of its own: the terminal's Ctrl-C is for
        # the parent.
        command = (sys.executable, "-P", "-m", self._module)
        child = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, start_new_session=True, env=child_environment()
        )
        self._child = child
        try:
            async with asyncio.timeout(START):
                await _receive(child)
        except (TimeoutError, EOFError, ConnectionError):
            await self._end()
            log.error("the parsing process does not start", extra={"program": self._module})
            raise SourceTrouble("trouble-parse-failed") from None
        except BaseException:
            await self._end()
            raise
        return child

    async def _end(self, patience: float = 0.0) -> None:
        """End the child, which has so many seconds to end by itself."""
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await child.wait()
        if child.returncode is None:
            child.kill()
        await child.communicate()  # also closes the pipes

    async def _end_when_idle(self) -> None:
        await asyncio.sleep(self._idle)
        async with self._turn:
            await self._end()


async def _exchange(child: Process, request: bytes, body: bytes) -> Any:
    documents = cast(asyncio.StreamWriter, child.stdin)
    documents.write(request + len(body).to_bytes(SIZE))
    documents.write(body)  # the rest of the frame, without a copy of ten megabytes
    await documents.drain()
    return await _receive(child)


async def _receive(child: Process) -> Any:
    answers = cast(asyncio.StreamReader, child.stdout)
    size = int.from_bytes(await answers.readexactly(SIZE))
    return json.loads(await answers.readexactly(size))
