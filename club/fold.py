"""Text made comparable: accents, case, ligatures, apostrophes and hyphens folded, « éco-quartier » one word."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# « référent·e·s » is the word « référent » to whoever searches or compares.
_INCLUSIVE = re.compile(r"(?<=\w)[·‧•](?:trices?|rices?|euses?|n?es?|les?|ves?|tes?|s|x)(?!\w)")
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")
_ECOQUARTIER = re.compile(r"\beco ?quartiers?\b")
# Accents, once they are apart, are among these; most letters are not, and asking each for its category takes long.
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def _without_mark(sign: re.Match[str]) -> str:
    return "" if unicodedata.category(sign[0]).startswith("M") else sign[0]


def fold(text: str) -> str:
    """`text` in small unaccented letters and digits, one space between words; folding twice changes nothing."""
    flat = _INCLUSIVE.sub("", unicodedata.normalize("NFC", text).casefold())
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", flat).casefold()).translate(_LIGATURES)
    flat = _FOREIGN.sub(_without_mark, flat)
    return _ECOQUARTIER.sub("ecoquartier", _NEITHER_LETTER_NOR_DIGIT.sub(" ", flat).strip())


def words(text: str) -> tuple[str, ...]:
    """The folded words of `text`, in order."""
    return tuple(fold(text).split())
