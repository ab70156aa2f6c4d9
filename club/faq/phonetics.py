"""Words as they sound, roughly: « cartié », « kartier » and « quartier » are one. For comparing only."""

from __future__ import annotations

import re
from functools import lru_cache

# In this order. Capitals are sounds that no single letter writes; « A », « I », « O » are said through the nose.
_RULES = tuple(
    (re.compile(letters), said)
    for letters, said in (
        (r"tion", "sion"),
        (r"e(?:z|rs?)$", "e"),
        (r"(?<=[aeiou])s(?=[aeiou])", "z"),
        (r"(?<=..)(?:ent|[sxtdp]+)$", ""),
        (r"(.)\1+", r"\1"),
        (r"eau|au", "o"),
        (r"ou", "u"),
        (r"oi", "wa"),
        (r"ai|ei", "e"),
        (r"ph", "f"),
        (r"ch", "S"),
        (r"gn", "N"),
        (r"qu?|ck|c(?![eiy])", "k"),
        (r"c", "s"),
        (r"g(?=[eiy])", "j"),
        (r"[ae][nm](?![aeiouynm])", "A"),
        (r"[iyu][nm](?![aeiouynm])", "I"),
        (r"o[nm](?![aeiouynm])", "O"),
        (r"x", "ks"),
        (r"y", "i"),
        (r"h", ""),
        (r"w(?!a)", "v"),
        (r"z", "s"),
        (r"(?<=.)e$", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(4096)
def sound(word: str) -> str:
    """How a folded word sounds."""
    for letters, said in _RULES:
        word = letters.sub(said, word)
    return word
