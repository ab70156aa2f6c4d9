"""`check` and `migrate`: what the hub stands on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bot.cli.base import TEXTS, read_config, say, values_of, with_config
from bot.cli.database import opened
from bot.config.model import Config
from bot.hub.liveness import health_url
from bot.hub.plan import Plan, plan_of
from bot.platforms.base import Finding, NotOpen, Services
from bot.platforms.local import busy
from bot.platforms.network import Inspection, Network, Notice
from bot.platforms.networks import BY_NAME, NETWORKS
from bot.post.places import UNREACHABLE
from club.people import Place
from club.subscription import Subscription
from storage.barred import Barred
from storage.health import DatabaseHealth, examine, explained
from storage.migrate import HEAD
from storage.moves import Moves
from storage.sources import SourceState
from storage.store import Store, missing_file
from storage.trouble import StorageTrouble

_NO_ROWS = {"declined_months"}  # the keys of [retention] about what does not exist yet
_WITHIN = 20.0  # seconds that a network has to answer


@click.command(help=TEXTS.plain("cli-check"))
@with_config
def check() -> None:
    """Everything that must be right before `run`; exit 1 when something is not."""
    config = read_config()
    findings = [_config_line(config), *asyncio.run(_look(config))]
    for finding in findings:
        mark = "cli-check-wrong" if not finding.well else "cli-check-note" if finding.note else "cli-check-well"
        click.echo(f"{TEXTS.plain(mark)} {TEXTS.plain(finding.key, **finding.values)}")
    for key, values in (*config.warnings, *_unused(config)):
        click.echo(f"{TEXTS.plain('cli-check-note')} {TEXTS.plain(key, **values)}")
    if not all(finding.well for finding in findings):
        sys.exit(1)


def _config_line(config: Config) -> Finding:
    if config.file is None:
        return Finding(True, "cli-check-config-none")
    return Finding(True, "cli-check-config", {"file": str(config.file)})


async def _look(config: Config) -> list[Finding]:
    """What the database says of itself and of what it holds."""
    try:
        with _place_of(config) as (url, missing):
            async with opened(config, url) as (plan, store):
                health = await examine(store)
                async with store.read() as tx:
                    states, channels = await tx.sources.all(), await tx.subscriptions.channels()
                    moves, barred = await tx.subscriptions.moves(), await tx.barred.all()
    except StorageTrouble as trouble:
        return [Finding(False, trouble.key, values_of(trouble))]
    database = Finding(True, "cli-check-database", {"url": shown(store), "revision": health.revision})
    if missing is not None:
        database = Finding(True, "cli-check-database-new", {"file": str(missing)})
    inspect = _Inspector(plan, channels, [moves.now(place) for place in plan.moderators], bool(health.owner))
    networks = {network: await inspect.network(network) for network in NETWORKS if network.name in plan.networks}
    letters = [*_channels(plan, channels), *_barred(plan, channels, barred)]
    near = [*_sources(states), *letters, *_moved(plan, moves), *_running(config, health)]
    here = chain(*(found for network, found in networks.items() if network.is_here))
    far = chain(*(found for network, found in networks.items() if not network.is_here))
    return [database, *near, *here, *_web(plan, health), *far]


@contextmanager
def _place_of(config: Config) -> Iterator[tuple[str, Path | None]]:
    """The address of the database. A file that does not exist is named, and an empty one elsewhere is looked at in its
    place: to check creates nothing."""
    missing = missing_file(config.database_url, own_folder=config.has_own_folder)
    if missing is None:
        yield config.database_url, None
        return
    with TemporaryDirectory() as folder:
        yield f"sqlite+aiosqlite:///{folder}/ecohub.sqlite3", missing


@dataclass(frozen=True, slots=True)
class _Inspector:
    """Asks each network what it has to say of the places there that the hub writes to, or would."""

    plan: Plan
    channels: Sequence[Subscription]
    teams: Sequence[Place]
    is_running: bool

    async def network(self, network: Network[Any]) -> list[Finding]:
        """What it says of itself, of the bot's token and of its rights in each place."""
        if network.check is None:
            return []
        names = {one.place: one.name or str(one.place) for one in self.channels if one.paused in ("", UNREACHABLE)}
        for place in self.teams:
            names.setdefault(place, TEXTS.plain("cli-check-moderators"))
        places = [(place, said) for place, said in names.items() if place.platform == network.name]
        services = Services(TEXTS, folder=self.plan.folder)
        try:
            async with asyncio.timeout(_WITHIN):
                section = self.plan.networks[network.name]
                return await network.check(section, Inspection(services, places, self.is_running))
        except NotOpen as closed:
            reason = closed.why
        except TimeoutError:
            reason = "network-away"
        key = "cli-check-token" if reason == "network-token-refused" else "cli-check-closed"
        values = {"network": name_of(network.name), "section": network.name, "why": TEXTS.plain(reason)}
        return [Finding(False, key, values)]


