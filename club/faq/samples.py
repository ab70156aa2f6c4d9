"""What a model is fitted to: the entries' questions, what they must not answer, questions asked and sorted since."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from club.faq.base import Entry
from club.faq.words import Tables

_HERE = Path(__file__).parent
_ANSWER = 0.3  # what an answer's own text weighs beside a question
_ASKED = 0.7  # what a question asked by somebody weighs beside one that was written for its entry
OUTSIDE = ""  # the label of what no entry answers
_VERSION = 3  # changes with how models are fitted


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and the entry that it asks for ("" = none). `weight` beside others; `written`: one of the entry's own
    questions; `foreign`: what that entry must not answer, though another may; `asked`: as somebody asked it."""

    text: str
    entry: str
    weight: float = 1.0
    written: bool = False
    foreign: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question as somebody asks it, and the entry that answers it, "" when none does."""

    question: str
    entry: str
    style: str = ""


def load_labelled(path: Path = _HERE / "labelled.tsv") -> tuple[Labelled, ...]:
    """The sorted questions that ship with the program: entry, style, question on a line."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return tuple(Labelled(question, "" if entry == "-" else entry, style) for entry, style, question in rows)


def load_outside() -> Mapping[str, tuple[str, ...]]:
    """Questions that no entry answers, `near` the subject and `far` from it."""
    return {kind: tuple(asked) for kind, asked in tomllib.loads((_HERE / "outside.toml").read_text("utf-8")).items()}


def samples_of(entries: Iterable[Entry], asked: Iterable[Labelled]) -> tuple[Sample, ...]:
    """Everything to fit to, each text once; a question that is written in an entry counts as that only."""
    tables, found = Tables.load(), dict[str, Sample]()
    for sample in (*_written(entries), *(Sample(one.question, one.entry, _ASKED, asked=True) for one in asked)):
        found.setdefault(tables.normalise(sample.text), sample)
    return tuple(found.values())


def _written(entries: Iterable[Entry]) -> Iterator[Sample]:
    known = tuple(entries)
    for entry in known:
        for question in entry.phrasings:
            yield Sample(question, entry.id, written=True)
    for entry in known:
        yield Sample(entry.answer, entry.id, _ANSWER)
        for question in entry.near_misses:
            yield Sample(question, entry.id, foreign=True)
    for questions in load_outside().values():
        for question in questions:
            yield Sample(question, OUTSIDE)


def digest_of(samples: Sequence[Sample], mark: str) -> str:
    """A name for what a model is fitted to and by which meaning: the same name, the same model."""
    said = json.dumps([_VERSION, mark, [list(asdict(sample).values()) for sample in samples]], ensure_ascii=False)
    tables = (_HERE / "words.toml").read_bytes()
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass") + tables, digest_size=10).hexdigest()
