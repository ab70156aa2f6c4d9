"""Bodies without their content codings, piece by piece, never more than the limit (promise 6). Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import brotli

from club.news import SourceTrouble

PIECE = 65_536
MAX_LAYERS = 3
MAX_MEMBERS = 1_000  # gzip files put end to end; thousands of empty ones would cost time and yield nothing


class Broken(Exception):  # noqa: N818 — says what the bytes are
    """The bytes are not what their coding says, or end too early."""


class Layer(Protocol):
    """One coding being undone."""

    def push(self, chunk: bytes) -> Iterator[bytes]:
        """What `chunk` adds, in pieces of about PIECE at most; Broken."""

    def end(self) -> None:
        """Broken when more was to come."""


class _Gzip:
    def __init__(self) -> None:
        self._engine = zlib.decompressobj(31)
        self._members = 0  # begun so far
        self._padding = False

    def push(self, chunk: bytes) -> Iterator[bytes]:
        while chunk and not self._padding:
            if self._members == 0 or self._engine.eof:
                self._padding = self._members > 0 and chunk[0] != 0x1F
                self._next()
                continue_with = b"" if self._padding else chunk
            else:
                continue_with = chunk
            chunk = yield from _drain(self._engine, continue_with)

    def _next(self) -> None:
        if self._members == MAX_MEMBERS:
            raise Broken
        if self._members and not self._padding:
            self._engine = zlib.decompressobj(31)
        self._members += not self._padding

    def end(self) -> None:
        if self._members and not self._engine.eof:
            raise Broken


class _Deflate:
    """RFC 9110 means zlib's format; some servers send it bare."""

    def __init__(self) -> None:
        self._engine: zlib._Decompress | None = None

    def push(self, chunk: bytes) -> Iterator[bytes]:
        if not chunk:
            return
        if self._engine is None:
            self._engine = zlib.decompressobj(15 if chunk[0] & 0x0F == 8 else -15)
        if not self._engine.eof:
            yield from _drain(self._engine, chunk)

    def end(self) -> None:
        if self._engine is not None and not self._engine.eof:
            raise Broken
