"""How Telegram's updates come: asked for (long polling) or brought (webhook). Either way an update is told to Telegram
as read only once the hub has acted on it, so a program that is killed is brought it again."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.platforms.base import Mount, Receive
from bot.platforms.telegram.calls import seconds_of

log = logging.getLogger(__name__)

KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER, Update.CHANNEL_POST)
_POLL = 25  # seconds that Telegram may keep the question open
_FIRST, _LONGEST = 1.0, 30.0  # seconds between tries
_LOOK = 0.5  # seconds between looks for new updates while an older one is still under way
_ACTED = 25.0  # seconds that Telegram is kept waiting for what it brought
_READ = 10.0  # seconds that an update may take to come
_WATCH = 60.0  # seconds between looks at where Telegram brings them
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 — a header's name

Hear = Callable[[Update], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates: the public address, the secret that proves it is Telegram, and how to have a path
    served that a front server relays to (it gives back how to end that)."""

    url: str
    secret: str = field(repr=False)
    mount: Mount

    @property
    def path(self) -> str:
        """The part of the address that this program sees."""
        return urlsplit(self.url).path or "/"


async def poll(bot: Bot, hear: Hear, tell: Callable[[str], None]) -> None:
    """Ask for updates for ever; `tell` hears in which state that is, as a text key ("" = well)."""
    under_way = UnderWay(hear)
    wait = _FIRST
    while True:
        try:
            updates = await bot.get_updates(under_way.offset, timeout=_POLL, allowed_updates=KINDS)
        except Conflict:
            # Another program asks in our place. Asking as fast as it does would only move the fight about.
            tell("network-twice")
        except InvalidToken:
            tell("network-token-refused")
            wait = _LONGEST
        except RetryAfter as asked:
            tell("network-busy")
            wait = max(wait, seconds_of(asked))
        except TelegramError:
            tell("network-away")
        except Exception:
            log.exception("updates not read")
            tell("network-away")
        else:
            tell("")
            wait = _FIRST
            under_way.begin(updates)
            await under_way.settle()
            continue
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST)


class UnderWay:
    """Updates that were asked for and are not confirmed: those that are being acted on, and those that came after one
    of them. Telegram gives at most a hundred beyond the last confirmed one, so there are never more."""

    def __init__(self, hear: Hear) -> None:
        self.offset: int | None = None  # from which update on Telegram is asked: all before it have been acted on
        self._hear = hear
        self._acting: dict[int, asyncio.Future[None]] = {}

    def begin(self, updates: Iterable[Update]) -> None:
        """Act on those that are new; one that is still under way is given again each time."""
        for update in updates:
            if update.update_id not in self._acting:
                self._acting[update.update_id] = asyncio.ensure_future(self._hear(update))

    async def settle(self) -> None:
        """Confirm what is acted on, once all is or after a moment: one slow chat keeps no other waiting."""
        if waiting := [acting for acting in self._acting.values() if not acting.done()]:
            await asyncio.wait(waiting, timeout=_LOOK)
        for number, acting in sorted(self._acting.items()):
            if not acting.done():
                self.offset = number
                return
            del self._acting[number]
            self.offset = number + 1


async def watch(bot: Bot, hook: Webhook, tell: Callable[[str], None]) -> None:
    """Look for ever whether Telegram still brings updates here; `tell` hears it as `poll` does."""
    while True:
        await asyncio.sleep(_WATCH)
        try:
            ours = (await bot.get_webhook_info()).url == hook.url
            tell("" if ours else "network-twice")
        except InvalidToken:
            tell("network-token-refused")
        except RetryAfter:
            tell("network-busy")
        except TelegramError:
            tell("network-away")


def receiver(bot: Bot, secret: str, hear: Hear) -> Receive:
    """Answers Telegram's calls; whoever does not know the secret is refused before anything is read (promise 60)."""

    async def answer(request: web.BaseRequest) -> web.Response:
        given = request.headers.get(_SECRET, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(_READ):
                update = Update.de_json(json.loads(await request.read()), bot)
        except TimeoutError:
            return web.Response(status=408)
        except (ValueError, KeyError, TypeError, AttributeError):
            return web.Response(status=400)
        acted = asyncio.ensure_future(hear(update))
        await asyncio.wait({acted}, timeout=_ACTED)
        # What is not acted on yet is brought again, and acts once.
        return web.Response(status=200 if acted.done() else 503)

    return answer
