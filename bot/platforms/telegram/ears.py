"""How Telegram's updates come: asked for (long polling) or brought (webhook). Either way an update is told to Telegram
as read only once the hub has acted on it, so a program that is killed is brought it again."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.platforms.telegram.calls import seconds_of

log = logging.getLogger(__name__)

KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER)
_POLL = 25  # seconds that Telegram may keep the question open
_FIRST, _LONGEST = 1.0, 30.0  # seconds between tries
_ACTED = 10.0  # seconds that an update may take before the next are asked for
_BODY = 2**20  # bytes; an update is a few kilobytes
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 — a header's name

Hear = Callable[[Update], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates: the public address, the secret that proves it is Telegram, and where to listen
    for what a front server relays."""

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080


async def poll(bot: Bot, hear: Hear, tell: Callable[[str], None]) -> None:
    """Ask for updates for ever; `tell` hears in which state that is, as a text key ("" = well)."""
    offset: int | None = None
    wait = _FIRST
    while True:
        try:
            updates = await bot.get_updates(offset, timeout=_POLL, allowed_updates=KINDS)
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
            if updates:
                acted = [asyncio.ensure_future(hear(update)) for update in updates]
                await asyncio.wait(acted, timeout=_ACTED)
                offset = updates[-1].update_id + 1
            continue
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST)


async def receive(bot: Bot, hook: Webhook, hear: Hear) -> web.AppRunner:
    """Listen where the front server relays to; OSError when the port is taken."""
    app = web.Application(client_max_size=_BODY)
    app.router.add_post(urlsplit(hook.url).path or "/", receiver(bot, hook.secret, hear))
    runner = web.AppRunner(app, shutdown_timeout=1, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, hook.host, hook.port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


def receiver(bot: Bot, secret: str, hear: Hear) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Answers Telegram's calls; whoever does not know the secret is refused before anything is read (promise 60)."""

    async def answer(request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode()):
            return web.Response(status=403)
        try:
            update = Update.de_json(json.loads(await request.read()), bot)
        except (ValueError, KeyError, TypeError, AttributeError):
            return web.Response(status=400)
        acted = asyncio.ensure_future(hear(update))
        await asyncio.wait({acted}, timeout=_ACTED)
        return web.Response()

    return answer
