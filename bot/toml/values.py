"""How single values of a file are read: texts, numbers, switches, addresses, hours, known words.

Each reader takes what TOML or the environment gives, of any type, and gives the value or raises ValueError (what was
expected is said by the field) or a PydanticCustomError that carries the `nearest` known word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import time
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, PlainValidator, StringConstraints
from pydantic_core import PydanticCustomError

from bot.toml.explain import nearest
from bot.toml.raw import Variable
from club.fold import fold
from club.news import SourceTrouble
from club.people import Role
from club.texts import Texts
from connectors.address import Allowed, check_url

T = TypeVar("T")

_HOUR = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?")


def unknown(value: object, known: Iterable[str]) -> PydanticCustomError:
    """The error for a word that is none of `known`."""
    return PydanticCustomError("unknown", "unknown word", {"nearest": nearest(str(value), known)})


def text(value: object) -> str:
    """The value when it is a text."""
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value.strip()


def _split(value: object) -> object:
    """Lists come from the environment as words between commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def not_boolean(value: object) -> object:
    """The value when it is no boolean: pydantic takes true for 1."""
    if isinstance(value, bool):
        raise ValueError("a boolean")
    return value


def _boolean(value: object) -> object:
    # pydantic takes 1 and "yes" for true
    if not isinstance(value, bool | Variable):
        raise ValueError("not a boolean")
    return value


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _web_address(value: object) -> str:
    address = text(value)
    try:
        check_url(address)
    except SourceTrouble:
        raise ValueError("not a web address") from None
    return address


def _source_address(value: object) -> str:
    """One that leads inside, or nowhere, is told by its source and costs no other one (promises 1, 12)."""
    address = text(value)
    try:
        check_url(address)
    except SourceTrouble as trouble:
        if trouble.key in ("trouble-scheme", "trouble-url-user") or not address.isprintable():
            raise ValueError("not a web address") from None
    return address


def _host_port(value: object) -> str:
    entry = text(value)
    Allowed.parse((entry,))
    return entry


def _zone(value: object) -> str:
    name = text(value)
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        words = {known.lower(): known for known in available_timezones()}
        near = words.get(nearest(name, words), "")
        raise PydanticCustomError("unknown", "unknown zone", {"nearest": near}) from None


def _hour(value: object) -> time:
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    parts = _HOUR.fullmatch(text(value))
    if not parts:
        raise ValueError("not an hour")
    return time(int(parts[1]), int(parts[2] or 0))


@cache
def _french(prefix: str, keys: tuple[str, ...]) -> dict[str, str]:
    """The French words for `keys`, and the keys themselves, each with its key."""
    texts = Texts()
    return {word: key for key in keys for word in (key, *texts.words(f"{prefix}{key}"))}


def word(prefix: str, keys: Iterable[str], make: Callable[[str], T]) -> PlainValidator:
    """A reader of English or French words, whatever their accents, capitals and middle dots."""
    known = tuple(keys)

    def read(value: object) -> Any:
        if isinstance(value, Enum):  # made in the program
            return value
        words = _french(prefix, known)
        folded = {fold(word): key for word, key in words.items()}
        found = fold(text(value))
        if found not in folded:
            raise unknown(text(value), words)
        return make(folded[found])

    return PlainValidator(read)


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
Whole = Annotated[int, BeforeValidator(not_boolean)]
Number = Annotated[float, BeforeValidator(not_boolean)]
WebAddress = Annotated[str, PlainValidator(_web_address)]
SourceAddress = Annotated[str, PlainValidator(_source_address)]
HostPort = Annotated[str, PlainValidator(_host_port)]
Ident = Annotated[str, BeforeValidator(_number_as_text), StringConstraints(pattern=r"^\d+$")]
Zone = Annotated[str, PlainValidator(_zone)]
Hour = Annotated[time, PlainValidator(_hour)]
Standing = Annotated[Role, word("config-role-", (role.word for role in Role), Role.named)]
Truth = Annotated[bool, BeforeValidator(_boolean)]
listed = BeforeValidator(_split)
