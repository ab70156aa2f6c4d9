"""Questions that may ask for several things: « la charte » is two texts, the label had two lives. Whoever did not name
one is asked which, rather than answered about the other."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from club.faq.base import Entry
from club.faq.verdicts import MOST_NEAR, Outcome, Verdict, Way
from club.fold import words

FORKS = Path(__file__).with_name("forks.toml")


@dataclass(frozen=True, slots=True)
class Fork:
    """What the same words may ask for: the question back, the names of the `ways`, how the words begin that name each,
    and rows of entries, one for each way. An answer on the `usual` way ("" = none) needs no question back."""

    asks: str
    ways: tuple[str, ...]
    said: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    usual: str = ""

    def named(self, question: str) -> tuple[str, ...]:
        """The ways that the question names."""
        told = words(question)
        return tuple(
            way for way, said in zip(self.ways, self.said, strict=True) if any(word.startswith(said) for word in told)
        )

    def ways_of(self, entry: str, entries: Mapping[str, Entry]) -> tuple[Way, ...]:
        """Where one may go from an entry, itself included; () when it is not at this fork, or goes nowhere else."""
        row = next((row for row in self.rows if entry in row), ())
        found = tuple(Way(way, entries[name]) for way, name in zip(self.ways, row, strict=False) if name in entries)
        return found if len(found) > 1 else ()


@dataclass(frozen=True, slots=True)
class Forks:
    """All of them."""

    forks: tuple[Fork, ...]

    @classmethod
    def load(cls, path: Path = FORKS) -> Self:
        """What forks.toml says."""
        return cls(tuple(map(_fork, tomllib.loads(path.read_text("utf-8")).values())))

    def weigh(self, question: str, verdict: Verdict, entries: Mapping[str, Entry]) -> Verdict:
        """The verdict; or a question back, when the likeliest entry stands at a fork, one of the other ways is likely
        too (the next one, where nothing is sure), and the question names none."""
        likely = [entry.id for entry in ((verdict.entry, *verdict.near) if verdict.entry else verdict.near[:2])]
        for fork in self.forks if likely else ():
            ways = fork.ways_of(likely[0], entries)
            others = tuple(way for way in ways if way.entry.id != likely[0])
            if not any(way.entry.id in likely for way in others) or fork.named(question):
                continue
            if verdict.entry and fork.usual in {way.name for way in ways if way.entry is verdict.entry}:
                near = tuple(dict.fromkeys((*(way.entry for way in others), *verdict.near)))
                return replace(verdict, near=near[:MOST_NEAR], ways=others)
            which = tuple(way.entry for way in ways)
            return Verdict(Outcome.WHICH, None, verdict.chance, which, ways, fork.asks)
        return verdict


def _fork(found: Mapping[str, Any]) -> Fork:
    return Fork(
        asks=found["asks"],
        ways=tuple(found["ways"]),
        said=tuple(tuple(said.split()) for said in found["said"]),
        rows=tuple(map(tuple, found["entries"])),
        usual=found.get("usual", ""),
    )
