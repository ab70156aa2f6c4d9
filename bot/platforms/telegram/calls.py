"""Calls of Telegram's Bot API: one message out, and what its refusals mean for the hub."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.platforms.base import Malformed, Moved, TryLater, Unreachable
from bot.platforms.telegram.links import PLATFORM
from bot.platforms.telegram.show import TelegramText, caption
from club.dialogue import Attachment
from club.people import Place

_RETRY = 5.0  # seconds
_TOKEN_RETRY = 60.0
# What never reached Telegram, by the name that the HTTP client gives it.
_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"})
# What Telegram says of a place, in its own words (lower case), and what that is to us. Only what is clear is for good.
_BLOCKED = ("blocked", "initiate conversation")
_GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "deactivated",
    "was deleted",
    "topic_deleted",
    "kicked",
    "messages to bots",
    "messages to the bot",
)
_FORBIDDEN = (
    "rights",
    "chat_restricted",
    "user_restricted",
    "chat_send_",
    "chat_guest_send_",
    "chat_write_forbidden",
    "chat_forbidden",
    "admin_required",
    "banned",
    "not a member",
    "channel_private",
    "payment_required",
    "premium_required",
)
_CLOSED = ("topic_closed", "topic closed", "thread not found")
_UNCHANGED = "message is not modified"
_TOO_LARGE = "entity too large"

Call = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Wire:
    """The bot, one sheet at a time. Raises TryLater, Unreachable, Moved or Malformed."""

    bot: Bot

    async def post(self, chat: int | str, thread: int | None, sheet: TelegramText) -> str:
        """The id of the new message."""
        with judged(chat, thread):
            sent = await self.bot.send_message(
                chat,
                sheet.text,
                message_thread_id=thread,
                parse_mode="HTML" if sheet.html else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=_markup(sheet),
            )
        return str(sent.message_id)

    async def change(self, chat: int | str, message: int, sheet: TelegramText) -> None:
        """Show the sheet in place of that message; nothing happens when it is what is shown."""
        with judged(chat, None), _unchanged_is_done():
            await self.bot.edit_message_text(
                sheet.text,
                chat_id=chat,
                message_id=message,
                parse_mode="HTML" if sheet.html else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=_markup(sheet),
            )

    async def attach(self, chat: int | str, thread: int | None, one: Attachment) -> int:
        """The id of the new message that shows the picture or gives the file."""
        told: dict[str, Any] = {"caption": caption(one) or None, "message_thread_id": thread, "filename": one.name}
        if one.is_picture:
            with suppress(Malformed), judged(chat, thread):  # one that is too long to be drawn is given as a file
                return (await self.bot.send_photo(chat, one.data, **told)).message_id
        with judged(chat, thread):
            return (await self.bot.send_document(chat, one.data, **told)).message_id

    async def attach_instead(self, chat: int | str, message: int, one: Attachment) -> None:
        """Show the picture, or give the file, in place of the one in that message."""
        made = InputMediaPhoto if one.is_picture else InputMediaDocument
        media = made(one.data, caption=caption(one) or None, filename=one.name)
        with judged(chat, None), _unchanged_is_done():
            await self.bot.edit_message_media(media, chat_id=chat, message_id=message)

    async def address_of(self, file: str) -> str:
        """Where Telegram gives that file for an hour; the address holds the bot's token."""
        with judged(0, None):
            return (await self.bot.get_file(file)).file_path or ""

    def laying(
        self, chat: int | str, thread: int | None, sheets: Sequence[TelegramText], old: Sequence[int] = ()
    ) -> Iterator[Call]:
        """The calls, one after the other, that show the sheets in place of those old messages: changed as far as there
        are some, then posted; what is too many is taken away."""
        for message, sheet in zip(old, sheets, strict=False):
            yield partial(self.change, chat, message, sheet)
        for sheet in sheets[len(old) :]:
            yield partial(self.post, chat, thread, sheet)
        for message in old[len(sheets) :]:
            yield partial(self.drop, chat, message)

    async def drop(self, chat: int | str, message: int) -> None:
        """Take that message away, if it can be."""
        with judged(chat, None):
            await self.bot.delete_message(chat, message)


def _markup(sheet: TelegramText) -> InlineKeyboardMarkup | None:
    board = sheet.body().get("reply_markup")
    return InlineKeyboardMarkup.de_json(board, None) if board else None


@contextmanager
def _unchanged_is_done() -> Iterator[None]:
    try:
        yield
    except BadRequest as refused:
        if _UNCHANGED not in refused.message.lower():
            raise


@contextmanager
def judged(chat: int | str, thread: int | None) -> Iterator[None]:
    """Telegram's refusals as the hub understands them (promises 28, 40–42)."""
    try:
        yield
    except RetryAfter as wait:
        raise TryLater(seconds_of(wait), told=True) from wait
    except ChatMigrated as moved:
        raise Moved(Place(PLATFORM, str(moved.new_chat_id), str(thread or ""))) from moved
    except Forbidden as refused:
        raise Unreachable(why_forbidden(refused.message)) from refused
    except BadRequest as refused:
        why = why_unreachable(refused.message)
        raise (Unreachable(why) if why else Malformed(refused.message[:200])) from refused
    except InvalidToken as refused:
        raise TryLater(_TOKEN_RETRY) from refused
    except Conflict as refused:
        raise TryLater(_RETRY) from refused
    except NetworkError as trouble:
        if _TOO_LARGE in trouble.message.lower():
            raise Malformed(_TOO_LARGE) from trouble
        # Without a cause Telegram did answer, that it could not; with one, the answer may have been lost on its way.
        cause = trouble.__cause__
        raise TryLater(_RETRY, doubt=cause is not None and type(cause).__name__ not in _NOT_SENT) from trouble
    except TelegramError as trouble:
        raise TryLater(_RETRY, doubt=True) from trouble


def seconds_of(wait: RetryAfter) -> float:
    """How long Telegram asks to wait, in seconds."""
    after = wait.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()


def why_forbidden(said: str) -> str:
    """403: blocked, never begun, put out, forbidden to write. What is not clear may pass."""
    return why_unreachable(said) or "unreachable-forbidden"


def why_unreachable(said: str) -> str:
    """What speaks of the place and not of the message; "" otherwise."""
    said = said.lower()
    for why, words in (
        ("unreachable-blocked", _BLOCKED),
        ("unreachable-gone", _GONE),
        ("unreachable-forbidden", _FORBIDDEN),
        ("unreachable-closed", _CLOSED),
    ):
        if any(word in said for word in words):
            return why
    return ""
