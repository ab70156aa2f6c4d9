"""The regions of France as people name them and as texts mention them, read from regions.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from club.fold import fold, words
from club.refusal import Refused

_FILE = Path(__file__).with_name("regions.toml")
_POSTCODE = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class Region:
    """One region in force: INSEE code as text, official name, what people type for it, its IANA zone, its ISO 3166-2
    codes without « FR- »."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    zone: str = "Europe/Paris"
    iso: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Department:
    """One département: its code as text (`2A`, `974`), its name and its region's code."""

    code: str
    name: str
    region: str


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name that places a text in a region, or in none when `region` is "" (« Paris 2024 »). A shy one is also an
    ordinary word (« tours »): it only counts where the sentence speaks of a place."""

    words: tuple[str, ...]
    region: str
    shy: bool = False


@dataclass(frozen=True, slots=True)
class Regions:
    """The 18 regions, the départements, and the names under which a text mentions them."""

    regions: tuple[Region, ...]
    departments: Mapping[str, Department]
    national: frozenset[str]
    overseas: frozenset[str]
    places: Mapping[str, tuple[PlaceName, ...]]  # by first word, longest first
    nationwide: tuple[tuple[str, ...], ...]
    online: tuple[tuple[str, ...], ...]

    @classmethod
    def load(cls) -> Self:
        """What regions.toml says; it ships with the program."""
        data = tomllib.loads(_FILE.read_text("utf-8"))
        departments = {code: Department(code, name, region) for code, (region, name, *_) in data["departments"].items()}
        return cls(
            regions=tuple(
                Region(
                    r["code"], r["name"], tuple(r.get("aliases", ())), r.get("zone", "Europe/Paris"), tuple(r["iso"])
                )
                for r in data["regions"]
            ),
            departments=MappingProxyType(departments),
            national=frozenset(map(fold, data["national"])),
            overseas=frozenset(map(fold, data["overseas"])),
            places=MappingProxyType(_index(_name_places(data))),
            nationwide=tuple(map(words, data["nationwide"])),
            online=tuple(map(words, data["online"])),
        )

    def region(self, code: str) -> Region:
        """The region whose INSEE code is `code`; KeyError when there is none."""
        for region in self.regions:
            if region.code == code:
                return region
        raise KeyError(code)

    def find_region(self, text: str) -> tuple[str, ...]:
        """The INSEE codes that `text` names: `()` for national (« FR »), five for « OM », else one.

        Names, aliases, départements' names, ISO 3166-2 codes and postal codes are read, accents and case aside.
        Refused `region-ambiguous` for a bare two-digit number, which may be a region or a département;
        Refused `region-unknown` or `region-unknown-near` (with the nearest name) otherwise.
        """
        wanted, names = fold(text), self._names()
        if wanted not in names:
            wanted = wanted.removeprefix("region ").removeprefix("fr ")
        if wanted in self.national:
            return ()
        if wanted in self.overseas:
            return tuple(region.code for region in self.regions if region.zone != "Europe/Paris")
        if len(wanted) <= 2 and wanted.isdigit():
            raise Refused("region-ambiguous", given=text.strip())
        code = names.get(wanted) or self.of_postcode(wanted)
        if code:
            return (code,)
        near = get_close_matches(wanted, [fold(region.name) for region in self.regions], n=1, cutoff=0.75)
        if near:
            raise Refused("region-unknown-near", given=text.strip(), near=self.region(names[near[0]]).name)
        raise Refused("region-unknown", given=text.strip())

    def of_postcode(self, text: str) -> str | None:
        """The region's code of a French postal code, None when it has none (a few communes bear their neighbour's)."""
        if not _POSTCODE.fullmatch(text):
            return None
        if text.startswith("20"):
            return "94"
        department = self.departments.get(text[:3]) or self.departments.get(text[:2])
        return department.region if department else None

    def of_department(self, code: str) -> str | None:
        """The region's code of the département `code` (« 13 », « 2A », « 974 »; « 20 » is Corse), else None."""
        if code == "20":
            return "94"
        department = self.departments.get(code.upper())
        return department.region if department else None

    def _names(self) -> dict[str, str]:
        """Everything that names one region, folded; what a region calls itself wins over a département's name."""
        names = {fold(d.name): d.region for d in self.departments.values()}
        names |= {d.code.casefold(): d.region for d in self.departments.values() if not d.code.isdigit()}
        for region in self.regions:
            names |= {fold(name): region.code for name in (*region.iso, *region.aliases, region.name)}
        return names


@cache
def regions() -> Regions:
    """The regions, read once: they ship with the program."""
    return Regions.load()


def _name_places(data: Mapping[str, Any]) -> Iterator[PlaceName]:
    for region in data["regions"]:
        for name in (region["name"], *region.get("regions_too", ()), *region.get("towns", ())):
            if name not in region.get("shy", ()):
                yield PlaceName(words(name), region["code"])
        for name in region.get("shy", ()):
            yield PlaceName(words(name), region["code"], shy=True)
    for region_code, name, *mention in data["departments"].values():
        if mention != ["mute"]:
            yield PlaceName(words(name), region_code, shy=bool(mention))
    for name in data["false_friends"]:
        yield PlaceName(words(name), "")


def _index(places: Iterable[PlaceName]) -> dict[str, tuple[PlaceName, ...]]:
    index: dict[str, list[PlaceName]] = {}
    for place in places:
        index.setdefault(place.words[0], []).append(place)
    return {first: tuple(sorted(named, key=lambda p: -len(p.words))) for first, named in index.items()}
