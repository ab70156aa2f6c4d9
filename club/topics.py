"""The Référentiel by edition and the themes people follow, read from topics.toml: data, never constants."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from club.fold import fold
from club.refusal import Refused

_FILE = Path(__file__).with_name("topics.toml")
_WEIGHTS = {"sure": 3, "likely": 2, "perhaps": 1, "never": 0}


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment of one edition. `fact` is its line in the sheet of facts; `unverified`: the official wording
    was not read again (F167), so the label is never to be shown as a quotation."""

    number: int
    label: str
    dimension: str  # the dimension's name
    fact: str
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the four parts of the Référentiel, with its five commitments."""

    code: str
    name: str
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """One edition of the Référentiel."""

    code: str
    name: str
    dimensions: tuple[Dimension, ...]

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """The twenty, in order."""
        return tuple(commitment for dimension in self.dimensions for commitment in dimension.commitments)


@dataclass(frozen=True, slots=True)
class Clue:
    """A word or an expression that announces a theme (weight 3, 2, 1) or, at 0, where its words mean something else.
    A word that ends in `*` is a stem; plurals need not be written."""

    words: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Theme:
    """What people follow under one name: « Eau ». `commitments` by edition, the main one first, never empty."""

    code: str
    name: str
    aliases: tuple[str, ...]
    commitments: Mapping[str, tuple[int, ...]]
    clues: tuple[Clue, ...] = ()


@dataclass(frozen=True, slots=True)
class Topics:
    """All editions and themes. `lexicon` gives the clues that begin with a word (or a stem, `pluvial*`), each with its
    theme's code."""

    frameworks: tuple[Framework, ...]
    themes: tuple[Theme, ...]
    current: Framework
    lexicon: Mapping[str, tuple[tuple[str, Clue], ...]]

    @classmethod
    def load(cls) -> Self:
        """What topics.toml says; it ships with the program."""
        data = tomllib.loads(_FILE.read_text("utf-8"))
        frameworks = tuple(map(_framework, data["editions"]))
        current = next(f for f in frameworks if f.code == data["current"])
        themes = tuple(map(_theme, data["themes"]))
        return cls(frameworks, themes, current, MappingProxyType(_lexicon(themes)))

    def commitment(self, number: int) -> Commitment:
        """The commitment `number` of the current edition; KeyError when there is none."""
        for commitment in self.current.commitments:
            if commitment.number == number:
                return commitment
        raise KeyError(number)

    def theme(self, code: str) -> Theme:
        """The theme whose code is `code`; KeyError when there is none."""
        for theme in self.themes:
            if theme.code == code:
                return theme
        raise KeyError(code)

    def commitments_of(self, theme: Theme) -> tuple[int, ...]:
        """The theme's commitments in the current edition, the main one first."""
        return theme.commitments[self.current.code]

    def find_theme(self, text: str) -> Theme:
        """The theme that `text` names by code, name or alias, accents, case and hyphens aside.

        Refused `theme-unknown-near` (with the nearest name) or `theme-unknown` when none does.
        """
        named = {fold(name): t for t in self.themes for name in (*t.aliases, t.name, t.code)}
        wanted = fold(text)
        if wanted in named:
            return named[wanted]
        near = get_close_matches(wanted, named, n=1, cutoff=0.75)
        if near:
            raise Refused("theme-unknown-near", given=text.strip(), near=named[near[0]].name)
        raise Refused("theme-unknown", given=text.strip())

    def read_topics(self, given: Iterable[str | int]) -> tuple[int, ...]:
        """Commitment numbers of the current edition, sorted, from numbers and themes mixed (configuration, C30).

        Refused `commitment-unknown`, `theme-unknown` or `theme-unknown-near` at the first that is neither.
        """
        known = {str(commitment.number): commitment.number for commitment in self.current.commitments}
        numbers: set[int] = set()
        for one in given:
            text = str(one).strip()
            if text in known:
                numbers.add(known[text])
            elif text.isdigit():
                raise Refused("commitment-unknown", given=text)
            else:
                numbers.update(self.commitments_of(self.find_theme(text)))
        return tuple(sorted(numbers))


@cache
def topics() -> Topics:
    """The editions of the Référentiel and the themes, read once: they ship with the program."""
    return Topics.load()


def _framework(data: Mapping[str, Any]) -> Framework:
    dimensions = tuple(
        Dimension(
            d["code"],
            d["name"],
            tuple(
                Commitment(c["number"], c["label"], d["name"], c["fact"], c.get("unverified", False))
                for c in d["commitments"]
            ),
        )
        for d in data["dimensions"]
    )
    return Framework(data["code"], data["name"], dimensions)


def _theme(data: Mapping[str, Any]) -> Theme:
    return Theme(
        code=data["code"],
        name=data["name"],
        aliases=tuple(data["aliases"]),
        commitments=MappingProxyType({code: tuple(numbers) for code, numbers in data["commitments"].items()}),
        clues=tuple(Clue(_clue_words(text), weight) for key, weight in _WEIGHTS.items() for text in data.get(key, ())),
    )


def _lexicon(themes: Iterable[Theme]) -> dict[str, tuple[tuple[str, Clue], ...]]:
    lexicon: dict[str, tuple[tuple[str, Clue], ...]] = {}
    for theme in themes:
        for clue in theme.clues:
            lexicon[clue.words[0]] = (*lexicon.get(clue.words[0], ()), (theme.code, clue))
    return lexicon


def _clue_words(text: str) -> tuple[str, ...]:
    """The folded words of a clue; folding drops the star that marks a stem, so it is put back."""
    *before, last = fold(text).split()
    return (*before, last + "*" if text.endswith("*") else last)
