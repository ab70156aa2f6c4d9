"""A fitted model: which entry a question asks for, and how sure that is. Numbers in a file, numpy to read them.

Every known question votes, the more the nearer it is in its letters and its meaning (kernel ridge regression; why not
another method, and the figures: docs/decisions/0010).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from club.faq.grams import Floats, Grams
from club.faq.verdicts import Ranking, Sureness
from club.faq.words import Tables

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """The weights of each known question's pieces, one question after the other; `begins` is where each one begins."""

    columns: NDArray[np.int32]
    weights: Floats
    begins: NDArray[np.int64]

    def nearness(self, columns: NDArray[np.int64], weights: Floats, width: int) -> Floats:
        """How alike each known question and this one are, 0 to 1; `width` is the number of pieces there are."""
        asked = np.zeros(width, np.float32)
        asked[columns] = weights
        return np.add.reduceat(asked[self.columns] * self.weights, self.begins)


@dataclass(frozen=True, slots=True)
class Votes:
    """What each known question says for or against each entry, and in the last column whether any is asked for."""

    shares: Floats
    usual: Floats

    def scores(self, pull: Floats) -> Floats:
        """The sum of the votes of the known questions, each as strong as it pulls."""
        return self.usual + pull @ self.shares


def pull(nearness: Floats) -> Floats:
    """How strongly a known question of that nearness pulls: those that are near far more than the many that are not."""
    near = np.maximum(nearness, 0, dtype=np.float32)
    near *= np.sqrt(near)
    return near


@dataclass(frozen=True, slots=True)
class Model:
    """What fitting found: `full` votes by letters and meaning, `lexical` by letters alone. `mark` names what gave
    meaning to the `texts`, which are known by their digests."""

    labels: tuple[str, ...]
    known: Mapping[str, str]  # a known question, normalised -> its entry
    grams: Grams
    rows: Rows
    lexical: Votes
    texts: tuple[str, ...] = ()
    senses: Floats | None = None
    full: Votes | None = None
    mark: str = "none"

    def scores(self, expanded: str, sense: Floats | None) -> tuple[Floats, Floats]:
        """How strongly each entry is asked for, then whether any is (1 = surely, -1 = surely not): by all that is
        known of the question, and by its letters alone."""
        nearness = self.rows.nearness(*self.grams.weigh(expanded), len(self.grams.columns))
        letters = pull(nearness)
        lexical = self.lexical.scores(letters)
        if sense is None or self.senses is None or self.full is None:
            return lexical, lexical
        both = np.asarray((letters + pull(self.senses @ sense)) / 2, np.float32)
        return self.full.scores(both), lexical

    def rank(self, question: str, sense: Floats | None, tables: Tables, sureness: Sureness, most: int = 4) -> Ranking:
        """The entries that the question may ask for, `most` at most."""
        normal = tables.normalise(question)
        scores, lexical_scores = self.scores(tables.expand(normal), sense)
        best = [self.labels[at] for at in np.argsort(-scores[:-1], kind="stable")[:most]]
        lexical = sense is None or self.full is None
        if (entry := self.known.get(normal)) is not None:
            return Ranking((entry, *(name for name in best if name != entry))[:most], 1.0, exact=True, lexical=lexical)
        return Ranking(tuple(best), sureness.of(signs_of(scores, lexical_scores)), lexical=lexical)

    def save(self, path: Path) -> None:
        """Keep it in a file that only its owner reads, whole or not at all."""
        arrays: dict[str, NDArray[Any]] = {
            "format": np.array(_FORMAT),
            "mark": _packed([self.mark]),
            "labels": _packed(self.labels),
            "questions": _packed(list(self.known)),
            "entries": _packed(list(self.known.values())),
            "texts": _packed(self.texts),
            "pieces": _packed(sorted(self.grams.columns, key=self.grams.columns.__getitem__)),
            "rarity": self.grams.rarity,
            "columns": self.rows.columns,
            "weights": _half(self.rows.weights),
            "begins": self.rows.begins,
            "lexical.shares": _half(self.lexical.shares),
            "lexical.usual": self.lexical.usual,
        }
        if self.senses is not None and self.full is not None:
            arrays |= {"senses": _half(self.senses), "full.shares": _half(self.full.shares)}
            arrays["full.usual"] = self.full.usual
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
            try:
                np.savez(file, allow_pickle=False, **arrays)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    @classmethod
    def load(cls, path: Path) -> Model:
        """The model of a file; ValueError, KeyError or OSError when it is none of ours."""
        with np.load(path, allow_pickle=False) as found:
            if "format" not in found or int(found["format"]) != _FORMAT:
                raise ValueError(path.name)
            has_senses = "senses" in found
            return cls(
                labels=tuple(_texts(found["labels"])),
                known=dict(zip(_texts(found["questions"]), _texts(found["entries"]), strict=True)),
                grams=Grams({piece: at for at, piece in enumerate(_texts(found["pieces"]))}, found["rarity"]),
                rows=Rows(found["columns"], _whole(found["weights"]), found["begins"]),
                lexical=Votes(_whole(found["lexical.shares"]), found["lexical.usual"]),
                texts=tuple(_texts(found["texts"])),
                senses=_whole(found["senses"]) if has_senses else None,
                full=Votes(_whole(found["full.shares"]), found["full.usual"]) if has_senses else None,
                mark=_texts(found["mark"])[0],
            )


def signs_of(scores: Floats, lexical: Floats) -> tuple[float, ...]:
    """What tells whether the best entry is the right one: its score and the logarithm of it, its lead over the second,
    whether any is asked for; and by letters alone its score, its lead over the best of the others, whether any is."""
    best = int(np.argmax(scores[:-1]))
    first, first_lexical = float(scores[best]), float(lexical[best])
    others = np.delete(scores[:-1], best).max(initial=0)
    others_lexical = np.delete(lexical[:-1], best).max(initial=0)
    return (
        *(first, float(np.log(max(first, 1e-3))), first - float(others), float(scores[-1])),
        *(first_lexical, first_lexical - float(others_lexical), float(lexical[-1])),
    )


def _half(numbers: Floats) -> NDArray[np.float16]:
    """Half as many bytes, as exact as votes need."""
    return numbers.astype(np.float16)


def _whole(numbers: NDArray[np.float16]) -> Floats:
    return numbers.astype(np.float32)


def _packed(values: Sequence[str]) -> NDArray[np.uint8]:
    """Texts that hold no line break, as bytes: numpy's own arrays of text pad each to the longest."""
    return np.frombuffer("\n".join(values).encode(), np.uint8)


def _texts(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n")
