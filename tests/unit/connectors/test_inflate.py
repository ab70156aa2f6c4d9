"""Promise 6: never more than the limit, whatever the codings, in whatever pieces they come."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Sequence

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import SourceTrouble
from connectors.inflate import MAX_MEMBERS, PIECE, Inflater

LIMIT = 100_000


def bare(content: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(content) + engine.flush()


WRITERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda content: brotli.compress(content, quality=1),
    "identity": lambda content: content,
}


def coded(content: bytes, codings: Iterable[str]) -> bytes:
    for name in codings:
        content = WRITERS[name](content)
    return content


def cut(content: bytes, sizes: Sequence[int]) -> list[bytes]:
    chunks, at = [], 0
    for size in sizes:
        chunks.append(content[at : at + size])
        at += size
    return [*chunks, content[at:]]


def inflate(chunks: Iterable[bytes], codings: Iterable[str] = (), limit: int = LIMIT) -> bytes:
    inflater = Inflater(codings, limit)
    body = b"".join(piece for chunk in chunks for piece in inflater.push(chunk))
    inflater.end()
    return body


def key_of(chunks: Iterable[bytes], codings: Iterable[str] = (), limit: int = LIMIT) -> str:
    with pytest.raises(SourceTrouble) as caught:
        inflate(chunks, codings, limit)
    return caught.value.key


contents = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=40), st.integers(1, 3000)),
)
layers = st.lists(st.sampled_from(sorted(WRITERS)), max_size=3)
sizes = st.lists(st.integers(0, 70_000) | st.integers(0, 20), max_size=8)


@given(contents, layers, sizes)
def test_the_document_comes_back_or_is_too_big(content: bytes, codings: list[str], pieces: list[int]) -> None:
    content = b"<" + content  # an initial 0x1f means a .gz file, tested below
    chunks = cut(coded(content, codings), pieces)
    if len(content) > LIMIT:
        assert key_of(chunks, [", ".join(codings)]) == "trouble-too-big"
    else:
        assert inflate(chunks, [", ".join(codings)]) == content
        assert inflate(chunks, codings) == content  # one header for each


@given(st.lists(st.binary(max_size=300), max_size=6), layers, st.integers(0, 500))
def test_any_bytes_give_at_most_the_limit_or_a_trouble(chunks: list[bytes], codings: list[str], limit: int) -> None:
    try:
        assert len(inflate(chunks, codings, limit)) <= limit
    except SourceTrouble as trouble:
        assert trouble.key in {"trouble-too-big", "trouble-coding-broken"}


@given(contents, layers, st.data())
def test_damage_is_noticed_or_harmless(content: bytes, codings: list[str], data: st.DataObject) -> None:
    whole = bytearray(coded(b"<" + content, codings))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    try:
        assert len(inflate([bytes(whole)], codings)) <= LIMIT
    except SourceTrouble as trouble:
        assert trouble.key in {"trouble-too-big", "trouble-coding-broken"}


@pytest.mark.parametrize("codings", [["gzip"], ["deflate"], ["br"], ["gzip", "gzip"], ["br", "gzip", "deflate"]])
def test_an_early_end(codings: list[str]) -> None:
    whole = coded(b"<rss>" * 1000, codings)
    assert key_of([whole[:-5]], codings) == "trouble-coding-broken"


@pytest.mark.parametrize("size", [PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 10 * PIECE + 7])
@pytest.mark.parametrize("coding", sorted(WRITERS))
def test_documents_of_many_pieces(coding: str, size: int) -> None:
    content = (b"<item>" * size)[:size]
    assert inflate([coded(content, [coding])], [coding], limit=size) == content
    assert key_of([coded(content, [coding])], [coding], limit=size - 1) == "trouble-too-big"


@pytest.mark.parametrize("size", [1, *range(PIECE - 2, PIECE + 270)])
def test_bare_deflate(size: int) -> None:
    # It has no trailer: its last bytes may wait inside the engine when all input is taken.
    assert inflate([bare(b"<" * size)], ["deflate"]) == b"<" * size


@pytest.mark.parametrize("codings", [["zstd"], ["compress"], ["gzip, zstd"], ["sdch"], ["gzip"] * 4, ["br,br,br,br"]])
def test_unknown_or_too_many(codings: list[str]) -> None:
    assert key_of([b""], codings) == "trouble-coding"


def test_gz_file() -> None:
    document = b"<rss>" * 1000
    assert inflate(cut(gzip.compress(document), [1, 1, 3])) == document
    assert inflate([gzip.compress(gzip.compress(document))], ["gzip"]) == document
    assert key_of([gzip.compress(b"0" * (LIMIT + 1))]) == "trouble-too-big"
    assert key_of([b"\x1f not a file"]) == "trouble-coding-broken"


def test_gzip_members_and_padding() -> None:
    two = gzip.compress(b"<rss>") + gzip.compress(b"</rss>")
    assert inflate([two], ["gzip"]) == b"<rss></rss>"
    assert inflate(cut(two + b"\0" * 50, [len(two) // 2]), ["gzip"]) == b"<rss></rss>"
    assert key_of([gzip.compress(b"") * (MAX_MEMBERS + 1)], ["gzip"]) == "trouble-coding-broken"


def test_empty_bodies() -> None:
    for codings in ([], ["gzip"], ["deflate"], ["br"]):
        assert inflate([], codings) == b""


@pytest.mark.parametrize(
    "codings", [["gzip"], ["deflate"], ["br"], ["gzip", "gzip"], ["br", "br"], ["gzip", "br", "gzip"]]
)
def test_a_bomb_costs_no_memory(codings: list[str]) -> None:
    bomb = coded(b"0" * 50_000_000, codings)
    limit, length = 10 * 2**20, 0
    tracemalloc.start()
    try:
        inflater = Inflater(codings, limit)
        with pytest.raises(SourceTrouble, match="trouble-too-big"):
            for piece in inflater.push(bomb):
                length += len(piece)
                assert len(piece) <= 2 * PIECE
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
    assert length <= limit


def test_a_layer_that_is_huge_and_says_nothing() -> None:
    # Empty stored blocks: the inner layer inflates to far more than the limit, the document would be empty.
    silence = b"\x78\x9c" + b"\0\0\0\xff\xff" * 1_000_000
    assert key_of([gzip.compress(silence)], ["deflate", "gzip"]) == "trouble-too-big"


def test_what_comes_over_the_network_counts_too() -> None:
    assert key_of([b"\x78\x9c", *[b"\0\0\0\xff\xff" * 1000] * 30], ["deflate"]) == "trouble-too-big"