def name_of(network: str) -> str:
    """As people call the network."""
    return TEXTS.plain(f"network-name-{network}") if network in BY_NAME else network


def shown(store: Store) -> str:
    """The database's address without its password."""
    return str(store.engine.url.database) if store.on_sqlite else store.engine.url.render_as_string()


def _sources(states: list[SourceState]) -> Iterator[Finding]:
    active = [state for state in states if not state.paused]
    failing = sum(bool(state.trouble) for state in active)
    key = "cli-check-sources" if active else "cli-check-sources-none"
    yield Finding(True, key, {"count": len(active)} if active else {})
    if failing:
        yield Finding(True, "cli-check-sources-failing", {"count": failing}, note=True)
    readers: dict[str, list[str]] = {}
    for state in active:
        readers.setdefault(state.address, []).append(state.source.name)
    for address, names in readers.items():
        if len(names) > 1:
            values = {"names": ", ".join(names), "url": address}
            yield Finding(True, "cli-check-sources-doubled", values, note=True)


def _channels(plan: Plan, channels: list[Subscription]) -> Iterator[Finding]:
    active = [one for one in channels if not one.paused]
    key = "cli-check-channels" if channels else "cli-check-channels-none"
    yield Finding(True, key, {"count": len(active)} if channels else {})
    for one in active:
        if (name := one.place.platform) not in plan.networks:
            values = {"name": one.name or str(one.place), "network": name_of(name), "section": name}
            yield Finding(False, f"cli-check-channel-{_why_off(name)}", values)
    for one in channels:
        if one.paused == UNREACHABLE:
            yield Finding(True, "cli-check-channel-unreachable", {"name": one.name or str(one.place)}, note=True)


def _barred(plan: Plan, channels: list[Subscription], barred: list[Barred]) -> Iterator[Finding]:
    """Places that refuse what is sent there, and will be asked again."""
    names = {place: TEXTS.plain("cli-check-moderators") for place in plan.moderators}
    names |= {one.place: one.name or str(one.place) for one in channels if not one.paused}
    for one in barred:
        if one.place in names:
            values = {"name": names[one.place], "since": one.since, "why": TEXTS.plain(one.why), "again": one.again_at}
            yield Finding(True, "cli-check-channel-barred", values, note=True)


def _why_off(name: str) -> str:
    network = BY_NAME.get(name)
    if network is None or network.make is None:
        return "network"
    return "off" if network.default is None else "switch"


def _moved(plan: Plan, moves: Moves) -> Iterator[Finding]:
    """Places that the file calls by a former id."""
    team = TEXTS.plain("cli-check-moderators")
    for name, place in (*((one.name, one.place) for one in plan.channels), *((team, one) for one in plan.moderators)):
        if (new := moves.now(place)) != place:
            yield Finding(True, "cli-check-moved", {"name": name, "old": str(place), "new": str(new)}, note=True)


def _running(config: Config, health: DatabaseHealth) -> Iterator[Finding]:
    """Whether a hub runs, and which networks of this machine are switched off."""
    if health.owner:
        yield Finding(True, "cli-check-running", {"pid": health.owner})
        return
    for network in NETWORKS:
        if network.is_here and network.is_in_file and network.name not in config.networks:
            yield Finding(True, "cli-check-simulator-off", {"network": name_of(network.name)})


def _web(plan: Plan, health: DatabaseHealth) -> Iterator[Finding]:
    """What `[web]` serves, and whether its port is free while the hub does not run."""
    if plan.web is not None:
        taken = None if health.owner else busy(*plan.web, "web", TEXTS)
        hook = any(section.needs_web for section in plan.networks.values())
        key = "cli-check-web-hook" if hook else "cli-check-web"
        yield taken or Finding(True, key, {"url": health_url(plan.web)})


def _unused(config: Config) -> Iterator[Notice]:
    """What is written and does nothing yet."""
    for name in config.networks:
        if BY_NAME[name].make is None:
            yield "cli-check-unspoken", {"network": name_of(name), "section": name}
    if keys := sorted(config.retention.model_fields_set & _NO_ROWS):
        yield "cli-check-unused", {"what": f"[retention] {', '.join(keys)}"}


@click.command(help=TEXTS.plain("cli-migrate"))
@with_config
def migrate() -> None:
    """The schema as this program wants it."""
    plan = plan_of(read_config())
    url = plan.database_url

    async def bring() -> str:
        store = await Store.open(url, migrate=True, own_folder=plan.own_folder)
        await store.close()
        return shown(store)

    with explained(url):
        database = asyncio.run(bring())
    say("cli-migrated", database=database, revision=HEAD)
