"""Reading what people type: a line, a paragraph, a code. Each raises Refused with the reason to show."""

from __future__ import annotations

import re
from collections.abc import Callable

from club.dialogue import Reading
from club.refusal import Refused

_NUMBER = re.compile(r"[+-]?\d{1,9}")


def line(least: int = 1, most: int = 200) -> Callable[[str, Reading], str]:
    """One line of text, blanks folded, between so many characters."""

    def read(typed: str, _: Reading) -> str:
        return _bounded(" ".join(typed.split()), least, most)

    return read


def paragraph(least: int = 1, most: int = 4000) -> Callable[[str, Reading], str]:
    """Text of several lines, between so many characters."""

    def read(typed: str, _: Reading) -> str:
        return _bounded("\n".join(part.rstrip() for part in typed.strip().splitlines()), least, most)

    return read


def _bounded(text: str, least: int, most: int) -> str:
    if len(text) < least:
        raise Refused("field-too-short", least=least, found=len(text))
    if len(text) > most:
        raise Refused("field-too-long", most=most, found=len(text))
    return text


def code(typed: str, _: Reading) -> str:
    """The value of a choice: the router has matched it with the list already."""
    return typed


def number(typed: str, _: Reading) -> int:
    """A whole number of at most nine digits."""
    if not _NUMBER.fullmatch(typed.strip()):
        raise Refused("field-no-number", found=typed.strip()[:40])
    return int(typed)
