"""Which model says what a question means: a choice of the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Meaning:
    """`use` and `e5` ship inside packages, `http` asks a server at `url` for `model`, `none` leaves words alone."""

    kind: str = "use"
    url: str = ""
    model: str = ""
    token: str = field(default="", repr=False)

    @property
    def mark(self) -> str:
        """What vectors of one model have in common; a secret is no part of it."""
        return " ".join(filter(None, (self.kind, self.url, self.model)))
