"""Questions made comparable before they are compared: folded, short forms written out, letters and near words added."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from club.fold import fold

_FILE = Path(__file__).with_name("words.toml")
# « écocartier », « eco kartiers »: the one word that everybody spells in their own way.
_ECOQUARTIER = re.compile(r"\be[ck]+[oa] ?[ckq]+[uw]?[ae]r?tie[rz]?(s?)\b")
ADDED = "+"  # what follows was not said: it counts less
_MOST = 2_000  # characters of a question that are looked at


@dataclass(frozen=True, slots=True)
class Tables:
    """What words.toml says: `short` forms are replaced, `acronyms` and words `alike` followed by others; `little` words
    say nothing of what is asked."""

    short: Mapping[str, str]
    acronyms: Mapping[str, str]
    alike: Mapping[str, str]
    little: frozenset[str]

    @classmethod
    def load(cls) -> Self:
        """The tables that ship with the program."""
        data = tomllib.loads(_FILE.read_text("utf-8"))
        alike = {}
        for group in data["alike"]:
            for word in group["words"].split():
                alike[word] = group["words"].split()[0]
        return cls(data["short"], data["acronym"], alike, frozenset(data["little"].split()))

    def normalise(self, question: str) -> str:
        """The question in plain words; nothing that was said is lost, and doing it twice changes nothing more than the
        words that follow letters."""
        said = _ECOQUARTIER.sub(r"ecoquartier\1", fold(question[:_MOST]))
        return _ECOQUARTIER.sub(r"ecoquartier\1", " ".join(self.short.get(word, word) for word in said.split()))

    def expand(self, normal: str) -> str:
        """What was said, then what its letters and words also mean."""
        return " ".join((normal, ADDED, *dict.fromkeys(self._added(normal))))

    def _added(self, normal: str) -> Iterator[str]:
        for word in normal.split():
            if word in self.acronyms:
                yield self.acronyms[word]
            if word in self.alike:
                yield f"={self.alike[word]}"
