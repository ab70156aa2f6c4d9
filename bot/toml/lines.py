"""Where a key stands in a TOML text: tomllib gives values without their lines (choice S5)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

KeyPath = tuple[str | int, ...]


def value_at(tree: object, path: KeyPath) -> tuple[Any, int]:
    """What `tree` holds at `path` and how many steps of it exist: `({}, 1)` when only the section is there."""
    for depth, step in enumerate(path):
        if (isinstance(tree, Mapping) and step in tree) or (
            isinstance(tree, Sequence) and not isinstance(tree, str) and isinstance(step, int) and step < len(tree)
        ):
            tree = tree[step]  # type: ignore[index]  # narrowed to two kinds of containers just above
        else:
            return tree, depth
    return tree, len(path)


class Lines:
    """The lines of one readable TOML text.

    Only whole statements parse, and a longer beginning of the text never holds less: so the first beginning that
    holds a path ends with the statement that wrote it. Cost: a dozen parses a path, on failure only.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._trees: dict[int, dict[str, Any] | None] = {}

    @cached_property
    def _whole(self) -> dict[str, Any]:
        return tomllib.loads("\n".join(self._lines))

    def find(self, path: KeyPath) -> int | None:
        """The line, from 1, where the statement begins that wrote `path`, or its nearest part that is written."""
        _, depth = value_at(self._whole, path)
        if not depth:
            return None
        low, high = 1, len(self._lines)
        while low < high:
            middle = (low + high) // 2
            if value_at(self._next_tree(middle), path[:depth])[1] == depth:
                high = middle
            else:
                low = middle + 1
        return low  # the text before it parses too: a statement begins here

    def _next_tree(self, count: int) -> dict[str, Any]:
        """What the shortest beginning of at least `count` lines says that parses."""
        while count < len(self._lines):
            if (tree := self._tree(count)) is not None:
                return tree
            count += 1
        return self._whole

    def _tree(self, count: int) -> dict[str, Any] | None:
        if count not in self._trees:
            try:
                self._trees[count] = tomllib.loads("\n".join(self._lines[:count]))
            except ValueError:
                self._trees[count] = None
        return self._trees[count]
