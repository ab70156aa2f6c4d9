"""What can be wrong with a database, in words for the operator."""

from __future__ import annotations


class NotKept(Exception):  # noqa: N818 — a judgement of the database
    """The database refuses these very values; others may well be kept."""


class StorageTrouble(Exception):  # noqa: N818 — a state of the database
    """The database cannot be used: a text key (`storage-…`) and its values."""

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values
