"""The only place that wires: opens the memory, starts what the plan asks for, stops it in order."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.clock import now
from bot.feature import Hub, Job, Settings
from bot.features import FEATURES
from bot.hub.config_sync import follow
from bot.hub.liveness import Liveness
from bot.hub.plan import Plan
from bot.hub.schedule import Tick
from bot.hub.site import open_site
from bot.people.retention import clean_up
from bot.platforms.base import Services
from bot.post.delivery import Delivery
from bot.post.networks import make_networks, start_local
from bot.questions.inline import sharer
from bot.questions.learning import Learning
from bot.questions.passages import Shelving
from bot.questions.process import Answers
from bot.sources.filing import file_new
from bot.sources.outside import World
from bot.talk.errands import ErrandRunner
from bot.talk.expiry import ending
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.faq.knowledge import Knowledge
from club.regions import Regions
from club.texts import Texts
from club.topics import Topics
from connectors.fetch import Fetcher
from connectors.harvest import Pass, visit_due
from connectors.reader import Reader
from storage.health import look_over
from storage.owner import Worker, own, recover
from storage.store import Store

log = logging.getLogger(__name__)

TICK = timedelta(seconds=5)
LOOK_FOR_CHOOSERS = timedelta(seconds=10)
LOOK_FOR_SOURCES = timedelta(seconds=20)
LOOK_FOR_ENTRIES = timedelta(seconds=10)
LOOK_FOR_TEXTS = timedelta(minutes=10)
CLEAN_UP = timedelta(hours=6)
LAST_LETTER = 5.0  # seconds that a letter on the wire may still take at the end
LAST_JOB = 3.0  # seconds that a job may still take


@dataclass(frozen=True, slots=True)
class Opened:
    """What the hub starts with: the networks that could not be opened yet, each with why (a text key), and how many
    sources are read and channels written to, those of the chat included."""

    closed: Mapping[str, str]
    sources: int
    channels: int


@dataclass(frozen=True, slots=True)
class Running:
    """What goes on by itself until the end; `closed` says, as of now, why each network that is not open is not."""

    tick: Tick
    delivery: Delivery
    errands: ErrandRunner
    closed: Mapping[str, str]

    async def until(self, stopped: asyncio.Event) -> None:
        """Run until then, or until one of them fails, which is raised; then end in order."""
        ticking, running = asyncio.create_task(self.tick.run()), asyncio.create_task(self.errands.run())
        delivering = asyncio.create_task(self.delivery.run())
        try:
            await _first(ticking, delivering, running, asyncio.create_task(stopped.wait()))
        finally:
            # In order: nothing new begins, what is being sent ends, then the networks close (promise 84).
            self.tick.stop()
            self.errands.stop()
            self.delivery.stop()
            await asyncio.gather(
                asyncio.wait({ticking, running}, timeout=LAST_JOB), asyncio.wait({delivering}, timeout=LAST_LETTER)
            )
            for task in (ticking, running, delivering):
                task.cancel()
            await asyncio.gather(ticking, running, delivering, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Collector:
    """One pass over the sources, filing included; shared by the tick and the command line."""

    store: Store
    fetcher: Fetcher
    reader: Reader
    visit_every: timedelta
    clock: Callable[[], datetime] = now

    async def collect(self, *, everything: bool = False, on_visit: Callable[[Pass], None] = lambda _: None) -> Pass:
        """Visit what is due, keep it, file it."""
        done = await visit_due(
            self.store,
            self.fetcher,
            self.reader,
            self.clock,
            everything=everything,
            every=self.visit_every,
            on_visit=on_visit,
        )
        await file_new(self.store, Topics.load(), Regions.load(), self.clock)
        return done


@asynccontextmanager
async def collecting(plan: Plan, store: Store) -> AsyncIterator[Collector]:
    """What a pass needs, for as long as the block runs."""
    reader = Reader()
    async with Fetcher(plan.allowed, plan.timeout, plan.max_bytes, plan.contact) as fetcher:
        try:
            yield Collector(store, fetcher, reader, plan.visit_every)
        finally:
            await reader.close()


async def serve(
    plan: Plan,
    on_ready: Callable[[Opened], None],
    *,
    prepare: Callable[[Store], Awaitable[None]] | None = None,
    stopped: asyncio.Event | None = None,
    reread: Callable[[], Plan | None] | None = None,
) -> None:
    """Run everything until SIGTERM, SIGINT or `stopped`; `on_ready` is called once sockets listen. SIGHUP follows the
    sources, channels and administrators of what `reread` gives (None = it cannot be read now).

    Raises StorageTrouble or Busy before anything was started.
    """
    stopped = stopped or asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    asked = asyncio.Event()
    if reread is not None:
        loop.add_signal_handler(signal.SIGHUP, asked.set)
    async with AsyncExitStack() as stack:
        store = await Store.open(plan.database_url, own_folder=plan.own_folder)
        stack.push_async_callback(store.close)
        worker = await _take_possession(plan, store, stack)
        if prepare is not None:
            await prepare(store)
        answers = Answers(plan.answers_folder, plan.meaning)
        stack.push_async_callback(answers.stop)
        knowledge = Knowledge(answers.find if plan.is_answering else None)
        learning = _learning(plan, knowledge, answers) if plan.is_answering else ()
        running = await _open(plan, store, worker, stack, stopped, knowledge, learning)
        running.tick.start()
        if reread is not None:
            stack.callback(asyncio.create_task(_follow_again(asked, reread, store, running.tick)).cancel)
        on_ready(await _opened(store, running.closed))
        await running.until(stopped)


async def _opened(store: Store, closed: Mapping[str, str]) -> Opened:
    async with store.read() as tx:
        sources = sum(not one.paused for one in await tx.sources.all())
        places = {one.place for one in await tx.subscriptions.channels() if not one.paused}
    return Opened(closed, sources, len(places))


def _learning(plan: Plan, knowledge: Knowledge, answers: Answers) -> tuple[Job, ...]:
    learning = Learning(knowledge, answers, lambda: Answers(plan.answers_folder, plan.meaning))
    shelving = Shelving(knowledge, plan.texts_folder)
    return Job("answers", LOOK_FOR_ENTRIES, learning.run), Job("texts", LOOK_FOR_TEXTS, shelving.run)


async def _follow_again(asked: asyncio.Event, reread: Callable[[], Plan | None], store: Store, tick: Tick) -> None:
    while True:
        await asked.wait()
        asked.clear()
        try:
            if (plan := reread()) is None:
                log.warning("configuration not followed")
                continue
            await follow(plan, store)
        except Exception:
            log.exception("configuration not followed")
            continue
        tick.wake("collect")
        log.info("configuration followed", extra={"sources": len(plan.sources), "channels": len(plan.channels)})


async def _first(*tasks: asyncio.Task[Any]) -> None:
    """Wait for the first to end; what it raised is raised."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


