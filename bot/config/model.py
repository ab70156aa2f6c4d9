"""The configuration: one TOML file with the environment over it, as frozen sections handed down.

A section that is None is a part that is off. Every fault of a readable file is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import PrivateAttr, ValidationError, create_model

from bot.config.sections import (
    Channel,
    Club,
    Database,
    DeliverySection,
    Faq,
    Fetch,
    RetentionSection,
    SourceSection,
    Web,
)
from bot.config.values import commitments, zone_of
from bot.platforms.local import LocalSection
from bot.platforms.network import Network, NetworkSection, Notice, S
from bot.platforms.networks import NETWORKS
from bot.toml.explain import explain, is_secret, tables
from bot.toml.faults import ConfigError, Fault
from bot.toml.lines import KeyPath, value_at
from bot.toml.raw import RawConfig, lay_over, read_file, readable_by_others
from bot.toml.section import ConfigSection, want
from club.news import Origin, Source, SourceTrouble
from club.people import Place
from club.subscription import Cadence, Wish
from connectors.address import check_url

DEFAULT_FILE = Path("config.toml")
_SQLITE = "sqlite+aiosqlite:///"
_Same = Callable[[str], object]


def _spelled(name: str) -> str:
    return name.strip().casefold()


# What stands once in a table, and when two of them are the same.
_UNIQUE: tuple[tuple[KeyPath, str, str, _Same], ...] = (
    (("channels",), "name", "config-want-unique", _spelled),
    (("channels",), "place", "config-want-unique-place", Place.parse),
    (("sources",), "name", "config-want-unique", _spelled),
    (("sources",), "url", "config-want-unique-url", check_url),
    *(
        ((network.name, "people"), "id", "config-want-unique", _spelled)
        for network in NETWORKS
        if network.is_in_file and issubclass(network.section, LocalSection)
    ),
)


@dataclass(frozen=True, slots=True)
class Order:
    """What the file asks for one channel: a Subscription that storage has not met yet."""

    name: str
    place: Place
    wish: Wish
    cadence: Cadence
    theme: str = ""  # the code of the one theme that was chosen, or ""


if TYPE_CHECKING:
    _WithNetworks = ConfigSection
else:
    _WithNetworks = create_model(
        "_WithNetworks",
        __base__=ConfigSection,
        **{
            network.name: (Annotated[network.section | None, want("config-want-section")], network.default)
            for network in NETWORKS
            if network.is_in_file
        },
    )


class Config(_WithNetworks):
    """Everything an operator may set. `folder` is the file's own (the working folder without one); `file` is None
    when nothing was configured; `warnings` are text keys with values, to be said at start."""

    database: Annotated[Database, want("config-want-section")] = Database()
    web: Annotated[Web | None, want("config-want-section")] = None
    fetch: Annotated[Fetch, want("config-want-section")] = Fetch()
    faq: Annotated[Faq, want("config-want-section")] = Faq()
    club: Annotated[Club, want("config-want-section")] = Club()
    delivery: Annotated[DeliverySection, want("config-want-section")] = DeliverySection()
    retention: Annotated[RetentionSection, want("config-want-section")] = RetentionSection()
    channels: Annotated[tuple[Channel, ...], want("config-want-tables")] = ()
    sources: Annotated[tuple[SourceSection, ...], want("config-want-tables")] = ()

    _file: Path | None = PrivateAttr(default=None)
    _warnings: tuple[Notice, ...] = PrivateAttr(default=())

    @property
    def file(self) -> Path | None:
        """The file it was read from."""
        return self._file

    @property
    def folder(self) -> Path:
        """Where relative paths of the file begin, absolute."""
        return (self._file.parent if self._file else Path()).resolve()

    @property
    def warnings(self) -> tuple[Notice, ...]:
        """What is allowed and unwise: text keys with their values."""
        return self._warnings

    @property
    def database_url(self) -> str:
        """The database's address, a relative SQLite file made absolute from `folder`. May hold a password."""
        url = self.database.url.get_secret_value()
        if not url.startswith(_SQLITE):
            return url
        file, mark, options = url.removeprefix(_SQLITE).partition("?")
        return f"{_SQLITE}{self.folder / file}{mark}{options}"

    @property
    def public_url(self) -> str:
        """The address that links to the web side begin with, without a slash at its end; "" when none is set."""
        return (self.web.public_url or "").rstrip("/") if self.web else ""

    @property
    def data_folder(self) -> Path:
        """Where the hub's other files live: beside the SQLite file, else in `data`."""
        file = self.database_url.removeprefix(_SQLITE).partition("?")[0]
        return Path(file).parent if self.database_url.startswith(_SQLITE) else self.folder / "data"

    @property
    def has_own_folder(self) -> bool:
        """True when the SQLite file is in the hub's own `data` folder, which is made when it is missing."""
        return self.data_folder == self.folder / "data"

    @property
    def networks(self) -> dict[str, NetworkSection]:
        """The networks that are on, by name, in the order of NETWORKS."""
        sections = {network.name: self.section_of(network) for network in NETWORKS if network.is_in_file}
        return {name: section for name, section in sections.items() if section is not None and section.is_on}

    def section_of(self, network: Network[S]) -> S | None:
        """What the file says of a network that it may speak of; None = nothing."""
        section: S | None = getattr(self, network.name)
        return section

    def club_sources(self) -> tuple[Source, ...]:
        """The sources as the other packages know them; each reads floating times in its region's zone."""
        return tuple(_source(feed, self.club.timezone, Origin.CONFIG) for feed in self.sources)

    def source_given(self, values: dict[str, Any], origin: Origin) -> Source:
        """A source that was given beside the file, by the file's rules; ConfigError with every fault, keys written as
        options."""
        try:
            feed = SourceSection.model_validate(values)
        except ValidationError as error:
            faults = explain(error, SourceSection, RawConfig(values))
            raise ConfigError([replace(fault, key=f"--{fault.key.strip('[]')}") for fault in faults]) from None
        return _source(feed, self.club.timezone, origin)

    def orders(self) -> tuple[Order, ...]:
        """What the channels are to receive, and when."""
        return tuple(self._order(channel) for channel in self.channels)

    def _order(self, channel: Channel) -> Order:
        chosen = channel.topics
        return Order(
            name=channel.name,
            place=channel.place,
            wish=Wish(topics=commitments(chosen), regions=tuple(dict.fromkeys(chain(*channel.regions)))),
            cadence=Cadence(
                rhythm=channel.cadence,
                at=channel.hour,
                weekday=channel.weekday,
                zone=self.club.timezone,
                minutes=channel.minutes or 0,
            ),
            theme=chosen[0] if len(chosen) == 1 and isinstance(chosen[0], str) else "",
        )


