"""The reference of a message that was shown: the ids of its parts, `12,13`. Those of the files above it stand first,
`f10`, so that the last one is the message with the buttons; `f0` is a file that Telegram refused."""

from __future__ import annotations

from collections.abc import Iterable


def read_ref(ref: str) -> tuple[list[int], list[int]]:
    """The ids of the files, then those of the text; 0 for what is no id."""
    parts = ref.split(",")
    files = [_number(part[1:]) for part in parts if part.startswith("f")]
    return files, [_number(part) for part in parts if not part.startswith("f")]


def write_ref(files: Iterable[int], texts: Iterable[int]) -> str:
    """The reference that `read_ref` reads so."""
    return ",".join((*(f"f{one}" for one in files), *map(str, texts)))


def _number(part: str) -> int:
    return int(part) if part.isascii() and part.isdigit() and len(part) < 16 else 0
