"""How the values are read that speak of the Club: places on its networks, names of themes and regions, rhythms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainValidator, SecretStr
from pydantic_core import PydanticCustomError

from bot.platforms.networks import NETWORKS
from bot.toml.values import not_boolean, text, unknown, word
from club.people import Place
from club.refusal import Refused
from club.regions import regions
from club.subscription import Rhythm
from club.topics import topics

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = tuple(network.name for network in NETWORKS)


def _for_all(value: object) -> object:
    """One value stands for every network."""
    return value if isinstance(value, dict) else dict.fromkeys(_NAMES, value)


def _database(secret: SecretStr) -> SecretStr:
    address = secret.get_secret_value().strip()
    scheme, slashes, rest = address.partition("://")
    file = rest.partition("?")[0].removeprefix("/")
    if not slashes or scheme not in ("sqlite+aiosqlite", "postgresql+asyncpg") or file in ("", ":memory:"):
        raise ValueError("not a database address")
    return SecretStr(address)


def _place(value: object) -> Place:
    place = value if isinstance(value, Place) else Place.parse(text(value))
    if place.platform not in _NAMES:
        raise unknown(place.platform, _NAMES)
    return place


def _account(value: object) -> str:
    return str(_place(value))


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
    name = str(not_boolean(value)).strip() if isinstance(value, int) else text(value)
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


DatabaseAddress = Annotated[SecretStr, AfterValidator(_database)]
Account = Annotated[str, PlainValidator(_account)]
Where = Annotated[Place, PlainValidator(_place)]
RegionCodes = Annotated[tuple[str, ...], PlainValidator(_region_codes)]
OneRegion = Annotated[str, PlainValidator(_one_region)]
Topic = Annotated[int | str, PlainValidator(_topic)]
Day = Annotated[int, word("config-day-", DAYS, DAYS.index)]
Frequency = Annotated[Rhythm, word("config-rhythm-", Rhythm, Rhythm)]
for_all = BeforeValidator(_for_all)
