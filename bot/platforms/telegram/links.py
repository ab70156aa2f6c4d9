"""Addresses that lead to the bot, and what a press on them brings: a command, or a button of a channel. Pure.

A link carries no right: what it names is checked again as if it had been typed or pressed.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from club.people import Place

PLATFORM = "telegram"
_LONGEST = 64  # characters of a start parameter: letters, digits, _ and -
_PLACE = re.compile(r"in(-?[0-9]{1,20})(?:_([0-9]{1,20}))?")


def start_link(bot: str, parameter: str = "") -> str:
    """The address of the private talk with the bot; « Démarrer » there sends `/start PARAMETER`."""
    return f"https://t.me/{bot}" + (f"?start={parameter}" if parameter else "")


def command_parameter(command: str) -> str:
    """What makes `/digest apercu` follow the first word."""
    return f"c_{command.replace(' ', '_')}"


def read_command(parameter: str) -> str:
    """The command that a parameter brings, "" when it brings none."""
    return parameter[2:].replace("_", " ") if re.fullmatch(r"c_[a-z0-9_]{1,40}", parameter) else ""


def press_parameter(place: Place, token: str) -> str:
    """What makes a button of that place be pressed after the first word; "" when it is too long for a link."""
    packed = urlsafe_b64encode(f"{place.id}:{place.thread} {token}".encode()).decode().rstrip("=")
    return f"p{packed}" if len(packed) < _LONGEST else ""


def read_press(parameter: str) -> tuple[Place, str] | None:
    """The place and the token that a parameter brings."""
    if not re.fullmatch(r"p[\w-]{4,63}", parameter, re.ASCII):
        return None
    packed = parameter[1:]
    try:
        place, _, token = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode().partition(" ")
    except ValueError:
        return None
    ident, _, thread = place.partition(":")
    if not re.fullmatch(r"-[0-9]{1,20}", ident) or not re.fullmatch(r"[0-9]{0,20}", thread) or not token:
        return None
    return Place(PLATFORM, ident, thread), token


def place_link(bot: str, place: Place) -> str:
    """The address that stands over what is said in private about a group: it names the group."""
    return start_link(bot, f"in{place.id}" + (f"_{place.thread}" if place.thread else ""))


def read_place(bot: str, link: str) -> Place | None:
    """The group that such an address names."""
    found = _PLACE.fullmatch(link.removeprefix(start_link(bot, "x")[:-1]))
    return Place(PLATFORM, found[1], found[2] or "") if found else None
