"""The places that a text names, and what only looks like one (« réunion publique », « Paris 2024 »)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from club.fold import fold, words
from club.regions import PlaceName, Regions

_SAID = re.compile(r"[^\W_]+|[(:]")
_DEPARTMENT = re.compile(r"[A-ZÀ-Ý][\w’'-]{1,40} ?\((\d{2,3}|2[AB])\)")
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_SMALL = frozenset(words("de du des d la le les l en sur sous et les a au aux"))
_BEFORE = frozenset(("(", *words("a de d du en la le l les dans")))
_AFTER = frozenset(words("de du des d publique pleniere annuelle"))


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    capital: bool


def named_in(text: str, regions: Regions, *, typed: bool = False) -> frozenset[str]:
    """INSEE codes of the regions whose names, départements or towns stand in `text` as proper names.

    `typed`: the text is a place already (« salle des fêtes, tours »), so capitals and shyness do not matter.
    """
    said = list(_read(text))
    found: set[str] = set()
    at = 0
    while at < len(said):
        for name in regions.places.get(said[at].folded, ()):
            if _stands(name.words, said, at) and (typed or not name.region or _is_proper(name, said, at)):
                found |= {name.region} - {""}
                at += len(name.words) - 1
                break
        at += 1
    return frozenset(found)


def department_codes(text: str, place: str, regions: Regions) -> frozenset[str]:
    """INSEE codes of the regions of « Aubagne (13) » in `text` or `place`, and of the postal codes in `place`."""
    found = {regions.of_department(code) for code in _DEPARTMENT.findall(f"{text} | {place}")}
    found |= {regions.of_postcode(code) for code in _POSTCODE.findall(place)}
    return frozenset(filter(None, found))


def is_nationwide(title: str, place: str, regions: Regions) -> bool:
    """True when the notice says that it is for everybody, or takes place at a distance."""
    return _says(title, regions.nationwide) or _says(place, regions.online)


def _says(text: str, expressions: tuple[tuple[str, ...], ...]) -> bool:
    folded = f" {fold(text)} "
    return any(f" {' '.join(expression)} " in folded for expression in expressions)


def _read(text: str) -> Iterator[_Word]:
    for said in _SAID.findall(text):
        if said in "(:":
            yield _Word(said, capital=False)
        # Most words need no folding; folding each costs ten times more.
        for part in (said.lower(),) if said.isascii() else words(said):
            yield _Word(part, said[0].isupper())


def _stands(name: tuple[str, ...], said: list[_Word], at: int) -> bool:
    return name == tuple(word.folded for word in said[at : at + len(name)])


def _is_proper(name: PlaceName, said: list[_Word], at: int) -> bool:
    end = at + len(name.words)
    if not all(word.capital or word.folded in _SMALL for word in said[at:end]):
        return False
    after = said[end].folded if end < len(said) else ""
    if not name.shy:
        return True
    if at == 0:
        return after in (":", "(")
    return said[at - 1].folded in _BEFORE and after not in _AFTER
