"""How gatherings are named in lists: by code, by number, by title."""

from __future__ import annotations

from bot.cards.gathering import code_of
from club.dialogue import Choice
from club.gathering import Gathering


def choice_of(one: Gathering) -> Choice:
    """A gathering in a list of choices."""
    code = code_of(one.id)
    return Choice(f"g{one.id}", f"{code} · {one.title}", (code, f"EVT-{one.id}", one.title))


def number_of_choice(code: str) -> int:
    """The number of the gathering that was chosen."""
    return int(code.removeprefix("g"))
