"""What entries were checked against: their codes, names, and which of them is still in force."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_FILE = Path(__file__).with_name("editions.toml")


@dataclass(frozen=True, slots=True)
class LabelEditions:
    """Names by code, and the codes in force."""

    names: Mapping[str, str]
    current: frozenset[str]

    @classmethod
    def load(cls, path: Path = _FILE) -> Self:
        """What editions.toml says."""
        found = tomllib.loads(path.read_text("utf-8"))
        names = {code: one["name"] for code, one in found.items()}
        return cls(names, frozenset(code for code, one in found.items() if one["current"]))
