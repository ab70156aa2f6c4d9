"""A name that any computer and any network takes for a file."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 64  # characters
_UNNAMED = "document"
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ß": "ss"})
_SUFFIX = re.compile(r"[A-Za-z0-9]{1,8}")
# Windows opens a device under these, whatever their suffix.
_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)


def file_name(name: str) -> str:
    """The last part of a path in unaccented letters, digits, « - » and « _ », with its suffix: at most 64 characters,
    never hidden, never empty. « C:\\\\été\\\\Liste d'Ana.csv » gives « Liste-d-Ana.csv », which gives itself again."""
    last = re.split(r"[/\\]", name)[-1].translate(_LIGATURES)
    flat = "".join(sign for sign in unicodedata.normalize("NFKD", last) if not unicodedata.combining(sign))
    stem, dot, suffix = flat.rpartition(".")
    if not dot or not _SUFFIX.fullmatch(suffix):
        stem, suffix = flat, ""
    ending = f".{suffix.lower()}" if suffix else ""
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", stem).strip("-_")
    if not plain or _DEVICE.fullmatch(plain):
        plain = f"{_UNNAMED}-{plain}".strip("-")
    return plain[: LONGEST - len(ending)].rstrip("-_") + ending
