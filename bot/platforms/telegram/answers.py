"""What people say on Telegram goes to the hub, and its answers go back to them. Each chat keeps its own order and waits
for no other: an update is acted on while the answer to the one before it is still on its way."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic
from weakref import WeakValueDictionary

from telegram import Bot, ChatMemberUpdated, Update
from telegram.constants import ChatType

from bot.platforms.base import Answer, Services
from bot.platforms.telegram.calls import Call
from bot.platforms.telegram.inline import suggest
from bot.platforms.telegram.links import PLATFORM
from bot.platforms.telegram.read import Heard, migration, read
from bot.platforms.telegram.rights import OUTSIDE, Rights, may_write
from bot.platforms.telegram.screen import Screen
from bot.platforms.telegram.show import alert
from club.dialogue import Command, Message, Request
from club.fold import fold
from club.people import Place
from club.texts import Texts

log = logging.getLogger(__name__)

_MOST = 500  # answers on their way at once; beyond that nothing more is heard
_KNOWN = 10_000  # persons with an open question about a group, chats that were told something
_ONCE = 60.0  # seconds in which a chat is told the same thing once


@dataclass(eq=False)
class _Chat:
    """The order of one chat: what is said there is acted on in turn, and the answers leave in turn."""

    acting: asyncio.Lock = field(default_factory=asyncio.Lock)
    showing: asyncio.Lock = field(default_factory=asyncio.Lock)


class UpdateHandler:
    """Hears updates, whether they were asked for or brought."""

    def __init__(
        self,
        bot: Bot,
        commands: Sequence[Command],
        answer: Answer,
        texts: Texts,
        hub: Services,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._bot = bot
        self._commands = commands
        self._answer = answer
        self._texts = texts
        self._hub = hub
        self._clock = clock
        self._screen = Screen(bot, texts, hub, clock)
        self._rights = Rights(bot)
        self._here = frozenset(
            fold(name) for name in (texts.plain("route-place-here"), *texts.words("route-place-here.aliases"))
        )
        self._asked: dict[int, Place] = {}  # in private: the group that the open question is about
        self._told: dict[tuple[int, str], float] = {}
        self._chats: WeakValueDictionary[int, _Chat] = WeakValueDictionary()
        self._room = asyncio.Semaphore(_MOST)
        self._tasks: set[asyncio.Task[None]] = set()

    async def hear(self, update: Update) -> None:
        """Return once the hub has acted on the update; its answer is shown meanwhile. Never raises."""
        await self._room.acquire()
        if where := update.effective_chat:
            self._screen.names(where.id, where.title)
        await asyncio.wait({self._keep(self._take(update))})

    async def end(self, seconds: float) -> None:
        """Let what is being answered be shown, for so long."""
        waiting = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := waiting - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _keep(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _take(self, update: Update) -> None:
        chat = self._chat(update)
        async with chat.acting:
            calls: list[Call] = []
            try:
                await self._act(update, calls)
            except Exception:
                log.exception("update not answered")
            # Begun before the next may act, so that answers leave in the order of what was said.
            self._keep(self._show(chat, calls)).add_done_callback(lambda _: self._room.release())

    def _chat(self, update: Update) -> _Chat:
        where = update.effective_chat
        return self._chats.setdefault(where.id, _Chat()) if where else _Chat()

    async def _show(self, chat: _Chat, calls: Sequence[Call]) -> None:
        async with chat.showing:
            for call in calls:
                try:
                    await call()
                except Exception:
                    log.exception("answer not shown")

    async def _act(self, update: Update, calls: list[Call]) -> None:
        """Change what the update changes; what is then to be shown is added to the calls."""
        if update.inline_query is not None:
            calls.append(partial(suggest, self._bot, update.inline_query, self._commands, self._texts, self._hub.share))
        elif update.my_chat_member is not None:
            await self._let_in_or_out(update.my_chat_member, calls)
        elif moved := migration(update):
            await self._hub.moved(*moved)
        for heard in read(update, self._bot.bot, self._here):
            if heard.told:
                if self._is_news(heard.chat, heard.told):
                    told = Message(self._texts.lines(heard.told, place=str(heard.request.place)))
                    calls.append(partial(self._screen.show, heard, told))
                continue
            heard = await self._completed(heard)
            message = await self._ask(heard.request)
            self._remember(heard, message)
            calls.append(partial(self._screen.show, heard, message))

    def _is_news(self, chat: int, told: str) -> bool:
        """Whether the chat was not told so this very minute: whoever floods it is answered once (promise 36)."""
        now = self._clock()
        if now - self._told.get((chat, told), -_ONCE) < _ONCE:
            return False
        if len(self._told) >= _KNOWN:
            self._told.clear()
        self._told[chat, told] = now
        return True

    async def _completed(self, heard: Heard) -> Heard:
        """The request with the place it is about, and the rights of person and bot there."""
        request = heard.request
        if heard.is_gone and not request.private:
            request = replace(request, place=await self._hub.whole(request.place, request.ref))
        if heard.in_private and request.words and not request.words.startswith("/") and request.private:
            about = self._asked.get(heard.chat)
            request = replace(request, place=about, private=False) if about else request
        if not request.private:
            chat = int(request.place.id)
            manages = await self._rights.may_manage(chat, int(request.person.id))
            missing = await self._rights.missing(chat) if manages else ()
            words = tuple(self._texts.plain(key) for key in missing)
            request = replace(request, may_manage=manages, missing_rights=words)
        return replace(heard, request=request)

    async def _ask(self, request: Request) -> Message | None:
        try:
            return await self._answer(request)
        except Exception:
            # The router answers for its own faults; this last net keeps one update from stopping the network.
            reference = secrets.token_hex(3)
            log.exception("answer failed", extra={"reference": reference})
            return Message(self._texts.lines("telegram-failed", reference=reference), private=True)

    def _remember(self, heard: Heard, message: Message | None) -> None:
        """What is typed next in private answers the question that is open there."""
        if message is None or not (heard.in_private or message.private) or (heard.query and alert(message)):
            return
        chat = heard.chat if heard.in_private else int(heard.request.person.id)
        self._asked.pop(chat, None)
        if message.form is not None and not heard.request.private:
            if len(self._asked) >= _KNOWN:
                self._asked.pop(next(iter(self._asked)))
            self._asked[chat] = heard.request.place

    async def _let_in_or_out(self, change: ChatMemberUpdated, calls: list[Call]) -> None:
        """The bot was put out of a chat, silenced or blocked there, or may write there (again)."""
        chat, was, now = change.chat, change.old_chat_member, change.new_chat_member
        place = Place(PLATFORM, str(chat.id))
        self._rights.forget(chat.id)
        if may_write(chat.type, now):
            await self._hub.place_open(place)
        elif may_write(chat.type, was):
            out = "unreachable-blocked" if chat.type == ChatType.PRIVATE else "unreachable-gone"
            await self._hub.place_closed(place, out if now.status in OUTSIDE else "unreachable-forbidden")
        if chat.type != ChatType.PRIVATE and was.status in OUTSIDE and now.status not in OUTSIDE:
            calls.append(partial(self._screen.tell_id, change))
