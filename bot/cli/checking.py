"""`check` and `migrate`: what the hub stands on."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.cli.base import TEXTS, read_config, say, values_of, why, with_config
from bot.cli.opening import opened
from bot.config.model import Config, Notice
from bot.hub.plan import Plan, plan_of
from bot.hub.pulse import health_url
from bot.platforms.base import Finding, NotOpen
from bot.platforms.simulator.posts import is_sound
from bot.post.networks import make_discord, make_telegram
from bot.post.places import UNREACHABLE
from club.people import Place
from club.subscription import Subscription
from storage.health import Health, examine, explained
from storage.migrate import HEAD
from storage.moves import Moves
from storage.sources import SourceState
from storage.store import Store, missing_file
from storage.trouble import StorageTrouble

UNSPOKEN = ("matrix",)
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
                    moves = await tx.subscriptions.moves()
    except StorageTrouble as trouble:
        return [Finding(False, trouble.key, values_of(trouble))]
    database = Finding(True, "cli-check-database", {"url": shown(store), "revision": health.revision})
    if missing is not None:
        database = Finding(True, "cli-check-database-new", {"file": str(missing)})
    teams = [moves.now(place) for place in plan.moderators]
    far = [await _network(plan, name, channels, teams) for name in ("telegram", "discord") if name in plan.platforms]
    near = [*_sources(states), *_channels(plan, channels), *_moved(plan, moves)]
    return [database, *near, *_simulator(plan, health), *_web(plan, health), *chain(*far)]


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


async def _network(plan: Plan, name: str, channels: list[Subscription], teams: Sequence[Place]) -> list[Finding]:
    """What the network says of the bot's token and of its rights in each place that the hub writes to, or would."""
    names = {one.place: one.name or str(one.place) for one in channels if one.paused in ("", UNREACHABLE)}
    for place in teams:
        names.setdefault(place, TEXTS.plain("cli-check-moderators"))
    places = [(place, said) for place, said in names.items() if place.platform == name]
    try:
        async with asyncio.timeout(_WITHIN):
            return await _examine(plan, name, places)
    except NotOpen as closed:
        reason = closed.why
    except TimeoutError:
        reason = "network-away"
    key = "cli-check-token" if reason == "network-token-refused" else "cli-check-closed"
    return [Finding(False, key, {"network": name.capitalize(), "section": name, "why": TEXTS.plain(reason)})]


async def _examine(plan: Plan, name: str, places: list[tuple[Place, str]]) -> list[Finding]:
    if name == "telegram":
        return await make_telegram(plan, TEXTS).examine(places)
    return await make_discord(plan, TEXTS, None).examine(places)


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
        if one.place.platform not in plan.platforms:
            network = one.place.platform
            key = "simulator" if network == "simulator" else "network" if network in UNSPOKEN else "off"
            values = {"name": one.name or str(one.place), "network": network.capitalize(), "section": network}
            yield Finding(False, f"cli-check-channel-{key}", values)
    for one in channels:
        if one.paused == UNREACHABLE:
            yield Finding(True, "cli-check-channel-unreachable", {"name": one.name or str(one.place)}, note=True)


def _moved(plan: Plan, moves: Moves) -> Iterator[Finding]:
    """Places that the file calls by a former id."""
    team = TEXTS.plain("cli-check-moderators")
    for name, place in (*((one.name, one.place) for one in plan.channels), *((team, one) for one in plan.moderators)):
        if (new := moves.now(place)) != place:
            yield Finding(True, "cli-check-moved", {"name": name, "old": str(place), "new": str(new)}, note=True)


def _simulator(plan: Plan, health: Health) -> Iterator[Finding]:
    port = plan.simulator_port
    if port is not None and not is_sound(plan.simulator_file):
        yield Finding(False, "storage-simulator", {"file": str(plan.simulator_file)})
    if health.owner:
        yield Finding(True, "cli-check-running", {"pid": health.owner})
    elif port is None:
        yield Finding(True, "cli-check-simulator-off")
    else:
        free = Finding(True, "cli-check-simulator", {"port": str(port)})
        yield _busy("127.0.0.1", port, "simulator") or free


def _web(plan: Plan, health: Health) -> Iterator[Finding]:
    """What `[web]` serves, and whether its port is free while the hub does not run."""
    if plan.web is not None:
        busy = None if health.owner else _busy(*plan.web, "web")
        key = "cli-check-web-hook" if plan.telegram and plan.telegram.webhook_url else "cli-check-web"
        yield busy or Finding(True, key, {"url": health_url(plan.web)})


def _busy(host: str, port: int, section: str) -> Finding | None:
    """Why nobody can listen there; None when one can."""
    try:
        [(family, kind, proto, _, address), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return Finding(False, "cli-run-port-busy", {"port": str(port), "section": section})
        return Finding(False, "cli-system", {"file": f"{host}:{port}", "why": why(error)})
    return None


def _unused(config: Config) -> Iterator[Notice]:
    """What is written and does nothing yet."""
    for name in UNSPOKEN:
        if getattr(config, name) is not None:
            yield "cli-check-unspoken", {"network": name.capitalize(), "section": name}
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
