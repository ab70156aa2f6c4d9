"""Reading what people type: a line, a paragraph, a code. Each raises Refused with the reason to show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from club.dialogue import YES, Field, Reading
from club.refusal import Refused

_NUMBER = re.compile(r"[+-]?\d{1,9}")


@dataclass(frozen=True, slots=True)
class Text:
    """Reads text between so many characters; on one line, its blanks folded, unless it may have several."""

    least: int
    most: int
    lines: bool = False

    def __call__(self, typed: str, _: Reading) -> str:
        """The cleaned text; Refused when its length is not allowed."""
        if self.lines:
            text = "\n".join(part.rstrip() for part in typed.strip().splitlines())
        else:
            text = " ".join(typed.split())
        if len(text) < self.least:
            raise Refused("field-too-short", least=self.least, found=len(text))
        if len(text) > self.most:
            raise Refused("field-too-long", most=self.most, found=len(text))
        return text


def line(least: int = 1, most: int = 200) -> Text:
    """One line of text."""
    return Text(least, most)


def paragraph(least: int = 1, most: int = 4000) -> Text:
    """Text of several lines."""
    return Text(least, most, lines=True)


def bounds(field: Field[object]) -> tuple[int, int]:
    """How long the field's text may be, as a Blank tells it."""
    return (field.read.least, field.read.most) if isinstance(field.read, Text) else (0, 0)


def code(typed: str, _: Reading) -> str:
    """The value of a choice: the router has matched it with the list already."""
    return typed


def number(typed: str, _: Reading) -> int:
    """A whole number of at most nine digits."""
    if not _NUMBER.fullmatch(typed.strip()):
        raise Refused("field-no-number", found=typed.strip()[:40])
    return int(typed)


def yes_no(typed: str, _: Reading) -> bool:
    """Whether « oui » was chosen, in the list « yes-no »."""
    return typed == YES
