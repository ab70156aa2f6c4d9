"""What a reader sees of a text: whether anything of it, and which signs hold together as one letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

MARKS = 8  # combining marks of one letter that are kept

_JOINER = "\u200d"
# Letters and symbols by their category that show nothing: fillers of Hangul, inherent Khmer vowels, the empty Braille.
_EMPTY = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_HANGUL = (range(0x1100, 0x1160), range(0x1160, 0x11A8), range(0x11A8, 0x1200))  # leading, vowel, trailing


def is_visible(text: str) -> bool:
    """Whether anything of the text can be seen: not blanks, marks without a letter, or fillers alone."""
    return any(sign not in _EMPTY and unicodedata.category(sign)[0] in "LNPS" for sign in text)


def limit_marks(text: str) -> str:
    """The text with at most eight combining marks on a letter: no writing needs more, and a stack of a hundred covers
    the lines around it. Doing it again changes nothing."""
    return text if text.isascii() else _stacks().sub(r"\1", text)


@cache
def _stacks() -> re.Pattern[str]:
    """Rows of marks that are too long, what is kept of them first."""
    codes = [code for code in (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)) if _is_mark(chr(code))]
    marks = "".join(map(chr, codes))
    return re.compile(f"([{marks}]{{{MARKS}}})[{marks}]+")


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] == "M"


def letters(text: str) -> Iterator[str]:
    """The text as people count it: each letter with its accents, each emoji with its joiners and its colour, each flag
    whole. What a text is cut between."""
    start = 0
    for at in range(1, len(text)):
        if not _holds(text, start, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _holds(text: str, start: int, at: int) -> bool:
    """Whether the sign at `at` belongs to the letter that began at `start` (Unicode annex 29, the usual cases)."""
    sign, before = text[at], text[at - 1]
    if before == "\r" and sign == "\n":
        return True
    if unicodedata.category(before) in ("Cc", "Zl", "Zp"):
        return False
    if before == _JOINER or sign in "\u200c\u200d" or unicodedata.category(sign)[0] == "M":
        return True
    if "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f":
        return True  # a skin's colour, a region's flag
    if _is_flag(sign) and _is_flag(before):
        return (at - start) % 2 == 1 and all(map(_is_flag, text[start:at]))
    return _is_syllable(ord(before), ord(sign))


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _is_syllable(before: int, code: int) -> bool:
    leading, vowel, trailing = _HANGUL
    whole = 0xAC00 <= before <= 0xD7A3
    if before in leading:
        return code in leading or code in vowel or 0xAC00 <= code <= 0xD7A3
    if before in vowel or (whole and (before - 0xAC00) % 28 == 0):
        return code in vowel or code in trailing
    return (before in trailing or whole) and code in trailing
