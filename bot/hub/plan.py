"""What is to run, as one value: the configuration's reading, or the demonstration's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.config.model import Config, Order
from bot.config.sections import Delivery, Discord, Faq, Retention, Telegram
from bot.platforms.base import Pace
from club.faq.meaning import Meaning
from club.news import Source
from club.people import Place, Resident
from club.subscription import Cadence
from connectors.address import Allowed
from connectors.rhythm import USUAL

WEB = ("127.0.0.1", 8080)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `bot.app` needs to know. `simulator_port` None = no page; `console` = the terminal is a network;
    `web` is where browsers, watchers and webhooks are listened to, None = nowhere; `public_url` the address that links
    to its pages begin with, "" = letters do not link to them."""

    database_url: str
    own_folder: bool = False  # the database's folder is ours to make
    zone: str = "Europe/Paris"
    sources: tuple[Source, ...] = ()
    channels: tuple[Order, ...] = ()
    residents: tuple[Resident, ...] = ()
    admins: tuple[str, ...] = ()
    moderators: tuple[Place, ...] = ()
    simulator_port: int | None = None
    simulator_file: Path = Path("simulator.sqlite3")
    console: bool = False
    telegram: Telegram | None = None
    discord: Discord | None = None
    web: tuple[str, int] | None = None
    public_url: str = ""
    allowed: Allowed = field(default_factory=Allowed)
    timeout: float = 15.0
    max_bytes: int = 10 * 2**20
    contact: str = ""
    visit_every: timedelta = USUAL
    retention: Retention = field(default_factory=Retention)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    quick: Cadence | None = None  # a rhythm that only the demonstration offers
    is_demo: bool = False
    is_answering: bool = True  # questions, from the knowledge base
    attached_folder: Path = Path("pieces-jointes")  # what messages in the terminal carry
    answers_folder: Path = Path("faq")
    texts_folder: Path = Path("textes")  # what is searched where no entry answers
    meaning: Meaning = field(default_factory=Meaning)  # how questions to the knowledge base are compared

    @property
    def platforms(self) -> tuple[str, ...]:
        """The networks that are on."""
        asked = {"telegram": self.telegram, "discord": self.discord, "simulator": self.simulator_port is not None}
        return tuple(name for name, is_on in {**asked, "console": self.console}.items() if is_on)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold."""
        asked = [self.telegram.token, self.telegram.webhook_secret] if self.telegram else []
        asked += [self.discord.token] if self.discord else []
        told = (secret.get_secret_value() for secret in asked if secret)
        return (*told, *filter(None, (self.meaning.token,)))


def plan_of(config: Config) -> Plan:
    """What the configuration asks for."""
    delivery = config.delivery
    return Plan(
        database_url=config.database_url,
        own_folder=config.has_own_folder,
        zone=config.club.timezone,
        sources=config.club_sources(),
        channels=config.orders(),
        residents=tuple(Resident(one.id, one.name, one.role, one.organisation) for one in config.simulator.people),
        admins=config.club.admins,
        moderators=config.club.moderators,
        simulator_port=config.simulator.port if config.simulator.enabled else None,
        telegram=config.telegram,
        discord=config.discord,
        web=_web(config),
        public_url=config.public_url,
        simulator_file=config.data_folder / "simulator.sqlite3",
        allowed=Allowed.parse(config.fetch.allow_private),
        timeout=config.fetch.timeout,
        max_bytes=config.fetch.max_bytes,
        contact=config.fetch.contact,
        retention=config.retention,
        is_answering=config.faq.enabled,
        answers_folder=config.data_folder / "faq",
        texts_folder=config.data_folder / "textes",
        meaning=_meaning(config.faq),
        paces={name: _pace(name, delivery) for name in NETWORKS},
    )


def _web(config: Config) -> tuple[str, int] | None:
    if config.web is not None:
        return config.web.host, config.web.port
    return WEB if config.telegram and config.telegram.webhook_url else None


NETWORKS = ("telegram", "discord", "simulator", "console")
# What one chat bears: a message a second; on Telegram twenty a minute where many read.
_GAPS = {"telegram": timedelta(seconds=1), "discord": timedelta(seconds=1)}
_GROUP_GAPS = {"telegram": timedelta(seconds=3)}


def _meaning(faq: Faq) -> Meaning:
    token = faq.token.get_secret_value() if faq.token else ""
    return Meaning(faq.embedding, faq.url or "", faq.model, token)


def _pace(name: str, delivery: Delivery) -> Pace:
    return Pace(
        rate=getattr(delivery.rate, name),
        gap=_GAPS.get(name, timedelta(0)),
        in_flight=getattr(delivery.max_in_flight, name),
        hold_doubt=getattr(delivery.on_doubt, name) == "hold",
        group_gap=_GROUP_GAPS.get(name),
    )
