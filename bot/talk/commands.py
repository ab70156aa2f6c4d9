"""What people type after a slash: names and aliases from the catalogue, then words that fill the fields."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.feature import Route
from bot.fields import bounds
from bot.talk.choices import Values
from bot.talk.forms import key
from club.dialogue import Blank, Command, Field, Kind
from club.fold import fold
from club.refusal import Refused
from club.texts import Texts

# `thème:` or `theme :`, at the beginning of a word.
_NAME = re.compile(r"(?<!\S)([^\s:]{1,40})[ \u00a0\u202f]?:")
_TEXT = (Kind.LINE, Kind.PARAGRAPH)
_MOST_WORDS = 24  # of a choice that is typed: longer ones need not be tried


@dataclass(frozen=True, slots=True)
class Typed:
    """A command that was found, and the words behind it. `named` are those that name their field (`theme:eau`);
    `group`: several commands begin with that word."""

    route: Route
    rest: str = ""
    named: tuple[tuple[Field[object], str], ...] = ()
    group: tuple[str, ...] = ()

    async def fill(self, values: Values, given: Mapping[str, str], sealed: Mapping[str, str]) -> Filled:
        """Raw values by field: those sealed in a button, those given by name (an empty one is skipped), then the words.
        Raises Refused when what a button sealed has left its list, or when free words cannot be read."""
        filled: dict[str, str] = {}
        faults: dict[str, Refused] = {}
        rest = [self.rest.strip()]
        for field in self.route.fields:
            if field.name in sealed:
                await values.check(field, sealed[field.name])
                filled[field.name] = sealed[field.name]
            elif given.get(field.name, "").strip():
                try:
                    filled[field.name] = await values.settle(field, given[field.name])
                except Refused as refusal:
                    faults[field.name] = refusal
        for field, words in self.named:
            try:
                filled[field.name], left = await _named(field, words, values)
                rest.append(left)
            except Refused as refusal:
                faults[field.name] = refusal
        free = [field for field in self.route.fields if field.name not in faults]
        over = await _place(" ".join(filter(None, rest)), free, filled, values)
        if over and (misread := await _misread(over, [one for one in free if one.name not in filled], values)):
            faults.update([misread])
            over = ""
        return Filled(filled, faults, over)


@dataclass(frozen=True, slots=True)
class Filled:
    """What the words gave: raw values by field, why others could not be read, and the words that fit nowhere."""

    given: dict[str, str]
    faults: dict[str, Refused]
    over: str = ""


async def _place(words: str, fields: Sequence[Field[object]], filled: dict[str, str], values: Values) -> str:
    """What is left once each field has taken the words it can read, choices in any order."""
    while words:
        name, taken, left = await _best(words, fields, filled, values)
        if not name:
            break
        filled[name], words = taken, left
    return words


async def _best(
    words: str, fields: Sequence[Field[object]], filled: Mapping[str, str], values: Values
) -> tuple[str, str, str]:
    """The field that takes most words, its value, and what is left: « pays de la loire » is a region, though
    « pays » begins the name of a theme. Free text takes all that the choices before it do not."""
    best = ("", "", words)
    for number, field in enumerate(fields):
        if field.name in filled or (best[0] and not field.choices):
            continue
        try:
            taken, left = await _take(field, words, values, last=field is fields[-1])
        except Refused:
            # Words that are no date may be the name that comes after it.
            if field.required or not any(later.kind in _TEXT for later in fields[number + 1 :]):
                raise
            continue
        if taken is not None and len(left) < len(best[2]):
            best = (field.name, taken, left)
        if not field.choices:
            break
    return best


async def _misread(over: str, fields: Sequence[Field[object]], values: Values) -> tuple[str, Refused] | None:
    """The choice that the words were meant for, as far as one can tell, and why they are none of it."""
    vague: tuple[str, Refused] | None = None
    for field in fields:
        if await values.choices(field):
            try:
                await values.settle(field, over, typed=True)
            except Refused as refusal:
                if refusal.key not in ("field-unknown-choice", field.no_number):
                    return field.name, refusal
                vague = vague or (field.name, refusal)
    return vague


async def _named(field: Field[object], words: str, values: Values) -> tuple[str, str]:
    """The value behind a field's name, and the words left; a number is a code first. Raises Refused."""
    if not words and not field.required:
        return "", ""
    first, _, left = words.partition(" ")
    if first.isdecimal() and any(choice.value == first for choice in await values.choices(field)):
        return first, left
    taken, left = await _take(field, words, values, last=True)
    return (await values.settle(field, words, typed=True), "") if taken is None else (taken, left)


