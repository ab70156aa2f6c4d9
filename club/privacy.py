"""What tells who wrote a text: an e-mail address, a telephone number, a name. Found so that it can be masked before the
text goes to somebody else (it goes without the asker's name)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from club.fold import fold


class PersonalDetail(StrEnum):
    """A kind of detail that tells who somebody is."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


_FILE = Path(__file__).with_name("privacy.toml")
_EMAIL = re.compile(
    r"[\w.+'-]+\s?(?:@|\(at\)|\[at\]|\s(?:arobase|at)\s)\s?[\w-]+(?:\s?(?:\.|\(point\)|\s(?:point|dot)\s)\s?[\w-]{2,})+",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d/.,-])(?:(?:\+|00)\s?\d{2,3}[\s.-]?(?:\(0\)\s?)?[1-9]|0[1-9])(?:[\s.-]?\d{2}){4}(?![\d/])"
    r"|(?<!\d)\+\d{2,3}(?:[\s.-]?\d{2,3}){3,5}(?!\d)"
)
_SHORT = 3  # letters: shorter parts of a name are common words


def find_traces(text: str, own: Iterable[str] = ()) -> list[tuple[int, int, PersonalDetail]]:
    """Where such traces stand, in order, without overlap; `own` are the names that the author bears here."""
    wanted = ((PersonalDetail.EMAIL, (_EMAIL,)), (PersonalDetail.PHONE, (_PHONE,)), (PersonalDetail.NAME, _names()))
    found = [
        (*match.span(pattern.groups and 1), trace)
        for trace, patterns in wanted
        for pattern in patterns
        for match in pattern.finditer(text)
    ]
    found += [(*span, PersonalDetail.NAME) for name in own for span in _mentions(text, name)]
    kept: list[tuple[int, int, PersonalDetail]] = []
    for one in sorted(found, key=lambda one: (one[0], -one[1])):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


@cache
def _names() -> tuple[re.Pattern[str], ...]:
    """How names are said, from privacy.toml."""
    said = tomllib.loads(_FILE.read_text("utf-8"))
    more = rf"(?:\s+{said['particles']}{said['word']})"
    name, whole = f"{said['word']}{more}{{0,3}}", f"{said['word']}{more}{{1,3}}"
    return tuple(re.compile(one.replace("NAME", name).replace("WHOLE", whole)) for one in said["patterns"])


def _mentions(text: str, name: str) -> Iterable[tuple[int, int]]:
    """Where the name stands, whole or by one of its parts, whatever its accents and capitals."""
    parts = {fold(name), *(part for part in fold(name).split() if len(part) >= _SHORT)}
    for match in re.finditer(r"[\w’'-]+(?:\s+[\w’'-]+)?", text):
        for word in re.finditer(r"[\w’'-]+", match[0]):
            if fold(word[0]) in parts and word[0][:1].isupper():
                yield match.start() + word.start(), match.start() + word.end()


def mask(text: str, words: Mapping[PersonalDetail, str], own: Iterable[str] = ()) -> str:
    """The text with the word of each trace in its place; the same text when there is none."""
    pieces, at = [], 0
    for begin, end, trace in find_traces(text, own):
        pieces += [text[at:begin], words[trace]]
        at = end
    return "".join((*pieces, text[at:]))
