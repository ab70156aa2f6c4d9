"""How single values of the configuration are read: addresses, places, hours, names of themes and regions.

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

from pydantic import AfterValidator, BeforeValidator, PlainValidator, SecretStr, StringConstraints
from pydantic_core import PydanticCustomError

from bot.config.explain import nearest
from bot.config.written import Variable
from club.fold import fold
from club.news import SourceTrouble
from club.people import Place, Role
from club.refusal import Refused
from club.regions import regions
from club.subscription import Rhythm
from club.texts import Texts
from club.topics import topics
from connectors.address import Allowed, check_url

T = TypeVar("T")

NETWORKS = ("telegram", "discord", "matrix", "simulator", "console")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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


def _not_boolean(value: object) -> object:
    # pydantic takes true for 1
    if isinstance(value, bool):
        raise ValueError("a boolean")
    return value


def _boolean(value: object) -> object:
    # pydantic takes 1 and "yes" for true
    if not isinstance(value, bool | Variable):
        raise ValueError("not a boolean")
    return value


def _for_all(value: object) -> object:
    """One value stands for every network."""
    return value if isinstance(value, dict) else dict.fromkeys(NETWORKS, value)


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


def _database(secret: SecretStr) -> SecretStr:
    address = secret.get_secret_value().strip()
    scheme, slashes, rest = address.partition("://")
    file = rest.partition("?")[0].removeprefix("/")
    if not slashes or scheme not in ("sqlite+aiosqlite", "postgresql+asyncpg") or file in ("", ":memory:"):
        raise ValueError("not a database address")
    return SecretStr(address)


def _host_port(value: object) -> str:
    entry = text(value)
    Allowed.parse((entry,))
    return entry


def _place(value: object) -> Place:
    place = value if isinstance(value, Place) else Place.parse(text(value))
    if place.platform not in NETWORKS:
        raise unknown(place.platform, NETWORKS)
    return place


def _account(value: object) -> str:
    return str(_place(value))


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


def _region_codes(value: object) -> tuple[str, ...]:
    name = text(value)
    if name in {region.code for region in regions().regions}:
        return (name,)  # the file says INSEE codes; a person who types « 76 » may mean a département
    try:
        return regions().find_region(name)
    except Refused as refused:
        raise _misread(refused) from None


def _one_region(value: object) -> str:
    codes = _region_codes(value) if value != "" else ()
    if len(codes) > 1:
        raise ValueError("several regions")
    return "".join(codes)


def _topic(value: object) -> int | str:
    """A commitment's number or a theme's code."""
    name = str(_not_boolean(value)).strip() if isinstance(value, int) else text(value)
    try:
        topics().read_topics((name,))
        return int(name) if name.isdigit() else topics().find_theme(name).code
    except Refused as refused:
        raise _misread(refused) from None


def _misread(refused: Refused) -> PydanticCustomError:
    return PydanticCustomError("unknown", "unknown name", {"nearest": refused.values.get("near", "")})


def commitments(chosen: Iterable[int | str]) -> tuple[int, ...]:
    """The commitment numbers of what was chosen, each once, in order."""
    return topics().read_topics(chosen)


def zone_of(region: str, default: str) -> str:
    """The zone of a region's code, `default` when it is national."""
    return regions().region(region).zone if region else default


@cache
def _french(prefix: str, keys: tuple[str, ...]) -> dict[str, str]:
    """The French words for `keys`, and the keys themselves, each with its key."""
    texts = Texts()
    return {word: key for key in keys for word in (key, *texts.words(f"{prefix}{key}"))}


def _word(prefix: str, keys: Iterable[str], make: Callable[[str], T]) -> PlainValidator:
    """A reader of English or French words, whatever their accents, capitals and middle dots."""
    known = tuple(keys)

    def read(value: object) -> Any:
        if isinstance(value, Enum):  # made in the program
            return value
        words = _french(prefix, known)
        folded = {fold(word): key for word, key in words.items()}
        word = text(value)
        if fold(word) not in folded:
            raise unknown(word, words)
        return make(folded[fold(word)])

    return PlainValidator(read)


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
Whole = Annotated[int, BeforeValidator(_not_boolean)]
Number = Annotated[float, BeforeValidator(_not_boolean)]
WebAddress = Annotated[str, PlainValidator(_web_address)]
SourceAddress = Annotated[str, PlainValidator(_source_address)]
DatabaseAddress = Annotated[SecretStr, AfterValidator(_database)]
HostPort = Annotated[str, PlainValidator(_host_port)]
Ident = Annotated[str, BeforeValidator(_number_as_text), StringConstraints(pattern=r"^\d+$")]
Zone = Annotated[str, PlainValidator(_zone)]
Account = Annotated[str, PlainValidator(_account)]
Where = Annotated[Place, PlainValidator(_place)]
Hour = Annotated[time, PlainValidator(_hour)]
RegionCodes = Annotated[tuple[str, ...], PlainValidator(_region_codes)]
OneRegion = Annotated[str, PlainValidator(_one_region)]
Topic = Annotated[int | str, PlainValidator(_topic)]
Day = Annotated[int, _word("config-day-", DAYS, DAYS.index)]
Frequency = Annotated[Rhythm, _word("config-rhythm-", Rhythm, Rhythm)]
Standing = Annotated[Role, _word("config-role-", (role.word for role in Role), Role.named)]
Truth = Annotated[bool, BeforeValidator(_boolean)]
listed = BeforeValidator(_split)
for_all = BeforeValidator(_for_all)
