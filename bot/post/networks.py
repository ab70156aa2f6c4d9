"""The networks of the plan: made, started whatever the others do, tried again when they cannot start, stopped."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.hub.plan import Plan
from bot.hub.site import Busy
from bot.platforms.base import NotOpen, Pace, Platform, Services
from bot.platforms.network import Network, NetworkSection
from bot.platforms.networks import BY_NAME
from bot.post.places import Places
from bot.talk.router import Router
from storage.store import Store
from storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

_FIRST = 5.0  # seconds that a start waits for networks far away; later they join by themselves
_AGAIN = (5.0, 300.0)  # seconds between tries: at first, at most
_STOP = 2.0  # seconds that a network has to stop


class Networks:
    """Chats far away. `closed` says why each that is not open is not, as a text key; letters for it wait."""

    def __init__(self, platforms: Mapping[str, Platform], router: Router, closed: dict[str, str]) -> None:
        self.platforms = platforms
        self.closed = closed
        self._router = router
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start each on its own; return once all are open, or after a few seconds."""
        tried = {name: asyncio.Event() for name in self.platforms}
        for name, platform in self.platforms.items():
            self.closed[name] = "network-slow"
            self._tasks.append(asyncio.create_task(self._keep_trying(name, platform, tried[name])))
        waiting = [asyncio.create_task(event.wait()) for event in tried.values()]
        if waiting:
            await asyncio.wait(waiting, timeout=_FIRST)
        for one in waiting:
            one.cancel()

    async def stop(self) -> None:
        """Stop all at once; one that does not stop in time is left."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        stopping = [asyncio.create_task(platform.stop()) for platform in self.platforms.values()]
        if stopping:
            await asyncio.wait(stopping, timeout=_STOP)
        for one in stopping:
            one.cancel()
        await asyncio.gather(*stopping, return_exceptions=True)

    async def _keep_trying(self, name: str, platform: Platform, tried: asyncio.Event) -> None:
        wait, longest = _AGAIN
        while True:
            why = await self._try(name, platform)
            if why:
                self.closed[name] = why
            else:
                self.closed.pop(name, None)
            tried.set()
            if not why:
                log.info("network open", extra={"platform": name})
                return
            log.warning("network not open", extra={"platform": name, "why": why, "again": wait})
            await asyncio.sleep(wait)
            wait = min(wait * 2, longest)

    async def _try(self, name: str, platform: Platform) -> str:
        """Why it cannot be opened; "" when it is."""
        try:
            await platform.start(self._router.commands, self._router.answer)
        except NotOpen as closed:
            return closed.why
        except OSError:
            log.exception("network not started", extra={"platform": name})
            return "network-port"
        except Exception:
            # A fault of ours in one network leaves the others working.
            log.exception("network not started", extra={"platform": name})
            return "network-fault"
        return ""


def make_networks(
    plan: Plan, router: Router, store: Store, clock: Callable[[], datetime], closed: dict[str, str], shared: Services
) -> Networks:
    """The chats far away that the plan asks for, not started; `closed` is kept up to date, `shared` is what the hub
    gives to each of them alike. Their libraries are loaded only then."""
    platforms = {
        network.name: network.make(section, connected(network, shared, plan, store, clock, closed))
        for network, section in networks_of(plan)
        if network.make and not network.is_here
    }
    return Networks(platforms, router, closed)


async def start_local(plan: Plan, router: Router, shared: Services, stack: AsyncExitStack) -> dict[str, Platform]:
    """The networks of this machine, which are open before anything runs, and stop with the stack. Raises Busy,
    StorageTrouble or OSError when one cannot be."""
    platforms: dict[str, Platform] = {}
    for network, section in networks_of(plan):
        if network.make is None or not network.is_here:
            continue
        platform = platforms[network.name] = network.make(section, services_at(network, shared, plan))
        try:
            await platform.start(router.commands, router.answer)
        except NotOpen as closed:
            raise StorageTrouble(closed.why, **closed.values) from closed
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Busy(section.own_port, network.name) from error
            where = error.filename or f"127.0.0.1:{section.own_port}"
            raise OSError(error.errno, error.strerror, where) from error
        stack.push_async_callback(platform.stop)
    return platforms


def networks_of(plan: Plan) -> Iterator[tuple[Network[Any], NetworkSection]]:
    """The rows of the networks that are on, each with its section."""
    return ((BY_NAME[name], section) for name, section in plan.networks.items())


def services_at(network: Network[Any], shared: Services, plan: Plan) -> Services:
    """The same, with what is the network's own: the channels there. Where moderators read is a channel too, unless it
    is somebody's private talk."""
    residents = {resident.id for resident in plan.networks[network.name].residents}
    names = {order.place: order.name for order in plan.channels}
    for place in plan.moderators:
        if place.id not in residents:
            names.setdefault(place, shared.texts.plain("health-moderators"))
    return replace(shared, channels=[(place, name) for place, name in names.items() if place.platform == network.name])


def connected(
    network: Network[Any],
    shared: Services,
    plan: Plan,
    store: Store,
    clock: Callable[[], datetime],
    closed: dict[str, str],
) -> Services:
    """Those of a network far away: also its turn in the pace that the store keeps, its places followed, and `closed`
    saying how it listens."""
    name, places = network.name, Places(store, clock)
    pace = plan.paces.get(name, network.pace)
    return replace(
        services_at(network, shared, plan),
        turn=turn_at(name, pace, store, clock),
        hold=holder(name, store, clock),
        closed=teller(name, closed),
        moved=places.moved,
        place_closed=places.closed,
        place_open=places.opened,
        whole=places.whole,
    )


def teller(name: str, closed: dict[str, str]) -> Callable[[str], None]:
    """Keeps in `closed` why that network does not listen any more, for as long as it does not."""

    def tell(why: str) -> None:
        if why == closed.get(name, ""):
            return
        if why:
            closed[name] = why
            log.warning("network closed", extra={"platform": name, "why": why})
        else:
            del closed[name]
            log.info("network open", extra={"platform": name})

    return tell


def turn_at(name: str, pace: Pace, store: Store, clock: Callable[[], datetime]) -> Callable[[], Awaitable[None]]:
    """Waits until an answer may leave on that network."""

    async def turn() -> None:
        try:
            async with store.begin() as tx:
                at = await tx.outbox.turn(name, pace.rate, clock())
        except Exception:
            # A database that is away must not keep the person from being told so.
            log.exception("no turn", extra={"platform": name})
            return
        wait = (at - clock()).total_seconds()
        if wait > 0:
            await asyncio.sleep(wait)

    return turn


def holder(name: str, store: Store, clock: Callable[[], datetime]) -> Callable[[float], Awaitable[None]]:
    """Keeps the silence that the network asks of all who write to it, letters included (promise 40)."""

    async def hold(seconds: float) -> None:
        try:
            async with store.begin() as tx:
                now = clock()
                await tx.outbox.hold_back(name, now, now + timedelta(seconds=seconds))
        except Exception:
            log.exception("silence not kept", extra={"platform": name})
        log.info("network asks to wait", extra={"platform": name, "seconds": seconds})

    return hold
