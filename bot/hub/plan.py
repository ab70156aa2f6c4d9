"""What is to run, as one value: the configuration's reading, or the demonstration's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.config.model import Config, Order
from bot.config.sections import Faq
from bot.platforms.base import Pace
from bot.platforms.network import NetworkSection
from bot.platforms.networks import BY_NAME, NETWORKS
from club.faq.meaning import Meaning
from club.news import Source
from club.people import Place
from club.retention import Retention
from club.subscription import Cadence
from connectors.address import Allowed
from connectors.rhythm import USUAL

WEB = ("127.0.0.1", 8080)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `bot.app` needs to know. `networks` are those that are on, by name, each with its section; `folder`
    is where the hub keeps what is not in the database; `web` is where browsers, watchers and webhooks are listened to,
    None = nowhere; `public_url` the address that links to its pages begin with, "" = letters do not link to them."""

    database_url: str
    own_folder: bool = False  # the database's folder is ours to make
    zone: str = "Europe/Paris"
    sources: tuple[Source, ...] = ()
    channels: tuple[Order, ...] = ()
    admins: tuple[str, ...] = ()
    moderators: tuple[Place, ...] = ()
    networks: Mapping[str, NetworkSection] = field(default_factory=dict)
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
    folder: Path = Path()
    meaning: Meaning = field(default_factory=Meaning)  # how questions to the knowledge base are compared

    @property
    def answers_folder(self) -> Path:
        """Where the knowledge base keeps what it learned."""
        return self.folder / "faq"

    @property
    def texts_folder(self) -> Path:
        """Texts that are searched where no entry answers."""
        return self.folder / "textes"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold."""
        told = (secret for section in self.networks.values() for secret in section.secrets())
        return (*told, *filter(None, (self.meaning.token,)))


def plan_of(config: Config) -> Plan:
    """What the configuration asks for."""
    return Plan(
        database_url=config.database_url,
        own_folder=config.has_own_folder,
        zone=config.club.timezone,
        sources=config.club_sources(),
        channels=config.orders(),
        admins=config.club.admins,
        moderators=config.club.moderators,
        networks={name: section for name, section in config.networks.items() if BY_NAME[name].make},
        web=_web(config),
        public_url=config.public_url,
        allowed=Allowed.parse(config.fetch.allow_private),
        timeout=config.fetch.timeout,
        max_bytes=config.fetch.max_bytes,
        contact=config.fetch.contact,
        retention=Retention(**config.retention.model_dump()),
        is_answering=config.faq.enabled,
        folder=config.data_folder,
        meaning=_meaning(config.faq),
        paces={network.name: config.delivery.pace(network) for network in NETWORKS},
    )


def _web(config: Config) -> tuple[str, int] | None:
    if config.web is not None:
        return config.web.host, config.web.port
    return WEB if any(section.needs_web for section in config.networks.values()) else None


def _meaning(faq: Faq) -> Meaning:
    token = faq.token.get_secret_value() if faq.token else ""
    return Meaning(faq.embedding, faq.url or "", faq.model, token)
