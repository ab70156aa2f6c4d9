"""Questions as weighted pieces of their words: what survives misspelling. The weights come from fitting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from club.faq.phonetics import sound
from club.faq.words import ADDED

_SHORTEST, _LONGEST, _LONGEST_HEARD = 2, 5, 3  # letters; sounds
_ADDED = 0.5  # what a piece weighs that was not said

Floats = NDArray[np.float32]


def pieces(text: str) -> Iterator[str]:
    """Runs of 2 to 5 letters inside each word, its beginning and its end being letters too, and of 2 or 3 sounds; an
    added word (`=cost`) and every whole word are pieces as well."""
    for word in text.split():
        if word == ADDED:
            continue
        if word.startswith("="):
            yield word
            continue
        if word.isdecimal():  # « engagement 16 » is not « engagement 15 »: a number counts as a whole, and thrice
            yield from (f"_{word}", f"#{word}", f"##{word}")
            continue
        yield f"_{word}"
        yield from _runs(f" {word} ", _SHORTEST, _LONGEST)
        yield from (f"~{heard}" for heard in _runs(f"<{sound(word)}>", _SHORTEST, _LONGEST_HEARD))


def _runs(word: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        if length >= len(word):
            yield word
            break
        for start in range(len(word) - length + 1):
            yield word[start : start + length]


@dataclass(frozen=True, slots=True)
class Grams:
    """Which pieces count, in which column, and how rare each is among the known questions."""

    columns: Mapping[str, int]
    rarity: Floats

    def weigh(self, text: str) -> tuple[NDArray[np.int64], Floats]:
        """The columns of a question's pieces and their weights, of length one together; empty when none is known."""
        said, _, added = text.partition(f" {ADDED}")
        counted = Counter(piece for piece in pieces(said) if piece in self.columns)
        weighed = {piece: 1 + log(times) for piece, times in counted.items()}
        for piece in pieces(added):
            if piece in self.columns:
                weighed.setdefault(piece, _ADDED)
        columns = np.fromiter((self.columns[piece] for piece in weighed), np.int64, len(weighed))
        weights = np.fromiter(weighed.values(), np.float32, len(weighed)) * self.rarity[columns]
        length = float(np.linalg.norm(weights))
        return columns, (weights / length if length else weights).astype(np.float32)
