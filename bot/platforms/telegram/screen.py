"""How an answer reaches who asked: in place, in private, or as a window over a chat; in the network's pace, again when
Telegram asks to wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

from telegram import Bot, ChatMemberUpdated, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.platforms.base import Malformed, Moved, Services, TryLater, Unreachable
from bot.platforms.telegram.calls import Call, Wire
from bot.platforms.telegram.links import PLATFORM, place_link, press_parameter, start_link
from bot.platforms.telegram.read import Heard
from bot.platforms.telegram.show import TelegramText, alert, show
from bot.platforms.telegram.spacing import Spacing
from bot.platforms.text import in_words
from club.dialogue import Message
from club.markup import Line
from club.people import Place
from club.texts import Texts

log = logging.getLogger(__name__)

_TRIES = 4
_PATIENCE = 60.0  # seconds that an answer waits when Telegram asks for silence; later it means nothing any more
_TITLES = 1000  # names of groups remembered at once
_KEPT = 15 * 60.0  # seconds that an answer waits for its person to open the private talk
_MOST_KEPT = 500

Trouble = TryLater | Unreachable | Moved | Malformed


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An answer for one person, until an instant of the monotonic clock."""

    heard: Heard
    message: Message
    until: float


class Screen:
    """Shows answers, one after the other as it is asked to."""

    def __init__(self, bot: Bot, texts: Texts, hub: Services, clock: Callable[[], float]) -> None:
        self._bot = bot
        self._spacing = Spacing(clock)
        self._texts = texts
        self._hub = hub
        self._wire = Wire(bot)
        self._titles: dict[int, str] = {}
        self._clock = clock
        self._waiting: dict[int, _Waiting] = {}  # by person: whoever never spoke to the bot in private

    async def show(self, heard: Heard, message: Message | None) -> None:
        """Show the answer where it belongs; the query of a press is answered in any case."""
        answered = False
        try:
            answered = message is not None and await self._show(heard, message)
        finally:
            if heard.query and not answered:
                await self._close(heard.query)

    def names(self, chat: int, title: str | None) -> None:
        """What a group is called from now on: it may be renamed at any time."""
        if title:
            if len(self._titles) >= _TITLES:
                self._titles.clear()
            self._titles[chat] = title

    async def tell_id(self, change: ChatMemberUpdated) -> None:
        """Whoever adds the bot to a group or channel is told its id, if the bot may write to them."""
        place = str(Place(PLATFORM, str(change.chat.id)))
        told = Message(self._texts.lines("telegram-added", group=change.chat.title or "", place=place))
        with suppress(TryLater, Unreachable, Malformed, Moved):
            await self._put(show(told), change.from_user.id, None, 0)

    async def _show(self, heard: Heard, message: Message) -> bool:
        """Whether the query of a press is answered by what was shown."""
        chat, thread = heard.chat, heard.thread
        if message.private and not heard.in_private:
            if heard.query and (told := alert(message)):
                return await self._close(heard.query, text=told)
            # What is shown to one person is never in place of what all see.
            chat, thread, heard = int(heard.request.person.id), None, replace(heard, pressed=0)
        trouble = await self._draw(heard, chat, thread, message, await self._above(heard, chat))
        if trouble is None:
            await self._show_waiting(chat)
            return False
        log.warning("answer not shown", extra={"why": type(trouble).__name__})
        if isinstance(trouble, TryLater) and trouble.told and heard.query:
            later = self._texts.plain("telegram-later", minutes=ceil(trouble.after / 60))
            return await self._close(heard.query, text=later)
        if isinstance(trouble, Unreachable) and chat != heard.chat:
            if waits := not heard.query and message.form is None:
                self._keep(heard, message)
            return await self._lead(heard, waits=waits)
        return False

    def _keep(self, heard: Heard, message: Message) -> None:
        """The answer waits for the private talk to be opened: what was asked in the group need not be said again."""
        self._waiting.pop(person := int(heard.request.person.id), None)
        if len(self._waiting) >= _MOST_KEPT:
            self._waiting.pop(next(iter(self._waiting)))
        self._waiting[person] = _Waiting(heard, message, self._clock() + _KEPT)

    async def _show_waiting(self, chat: int) -> None:
        kept = self._waiting.pop(chat, None)
        if kept is not None and self._clock() < kept.until:
            await self._show(kept.heard, kept.message)

    async def _draw(
        self, heard: Heard, chat: int, thread: int | None, message: Message, above: Sequence[Line]
    ) -> Trouble | None:
        """Post the message in that chat, or put it in place of the one that was pressed; why it cannot be."""
        message, files = await self._attach(message, chat, thread)
        bare = replace(message, bare=True)
        # The message that was pressed may be gone meanwhile; and what is refused as it is drawn goes out plainly.
        ways = [(message, heard.pressed)] if message.in_place and heard.pressed else []
        trouble: Trouble | None = None
        for drawn, pressed in (*ways, (message, 0), (bare, 0)):
            try:
                place, ref = await self._put(show(drawn, heard.page, above), chat, thread, pressed)
            except Malformed as refused:
                log.warning("answer refused", extra={"why": refused.why})
                trouble = refused
                continue
            except (TryLater, Unreachable, Moved) as other:
                return other
            if message.shown:
                await message.shown(place, ",".join((*files, ref)))
            return None
        return trouble

    async def _attach(self, message: Message, chat: int, thread: int | None) -> tuple[Message, list[str]]:
        """Post what the message carries above it: the message with the words of what could not be, and the references
        of the files."""
        refs = []
        refused = []
        for one in message.attachments:
            call = partial(self._wire.attach, chat, thread, one)
            try:
                await asyncio.sleep(self._spacing.wait(chat))
                ident = await self._patiently(call, sure=False)
            except (TryLater, Unreachable, Malformed, Moved) as trouble:
                log.warning("attachment not shown", extra={"why": type(trouble).__name__})
                refused.append(one)
                ident = 0
            refs.append(f"f{ident}")
        return in_words(message, self._texts, refused), refs

    async def _put(
        self, sheets: Sequence[TelegramText], chat: int, thread: int | None, pressed: int
    ) -> tuple[Place, str]:
        """Where it was shown in the end, and the reference of its parts there."""
        refs = [str(pressed)] if pressed else []
        calls = self._wire.laying(chat, thread, sheets, (pressed,) if pressed else ())
        for number, call in enumerate(calls):
            try:
                await asyncio.sleep(self._spacing.wait(chat))
                posted = await self._patiently(call, sure=pressed > 0 and number == 0)
            except Moved as moved:
                await self._hub.moved(Place(PLATFORM, str(chat)), replace(moved.place, thread=""))
                return await self._put(sheets[number:], int(moved.place.id), thread, 0)
            refs += [posted] if isinstance(posted, str) else []
        return Place(PLATFORM, str(chat), str(thread or "")), ",".join(refs)

    async def _patiently(self, call: Call, *, sure: bool) -> object:
        """What the call gives, made in its turn, again when the network asks to wait. `sure`: twice is once."""
        left = _TRIES
        while True:
            left -= 1
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._hub.turn()
            except TimeoutError:
                raise TryLater(_PATIENCE, told=True) from None
            try:
                return await call()
            except TryLater as wait:
                if wait.told:
                    await self._hub.hold(wait.after)
                if not left or (wait.doubt and not sure) or wait.after > _PATIENCE:
                    raise
                await asyncio.sleep(wait.after)

    async def _above(self, heard: Heard, chat: int) -> tuple[Line, ...]:
        """Which group an answer in private is about; its link names the group for the buttons below."""
        request = heard.request
        if request.private or chat < 0:
            return ()
        link = place_link(self._bot.username, request.place)
        return self._texts.lines("telegram-about", group=await self._title(int(request.place.id)), link=link)

    async def _title(self, chat: int) -> str:
        if chat not in self._titles:
            with suppress(TelegramError):
                self.names(chat, (await self._bot.get_chat(chat)).title)
        return self._titles.get(chat) or self._texts.plain("telegram-group-unnamed")

    async def _lead(self, heard: Heard, *, waits: bool) -> bool:
        """A bot cannot write first: the person is given a link that begins the private talk; an answer that `waits` is
        shown there."""
        bot, request = self._bot.username, heard.request
        if heard.query:
            parameter = press_parameter(request.place, request.token) or "club"
            return await self._close(heard.query, url=start_link(bot, parameter))
        [sheet] = show(Message(self._texts.lines("telegram-waits" if waits else "telegram-in-private")))
        key = InlineKeyboardButton(self._texts.plain("telegram-open"), url=start_link(bot, "club"))
        with suppress(TelegramError):
            await asyncio.sleep(self._spacing.wait(heard.chat))
            await self._hub.turn()
            await self._bot.send_message(
                heard.chat, sheet.text, message_thread_id=heard.thread, reply_markup=InlineKeyboardMarkup([[key]])
            )
        return False

    async def _close(self, query: str, text: str = "", url: str = "") -> bool:
        """Answer the query of a press, with a window or a link, so that the button stops turning; one that is too old
        needs no answer."""
        with suppress(TelegramError):
            await self._bot.answer_callback_query(query, text or None, show_alert=bool(text) or None, url=url or None)
        return True
