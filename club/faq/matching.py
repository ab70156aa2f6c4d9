"""Questions matched to entries: a fitted model, the tables of words and what gives meaning, in one process."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from club.faq.embeddings import Embed, Senseless, embedder
from club.faq.meaning import Meaning
from club.faq.model import Model
from club.faq.verdicts import THRESHOLDS, Ranking, Sureness
from club.faq.words import Tables


@dataclass(frozen=True, slots=True)
class Matcher:
    """A model at work: 5 to 10 ms a question on one core, most of it for its meaning."""

    model: Model
    tables: Tables
    embed: Embed | None
    sure: Sureness
    sure_by_words: Sureness

    @classmethod
    def load(cls, path: Path, meaning: Meaning, thresholds: Path = THRESHOLDS) -> Self:
        """The model of that file; its first question costs nothing more than the others."""
        model = Model.load(path)
        both = Sureness.load(meaning.kind, thresholds), Sureness.load("none", thresholds)
        matcher = cls(model, Tables.load(), embedder(meaning) if model.mark == meaning.mark else None, *both)
        matcher.rank("?")
        return matcher

    def rank(self, question: str) -> Ranking:
        """The likeliest entries, by words alone when meaning is away."""
        sense = None
        if self.embed is not None:
            with suppress(Senseless):
                sense = self.embed([question])[0]
        return self.model.rank(question, sense, self.tables, self.sure_by_words if sense is None else self.sure)
