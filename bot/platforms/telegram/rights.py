"""Who may manage a chat of Telegram and what the bot may do there, asked of Telegram and kept for half a minute."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

_KEPT = 30.0  # seconds; promise 29 allows sixty
_MOST = 1000  # answers remembered at once
_MANAGERS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


class Rights:
    """Rights of persons and of the bot, chat by chat; a question that Telegram does not answer is no right."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._kept: dict[tuple[int, int], tuple[float, bool | tuple[str, ...]]] = {}

    async def may_manage(self, chat: int, person: int) -> bool:
        """Whether this person administers that group or channel."""

        async def ask() -> bool:
            try:
                member = await self._bot.get_chat_member(chat, person)
            except TelegramError:
                return False
            return member.status in _MANAGERS

        return bool(await self._remembered((chat, person), ask))

    async def missing(self, chat: int) -> tuple[str, ...]:
        """What the bot lacks to write there: text keys."""

        async def ask() -> tuple[str, ...]:
            try:
                return await lacking(self._bot, chat)
            except TelegramError:
                return ("telegram-right-member",)

        found = await self._remembered((chat, 0), ask)
        return found if isinstance(found, tuple) else ()

    def forget(self, chat: int) -> None:
        """What the bot may do there has changed."""
        self._kept.pop((chat, 0), None)

    async def _remembered(
        self, key: tuple[int, int], ask: Callable[[], Awaitable[bool | tuple[str, ...]]]
    ) -> bool | tuple[str, ...]:
        at, found = self._kept.get(key, (-_KEPT, False))
        if monotonic() - at >= _KEPT:
            found = await ask()
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = (monotonic(), found)
        return found


async def lacking(bot: Bot, chat: int | str) -> tuple[str, ...]:
    """What the bot lacks to write in that chat: text keys; TelegramError when Telegram does not know the chat."""
    place = await bot.get_chat(chat)
    if place.type == ChatType.PRIVATE:
        return ()
    member = await bot.get_chat_member(chat, bot.id)
    if member.status in OUTSIDE:
        return ("telegram-right-member",)
    if place.type == ChatType.CHANNEL:
        return () if may_write(place.type, member) else ("telegram-right-post",)
    if member.status in _MANAGERS:
        return ()
    all_silenced = place.permissions is not None and place.permissions.can_send_messages is False
    return () if may_write(place.type, member) and not all_silenced else ("telegram-right-send",)


def may_write(kind: str, member: ChatMember) -> bool:
    """Whether this member of a chat of that kind may write there, unless the chat silences all its members."""
    if member.status in OUTSIDE:
        return False
    if kind == ChatType.CHANNEL:
        may_post = isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
        return member.status == ChatMemberStatus.OWNER or may_post
    return not isinstance(member, ChatMemberRestricted) or bool(member.is_member and member.can_send_messages)
