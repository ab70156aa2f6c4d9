"""JSON as sites print it into their pages: wrapped, with a stray sign, cut short. What is plain is mended; what can be
read of it is kept."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[|\ufeff)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_STRING = r'("(?:[^"\\]|\\.)*+(?:"|\Z))'
_LAST_COMMA = re.compile(_STRING + r"|,(?=\s*[}\],]|\s*\Z)", re.DOTALL)
_COMMENT = re.compile(_STRING + r"|/\*.*?\*/|(?<![:\w])//[^\n]*|<!--.*?-->", re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])|\\u(?![0-9a-fA-F]{4})')
_ENTITY = re.compile(r"&(?:quot|#0*34|#[xX]22);")
_BEGIN = re.compile(r"[{\[]")
_LONGEST = 2 * 2**20
_VALUES = 200  # in one block


def read_json(block: str) -> list[Any]:
    """The values of a block, as many as can be read; [] when there is none."""
    block = block[:_LONGEST]
    for text in _spellings(block):
        try:
            return [json.loads(text, strict=False)]  # line breaks inside a text are common
        except (ValueError, RecursionError):
            continue
    bare = _repaired(block)
    return _scan(bare) or _scan(_closed(bare))


def _spellings(block: str) -> Iterator[str]:
    """The block as it stands, then mended: without what wraps it, without a last comma, without entities."""
    yield block
    bare = _unwrapped(block)
    yield _LAST_COMMA.sub(_string, bare)
    if _ENTITY.search(bare):
        yield _LAST_COMMA.sub(_string, html.unescape(bare))


def _unwrapped(block: str) -> str:
    for _ in range(4):
        bare = _WRAPPING.sub("", block)
        if bare == block:
            break
        block = bare
    return block


def _repaired(block: str) -> str:
    """The block without comments, doubled commas and escapes that are none."""
    bare = _BAD_ESCAPE.sub(r"\\\\", _unwrapped(block))
    if _ENTITY.search(bare) and '"' not in bare:
        bare = html.unescape(bare)
    return _LAST_COMMA.sub(_string, _COMMENT.sub(_string, bare))


def _string(found: re.Match[str]) -> str:
    return found[1] or ""


def _scan(text: str) -> list[Any]:
    """Every value that begins with a bracket, one after the other, whatever stands between them."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    at = 0
    while len(values) < _VALUES and (begin := _BEGIN.search(text, at)):
        try:
            value, at = decoder.raw_decode(text, begin.start())
        except (ValueError, RecursionError):
            if values or begin.start() > 200:
                break
            at = begin.end()
            continue
        values.append(value)
    return values


def _closed(text: str) -> str:
    """The text up to its last whole value, with the brackets that are still open closed."""
    opened: list[str] = []
    whole = 0
    kept: list[str] = []
    inside = escaped = False
    for at, sign in enumerate(text):
        if inside:
            inside = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
            continue
        if sign == '"':
            inside = True
        elif sign in "{[":
            opened.append("}" if sign == "{" else "]")
        elif sign in "}]" and opened:
            opened.pop()
            whole, kept = at + 1, list(opened)
        elif sign == "," and opened:
            whole, kept = at, list(opened)
    return text[:whole] + "".join(reversed(kept))
