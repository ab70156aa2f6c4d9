"""The hub's commands as Discord's slash commands. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.platforms.discord.read import ATTACHMENT
from bot.platforms.discord.show import DESCRIPTION, OPTION_LABEL, OPTIONS
from bot.platforms.text import shorten, utf16
from club.dialogue import Blank, Choice, Command, Kind
from club.fold import fold

Body = dict[str, Any]

SUB_COMMAND, STRING, INTEGER, BOOLEAN = 1, 3, 4, 5
_EVERYWHERE = {"contexts": [0, 1], "integration_types": [0]}  # on a server, in private
_NAME = 32
_LONGEST = 6000  # characters of an option
_DIGITS = 999_999_999  # as `fields.number` reads


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A command and its fields, by the names that their options bear."""

    command: Command
    options: Mapping[str, Blank]


class Menu:
    """The commands by Discord's names: « digest apercu » is the command `digest` with its sub-command `apercu`."""

    def __init__(self, commands: Iterable[Command]) -> None:
        listed = tuple(commands)
        groups = {base for base, _, rest in (command.name.partition(" ") for command in listed) if rest}
        self._entries: dict[tuple[str, str], MenuEntry] = {}
        for command in listed:
            base, _, rest = command.name.partition(" ")
            # A command that has sub-commands cannot be called itself.
            under = rest.replace(" ", "-") or (base if base in groups else "")
            self._entries[base, under] = MenuEntry(command, {_option_name(blank): blank for blank in command.fields})

    def find(self, data: Mapping[str, Any]) -> tuple[MenuEntry | None, Mapping[str, Mapping[str, Any]]]:
        """The command that was called, and what was given, by option."""
        under, given = "", data.get("options") or []
        if given and given[0].get("type") == SUB_COMMAND:
            under, given = given[0]["name"], given[0].get("options") or []
        return self._entries.get((data.get("name", ""), under)), {one["name"]: one for one in given}

    def fixed(self) -> Iterable[tuple[Command, Blank]]:
        """The fields whose choices are the same for everyone."""
        for entry in self._entries.values():
            yield from ((entry.command, blank) for blank in entry.options.values() if blank.fixed)

    def bodies(self, choices: Mapping[tuple[str, str], Sequence[Choice]]) -> list[Body]:
        """What registers them; `choices` by command and field, for those that are the same for everyone."""
        roots: dict[str, Body] = {}
        for (base, under), entry in self._entries.items():
            body = {
                "description": shorten(entry.command.summary, DESCRIPTION, utf16),
                "options": [_option(name, blank, entry.command, choices) for name, blank in entry.options.items()],
            }
            if not under:
                roots[base] = {"type": 1, "name": base[:_NAME], **body, **_EVERYWHERE}
                continue
            root = roots.setdefault(base, {"type": 1, "name": base[:_NAME], **body, "options": [], **_EVERYWHERE})
            root["options"].append({"type": SUB_COMMAND, "name": under[:_NAME], **body})
        return list(roots.values())


def _option_name(blank: Blank) -> str:
    """The field's French label as Discord spells names."""
    return re.sub(r"[^0-9a-z]+", "-", fold(blank.label)).strip("-")[:_NAME] or blank.name


def _option(name: str, blank: Blank, command: Command, choices: Mapping[tuple[str, str], Sequence[Choice]]) -> Body:
    body: Body = {"type": STRING, "name": name, "description": shorten(blank.label, DESCRIPTION, utf16)}
    match blank.kind:
        case Kind.FILE:
            return body | {"type": ATTACHMENT}
        case Kind.YES_NO:
            return body | {"type": BOOLEAN}
        case Kind.NUMBER:
            return body | {"type": INTEGER, "min_value": -_DIGITS, "max_value": _DIGITS}
        case Kind.CHOICE | Kind.CHOICES:
            fixed = choices.get((command.name, blank.name), ())
            return body | _offered(fixed if blank.kind is Kind.CHOICE else ())
        case Kind.LINE | Kind.PARAGRAPH | Kind.MOMENT:
            return body | _length(blank) | ({"autocomplete": True} if blank.suggested else {})


def _offered(fixed: Sequence[Choice]) -> Body:
    """All choices when they fit, else what is typed is completed."""
    if not 0 < len(fixed) <= OPTIONS or any(utf16(one.value) > OPTION_LABEL for one in fixed):
        return {"autocomplete": True}
    return {"choices": [{"name": shorten(one.label, OPTION_LABEL, utf16), "value": one.value} for one in fixed]}


def _length(blank: Blank) -> Body:
    least, most = blank.bounds
    body = {"min_length": least} if 1 < least <= _LONGEST else {}
    return body | ({"max_length": most} if 0 < most <= _LONGEST else {})


def same(ours: Sequence[Body], theirs: Sequence[Body]) -> bool:
    """Whether what is registered is what we would register."""
    return sorted(map(repr, map(_bare, ours))) == sorted(map(repr, map(_bare, theirs)))


_KEPT = frozenset(
    {"type", "name", "description", "required", "autocomplete", "choices", "contexts", "integration_types", "value"}
    | {"min_length", "max_length", "min_value", "max_value"}
)


def _bare(body: Mapping[str, Any]) -> Body:
    """What tells two registrations apart: without ids and what is empty or usual."""
    bare = {key: body[key] for key in sorted(_KEPT) if body.get(key)}
    for key in ("choices", "options"):
        if body.get(key):
            bare[key] = [_bare(one) for one in body[key]]
    return bare


def matching(choices: Sequence[Choice], typed: str, *, several: bool) -> list[tuple[str, str]]:
    """The choices that begin so, then those that hold it: name and value. Where several may be chosen, what stands
    before the last comma is kept."""
    before, comma, last = typed.rpartition(",") if several else ("", "", typed)
    wanted = fold(last)
    names = {choice.value: [fold(name) for name in (choice.label, *choice.aliases)] for choice in choices}
    starting = [one for one in choices if any(name.startswith(wanted) for name in names[one.value])]
    inside = [one for one in choices if one not in starting and any(wanted in name for name in names[one.value])]
    kept = f"{before.strip()}{comma}"
    return [(f"{kept} {one.label}".strip(), f"{kept}{one.value}") for one in (*starting, *inside)]
