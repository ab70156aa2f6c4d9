"""Text with marks: bold and links. Marks are read in the catalogue's text first, values are put in afterwards,
so nothing that a feed or a person wrote can become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, plain, bold or leading to an http(s) address."""

    text: str
    bold: bool = False
    link: str | None = None


Line = tuple[Span, ...]
Value = str | Line

# Private-use characters: no catalogue text holds them, and values are never searched for them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_MARK = re.compile(r"\*(?P<bold>[^*\n]+)\*|\[(?P<label>[^\]\n]+)\]\((?P<url>[^)\s]+)\)")
_WEB = re.compile(r"https?://\S+", re.IGNORECASE)


def token(index: int) -> str:
    """The opaque stand-in for the value number `index`."""
    return f"{_OPEN}{index}{_CLOSE}"


def write(text: str, values: Sequence[Value] = ()) -> tuple[Line, ...]:
    """The lines of `text` with its marks read, then `values` put in place of their tokens, in one pass."""
    return tuple(_write_line(line, values) for line in text.split("\n"))


def _write_line(text: str, values: Sequence[Value]) -> Line:
    spans: list[Span] = []
    for span in _read(text):
        if span.link is not None:
            link = plain_line(tuple(_fill(Span(span.link), values)))
            span = Span(span.text, link=link if _WEB.fullmatch(link) else None)
        spans += _fill(span, values)
    return _merge(spans)


@lru_cache(5000)
def _read(text: str) -> Line:
    """The line with its marks read; texts and addresses may hold tokens still."""
    spans: list[Span] = []
    at = 0
    for mark in _MARK.finditer(text):
        spans.append(Span(text[at : mark.start()]))
        bold = mark["bold"]
        spans.append(Span(mark["label"], link=mark["url"]) if bold is None else Span(bold, bold=True))
        at = mark.end()
    return (*spans, Span(text[at:]))


def _fill(span: Span, values: Sequence[Value]) -> Iterable[Span]:
    for i, part in enumerate(_TOKEN.split(span.text)):
        if i % 2 == 0:
            yield Span(part, span.bold, span.link)
            continue
        value = values[int(part)]
        for one in (Span(value),) if isinstance(value, str) else value:
            # A value is one run of text: a line break in it would forge a line of the hub's own.
            yield Span(" ".join(one.text.splitlines()), span.bold or one.bold, span.link or one.link)


def _merge(spans: Iterable[Span]) -> Line:
    merged: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if merged and (merged[-1].bold, merged[-1].link) == (span.bold, span.link):
            merged[-1] = replace(span, text=merged[-1].text + span.text)
        else:
            merged.append(span)
    return tuple(merged)


def as_text(text: str) -> tuple[Line, ...]:
    """`text` as it stands, its line breaks kept, nothing in it read as a mark."""
    return tuple((Span(line),) if line else () for line in text.splitlines() or [""])


def plain_line(line: Line) -> str:
    """The line without marks."""
    return "".join(span.text for span in line)


def plain(lines: Iterable[Line]) -> str:
    """The lines without marks, a link's address in brackets behind its label: complete where nothing is clickable."""
    return "\n".join(
        "".join(f"{span.text} ({span.link})" if span.link and span.link != span.text else span.text for span in line)
        for line in lines
    )
