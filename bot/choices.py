"""From what a person typed or pressed to a field's value: choices by number, name or code; then the field reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.feature import Desk, Lister
from club.dialogue import Choice, Field, Kind, Reading, Request
from club.fold import fold
from club.refusal import Refused


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

    async def settle(self, field: Field[object], typed: str) -> str:
        """The raw value as a draft keeps it: a choice's code for what was typed. Raises Refused."""
        choices = await self.choices(field)
        if not choices:
            return typed
        if field.kind is not Kind.CHOICES:
            return match(typed, choices)
        parts = typed.split(",") if "," in typed else typed.split() if _all_numbers(typed) else [typed]
        return ",".join(dict.fromkeys(match(part, choices) for part in parts if part.strip()))

    async def read(self, field: Field[object], raw: str) -> object:
        """The value; checked against the list again, since a draft or a button may be older than the list."""
        settled = await self.settle(field, raw)
        if field.required and not settled.strip():
            raise Refused("field-empty")
        return field.read(settled, Reading(self._desk.now, self._desk.settings.zone))

    async def show(self, field: Field[object], raw: str) -> str:
        """The value as people read it: labels for codes."""
        labels = {choice.value: choice.label for choice in await self.choices(field)}
        if not labels:
            return raw
        return ", ".join(labels.get(code, code) for code in raw.split(","))


def match(typed: str, choices: Sequence[Choice]) -> str:
    """The code of the choice meant: by code, by number in the list, by label or the only one that begins so."""
    typed = typed.strip()
    by_code = {choice.value: choice for choice in choices}
    if typed in by_code:
        return typed
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(choices) and len(typed) < 4:
        return choices[int(typed) - 1].value
    wanted = fold(typed)
    exact = [choice for choice in choices if wanted and wanted in (fold(choice.label), fold(choice.value))]
    starting = [choice for choice in choices if wanted and fold(choice.label).startswith(wanted)]
    inside = [choice for choice in choices if wanted and f" {wanted}" in f" {fold(choice.label)}"]
    for found in (exact, starting, inside):
        if len(found) == 1:
            return found[0].value
        if len(found) > 1:
            names = ", ".join(choice.label for choice in found[:4])
            raise Refused("field-several-choices", found=typed[:60], names=names)
    raise Refused("field-unknown-choice", found=typed[:60])


def _all_numbers(typed: str) -> bool:
    return all(part.isdigit() for part in typed.split())
