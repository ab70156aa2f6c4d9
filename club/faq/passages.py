"""Texts that are no entries: what the Club drops in a folder, what partners publish. Where no entry answers, the
paragraph that speaks of it is shown as an extract, never as an answer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log
from pathlib import Path

from club.faq.base import read_head
from club.faq.words import Tables
from club.refusal import Refused

MOST = 2
LONGEST = 280  # characters of an extract
_LARGEST = 2**20  # bytes of a text
_ENOUGH = 0.6  # of what the question says, weighed by how rare it is
_SATURATES, _LENGTH = 1.2, 0.75  # BM25's usual constants
_HEADING = re.compile(r"#{1,6}\s+(?P<heading>.+?)\s*#*")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[\wÀ-Ý«])")
_MARKS = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`>#|]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, the title of what it stands in, under which heading; the address and the version of that, "" =
    unknown, or who published it on which day."""

    text: str
    title: str
    heading: str = ""
    url: str = ""
    version: str = ""
    day: date | None = None


class Passages:
    """Paragraphs found by their words (BM25). Light enough for the hub's own process: no numbers but counts."""

    def __init__(self, passages: Sequence[Passage] = (), tables: Tables | None = None) -> None:
        self._passages = tuple(passages)
        self._tables = tables or Tables.load()
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._lengths: list[int] = []
        for number, one in enumerate(self._passages):
            said = Counter(self._words(f"{one.title} {one.heading} {one.text}"))
            self._lengths.append(said.total())
            for word, count in said.items():
                self._counts[word][number] = count
        self._usual = sum(self._lengths) / max(len(self._lengths), 1)

    def find(self, question: str, most: int = MOST) -> tuple[Passage, ...]:
        """The paragraphs that say most of what the question says, the best first, each cut to an extract; () when none
        does."""
        asked = tuple(dict.fromkeys(self._words(question)))
        rarity = {word: self._rarity(word) for word in asked}
        scores: dict[int, float] = defaultdict(float)
        told: dict[int, float] = defaultdict(float)
        shared: Counter[int] = Counter()
        for word in asked:
            for number, count in self._counts.get(word, {}).items():
                long = 1 - _LENGTH + _LENGTH * self._lengths[number] / self._usual
                scores[number] += rarity[word] * count * (_SATURATES + 1) / (count + _SATURATES * long)
                told[number] += rarity[word]
                shared[number] += 1
        least, enough = min(2, len(asked)), _ENOUGH * sum(rarity.values())
        near = [number for number in scores if shared[number] >= least and told[number] >= enough]
        best = sorted(near, key=lambda number: (-scores[number], number))
        found = dict[str, Passage]()
        for number in best:
            found.setdefault(self._passages[number].text, self._cut(self._passages[number], asked))
        return tuple(found.values())[:most]

    def _rarity(self, word: str) -> float:
        having = len(self._counts.get(word, ()))
        return log(1 + (len(self._passages) - having + 0.5) / (having + 0.5))

    def _words(self, text: str) -> Iterator[str]:
        for word in self._tables.normalise(text).split():
            if word not in self._tables.little and (len(word) > 2 or word.isdecimal()):
                yield self._tables.alike.get(word) or _stem(word)

    def _cut(self, one: Passage, asked: Sequence[str]) -> Passage:
        """From the sentence that says most of the question on."""
        if len(one.text) <= LONGEST:
            return one
        sentences = _SENTENCE.split(one.text)
        at = max(range(len(sentences)), key=lambda at: (len({*self._words(sentences[at])} & {*asked}), -at))
        text = " ".join(sentences[at:])
        if len(text) > LONGEST:
            text = text[: LONGEST - 2].rpartition(" ")[0].rstrip(" ,;:") + " …"
        return replace(one, text=f"… {text}" if at else text)


def _stem(word: str) -> str:
    """The word without the marks of its plural or feminine."""
    return re.sub(r"(?:es|s|x|e)$", "", word) if len(word) > 4 else word


@dataclass(frozen=True, slots=True)
class Folder:
    """The texts that were dropped in: paragraphs, and the names of files that could not be read."""

    passages: tuple[Passage, ...] = ()
    unread: tuple[str, ...] = ()


def read_folder(path: Path) -> Folder:
    """Every `.md` and `.txt` in it, by name; its folders too."""
    passages, unread = list[Passage](), list[str]()
    for file in sorted((*path.rglob("*.md"), *path.rglob("*.txt"))):
        try:
            if file.stat().st_size > _LARGEST:
                raise OSError(file.name)
            passages += read_text(file.read_text("utf-8"), file.stem)
        except (OSError, UnicodeError, Refused):
            unread.append(file.name)
    return Folder(tuple(passages), tuple(unread))


def read_text(text: str, name: str) -> tuple[Passage, ...]:
    """The paragraphs of a text under its headings. Its head may give `titre`, `url` and `version`; else it is called by
    its `name`. Refused when the head cannot be read."""
    head, body = read_head(text, name)
    known = {field: str(head.get(field) or "").strip() for field in ("titre", "url", "version")}
    url = known["url"] if re.fullmatch(r"https?://\S+", known["url"]) else ""
    title = known["titre"] or name
    return tuple(Passage(said, title, heading, url, known["version"]) for heading, said in _paragraphs(body))


def _paragraphs(body: str) -> Iterable[tuple[str, str]]:
    heading = ""
    for block in re.split(r"\n\s*\n", body):
        lines = block.strip().splitlines()
        while lines and (found := _HEADING.fullmatch(lines[0].strip())):
            heading = found["heading"]
            lines = lines[1:]
        if said := " ".join(_MARKS.sub(r"\1", " ".join(lines)).split()):
            yield heading, said
