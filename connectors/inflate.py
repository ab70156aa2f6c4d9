"""Bodies without their content codings, piece by piece, never more than the limit (promise 6). Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

import brotli

from club.news import SourceTrouble

PIECE = 65_536
MAX_LAYERS = 3
MAX_MEMBERS = 1_000  # gzip files put end to end: thousands of empty ones would cost time and yield nothing


class _Broken(Exception):  # noqa: N818 — says what the bytes are
    """The bytes are not what their coding says, or end too early."""


class _Layer(Protocol):
    """One coding being undone: `push` gives what a chunk adds, `end` raises _Broken when more was to come."""

    def push(self, chunk: bytes) -> Iterator[bytes]: ...

    def end(self) -> None: ...


def _drain(engine: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    while True:
        try:
            piece = engine.decompress(chunk, PIECE)
        except zlib.error:
            raise _Broken from None
        if piece:
            yield piece
        chunk = engine.unconsumed_tail
        # A full piece may hide more output inside the engine although all input is taken.
        if engine.eof or (not chunk and len(piece) < PIECE):
            return


class _Gzip:
    """One member or several; whatever else follows is padding, as gzip itself takes it."""

    def __init__(self) -> None:
        self._member: zlib._Decompress | None = None
        self._begun = 0
        self._padding = False

    def push(self, chunk: bytes) -> Iterator[bytes]:
        while chunk and not self._padding:
            if self._member is None:
                self._padding = self._begun > 0 and chunk[0] != 0x1F
                if self._padding:
                    return
                if self._begun == MAX_MEMBERS:
                    raise _Broken
                self._begun += 1
                self._member = zlib.decompressobj(31)
            yield from _drain(self._member, chunk)
            chunk = self._member.unused_data
            if self._member.eof:
                self._member = None

    def end(self) -> None:
        if self._member is not None:
            raise _Broken


class _Deflate:
    """RFC 9110 means zlib's format by « deflate »; some servers send the bare stream."""

    def __init__(self) -> None:
        self._engine: zlib._Decompress | None = None

    def push(self, chunk: bytes) -> Iterator[bytes]:
        if self._engine is None:
            self._engine = zlib.decompressobj(15 if chunk[0] & 0x0F == 8 else -15)
        if not self._engine.eof:
            yield from _drain(self._engine, chunk)

    def end(self) -> None:
        if self._engine is not None and not self._engine.eof:
            raise _Broken


class _Brotli:
    def __init__(self) -> None:
        self._engine = brotli.Decompressor()
        self._begun = False

    def push(self, chunk: bytes) -> Iterator[bytes]:
        self._begun = True
        try:
            # `can_accept_more_data` speaks of the input only: output may wait although all input is taken.
            while piece := self._engine.process(chunk, output_buffer_limit=PIECE):
                yield piece
                chunk = b""
        except brotli.error:
            raise _Broken from None

    def end(self) -> None:
        if self._begun and not self._engine.is_finished():
            raise _Broken


class _MaybeFile:
    """A document that is itself a .gz file is opened; any other passes as it is."""

    def __init__(self) -> None:
        self._gzip: _Gzip | None = None
        self._known = False

    def push(self, chunk: bytes) -> Iterator[bytes]:
        if not self._known:
            self._known = True
            # No text begins with this control character, in no encoding.
            self._gzip = _Gzip() if chunk[0] == 0x1F else None
        if self._gzip is None:
            yield chunk
        else:
            yield from self._gzip.push(chunk)

    def end(self) -> None:
        if self._gzip is not None:
            self._gzip.end()


class _MaybeCoded:
    """A coding that the header tells; where the bytes are plain text it is undone no more: the body decides."""

    def __init__(self, make: Callable[[], _Layer]) -> None:
        self._make = make
        self._layer: _Layer | None = None
        self._begun = False

    def push(self, chunk: bytes) -> Iterator[bytes]:
        if not self._begun:
            self._begun = True
            self._layer = None if _is_text(chunk) else self._make()
        if self._layer is None:
            yield chunk
        else:
            yield from self._layer.push(chunk)

    def end(self) -> None:
        if self._layer is not None:
            self._layer.end()


def _is_text(chunk: bytes) -> bool:
    """Whether it begins as no coded body does: a document's first sign, then nothing but signs of text."""
    start = chunk[:_LOOKED_AT]
    return bool(_TEXT.match(start)) and not _CONTROL.search(start)


# What is said by servers that code nothing.
_NOTHING = frozenset(("", "identity", "none", "utf-8", "utf8", "binary", "8bit", "7bit", "text", "plain", "iso-8859-1"))
_LOOKED_AT = 256
_TEXT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<|[{\[]|BEGIN:)")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_LAYERS: Mapping[str, Callable[[], _Layer]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
}
ACCEPTED = "gzip, deflate, br"


class Inflater:
    """Undoes the codings of one body. Neither the body nor any layer of it grows past `limit` bytes.

    `codings` are the Content-Encoding headers as received; SourceTrouble for unknown ones and for more than three.
    """

    def __init__(self, codings: Iterable[str], limit: int) -> None:
        names = [name.strip().lower() for line in codings for name in line.split(",")]
        names = [name for name in names if name not in _NOTHING]
        if len(names) > MAX_LAYERS or any(name not in _LAYERS for name in names):
            raise SourceTrouble("trouble-coding")
        self._limit = limit
        self._layers: list[_Layer] = [*(_MaybeCoded(_LAYERS[name]) for name in reversed(names)), _MaybeFile()]
        self._sizes = [0] * (len(self._layers) + 1)

    def push(self, chunk: bytes) -> Iterator[bytes]:
        """What `chunk` adds to the body, in pieces; SourceTrouble when it is too big or its coding is broken."""
        try:
            yield from self._through(0, chunk)
        except _Broken:
            raise SourceTrouble("trouble-coding-broken") from None

    def end(self) -> None:
        """SourceTrouble when the body stopped before its end."""
        try:
            for layer in self._layers:
                layer.end()
        except _Broken:
            raise SourceTrouble("trouble-coding-broken") from None

    def _through(self, depth: int, chunk: bytes) -> Iterator[bytes]:
        if not chunk:
            return
        # Counted at every depth: a bomb may inflate into something huge that itself inflates into nothing.
        self._sizes[depth] += len(chunk)
        if self._sizes[depth] > self._limit:
            raise too_big(self._limit)
        if depth == len(self._layers):
            yield chunk
            return
        for piece in self._layers[depth].push(chunk):
            yield from self._through(depth + 1, piece)


def too_big(limit: int) -> SourceTrouble:
    """The trouble with a body of more than `limit` bytes."""
    return SourceTrouble("trouble-too-big", megabytes=round(limit / 2**20, 1))
