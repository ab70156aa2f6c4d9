"""The sections of the configuration, one frozen model each (contract.md §3): keys, defaults, what each one expects."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from bot.config.readings import (
    Account,
    DatabaseAddress,
    Day,
    Frequency,
    HostPort,
    Hour,
    Ident,
    Line,
    Number,
    OneRegion,
    RegionCodes,
    SourceAddress,
    Standing,
    Topic,
    Truth,
    WebAddress,
    Where,
    Whole,
    Zone,
    for_all,
    listed,
)
from club.news import SourceKind
from club.people import Role
from club.subscription import Cadence, Rhythm


def want(key: str, **rules: Any) -> Any:
    """A field of which the text `key` says what is expected."""
    return Field(description=key, **rules)


class Section(BaseModel):
    """A frozen table of the file; a key it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Secret = Annotated[SecretStr, want("config-want-secret", min_length=1)]
Address = Annotated[WebAddress, want("config-want-url")]
Port = Annotated[Whole, want("config-want-whole", ge=1, le=65_535)]
Words = Annotated[Line, want("config-want-line")]
Note = Annotated[str, want("config-want-note", max_length=200)]
Switch = Annotated[Truth, want("config-want-switch")]
Span = Annotated[Whole, want("config-want-whole", ge=1, le=36_500)]
Rate = Annotated[Number, want("config-want-rate", ge=0.01, le=100_000)]
Flights = Annotated[Whole, want("config-want-flights", ge=1, le=64)]
OnDoubt = Annotated[Literal["resend", "hold"], want("config-want-doubt")]


class Database(Section):
    """Where the hub remembers. The address may hold a password: `Config.database_url` reads it."""

    url: Annotated[DatabaseAddress, want("config-want-database")] = SecretStr("sqlite+aiosqlite:///data/ecohub.sqlite3")


class Telegram(Section):
    """The Telegram bot; without `webhook_url` it asks for updates itself."""

    token: Secret
    api_url: Address = "https://api.telegram.org/bot"
    webhook_url: Address | None = None
    webhook_secret: Secret | None = None

    @field_validator("webhook_secret")
    @classmethod
    def _is_sayable(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise PydanticCustomError("config-want-webhook-secret", "only letters, digits, _ and -")
        return secret


class Discord(Section):
    """The Discord bot and the one server it serves."""

    token: Secret
    api_url: Address = "https://discord.com/api/v10"
    guild: Annotated[Ident | None, want("config-want-ident")] = None
    roles: Annotated[dict[Ident, Standing], want("config-want-roles")] = Field(default_factory=dict)


class Matrix(Section):
    """The account on Matrix or Tchap."""

    homeserver: Address
    user: Words
    token: Secret


class Web(Section):
    """What is served to browsers and calendars."""

    host: Words = "127.0.0.1"
    port: Port = 8080
    public_url: Address | None = None


class Fetch(Section):
    """How partners' sites are read: seconds for a whole answer, bytes after inflation."""

    allow_private: Annotated[tuple[HostPort, ...], listed, want("config-want-hosts")] = ()
    timeout: Annotated[Number, want("config-want-seconds", ge=1, le=300)] = 15.0
    max_bytes: Annotated[Whole, want("config-want-bytes", ge=1_024, le=2**30)] = 10 * 2**20
    contact: Note = ""


class Faq(Section):
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


class Resident(Section):
    """Someone who lives in the simulator: `simulator:<id>`."""

    id: Annotated[str, want("config-want-resident", pattern=r"^[a-z0-9_-]{1,32}$")]
    name: Words
    role: Annotated[Standing, want("config-want-role")] = Role.MEMBER
    organisation: Note = ""


def _residents() -> tuple[Resident, ...]:
    return (
        Resident(id="ana", name="Ana", role=Role.MEMBER),
        Resident(id="paul", name="Paul", role=Role.PARTNER),
        Resident(id="mona", name="Mona", role=Role.MODERATOR),
        Resident(id="ada", name="Ada", role=Role.ADMIN),
    )


class Simulator(Section):
    """The chat in the browser, on loopback only; whoever reaches it can be administrator."""

    enabled: Switch = False
    port: Port = 8765
    people: Annotated[tuple[Resident, ...], want("config-want-tables")] = Field(default_factory=_residents)

    @field_validator("people")
    @classmethod
    def _somebody(cls, people: tuple[Resident, ...]) -> tuple[Resident, ...]:
        if not people:
            raise ValueError("nobody lives there")
        return people


class Club(Section):
    """The Club itself: its time, its first administrators, where moderators read."""

    timezone: Annotated[Zone, want("config-want-zone")] = "Europe/Paris"
    admins: Annotated[tuple[Account, ...], listed, want("config-want-accounts")] = ()
    moderators: Annotated[tuple[Where, ...], listed, want("config-want-places")] = ()


class Rates(Section):
    """Messages a second: nine tenths of what each network allows (delivery.md), nothing to wait for in our own."""

    telegram: Rate = 28.0
    discord: Rate = 45.0
    matrix: Rate = 1.0
    simulator: Rate = 1_000.0
    console: Rate = 1_000.0


class InFlight(Section):
    """Messages on the wire at once, and so the doubles that a kill may leave (delivery.md)."""

    telegram: Flights = 1
    discord: Flights = 1
    matrix: Flights = 1
    simulator: Flights = 1
    console: Flights = 1


class Doubts(Section):
    """When an answer was lost: send again, or hold for a moderator (settled.md C4)."""

    telegram: OnDoubt = "resend"
    discord: OnDoubt = "resend"
    matrix: OnDoubt = "resend"
    simulator: OnDoubt = "resend"
    console: OnDoubt = "resend"


class Delivery(Section):
    """How letters leave, network by network; one value alone stands for all of them."""

    rate: Annotated[Rates, for_all, want("config-want-rate")] = Rates()
    max_in_flight: Annotated[InFlight, for_all, want("config-want-flights")] = InFlight()
    on_doubt: Annotated[Doubts, for_all, want("config-want-doubt")] = Doubts()


class Retention(Section):
    """How long things are kept (promise 76); the unit is in the key."""

    declined_months: Span = 6
    journal_months: Span = 12
    journal_names_months: Span = 3
    news_months: Span = 12
    deliveries_days: Span = 30
    inactive_months: Span = 36
    warning_days: Span = 30


class Channel(Section):
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


class Feed(Section):
    """A source: one address of a partner that the hub visits."""

    name: Words
    url: Annotated[SourceAddress, want("config-want-url")]
    kind: Annotated[SourceKind, want("config-want-kind")] = SourceKind.AUTO
    partner: Note = ""
    region: Annotated[OneRegion, want("config-want-region")] = ""
    trusted: Switch = False
