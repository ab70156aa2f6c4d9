"""The sections of the configuration, one frozen model each: keys, defaults, what each one expects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import SecretStr, create_model, field_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from bot.config.values import (
    Account,
    DatabaseAddress,
    Day,
    Frequency,
    OneRegion,
    RegionCodes,
    Topic,
    Where,
    for_all,
)
from bot.platforms.base import Pace
from bot.platforms.network import Network
from bot.platforms.networks import NETWORKS
from bot.toml.section import Address, ConfigSection, Note, Port, Secret, Switch, Words, want
from bot.toml.values import HostPort, Hour, Number, SourceAddress, WebAddress, Whole, Zone, listed
from club.news import SourceKind
from club.retention import Retention
from club.subscription import Cadence, Rhythm

Span = Annotated[Whole, want("config-want-whole", ge=1, le=36_500)]
Rate = Annotated[Number, want("config-want-rate", ge=0.01, le=100_000)]
Flights = Annotated[Whole, want("config-want-flights", ge=1, le=64)]
OnDoubt = Annotated[Literal["resend", "hold"], want("config-want-doubt")]


class Database(ConfigSection):
    """Where the hub remembers. The address may hold a password: `Config.database_url` reads it."""

    url: Annotated[DatabaseAddress, want("config-want-database")] = SecretStr("sqlite+aiosqlite:///data/ecohub.sqlite3")


class Web(ConfigSection):
    """What is served to browsers and calendars."""

    host: Words = "127.0.0.1"
    port: Port = 8080
    public_url: Address | None = None


class Fetch(ConfigSection):
    """How partners' sites are read: seconds for a whole answer, bytes after inflation."""

    allow_private: Annotated[tuple[HostPort, ...], listed, want("config-want-hosts")] = ()
    timeout: Annotated[Number, want("config-want-seconds", ge=1, le=300)] = 15.0
    max_bytes: Annotated[Whole, want("config-want-bytes", ge=1_024, le=2**30)] = 10 * 2**20
    contact: Note = ""


class Faq(ConfigSection):
    """How questions and answers are compared."""

    enabled: Switch = True
    embedding: Annotated[Literal["use", "e5", "none", "http"], want("config-want-embedding")] = "use"
    url: Annotated[WebAddress | None, want("config-want-url", validate_default=True)] = None
    model: Note = ""
    token: Secret | None = None

    @field_validator("url")
    @classmethod
    def _is_there(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is None and info.data.get("embedding") == "http":
            raise PydanticCustomError("config-want-faq-url", "the server's address")
        return url


class Club(ConfigSection):
    """The Club itself: its time, its first administrators, where moderators read."""

    timezone: Annotated[Zone, want("config-want-zone")] = "Europe/Paris"
    admins: Annotated[tuple[Account, ...], listed, want("config-want-accounts")] = ()
    moderators: Annotated[tuple[Where, ...], listed, want("config-want-places")] = ()


def _each(field: Any, value: Callable[[Network[Any]], Any]) -> dict[str, Any]:
    return {network.name: (field, value(network)) for network in NETWORKS}


# Messages a second: nine tenths of what each network allows, nothing to wait for in our own.
Rates = create_model("Rates", __base__=ConfigSection, **_each(Rate, lambda network: network.pace.rate))
# Messages on the wire at once, and so the doubles that a kill may leave.
InFlight = create_model("InFlight", __base__=ConfigSection, **_each(Flights, lambda network: network.pace.in_flight))
# When an answer was lost: send again, or hold for a moderator.
Doubts = create_model("Doubts", __base__=ConfigSection, **_each(OnDoubt, lambda _: "resend"))


class DeliverySection(ConfigSection):
    """How letters leave, network by network; one value alone stands for all of them."""

    rate: Annotated[Rates, for_all, want("config-want-rate")] = Rates()  # type: ignore[valid-type]  # made above
    max_in_flight: Annotated[InFlight, for_all, want("config-want-flights")] = InFlight()  # type: ignore[valid-type]
    on_doubt: Annotated[Doubts, for_all, want("config-want-doubt")] = Doubts()  # type: ignore[valid-type]

    def pace(self, network: Network[Any]) -> Pace:
        """The network's own pace, changed as the table says."""
        name = network.name
        return replace(
            network.pace,
            rate=getattr(self.rate, name),
            in_flight=getattr(self.max_in_flight, name),
            hold_doubt=getattr(self.on_doubt, name) == "hold",
        )


_KEPT = Retention()


class RetentionSection(ConfigSection):
    """How long things are kept (promise 76); the unit is in the key."""

    declined_months: Span = _KEPT.declined_months
    journal_months: Span = _KEPT.journal_months
    journal_names_months: Span = _KEPT.journal_names_months
    news_months: Span = _KEPT.news_months
    deliveries_days: Span = _KEPT.deliveries_days
    inactive_months: Span = _KEPT.inactive_months
    warning_days: Span = _KEPT.warning_days


class Channel(ConfigSection):
    """A channel that receives editions. `topics` are commitment numbers or codes of themes."""

    name: Words
    place: Annotated[Where, want("config-want-place")]
    topics: Annotated[tuple[Topic, ...], listed, want("config-want-topics")] = ()
    regions: Annotated[tuple[RegionCodes, ...], listed, want("config-want-regions")] = ()
    cadence: Annotated[Frequency, want("config-want-rhythm")] = Rhythm.WEEKLY
    hour: Annotated[Hour, want("config-want-hour")] = time(8)
    weekday: Annotated[Day, want("config-want-day")] = Cadence().weekday
    minutes: Annotated[Whole | None, want("config-want-minutes", ge=1, le=10_080, validate_default=True)] = None

    @field_validator("weekday")
    @classmethod
    def _day_counts(cls, day: int, info: ValidationInfo) -> int:
        if info.data.get("cadence") in (Rhythm.DAILY, Rhythm.INTERVAL):
            raise PydanticCustomError("config-want-no-day", "no weekday here")
        return day

    @field_validator("minutes")
    @classmethod
    def _interval_counts(cls, minutes: int | None, info: ValidationInfo) -> int | None:
        rhythm = info.data.get("cadence")
        if rhythm is Rhythm.INTERVAL and minutes is None:
            raise PydanticCustomError("missing", "an interval has minutes")
        if rhythm not in (None, Rhythm.INTERVAL) and minutes is not None:
            raise PydanticCustomError("config-want-no-minutes", "no minutes here")
        return minutes


class SourceSection(ConfigSection):
    """A source: one address of a partner that the hub visits."""

    name: Words
    url: Annotated[SourceAddress, want("config-want-url")]
    kind: Annotated[SourceKind, want("config-want-kind")] = SourceKind.AUTO
    partner: Note = ""
    region: Annotated[OneRegion, want("config-want-region")] = ""
    trusted: Switch = False
