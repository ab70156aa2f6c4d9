"""The bodies of answers: received, then inflated, on disk when large; never more than the limit (promise 6)."""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile
from typing import TypeAlias

import aiohttp

from connectors.inflate import PIECE, Inflater, too_big

IN_MEMORY = 262_144  # larger ones wait on disk: fifty at once may all be hostile
INFLATING = 2  # at once: an engine may take 16 MiB for itself, and each piece keeps the loop for a moment

Body: TypeAlias = "SpooledTemporaryFile[bytes]"


class Bodies:
    """Receives bodies of at most `limit` bytes, as they come and inflated."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inflating = asyncio.Semaphore(INFLATING)

    async def receive(self, response: aiohttp.ClientResponse) -> Body:
        """The inflated body, at its end; SourceTrouble when it is too big or its coding is broken or unknown."""
        if (response.content_length or 0) > self._limit:
            raise too_big(self._limit)
        inflater = Inflater(response.headers.getall("Content-Encoding", ()), self._limit)
        size = 0
        with SpooledTemporaryFile(max_size=IN_MEMORY) as raw:
            # As they come: filling a piece with chunks of one byte would keep the loop busy for half a second.
            async for chunk, _ in response.content.iter_chunks():
                size += len(chunk)
                if size > self._limit:
                    raise too_big(self._limit)
                raw.write(chunk)
                await asyncio.sleep(0)
            raw.seek(0)
            # Only now: who drips must not keep an engine from the others.
            async with self._inflating:
                return await _inflated(raw, inflater)


async def _inflated(raw: Body, inflater: Inflater) -> Body:
    body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 — handed on, at its end
    try:
        while chunk := raw.read(PIECE):
            for piece in inflater.push(chunk):
                body.write(piece)
                await asyncio.sleep(0)  # a bomb must not keep the others from their turn
        inflater.end()
    except BaseException:
        body.close()
        raise
    return body
