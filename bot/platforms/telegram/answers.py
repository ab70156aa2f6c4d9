"""What people say on Telegram goes to the hub, and its answers come back: in place, in private, or as a window over a
group. Answers to one person leave in order; each waits for its turn in the network's pace."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from telegram import (
    Bot,
    Chat,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultsButton,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.platforms.base import Answer, Hub, Malformed, Moved, TryLater, Unreachable
from bot.platforms.telegram.calls import Wire
from bot.platforms.telegram.links import PLATFORM, place_link, press_parameter, start_link
from bot.platforms.telegram.menu import suggestions
from bot.platforms.telegram.read import Heard, read
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.show import Sheet, alert, show
from club.dialogue import Command, Message, Request
from club.markup import Line
from club.people import Place
from club.texts import Texts

log = logging.getLogger(__name__)

_TURN = 10.0  # seconds that a person's words wait for the answer to their previous ones
_TRIES = 4
_PATIENCE = 60.0  # seconds that an answer waits when Telegram asks for silence; later it means nothing any more
_TITLES = 1000  # names of groups remembered at once
_IN = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
_INLINE_KEPT = 300  # seconds that Telegram may keep suggestions

Call = Callable[[], Awaitable[object]]


class Answers:
    """Hears updates; each is answered in a task of its own."""

    def __init__(self, bot: Bot, commands: Sequence[Command], answer: Answer, texts: Texts, hub: Hub) -> None:
        self._bot = bot
        self._commands = commands
        self._answer = answer
        self._texts = texts
        self._hub = hub
        self._wire = Wire(bot)
        self._rights = Rights(bot)
        self._titles: dict[int, str] = {}
        self._last: dict[int, asyncio.Task[None]] = {}  # what is being answered in each chat
        self._asked: dict[int, Place] = {}  # in private: the group that the open question is about
        self._tasks: set[asyncio.Task[None]] = set()

    async def hear(self, update: Update) -> None:
        """Return once the hub has acted on the update; its answer is shown meanwhile. Never raises."""
        acted = asyncio.Event()
        task = asyncio.create_task(self._take(update, acted, self._before(update)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: acted.set())
        if update.effective_chat is not None:
            chat = update.effective_chat.id
            self._last[chat] = task
            task.add_done_callback(lambda done: self._last.pop(chat) if self._last.get(chat) is done else None)
        await acted.wait()

    async def end(self, seconds: float) -> None:
        """Let what is being answered be shown, for so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _before(self, update: Update) -> asyncio.Task[None] | None:
        return self._last.get(update.effective_chat.id) if update.effective_chat else None

    async def _take(self, update: Update, acted: asyncio.Event, before: asyncio.Task[None] | None) -> None:
        try:
            if before and not before.done():
                await asyncio.wait({before}, timeout=_TURN)
            if update.inline_query is not None:
                await self._suggest(update.inline_query)
            elif update.my_chat_member is not None:
                await self._added(update.my_chat_member)
            elif update.message is not None and update.message.migrate_to_chat_id:
                await self._moved(update.message.chat, update.message.migrate_to_chat_id)
            for heard in read(update, self._bot.bot):
                await self._reply(heard, acted)
        except Exception:
            log.exception("update not answered")

    # What was asked

    async def _reply(self, heard: Heard, acted: asyncio.Event) -> None:
        heard = await self._completed(heard)
        message = self._told(heard) if heard.told else await self._ask(heard.request)
        acted.set()
        answered = False
        if message is not None:
            answered = await self._show(heard, message)
        if heard.query and not answered:
            await self._close(heard.query)

    async def _completed(self, heard: Heard) -> Heard:
        """The request with the group it is about, and the rights of person and bot there."""
        request = heard.request
        if heard.in_private and request.words and not request.words.startswith("/") and request.private:
            about = self._asked.get(heard.chat)
            request = replace(request, place=about, private=False) if about else request
        if not request.private and not heard.told:
            chat = int(request.place.id)
            manages = await self._rights.may_manage(chat, int(request.person.id))
            missing = await self._rights.missing(chat) if manages else ()
            words = tuple(self._texts.plain(key) for key in missing)
            request = replace(request, may_manage=manages, missing_rights=words)
        return replace(heard, request=request)

    def _told(self, heard: Heard) -> Message:
        return Message(self._texts.lines(heard.told))

    async def _ask(self, request: Request) -> Message | None:
        try:
            return await self._answer(request)
        except Exception:
            # The router answers for its own faults; this last net keeps one update from stopping the network.
            reference = secrets.token_hex(3)
            log.exception("answer failed", extra={"reference": reference})
            return Message(self._texts.lines("telegram-failed", reference=reference), private=True)

    # What is shown

    async def _show(self, heard: Heard, message: Message) -> bool:
        """Show the answer where it belongs; whether the query of a press is answered by that."""
        if heard.in_private:
            await self._draw(heard, heard.chat, None, message, self._above(heard.request, await self._title(heard)))
            return False
        if not message.private:
            await self._draw(heard, heard.chat, heard.thread, message, ())
            return False
        if heard.query and (told := alert(message)):
            await self._close(heard.query, text=told, show_alert=True)
            return True
        above = self._above(heard.request, await self._title(heard))
        person = int(heard.request.person.id)
        if await self._draw(replace(heard, pressed=0), person, None, message, above):
            return False
        await self._lead(heard)
        return True

    async def _draw(self, heard: Heard, chat: int, thread: int | None, message: Message, above: Sequence[Line]) -> bool:
        """Post the message in that chat, or put it in place of the one that was pressed; False when it cannot be."""
        bare = replace(message, bare=True)
        # The message that was pressed may be gone meanwhile; and what is refused as it is drawn goes out plainly.
        ways = [(message, heard.pressed)] if message.in_place and heard.pressed else []
        for drawn, pressed in (*ways, (message, 0), (bare, 0)):
            try:
                await self._put(show(drawn, heard.page, above), chat, thread, pressed)
            except Malformed as refused:
                log.warning("answer refused", extra={"why": refused.why})
                continue
            except (TryLater, Unreachable, Moved) as trouble:
                log.info("answer not shown", extra={"why": type(trouble).__name__})
                return False
            if chat > 0:
                self._remember(chat, heard.request, message)
            return True
        return False

    async def _put(self, sheets: Sequence[Sheet], chat: int, thread: int | None, pressed: int) -> None:
        if pressed:
            await self._patiently(partial(self._wire.change, chat, pressed, sheets[0]))
        for sheet in sheets[1:] if pressed else sheets:
            try:
                await self._patiently(partial(self._wire.post, chat, thread, sheet))
            except Moved as moved:
                chat = int(moved.place.id)
                await self._patiently(partial(self._wire.post, chat, thread, sheet))

    async def _patiently(self, call: Call) -> None:
        """Make the call in its turn, again when the network asks to wait."""
        for left in reversed(range(_TRIES)):
            await self._hub.turn()
            try:
                await call()
                return
            except TryLater as wait:
                if not left or wait.doubt or wait.after > _PATIENCE:
                    raise
                await asyncio.sleep(wait.after)

    def _remember(self, chat: int, request: Request, message: Message) -> None:
        """What is typed next in private answers the question that is open there."""
        if message.form is not None and not request.private:
            self._asked[chat] = request.place
        else:
            self._asked.pop(chat, None)

    def _above(self, request: Request, title: str) -> tuple[Line, ...]:
        """Which group an answer in private is about; its link names the group for the buttons below."""
        if request.private:
            return ()
        link = place_link(self._bot.username, request.place)
        return self._texts.lines("telegram-about", group=title, link=link)

    async def _title(self, heard: Heard) -> str:
        if heard.request.private:
            return ""
        chat = int(heard.request.place.id)
        if chat not in self._titles:
            title = None
            with suppress(TelegramError):
                title = (await self._bot.get_chat(chat)).title
            if len(self._titles) >= _TITLES:
                self._titles.clear()
            self._titles[chat] = title or self._texts.plain("telegram-group-unnamed")
        return self._titles[chat]

    async def _lead(self, heard: Heard) -> None:
        """A bot cannot write first: the person is given a link that begins the private talk."""
        bot, request = self._bot.username, heard.request
        if heard.query:
            await self._close(heard.query, url=start_link(bot, press_parameter(request.place, request.token) or "club"))
            return
        told = Message(self._texts.lines("telegram-in-private"))
        key = InlineKeyboardButton(self._texts.plain("telegram-open"), url=start_link(bot, "club"))
        [sheet] = show(told)
        with suppress(TelegramError):
            await self._hub.turn()
            await self._bot.send_message(
                heard.chat, sheet.text, message_thread_id=heard.thread, reply_markup=InlineKeyboardMarkup([[key]])
            )

    async def _close(self, query: str, text: str = "", *, show_alert: bool = False, url: str = "") -> None:
        """Answer the query of a press, so that the button stops turning; one that is too old needs no answer."""
        with suppress(TelegramError):
            await self._bot.answer_callback_query(query, text or None, show_alert=show_alert or None, url=url or None)

    # What else happens

    async def _suggest(self, query: InlineQuery) -> None:
        found = suggestions(query.query, self._commands, self._bot.username, self._texts)
        button = InlineQueryResultsButton(self._texts.plain("telegram-open"), start_parameter="club")
        with suppress(TelegramError):
            await self._bot.answer_inline_query(query.id, found, cache_time=_INLINE_KEPT, button=button)

    async def _added(self, change: ChatMemberUpdated) -> None:
        """Whoever adds the bot to a group or channel is told its id, if the bot may write to them."""
        was, now = change.old_chat_member.status, change.new_chat_member.status
        if change.chat.type == ChatType.PRIVATE or now not in _IN or was in _IN:
            return
        place = str(Place(PLATFORM, str(change.chat.id)))
        [sheet] = show(Message(self._texts.lines("telegram-added", group=change.chat.title or "", place=place)))
        with suppress(TryLater, Unreachable, Malformed, Moved):
            await self._wire.post(change.from_user.id, None, sheet)

    async def _moved(self, chat: Chat, new: int) -> None:
        await self._hub.moved(Place(PLATFORM, str(chat.id)), Place(PLATFORM, str(new)))