async def _take(field: Field[object], rest: str, values: Values, *, last: bool) -> tuple[str | None, str]:
    """The longest beginning of the words that this field can read, and what is left."""
    if not field.choices:
        if last or field.kind in _TEXT:
            await values.read(field, rest)
            return rest, ""
        first, _, left = rest.partition(" ")
        await values.read(field, first)
        return first, left
    parts = rest.split()
    for count in range(min(len(parts), _MOST_WORDS), 0, -1):
        try:
            settled = await values.find(field, " ".join(parts[:count]), typed=True)
            await values.read(field, settled)
        except Refused:
            continue
        return settled, " ".join(parts[count:])
    return None, rest


class Commands:
    """The table of listed routes, by the names that people type."""

    def __init__(self, routes: Iterable[Route], texts: Texts, fixed: frozenset[str] = frozenset()) -> None:
        self._texts = texts
        self._fixed = fixed  # lists of choices that are the same for everyone
        self._listed = [route for route in routes if route.listed]
        self._names: dict[str, str] = {}  # folded → as shown
        self._routes: dict[str, Route] = {}
        for route in self._listed:
            shown = self.name(route)
            self._routes[shown] = route
            for spelling in (shown, *texts.words(f"route-{key(route)}.aliases")):
                if self._names.setdefault(fold(spelling), shown) != shown:
                    raise ValueError(f"two commands are called {spelling}")

    def name(self, route: Route) -> str:
        """The route's French name."""
        return self._texts.plain(f"route-{key(route)}")

    def route(self, name: str) -> Route:
        """The route of that French name."""
        return self._routes[name]

    def usage(self, route: Route) -> str:
        """`/abonner [thème] [région]`."""
        fields = " ".join(f"[{self._texts.plain(f'field-{field.name}').lower()}]" for field in route.fields)
        return f"/{self.name(route)} {fields}".strip()

    @property
    def listed(self) -> tuple[Command, ...]:
        """As the platforms' menus show them."""
        return tuple(
            Command(
                name=self.name(route),
                summary=self._texts.plain(f"route-{key(route)}.help"),
                fields=tuple(
                    Blank(
                        field.name,
                        field.kind,
                        self._texts.plain(f"field-{field.name}"),
                        required=field.required,
                        fixed=field.choices in self._fixed,
                        bounds=bounds(field),
                        suggested=bool(field.suggests),
                    )
                    for field in route.fields
                ),
                role=int(route.role),
                aliases=self._texts.words(f"route-{key(route)}.aliases"),
            )
            for route in self._listed
        )

    def find(self, words: str) -> Typed | str:
        """The command meant, or the closest name ("" = none is near)."""
        parts = words.split(maxsplit=2)
        for count in (2, 1):
            shown = self._names.get(fold(" ".join(parts[:count]))) if len(parts) >= count else None
            if shown is not None:
                return self._typed(self._routes[shown], " ".join(words.split(maxsplit=count)[count:]))
        first = fold(parts[0]) if parts else ""
        group = tuple(name for name in self._routes if first and fold(name).startswith(f"{first} "))
        if group:
            return Typed(self._routes[group[0]], group=group)
        near = difflib.get_close_matches(first, self._names, n=1, cutoff=0.6)
        return self._names[near[0]] if near else ""

    def _typed(self, route: Route, words: str) -> Typed:
        """The words by the fields they name, in French or as the program calls them, accents aside."""
        names = {fold(name): one for one in route.fields for name in self._spellings(one)}
        marks = [mark for mark in _NAME.finditer(words) if fold(mark[1]) in names]
        starts = [*(mark.start() for mark in marks), len(words)]
        said = [
            (names[fold(mark[1])], words[mark.end() : end].strip()) for mark, end in zip(marks, starts[1:], strict=True)
        ]
        return Typed(route, words[: starts[0]], tuple(said))

    def _spellings(self, field: Field[object]) -> tuple[str, ...]:
        key = f"field-{field.name}"
        return (field.name, self._texts.plain(key), *self._texts.words(f"{key}.aliases"))
