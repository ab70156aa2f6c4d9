"""What people are likely to ask: by the season of the label and of training, and by what they do here."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from club.people import Role

MOST = 8
_FILE = Path(__file__).with_name("seasons.toml")


@dataclass(frozen=True, slots=True)
class Seasons:
    """Entries' ids by month and by role; a role without its own list has that of the role below."""

    months: Mapping[int, tuple[str, ...]]
    roles: Mapping[Role, tuple[str, ...]]

    @classmethod
    def load(cls, path: Path = _FILE) -> Self:
        """What seasons.toml says."""
        found = tomllib.loads(path.read_text("utf-8"))
        months = {month: tuple(one["questions"]) for one in found["seasons"] for month in one["months"]}
        return cls(months, {Role.named(word): tuple(ids) for word, ids in found["roles"].items()})

    def useful(self, role: Role, today: date, known: Collection[str]) -> tuple[str, ...]:
        """The eight most useful ones of those that are `known`, each once."""
        own = max((one for one in self.roles if one <= role), default=Role.VISITOR)
        others = (name for one in sorted(self.roles, reverse=True) if one < own for name in self.roles[one])
        wanted = (*self.months.get(today.month, ()), *self.roles.get(own, ()), *others)
        return tuple(name for name in dict.fromkeys(wanted) if name in known)[:MOST]
