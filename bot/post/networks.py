"""The networks of the plan: made, started whatever the others do, tried again when they cannot start, stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from bot.hub.plan import Plan
from bot.platforms.base import Hub, NotOpen, Pace, Platform, Share
from bot.post.places import Places
from bot.talk.router import Router
from club.texts import Texts
from storage.store import Store

if TYPE_CHECKING:
    from bot.platforms.discord.network import Discord
    from bot.platforms.telegram.ears import Mount
    from bot.platforms.telegram.network import Telegram

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
    plan: Plan,
    texts: Texts,
    router: Router,
    store: Store,
    clock: Callable[[], datetime],
    closed: dict[str, str],
    mount: Mount,
    share: Share,
) -> Networks:
    """The chats far away that the plan asks for, not started; `closed` is kept up to date, a webhook is served by
    `mount`, `share` gives answers to who types in any conversation. Their libraries are loaded only then."""
    platforms: dict[str, Platform] = {}
    if plan.telegram is not None:
        hub = replace(hub_for("telegram", plan, store, clock, closed), share=share)
        platforms["telegram"] = make_telegram(plan, texts, hub, mount)
    if plan.discord is not None:
        platforms["discord"] = make_discord(plan, texts, router, hub_for("discord", plan, store, clock, closed))
    return Networks(platforms, router, closed)


def nowhere(method: str, path: str, answer: object) -> Callable[[], None]:
    """Nothing is served: for those who only look."""
    return lambda: None


def make_telegram(
    plan: Plan,
    texts: Texts,
    hub: Hub = Hub(),  # noqa: B008 — a frozen value
    mount: Mount = nowhere,
) -> Telegram:
    """Telegram as the plan has it."""
    from bot.platforms.telegram.ears import Webhook
    from bot.platforms.telegram.network import Telegram

    asked = plan.telegram
    if asked is None:
        raise ValueError("telegram is off")
    # Without a secret of its own, one for this run: Telegram is told it at the start.
    secret = asked.webhook_secret.get_secret_value() if asked.webhook_secret else token_urlsafe(32)
    hook = Webhook(asked.webhook_url, secret, mount) if asked.webhook_url else None
    return Telegram(asked.token.get_secret_value(), texts, asked.api_url, hook, hub)


def make_discord(plan: Plan, texts: Texts, router: Router | None, hub: Hub = Hub()) -> Discord:  # noqa: B008
    """Discord as the plan has it."""
    from bot.platforms.discord.ears import nothing
    from bot.platforms.discord.network import Discord

    asked = plan.discord
    if asked is None:
        raise ValueError("discord is off")
    return Discord(
        asked.token.get_secret_value(),
        texts,
        api_url=asked.api_url,
        guild=asked.guild or "",
        roles=asked.roles,
        hub=hub,
        suggest=router.suggest if router else nothing,
    )


def hub_for(name: str, plan: Plan, store: Store, clock: Callable[[], datetime], closed: dict[str, str]) -> Hub:
    """What a network asks of the hub: its turn in the pace that the store keeps, that its places be followed, and that
    `closed` says how it listens."""
    pace, places = plan.paces.get(name, Pace()), Places(store, clock)
    return Hub(
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
