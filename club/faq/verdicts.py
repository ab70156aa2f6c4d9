"""How sure one must be: an answer, a question back, three neighbours, or « je ne sais pas ». Light: the hub decides."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from pathlib import Path
from typing import Self

from club.faq.base import SMALL_TALK, Entry

THRESHOLDS = Path(__file__).with_name("thresholds.toml")
MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Sureness:
    """How the signs of a ranking make up the chance that its first entry is the right one (a logistic curve), and how
    high that chance must be to answer with it (`direct`), or to offer it and the next ones (`near`)."""

    weights: tuple[float, ...]
    bias: float
    direct: float
    near: float

    @classmethod
    def load(cls, kind: str, path: Path = THRESHOLDS) -> Self:
        """As measured for this kind of meaning (`none` also stands in for one that is away)."""
        found = tomllib.loads(path.read_text("utf-8"))[kind]
        return cls(tuple(found["weights"]), found["bias"], found["direct"], found["near"])

    def save(self, kind: str, path: Path) -> None:
        """Put this kind's measure in the file, in place of the former one; the other kinds stay, the heading too."""
        former = path if path.exists() else THRESHOLDS
        heading, *tables = former.read_text("utf-8").split("\n[")
        kept = {table.partition("]")[0]: f"[{table.strip()}" for table in tables}
        values = {"weights": list(self.weights), "bias": self.bias, "direct": self.direct, "near": self.near}
        kept[kind] = "\n".join((f"[{kind}]", *(f"{name} = {value}" for name, value in values.items())))
        path.write_text("\n\n".join((heading.strip(), *kept.values())) + "\n", "utf-8")

    def of(self, signs: Sequence[float]) -> float:
        """The chance, 0 to 1."""
        sum_ = self.bias + sum(weight * sign for weight, sign in zip(self.weights, signs, strict=True))
        return round(1 / (1 + exp(-max(-50.0, min(50.0, sum_)))), 4)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The entries that a question may ask for, likeliest first, and the chance that the first is the right one; `exact`
    when it is word for word one of an entry's questions; `lexical` when meaning had no part in it."""

    likely: tuple[str, ...]
    chance: float
    exact: bool = False
    lexical: bool = False


class Outcome(StrEnum):
    """What a question comes to."""

    ANSWER = "answer"
    TALK = "talk"  # a greeting is answered, but is no answer on the subject
    NEAR = "near"
    WHICH = "which"  # it may ask for several things: which one is asked back
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Way:
    """One of the things that a question may ask for, by its name, and the entry that answers it."""

    name: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Verdict:
    """The entry that answers when there is one, the chance that it is right (0 to 1), and the closest others, three at
    most. `ways` are what else it may ask for, or all that it may when which one `asks` the person back."""

    outcome: Outcome
    entry: Entry | None
    chance: float
    near: tuple[Entry, ...]
    ways: tuple[Way, ...] = ()
    asks: str = ""


def judge(ranking: Ranking, entries: Mapping[str, Entry], sureness: Sureness) -> Verdict:
    """What to do about a question that was ranked so. Entries that went away meanwhile do not count."""
    likely = [entries[name] for name in ranking.likely if name in entries]
    others = tuple(entry for entry in likely[1:] if entry.theme != SMALL_TALK)[:MOST_NEAR]
    if likely and likely[0].id == ranking.likely[0] and (ranking.exact or ranking.chance >= sureness.direct):
        outcome = Outcome.TALK if likely[0].theme == SMALL_TALK else Outcome.ANSWER
        return Verdict(outcome, likely[0], ranking.chance, others)
    if ranking.chance < sureness.near:
        return Verdict(Outcome.UNKNOWN, None, ranking.chance, ())
    near = tuple(entry for entry in likely if entry.theme != SMALL_TALK)[:MOST_NEAR]
    return Verdict(Outcome.NEAR if near else Outcome.UNKNOWN, None, ranking.chance, near)