def _source(feed: SourceSection, timezone: str, origin: Origin) -> Source:
    return Source(
        name=feed.name,
        url=feed.url,
        kind=feed.kind,
        partner=feed.partner,
        region=feed.region,
        trusted=feed.trusted,
        zone=zone_of(feed.region, timezone),
        origin=origin,
    )


def load(path: Path | None, environ: Mapping[str, str]) -> Config:
    """The configuration of `path`, else of `ECOHUB_CONFIG`, else of `config.toml` here if there is one, else the
    defaults; the environment goes over it. ConfigError with every fault."""
    named = path or (Path(environ["ECOHUB_CONFIG"]) if environ.get("ECOHUB_CONFIG") else None)
    file = named or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    lists = tuple(tables(Config))
    in_file = read_file(file, lists) if file else RawConfig(tables=lists)
    written = lay_over(in_file, environ, lambda at: is_secret(Config, at))
    config = _validated(written)
    config._file = file
    config._warnings = tuple(_warnings(config, in_file, file))
    return config


def _validated(written: RawConfig) -> Config:
    faults = [*written.faults, *_repeated(written)]
    try:
        config = Config.model_validate(written.tree)
    except ValidationError as error:
        faults += explain(error, Config, written)
    if faults:
        raise ConfigError(sorted(faults, key=lambda fault: (fault.line or 0, fault.variable, fault.key))) from None
    return config


def _repeated(written: RawConfig) -> Iterator[Fault]:
    """What stands twice: looked for in the tree, so that other faults do not hide it."""
    for table, key, expected, same in _UNIQUE:
        rows, depth = value_at(written.tree, table)
        seen: set[object] = set()
        for index, row in enumerate(rows if depth == len(table) and isinstance(rows, list) else ()):
            name = row.get(key) if isinstance(row, dict) else None
            if not isinstance(name, str):
                continue
            with suppress(ValueError, SourceTrouble):  # a fault of that key, told by itself
                if (spelled := same(name)) in seen:
                    yield written.fault((*table, index, key), expected, found=name)
                seen.add(spelled)


def _warnings(config: Config, in_file: RawConfig, file: Path | None) -> Iterator[Notice]:
    if file and _holds_secret(in_file) and readable_by_others(file):
        yield "config-warn-readable", {"file": str(file)}
    for section in config.networks.values():
        yield from section.warnings()


def _holds_secret(in_file: RawConfig) -> bool:
    """The address of a database is one when it holds a password."""
    secrets = (path for path in _leaves(in_file.tree) if is_secret(Config, path))
    return any(path != ("database", "url") or "@" in str(value_at(in_file.tree, path)[0]) for path in secrets)


def _leaves(tree: Mapping[str, Any], path: KeyPath = ()) -> Iterator[KeyPath]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key)
