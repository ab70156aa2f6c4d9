"""From what a person typed or pressed to a field's value: choices by number, name or code; then the field reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from bot.feature import Desk, Lister
from club.dialogue import NO, YES, Choice, Field, Kind, Reading, Request
from club.fold import fold
from club.refusal import Refused


async def yes_or_no(_: Request, desk: Desk) -> Sequence[Choice]:
    """The two choices of a question of yes or no."""
    codes = ((YES, "yes"), (NO, "no"))
    return [Choice(c, desk.texts.plain(f"choice-{n}"), desk.texts.words(f"choice-{n}.aliases")) for c, n in codes]


# Lists that every feature has.
LISTS: dict[str, Lister] = {"yes-no": yes_or_no}


class Values:
    """Reads raw values for one request; lists are asked of their features once."""

    def __init__(self, request: Request, desk: Desk, lists: Mapping[str, Lister]) -> None:
        self._request = request
        self._desk = desk
        self._lists = lists
        self._asked: dict[str, tuple[Choice, ...]] = {}

    async def choices(self, field: Field[object]) -> tuple[Choice, ...]:
        """What the field offers; () when it is free."""
        if not field.choices:
            return ()
        if field.choices not in self._asked:
            self._asked[field.choices] = tuple(await self._lists[field.choices](self._request, self._desk))
        return self._asked[field.choices]

    async def lack(self, fields: Sequence[Field[object]]) -> bool:
        """True when one of them has nothing to choose from."""
        return any([not await self.choices(field) for field in fields if field.choices])

    async def settle(self, field: Field[object], raw: str, *, typed: bool = False) -> str:
        """The value as a draft keeps it: a choice's code. What was `typed` is a name or a position in the list; what
        comes from forms, from menus or behind the field's name is a code first. Raises Refused, with the nearest name
        when one is near."""
        try:
            return await self.find(field, raw, typed=typed)
        except Refused as refusal:
            if refusal.key != "field-unknown-choice":
                raise
            found = str(refusal.values["found"])
            if name := await self._beyond(field, raw):
                raise Refused(f"field-{field.name}.beyond", name=name) from None
            near = _nearest(found, await self.choices(field))
            raise Refused("field-unknown-choice-near", found=found, near=near) if near else refusal from None

    async def _beyond(self, field: Field[object], raw: str) -> str:
        """The name of what there is, and is not for this person; "" when there is no such thing."""
        known = await self._lists[field.beyond](self._request, self._desk) if field.beyond else ()
        try:
            code = match(raw, known)
        except Refused as refusal:
            return raw.strip()[:60] if refusal.key == "field-several-choices" else ""
        return next(choice.label for choice in known if choice.value == code)

    async def find(self, field: Field[object], raw: str, *, typed: bool = False) -> str:
        """The same, without a look at what is near."""
        if not field.choices:
            return raw
        choices = await self.choices(field)
        if raw.strip().isdecimal() and any(choice.number for choice in choices):
            return _numbered(raw.strip(), choices, field.no_number)
        if field.kind is not Kind.CHOICES:
            return match(raw, choices, typed=typed)
        names = {_spelling(name) for choice in choices for name in (choice.label, *choice.aliases)}
        if fold(raw) in names:  # « Climat, risques et résilience » is one
            parts = [raw]
        else:
            parts = raw.split(",") if "," in raw else raw.split() if _all_numbers(raw) else [raw]
        wanted = dict.fromkeys(part.strip() for part in parts if part.strip())
        return ",".join(dict.fromkeys(match(part, choices, typed=typed) for part in wanted))

    async def check(self, field: Field[object], settled: str) -> None:
        """Raises Refused when a code has left the list: a draft or a button may be older, and its code must never be
        taken for the name of another choice."""
        offered = {choice.value for choice in await self.choices(field)}
        if field.choices and not offered.issuperset(codes(field, settled)):
            raise Refused("field-choice-gone", label=self._desk.texts.plain(f"field-{field.name}"))

    async def read(self, field: Field[object], settled: str) -> object:
        """The value of what was settled; raises Refused."""
        await self.check(field, settled)
        if field.required and not settled.strip():
            raise Refused("field-empty")
        return field.read(settled, Reading(self._desk.now, self._desk.settings.zone))

    async def show(self, field: Field[object], settled: str) -> str:
        """The value as people read it: labels for codes, no handle of a file."""
        if field.kind is Kind.FILE:
            return self._desk.texts.plain("form-files", count=settled.count(",") + 1)
        if not field.choices:
            return settled
        labels = {choice.value: choice.label for choice in await self.choices(field)}
        gone = self._desk.texts.plain("form-gone")
        return ", ".join(labels.get(code, gone) for code in codes(field, settled))


def codes(field: Field[object], settled: str) -> list[str]:
    """The codes in the settled value of a field with choices."""
    parts = settled.split(",") if field.kind is Kind.CHOICES else [settled]
    return [part for part in parts if part]


def match(raw: str, choices: Sequence[Choice], *, typed: bool = False) -> str:
    """The code of the choice meant: by code, position, name, alias, or the only name that begins or goes on so.

    A typed number is a position; where codes are numbers themselves, one that is a code or a position is refused
    (76 is Occitanie as a region and Seine-Maritime as a département).
    """
    raw = raw.strip()
    offered = {choice.value for choice in choices}
    if raw.isdecimal() and typed:
        is_position = len(raw) < 4 and 1 <= int(raw) <= len(choices)
        if any(code.isdecimal() for code in offered):
            if is_position or raw in offered:
                raise Refused("field-ambiguous-number", found=raw[:20])
        elif is_position:
            return choices[int(raw) - 1].value
    if raw in offered:
        return raw
    wanted = fold(raw)
    named = {choice.value: [_spelling(name) for name in (choice.label, *choice.aliases)] for choice in choices}
    exact = [one for one in choices if wanted and wanted in (_spelling(one.value), *named[one.value])]
    starting = [one for one in choices if wanted and any(n.startswith(wanted) for n in named[one.value])]
    inside = [one for one in choices if wanted and any(f" {wanted}" in n for n in named[one.value])]
    for found in (exact, starting, inside):
        if len(found) == 1:
            return found[0].value
        if len(found) > 1:
            names = ", ".join(choice.label for choice in found[:4])
            raise Refused("field-several-choices", found=raw[:60], names=names)
    raise Refused("field-unknown-choice", found=raw[:60])


def _numbered(raw: str, choices: Sequence[Choice], unknown: str) -> str:
    """The code of the only choice that has this number; Refused `unknown` when none has it."""
    wanted = int(raw[:20])
    meant = [choice for choice in choices if choice.number == wanted]
    if len(meant) > 1:
        raise Refused("field-several-choices", found=raw, names=", ".join(choice.label for choice in meant))
    if not meant:
        raise Refused(unknown, found=raw[:20], given=raw[:20])
    return meant[0].value


def _nearest(found: str, choices: Sequence[Choice]) -> str:
    """The label of the choice whose name is spelled almost so, else ""."""
    labels = {_spelling(name): choice.label for choice in choices for name in (*choice.aliases, choice.label)}
    near = get_close_matches(fold(found), labels, n=1, cutoff=0.8)
    return labels[near[0]] if near else ""


@lru_cache(maxsize=4096)
def _spelling(name: str) -> str:
    return fold(name)


def _all_numbers(typed: str) -> bool:
    return all(part.isdecimal() for part in typed.split())
