"""Every word said to people: Fluent catalogues by feature, dates and numbers as the language writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentType

from club.markup import Line, Value, plain_line, token, write

LANGUAGES = ("fr",)
FOLDER = Path(__file__).parent
_REMEMBERED = 5000  # texts
_KEY = re.compile(r"^([a-z][a-z0-9-]*) *=", re.MULTILINE)


class MissingText(LookupError):  # noqa: N818 — it names what is missing
    """A text key or a value it wants is missing: a fault of the program, never of the person."""


@dataclass(frozen=True)
class _Held(FluentType):
    """A value that stays opaque while Fluent formats (choice S1)."""

    stand_in: str

    def format(self, locale: Locale) -> str:
        return self.stand_in


class Texts:
    """The catalogue in one language. A feature's file is parsed when one of its texts is first wanted."""

    def __init__(self, language: str = "fr", zone: str = "Europe/Paris", folders: Sequence[Path] = (FOLDER,)) -> None:
        self.language = language
        self.zone = ZoneInfo(zone)
        self._locale = Locale.parse(language)
        self._files = _index(tuple(folder / language for folder in folders))
        self._bundles: dict[Path, FluentBundle] = {}
        self._formatted: dict[tuple[str, tuple[tuple[str, Any], ...]], str] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def lines(self, key: str, /, **values: object) -> tuple[Line, ...]:
        """The text `key` with `values` put in, as lines. Only enumerations and numbers may select a variant."""
        held: list[Value] = []
        given = tuple((name, self._hold(value, held)) for name, value in values.items())
        return write(self._format(key, given), held)

    def _format(self, key: str, given: tuple[tuple[str, Any], ...]) -> str:
        """The text with its numbers and enumerations; what holds other values is the same for all of them, so that
        few texts are ever worked out."""
        known = self._formatted.get((key, given))
        if known is not None:
            return known
        bundle, name, attribute = self._find(key)
        message = bundle.get_message(name)
        pattern = message.attributes.get(attribute) if attribute else message.value
        if pattern is None:
            raise MissingText(key)
        text, errors = bundle.format_pattern(pattern, dict(given))
        if errors:
            raise MissingText(f"{key}: {errors}")
        if len(self._formatted) >= _REMEMBERED:
            self._formatted.clear()
        self._formatted[key, given] = str(text)
        return str(text)

    def line(self, key: str, /, **values: object) -> Line:
        """The first line of the text."""
        return self.lines(key, **values)[0]

    def plain(self, key: str, /, **values: object) -> str:
        """The text without marks: labels of buttons, help of the command line."""
        return "\n".join(plain_line(line) for line in self.lines(key, **values))

    def words(self, key: str) -> tuple[str, ...]:
        """The comma-separated words of a text (aliases), () when there is none."""
        try:
            return tuple(word.strip() for word in self.plain(key).split(",") if word.strip())
        except MissingText:
            return ()

    def _find(self, key: str) -> tuple[FluentBundle, str, str]:
        name, _, attribute = key.partition(".")
        path = self._files.get(name)
        if path is None:
            raise MissingText(key)
        if path not in self._bundles:
            bundle = FluentBundle([self.language], use_isolating=False)
            bundle.add_resource(FluentResource(path.read_text("utf-8")))
            self._bundles[path] = bundle
        return self._bundles[path], name, attribute

    def _hold(self, value: object, held: list[Value]) -> Any:
        if isinstance(value, StrEnum):
            return value.value
        if isinstance(value, bool) or value is None:
            raise MissingText(f"a text cannot show {value!r}")
        if isinstance(value, int | float):
            return value
        if isinstance(value, datetime):
            value = self.moment(value)
        elif isinstance(value, date):
            value = self.day(value)
        held.append(value if isinstance(value, tuple) else str(value))
        return _Held(token(len(held) - 1))

    # Dates: Babel's French lacks « 1er » and « à », so the few shapes we show are put together here.

    def day_of(self, instant: datetime) -> date:
        """The day of that instant in the Club's zone."""
        return instant.astimezone(self.zone).date()

    def day(self, day: date) -> str:
        """« jeudi 11 mars 2027 », « lundi 1er mars 2027 »."""
        text = _write_date(day, "EEEE d MMMM y", self._locale)
        return re.sub(r"\b1 (?=\D)", "1er ", text, count=1) if day.day == 1 else text

    def short_day(self, day: date) -> str:
        """« jeu. 11 mars »."""
        text = _write_date(day, "EEE d MMM", self._locale)
        return re.sub(r"\b1 (?=\D)", "1er ", text, count=1) if day.day == 1 else text

    def month(self, day: date) -> str:
        """« mars 2027 »."""
        return _write_date(day, "MMMM y", self._locale)

    def hour(self, at: time) -> str:
        """« 9 h », « 9 h 30 », with no-break spaces."""
        return f"{at.hour}\u00a0h" + (f"\u00a0{at.minute:02}" if at.minute else "")

    def moment(self, instant: datetime, zone: ZoneInfo | None = None) -> str:
        """« mardi 24 novembre 2026 à 14 h 03 », in the Club's zone unless another is given."""
        local = instant.astimezone(zone or self.zone)
        return f"{self.day(local.date())} à {self.hour(local.time())}"


@lru_cache(_REMEMBERED)
def _write_date(day: date, shape: str, locale: Locale) -> str:
    return format_date(day, shape, locale=locale)


@cache
def _index(folders: tuple[Path, ...]) -> Mapping[str, Path]:
    """Which file holds which text; a key written twice is a fault of the catalogue."""
    index: dict[str, Path] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.ftl"))):
        for key in _KEY.findall(path.read_text("utf-8")):
            if key in index:
                raise MissingText(f"{key} stands in {index[key].name} and {path.name}")
            index[key] = path
    return index
