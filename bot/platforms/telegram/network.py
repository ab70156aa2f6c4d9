"""The network `telegram`: private talks, groups and their topics, channels. Starts, stops, sends, edits, answers; how a
message looks is in `show.py`, how an update reads in `read.py`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import PurePosixPath
from time import monotonic
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from bot.platforms.base import (
    WHOLE,
    Answer,
    Finding,
    Malformed,
    Moved,
    NotOpen,
    Parts,
    Read,
    Services,
    TryLater,
    Unreachable,
)
from bot.platforms.telegram.answers import UpdateHandler
from bot.platforms.telegram.calls import Wire
from bot.platforms.telegram.check import examine
from bot.platforms.telegram.links import PLATFORM
from bot.platforms.telegram.menu import set_menus
from bot.platforms.telegram.refs import read_ref, write_ref
from bot.platforms.telegram.show import show
from bot.platforms.telegram.updates import KINDS, Webhook, poll, receiver, watch
from bot.platforms.text import in_words
from club.dialogue import Attachment, Command, Message
from club.filetype import Received
from club.people import Place
from club.refusal import Refused
from club.texts import Texts

log = logging.getLogger(__name__)

_OPEN = 10.0  # seconds to be let in
_NOT_OPEN = 15.0  # seconds after which a letter is tried again while the network is closed
_LAST = 1.0  # seconds that answers on their way have when stopping
_POOL = 64  # connections; a chat that Telegram serves slowly holds one
_TOO_BIG, _LARGEST = "file is too big", 20  # what Telegram says, of more than so many mebibytes
_KEYS = 2000  # letters whose key is remembered, so that one that is asked for twice is sent once


Chat = tuple[int | str, int | None]  # and the topic there


class Telegram:
    """One bot. `api_url` is python-telegram-bot's base_url; without `webhook` it asks for updates itself. `request`
    stands for the HTTP client, `clock` tells the seconds between answers."""

    name = PLATFORM

    def __init__(
        self,
        token: str,
        texts: Texts,
        api_url: str = "https://api.telegram.org/bot",
        webhook: Webhook | None = None,
        hub: Services = Services(),  # noqa: B008 — a frozen value
        request: BaseRequest | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._token = token
        self._texts = texts
        self._api_url = api_url
        self._webhook = webhook
        self._hub = hub
        self._request = request
        self._clock = clock
        self._bot: Bot | None = None
        self._answers: UpdateHandler | None = None
        self._take_off: Callable[[], None] | None = None  # the webhook
        self._tasks: list[asyncio.Task[None]] = []
        self._sent: dict[str, asyncio.Future[str]] = {}
        self._followed: dict[str, None] = {}  # files that came below a message that was changed

    async def start(self, commands: Sequence[Command], answer: Answer) -> None:
        """Be let in and listen. Raises NotOpen when Telegram refuses or does not answer."""
        bot = self._make()
        answers = UpdateHandler(bot, commands, answer, self._texts, self._hub, self._clock)
        try:
            await _let_in(bot)
            await self._listen(bot, answers)
        except BaseException:
            with contextlib.suppress(TelegramError, RuntimeError):
                await bot.shutdown()
            raise
        self._bot, self._answers = bot, answers
        self._tasks.append(asyncio.create_task(_keep_menus(bot, commands)))

    async def stop(self) -> None:
        """Stop listening; answers on their way have a second."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        if self._take_off:
            self._take_off()
        if self._answers:
            await self._answers.end(_LAST)
        bot, self._bot, self._answers, self._take_off = self._bot, None, None, None
        if bot:
            await bot.shutdown()

    async def send(self, place: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        """Post it, once for each key while the program runs; the reference names each of its parts: `12,13`."""
        waiting = self._sent.get(key)
        if waiting is None or (waiting.done() and (waiting.cancelled() or waiting.exception())):
            while len(self._sent) >= _KEYS:
                self._sent.pop(next(iter(self._sent)))
            waiting = self._sent[key] = asyncio.ensure_future(self._post(place, message, parts))
        return await waiting

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Show the message in place of the one with this reference; parts that are too many are taken away, a file
        that had none before it comes below."""
        files, texts = read_ref(ref)
        chat = address(place)
        texts = await self._lay(chat, message, texts)
        refused = []
        for at, one in enumerate(message.attachments):
            name = f"{place} {ref} {blake2b(one.data, digest_size=16).hexdigest()}"
            if not await self._replace(chat, files[at] if at < len(files) else 0, one, name):
                refused.append(one)
        for message_id in filter(None, files[len(message.attachments) :]):
            with contextlib.suppress(Malformed):
                await self._wire().drop(chat[0], message_id)
        if refused:
            await self._lay(chat, in_words(message, self._texts, refused), texts)

    async def _lay(self, chat: Chat, message: Message, old: Sequence[int]) -> list[int]:
        """Show the text in place of those messages; those that show it now."""
        texts = list(old)
        for call in self._wire().laying(*chat, show(message), old):
            await self._hub.turn()
            posted = await call()
            texts += [int(posted)] if isinstance(posted, str) else []
        return texts

    async def _replace(self, chat: Chat, old: int, one: Attachment, name: str) -> bool:
        """Show the file in place of the old one, or anew, once under that name; False when Telegram refuses it."""
        if name in self._followed:
            return True
        await self._hub.turn()
        if old:
            with contextlib.suppress(Malformed, Unreachable):
                await self._wire().attach_instead(chat[0], old, one)
                return True
            await self._hub.turn()
        if not await self._attach(chat, one):
            return False
        while len(self._followed) >= _KEYS:
            self._followed.pop(next(iter(self._followed)))
        self._followed[name] = None
        return True

    async def _attach(self, chat: Chat, one: Attachment) -> int:
        """The id of the message with the file, 0 when Telegram refuses it."""
        try:
            return await self._wire().attach(*chat, one)
        except (Malformed, Unreachable) as refused:
            log.warning("attachment refused", extra={"why": refused.why})
            return 0

    async def fetch(self, handle: str, read: Read) -> Received:
        """The photo or document with this handle."""
        try:
            address = await self._wire().address_of(handle.removeprefix(f"{PLATFORM}:"))
        except (Malformed, Unreachable, Moved) as gone:
            if isinstance(gone, Malformed) and _TOO_BIG in gone.why.lower():
                raise Refused("file-too-big", megabytes=_LARGEST) from gone
            raise Refused("file-gone") from gone
        return Received(PurePosixPath(urlsplit(address).path).name, await read(address))

    async def examine(self, places: Sequence[tuple[Place, str]]) -> list[Finding]:
        """What is missing for these named places, each with the click that grants it. Starts nothing."""
        bot = self._make()
        try:
            await _let_in(bot)
            return await examine(bot, places, self._webhook.url if self._webhook else "")
        finally:
            with contextlib.suppress(TelegramError, RuntimeError):
                await bot.shutdown()

    def _make(self) -> Bot:
        # Else the library warns at each wait that Telegram asks for.
        os.environ["PTB_TIMEDELTA"] = "true"
        request = self._request or _client(pool=_POOL)
        return Bot(
            self._token,
            self._api_url,
            f"{self._api_url.removesuffix('bot')}file/bot",
            request=request,
            get_updates_request=self._request or _client(pool=1),
        )

    async def _listen(self, bot: Bot, answers: UpdateHandler) -> None:
        hook = self._webhook
        if hook is not None:
            take_off = self._take_off = hook.mount("POST", hook.path, receiver(bot, hook.secret, answers.hear))
            try:
                await bot.set_webhook(hook.url, allowed_updates=KINDS, secret_token=hook.secret)
            except TelegramError as trouble:
                take_off()
                raise NotOpen("network-away") from trouble
            self._tasks.append(asyncio.create_task(watch(bot, hook, self._hub.closed)))
            return
        try:
            if (await bot.get_webhook_info()).url:
                await bot.delete_webhook()  # what was brought to another program is asked for from now on
        except TelegramError as trouble:
            raise NotOpen("network-away") from trouble
        self._tasks.append(asyncio.create_task(poll(bot, answers.hear, self._hub.closed)))

    def _wire(self) -> Wire:
        if self._bot is None:
            raise TryLater(_NOT_OPEN)
        return Wire(self._bot)

    async def _post(self, place: Place, message: Message, parts: Parts) -> str:
        wire, chat = self._wire(), address(place)
        files, texts = read_ref(parts.ref) if parts.ref else ([], [])
        for number, one in enumerate(message.attachments[parts.sent :], parts.sent + 1):
            if number > parts.sent + 1:
                await self._hub.turn()  # the pace counted the letter as one
            files.append(await self._attach(chat, one))
            await parts.note(number, write_ref(files, texts))
        refused = [one for one, ident in zip(message.attachments, files, strict=True) if not ident]
        sheets = show(in_words(message, self._texts, refused))
        total = len(files) + len(sheets)
        done = max(parts.sent, len(files))
        for number, sheet in enumerate(sheets[done - len(files) :], done + 1):
            if number > parts.sent + 1:
                await self._hub.turn()
            texts.append(int(await wire.post(*chat, sheet)))
            if number < total:
                await parts.note(number, write_ref(files, texts))
        return write_ref(files, texts)


def address(place: Place) -> Chat:
    """The chat and the topic; Unreachable when it is no place of Telegram's."""
    if place.id.startswith("@") and place.id[1:].isascii():
        chat: int | str = place.id
    elif place.id.removeprefix("-").isascii() and place.id.removeprefix("-").isdigit() and len(place.id) < 20:
        chat = int(place.id)
    else:
        raise Unreachable("unreachable-gone")
    if place.thread and not (place.thread.isascii() and place.thread.isdigit() and len(place.thread) < 16):
        raise Unreachable("unreachable-closed")
    return chat, int(place.thread) if place.thread else None


def _client(pool: int) -> HTTPXRequest:
    # Promise 10: proxies that the environment names have no effect.
    return HTTPXRequest(
        pool, read_timeout=15, write_timeout=15, connect_timeout=8, pool_timeout=20, httpx_kwargs={"trust_env": False}
    )


async def _let_in(bot: Bot) -> None:
    """Learn who the bot is; NotOpen when Telegram refuses the token or does not answer."""
    try:
        async with asyncio.timeout(_OPEN):
            await bot.initialize()
    except InvalidToken as refused:
        # Without its cause: the library writes the token into the message.
        raise NotOpen("network-token-refused") from refused.__cause__
    except (TelegramError, TimeoutError) as trouble:
        raise NotOpen("network-away") from trouble


async def _keep_menus(bot: Bot, commands: Sequence[Command]) -> None:
    """A menu that cannot be set stops nothing: commands can be typed."""
    try:
        changed = await set_menus(bot, commands)
    except TelegramError as trouble:
        kind = "refused" if isinstance(trouble, BadRequest) else "not reached"
        log.warning("telegram menus not set", extra={"why": kind})
        return
    if changed:
        log.info("telegram menus set", extra={"changed": changed})
