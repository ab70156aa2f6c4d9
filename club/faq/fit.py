"""Fitting a model to the known questions: some seconds of arithmetic, for a process of its own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from club.faq.embeddings import Senseless, embed_all, embedder
from club.faq.grams import Floats, Grams, pieces
from club.faq.meaning import Meaning
from club.faq.model import Model, Rows, Votes, pull
from club.faq.samples import OUTSIDE, Sample
from club.faq.words import Tables

_DOUBT = 0.3  # how much a known question is doubted: the larger, the more its neighbours count
_ROWS = 512  # multiplied at once: all of them would need three times the memory
_OTHERS = 0.75  # how near a question is to one of another entry to be taken for that entry's


@dataclass(frozen=True, slots=True)
class Ground:
    """What votes are computed from: the samples that teach, how near they are to each other, and what each stands for:
    a column an entry, the last one whether any is asked for."""

    samples: tuple[Sample, ...]
    labels: tuple[str, ...]
    grams: Grams
    letters: csr_array
    senses: Floats | None
    wanted: Floats

    def pulls(self, *, by_meaning: bool) -> Floats:
        """How strongly every two samples pull each other, 0 to 1."""
        count = len(self.samples)
        found = np.empty((count, count), np.float32)
        for at in range(0, count, _ROWS):
            rows = slice(at, at + _ROWS)
            found[rows] = pull((self.letters[rows] @ self.letters.T).toarray())
            if by_meaning and self.senses is not None:
                found[rows] = (found[rows] + pull(self.senses[rows] @ self.senses.T)) / 2
        return found

    def doubted(self, *, by_meaning: bool) -> Floats:
        """The matrix of the regression: how samples pull, and on its diagonal how much each is doubted."""
        matrix = self.pulls(by_meaning=by_meaning)
        matrix[np.diag_indices_from(matrix)] += np.array([_DOUBT / one.weight for one in self.samples], np.float32)
        return matrix

    @property
    def usual(self) -> Floats:
        """The mean of what the samples stand for."""
        return np.asarray(self.wanted.mean(axis=0), np.float32)


def survey(samples: Sequence[Sample], meaning: Meaning, tables: Tables, former: Model | None = None) -> Ground:
    """The ground of these samples; without meaning when that is not to be had."""
    texts = [tables.expand(tables.normalise(sample.text)) for sample in samples]
    grams = _grams(texts)
    letters = _letters(texts, grams)
    senses = _senses([sample.text for sample in samples], meaning, former)
    kept = _kept(samples, letters if senses is None else senses)
    kept = [at for at in kept if letters.indptr[at] < letters.indptr[at + 1]]  # « ??? » has no piece
    taught = tuple(samples[at] for at in kept)
    labels = tuple(sorted({sample.entry for sample in taught if _is_inside(sample)}))
    columns = {label: at for at, label in enumerate(labels)}
    wanted = np.zeros((len(taught), len(labels) + 1), np.float32)
    for at, sample in enumerate(taught):
        wanted[at, -1] = 1 if _is_inside(sample) else -1
        if _is_inside(sample):
            wanted[at, columns[sample.entry]] = 1
    return Ground(taught, labels, grams, letters[kept], None if senses is None else senses[kept], wanted)


def fit(samples: Sequence[Sample], meaning: Meaning, tables: Tables, former: Model | None = None) -> Model:
    """The model of these samples; `former` lends the meanings of the texts that it knew."""
    ground = survey(samples, meaning, tables, former)
    letters, senses = ground.letters, ground.senses
    return Model(
        labels=ground.labels,
        known={tables.normalise(sample.text): sample.entry for sample in samples if sample.written},
        grams=ground.grams,
        rows=Rows(
            letters.indices.astype(np.int32), letters.data.astype(np.float32), letters.indptr[:-1].astype(np.int64)
        ),
        lexical=_votes(ground, by_meaning=False),
        texts=tuple(_digest(sample.text) for sample in ground.samples),
        senses=senses,
        full=None if senses is None else _votes(ground, by_meaning=True),
        mark="none" if senses is None else meaning.mark,
    )


def _votes(ground: Ground, *, by_meaning: bool) -> Votes:
    matrix = ground.doubted(by_meaning=by_meaning).T  # the same turned round, as LAPACK takes it without a copy
    shares = cho_solve(cho_factor(matrix, overwrite_a=True), ground.wanted - ground.usual)
    return Votes(np.asarray(shares, np.float32), ground.usual)


def _is_inside(sample: Sample) -> bool:
    return sample.entry != OUTSIDE and not sample.foreign


def _grams(texts: Sequence[str]) -> Grams:
    seen = Counter(piece for text in texts for piece in set(pieces(text)))
    counts = np.array(list(seen.values()), np.float32)
    return Grams(
        {piece: at for at, piece in enumerate(seen)}, (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32)
    )


def _letters(texts: Sequence[str], grams: Grams) -> csr_array:
    rows = [grams.weigh(text) for text in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return csr_array((weights, columns, ends), shape=(len(texts), len(grams.columns)))


def _senses(texts: Sequence[str], meaning: Meaning, former: Model | None) -> Floats | None:
    embed = embedder(meaning)
    if embed is None:
        return None
    known: dict[str, Floats] = {}
    if former is not None and former.senses is not None and former.mark == meaning.mark:
        known = dict(zip(former.texts, former.senses, strict=True))
    new = [text for text in texts if _digest(text) not in known]
    try:
        found: Mapping[str, Floats] = dict(zip(map(_digest, new), embed_all(embed, new), strict=True)) if new else {}
    except Senseless:
        return None
    return np.array([found.get(_digest(text), known.get(_digest(text))) for text in texts], np.float32)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _kept(samples: Sequence[Sample], vectors: csr_array | Floats) -> list[int]:
    """What an entry must not answer is outside, unless another entry answers it: then it teaches nothing."""
    written = [at for at, sample in enumerate(samples) if sample.written]
    owners = np.array([samples[at].entry for at in written])
    foreign = [at for at, sample in enumerate(samples) if sample.foreign]
    kept = set(range(len(samples)))
    if written and foreign:
        nearness = vectors[foreign] @ vectors[written].T
        table = nearness.toarray() if isinstance(nearness, csr_array) else nearness
        for row, at in zip(table, foreign, strict=True):
            if row[owners != samples[at].entry].max(initial=0) >= _OTHERS:
                kept.discard(at)
    return sorted(kept)
