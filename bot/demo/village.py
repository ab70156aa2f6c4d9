"""The demonstration: a village of four people, partners' sites on loopback, a letter every two minutes."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.app import collecting
from bot.clock import now
from bot.config.model import Config, Order
from bot.demo.site import PartnerSite, open_site
from bot.hub.plan import Plan, plan_of
from bot.platforms.network import NetworkSection
from bot.platforms.networks import BY_NAME
from club.organisation import Family
from club.people import Person, Place, Role
from club.regions import Regions
from club.subscription import Cadence, Rhythm, Subscription, Wish
from club.topics import Topics
from connectors.address import Allowed
from storage.owner import locked
from storage.store import Store

FOLDER = Path(".demo")
PARTNER = "USH"  # for which Paul speaks
MINUTES = 2
FIRST = timedelta(seconds=40)  # from the ready line to the first letter
VISITS = timedelta(seconds=20)
_MEMORY = "demonstration.json"
_DATABASE = "ecohub.sqlite3"


@asynccontextmanager
async def demonstrate(folder: Path, port: int, *, reset: bool, console: bool) -> AsyncIterator[Plan]:
    """The plan of the demonstration, with its partners' site running for as long as the block does."""
    _prepare(folder, reset=reset)
    known = _recall(folder)
    started = datetime.fromisoformat(known["started"]) if known else now()
    try:
        site = await open_site(now, known.get("port", 0), started)
    except OSError:
        # The port of the last run is taken: the addresses of the sources change, what was read stays.
        site = await open_site(now, 0, started)
    _remember(folder, started, site.port)
    try:
        yield _plan(folder, port, site, console=console)
    finally:
        await site.close()


def _prepare(folder: Path, *, reset: bool) -> None:
    if reset and folder.is_dir():
        with locked(folder / _DATABASE):  # another demonstration may live there
            shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _recall(folder: Path) -> dict[str, Any]:
    """When the partners' site first started and on which port; {} at the first run."""
    memory = folder / _MEMORY
    known: dict[str, Any] = json.loads(memory.read_text("utf-8")) if memory.exists() else {}
    return known


def _remember(folder: Path, started: datetime, port: int) -> None:
    (folder / _MEMORY).write_text(json.dumps({"started": started.isoformat(), "port": port}), "utf-8")


def _plan(folder: Path, port: int, site: PartnerSite, *, console: bool) -> Plan:
    platform = "console" if console else "simulator"
    database = folder / _DATABASE
    quick = _cadence(now() + FIRST)
    pages = port + 1 if port < 65_535 else port - 1
    plan = plan_of(Config())
    return replace(
        plan,
        database_url=f"sqlite+aiosqlite:///{database.resolve()}",
        sources=site.sources,
        channels=_channels(platform, quick),
        moderators=(Place(platform, "mona"),),
        networks={platform: _chat(platform, {} if console else {"port": port})},
        web=("127.0.0.1", pages),
        public_url=f"http://127.0.0.1:{pages}",
        allowed=Allowed.parse([f"127.0.0.1:{site.port}"]),
        visit_every=VISITS,
        quick=quick,
        is_demo=True,
        folder=folder,
    )


def _chat(platform: str, where: Mapping[str, int]) -> NetworkSection:
    """The people of the configuration's own village; Paul speaks for one of the partners."""
    section = BY_NAME[platform].section
    people = [
        {"id": one.id, "name": one.name, "role": one.role, "organisation": PARTNER if one.role is Role.PARTNER else ""}
        for one in section().residents
    ]
    chat: NetworkSection = section.model_validate({"enabled": True, "people": people, **where})
    return chat


def _cadence(first: datetime) -> Cadence:
    return Cadence(Rhythm.INTERVAL, time(0, first.minute % MINUTES, first.second), minutes=MINUTES)


def _channels(platform: str, quick: Cadence) -> tuple[Order, ...]:
    """Three channels: everything, one region, one theme. Their names are those of regions.toml and topics.toml."""
    occitanie = Regions.load().region("76")
    topics = Topics.load()
    water = topics.theme("eau")
    return (
        Order("Club", Place(platform, "club"), Wish(), quick),
        Order(occitanie.name, Place(platform, "occitanie"), Wish(regions=(occitanie.code,)), quick),
        Order(water.name, Place(platform, "eau"), Wish(topics=topics.commitments_of(water)), quick, water.code),
    )


async def seed(store: Store, plan: Plan) -> None:
    """Paul and Mona receive letters from the first day, Ana has everything to choose; the partners are read once, so
    that the first preview has something to show."""
    platform = plan.channels[0].place.platform
    wishes = {"paul": Wish(regions=("76",)), "mona": Wish()}
    async with store.begin() as tx:
        moment = now()
        partner = await tx.organisations.ensure(PARTNER)
        await tx.organisations.change(replace(partner, family=Family.HOUSING, trusted=True))
        for ident, wish in wishes.items():
            met = await tx.people.meet(Person(platform, ident), moment)
            await tx.people.consent(met.number, "demo", platform, moment)
            if plan.quick is not None and not await tx.subscriptions.of_person(met.number):
                place = Place(platform, ident)
                await tx.subscriptions.add(Subscription(place, wish, plan.quick, moment, person=met.number), moment)
    async with collecting(plan, store) as collector:
        await collector.collect()
