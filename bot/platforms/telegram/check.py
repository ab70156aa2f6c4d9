"""What `ecohub check` finds on Telegram: the bot, and what it lacks in each place, with the click that grants it."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.platforms.base import Finding
from bot.platforms.telegram.links import PLATFORM
from bot.platforms.telegram.rights import lacking
from club.people import Place

_SAID = {
    "telegram-right-post": "check-telegram-post",
    "telegram-right-send": "check-telegram-send",
    "telegram-right-member": "check-telegram-member",
}


async def examine(bot: Bot, places: Sequence[tuple[Place, str]], webhook: str) -> list[Finding]:
    """The bot's own state, then each named place; `webhook` is the address that this hub would use."""
    found = [Finding(True, "check-telegram-bot", {"bot": bot.username})]
    if not bot.can_join_groups:
        found.append(Finding(False, "check-telegram-no-groups", {"bot": bot.username}))
    try:
        url = (await bot.get_webhook_info()).url
    except TelegramError:
        url = ""
    if url and url != webhook:
        found.append(Finding(True, "check-telegram-webhook", {"url": url}))
    return [*found, *[await _place(bot, place, name) for place, name in places]]


async def _place(bot: Bot, place: Place, name: str) -> Finding:
    values: dict[str, object] = {"bot": bot.username, "name": name, "place": str(place), "thread": place.thread}
    chat = int(place.id) if place.id.removeprefix("-").isdigit() else place.id
    try:
        missing = await lacking(bot, chat)
        if place.thread and not missing:
            await bot.send_chat_action(chat, "typing", message_thread_id=int(place.thread))
    except ChatMigrated as moved:
        new = Place(PLATFORM, str(moved.new_chat_id), place.thread)
        return Finding(False, "check-telegram-moved", {**values, "place": str(new)})
    except (Forbidden, BadRequest) as refused:
        return Finding(False, _key(refused), values)
    except TelegramError:
        return Finding(False, "check-telegram-unsure", values)
    return Finding(False, _SAID[missing[0]], values) if missing else Finding(True, "check-telegram-place", values)


def _key(refused: Forbidden | BadRequest) -> str:
    """The text for what Telegram refuses, by its words."""
    said = refused.message.lower()
    if "channel chat" in said or "member list" in said:
        return "check-telegram-out"  # a bot is in a channel as one of its administrators, or not at all
    if isinstance(refused, Forbidden):
        return "check-telegram-member"
    if "topic" in said and "closed" in said:
        return "check-telegram-closed"
    return "check-telegram-topic" if "thread" in said else "check-telegram-gone"
