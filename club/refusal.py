"""A "no" that the person can read."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 — it is an answer, not a fault
    """Rolls the request back and is answered in words: a text key of the catalogues, with its values."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
