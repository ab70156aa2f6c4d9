"""Small bodies that grow (promise 6)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import partial

import brotli

from tests.hostile.case import Case, read, trouble
from tests.hostile.cases.pages import rss
from tests.hostile.server import says

DOCUMENT = rss("gonflé").encode()
MEGABYTE = 2**20
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def gzipped(size: int, unit: bytes = b" ") -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = unit * (MEGABYTE // len(unit))
    return b"".join(engine.compress(piece) for _ in range(size)) + engine.flush()


def deflated(size: int, window: int = 15) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join(engine.compress(b" " * MEGABYTE) for _ in range(size)) + engine.flush()


def brotlied(size: int) -> bytes:
    engine = brotli.Compressor(quality=5)
    piece = b" " * MEGABYTE
    return b"".join(engine.process(piece) for _ in range(size)) + engine.finish()


def zstandard(size: int) -> bytes:
    """A frame of blocks that each repeat one byte 128 KiB times: four bytes a block (RFC 8878)."""
    block = (2**17 << 3 | 1 << 1).to_bytes(3, "little") + b" "
    return ZSTD_MAGIC + b"\x00\x58" + block * (size * 8) + (1 | 1 << 1).to_bytes(3, "little") + b" "


def layered(times: int) -> bytes:
    body = gzipped(100)
    for _ in range(times - 1):
        body = gzip.compress(body)
    return body


def bomb(name: str, body: Callable[[], bytes], coding: str, *keys: str) -> Case:
    return trouble(f"bomb-{name}", says(body, Content_Encoding=coding), *(keys or ("trouble-too-big",)))


def as_gzip() -> bytes:
    return gzip.compress(DOCUMENT)


CASES: tuple[Case, ...] = (
    bomb("gzip", partial(gzipped, 100), "gzip"),
    bomb("gzip-just-over", lambda: gzip.compress(b" " * (10 * MEGABYTE + 1)), "gzip"),
    bomb("gzip-of-xml", lambda: gzip.compress(b"<rss><channel>" + b"<item/>" * 2 * MEGABYTE), "gzip"),
    bomb("x-gzip", partial(gzipped, 100), "X-GZIP"),
    bomb("deflate", partial(deflated, 100), "deflate"),
    bomb("deflate-bare", partial(deflated, 100, -15), "deflate"),
    bomb("brotli", partial(brotlied, 100), "br"),
    bomb("zstd", partial(zstandard, 100), "zstd", "trouble-coding"),
    bomb("zstd-unsaid", partial(zstandard, 100), "identity", "trouble-not-feed"),
    bomb("gzip-twice", partial(layered, 2), "gzip, gzip"),
    bomb("gzip-three-times", partial(layered, 3), "gzip, gzip, gzip"),
    bomb("gzip-ten-times", lambda: b"x", ", ".join(["gzip"] * 10), "trouble-coding"),
    bomb("coding-names-by-thousands", lambda: b"x", ", ".join(["identity"] * 600), "trouble-not-feed"),
    bomb("brotli-of-gzip", lambda: brotli.compress(gzipped(100), quality=5), "gzip, br"),
    bomb("gzip-of-deflate-of-brotli", lambda: gzip.compress(zlib.compress(brotlied(100))), "br, deflate, gzip"),
    trouble("bomb-gz-file", says(partial(gzipped, 100), type="application/gzip"), "trouble-too-big"),
    trouble("bomb-gz-file-in-gzip", says(partial(layered, 2), Content_Encoding="gzip"), "trouble-too-big"),
    bomb("gzip-members", lambda: gzip.compress(b"") * 50_000, "gzip", "trouble-coding-broken"),
    bomb("gzip-members-that-grow", lambda: gzipped(1) * 200, "gzip"),
    bomb(
        "huge-gzip-name",
        lambda: b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"a" * 20 * MEGABYTE,
        "gzip",
        "trouble-too-big",
        "trouble-coding-broken",
    ),
    bomb("unknown-coding", lambda: DOCUMENT, "aes128gcm", "trouble-coding"),
    bomb("not-gzip", lambda: b"\x00" + DOCUMENT, "gzip", "trouble-coding-broken"),
    bomb("not-brotli", lambda: b"\x00\x01" + DOCUMENT, "br", "trouble-coding-broken"),
    bomb("gzip-cut", lambda: as_gzip()[:-12], "gzip", "trouble-coding-broken"),
    bomb("gzip-damaged", lambda: as_gzip()[:40] + b"\xff\xff" + as_gzip()[42:], "gzip", "trouble-coding-broken"),
    bomb("gzip-wrong-sum", lambda: as_gzip()[:-8] + b"\0" * 8, "gzip", "trouble-coding-broken"),
    read("gzip-with-padding", says(lambda: as_gzip() + b"\0" * 5_000, Content_Encoding="gzip"), 1),
    read("gzip-unsaid", says(as_gzip), 1),
    read("gzip-said-twice", says(lambda: gzip.compress(as_gzip()), Content_Encoding="gzip"), 1),
    bomb("of-eleven-megabytes", lambda: b"<rss>" + b" " * 11 * MEGABYTE, "identity"),
)