async def _take_possession(plan: Plan, store: Store, stack: AsyncExitStack) -> Worker:
    """Own the database, bring it in line with the plan, take back what a killed process held."""
    hold = tuple(name for name, pace in plan.paces.items() if pace.hold_doubt)
    worker = await stack.enter_async_context(own(store, hold=hold))
    await look_over(store)
    await follow(plan, store)
    async with store.begin() as tx:
        await tx.subscriptions.try_again("paused-unreachable")
        await tx.barred.ask_all(now())
    gap = max((pace.longest_gap for pace in plan.paces.values()), default=timedelta(0))
    recovered = await recover(store, worker, now(), gap)
    if recovered:
        log.warning("letters recovered", extra={"count": recovered})
    return worker


async def _open(
    plan: Plan,
    store: Store,
    worker: Worker,
    stack: AsyncExitStack,
    stopped: asyncio.Event,
    knowledge: Knowledge,
    learning: Sequence[Job],
) -> Running:
    closed: dict[str, str] = {}
    hub = Hub(store, Texts(zone=plan.zone), await _settings(plan, store, closed, knowledge), now)
    seal = Seal(await _seal_key(store))
    router = Router(store, hub.texts, hub.settings, seal, FEATURES, now)
    share = sharer(hub.settings, hub.texts, now)
    services = Services(hub.texts, folder=plan.folder, share=share, suggest=router.suggest, stop=stopped.set)
    here = await start_local(plan, router, services, stack)
    liveness = Liveness(closed, plan.visit_every)
    site = await open_site(plan, hub, liveness, (page for feature in FEATURES for page in feature.pages))
    stack.push_async_callback(site.close)
    networks = make_networks(plan, router, store, now, closed, replace(services, mount=site.attach))
    stack.push_async_callback(networks.stop)
    await networks.start()
    collector = await stack.enter_async_context(collecting(plan, store))
    everything = {**here, **networks.platforms}
    world = World(collector.fetcher, collector.reader, plan.allowed, plan.zone, now, everything)
    known = {name: errand for feature in FEATURES for name, errand in feature.errands.items()}
    return Running(
        Tick(hub, (*_jobs(collector, liveness), *learning)),
        Delivery(store, everything, plan.paces, seal, worker, now),
        ErrandRunner(hub, known, world, router.follow),
        closed,
    )


async def _settings(plan: Plan, store: Store, closed: Mapping[str, str], knowledge: Knowledge) -> Settings:
    async with store.read() as tx:
        moves = await tx.subscriptions.moves()
    moderators = tuple(moves.now(place) for place in plan.moderators)
    networks = tuple(plan.networks)
    return Settings(
        plan.zone, moderators, plan.quick, networks, closed, knowledge, plan.retention, public_url=plan.public_url
    )


async def _seal_key(store: Store) -> bytes:
    async with store.begin() as tx:
        return bytes.fromhex(await tx.journal.setting("seal", secrets.token_hex(32)))


def _jobs(collector: Collector, liveness: Liveness) -> Sequence[Job]:
    async def collect(hub: Hub) -> None:
        await collector.collect()
        async with hub.store.read() as tx:
            all_fail = await tx.sources.all_fail()
        if not all_fail:
            liveness.passed()

    async def look(_: Hub) -> None:
        liveness.look()

    return (
        Job("liveness", TICK, look),
        Job("collect", min(LOOK_FOR_SOURCES, collector.visit_every), collect),
        Job("choosers", LOOK_FOR_CHOOSERS, ending({route.name: route for one in FEATURES for route in one.routes})),
        Job("clean-up", CLEAN_UP, partial(clean_up, FEATURES)),
        *(job for feature in FEATURES for job in feature.jobs),
    )
