"""Telegram's menu of commands, in French, by scope; and the suggestions that inline mode makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)

from bot.platforms.telegram.links import command_parameter, start_link
from bot.platforms.telegram.show import show
from bot.platforms.text import shorten, utf16
from club.dialogue import Command, Message
from club.fold import fold
from club.people import Role
from club.texts import Texts

_MOST = 100  # commands of a menu
_HELP = 256
_SUGGESTED = 20
_FIRST = "start"  # Telegram sends it by a button of its own


async def set_menus(bot: Bot, commands: Sequence[Command]) -> int:
    """Bring the menus in line with the commands; how many had to be changed."""
    changed = 0
    for scope, menu in menus(commands):
        if list(await bot.get_my_commands(scope)) != menu:
            await bot.set_my_commands(menu, scope)
            changed += 1
    return changed


def menus(commands: Sequence[Command]) -> list[tuple[BotCommandScope, list[BotCommand]]]:
    """What each kind of chat is shown: members' commands in private and to administrators of groups, everyone's in
    groups. Others are typed by those who know them; `/aide` names them."""
    members = [command for command in commands if command.role <= Role.MEMBER]
    everyone = [command for command in commands if command.role <= Role.VISITOR and command.name != _FIRST]
    managers = [command for command in members if command.name != _FIRST]
    return [
        (BotCommandScopeAllPrivateChats(), _menu(members)),
        (BotCommandScopeAllGroupChats(), _menu(everyone)),
        (BotCommandScopeAllChatAdministrators(), _menu(managers)),
    ]


def _menu(commands: Sequence[Command]) -> list[BotCommand]:
    return [
        BotCommand(command.name.replace(" ", "_"), shorten(command.summary or command.name, _HELP, utf16))
        for command in commands[:_MOST]
    ]


def suggestions(typed: str, commands: Sequence[Command], bot: str, texts: Texts) -> list[InlineQueryResultArticle]:
    """Commands that the words begin or speak of, each as a line with a link that leads to it."""
    wanted = fold(typed.lstrip("/"))
    found = [
        command
        for command in commands
        if command.role <= Role.MEMBER and wanted in fold(f"{command.name} {command.summary}")
    ]
    found.sort(key=lambda command: not fold(command.name).startswith(wanted))
    return [_article(command, bot, texts) for command in found[:_SUGGESTED]]


def _article(command: Command, bot: str, texts: Texts) -> InlineQueryResultArticle:
    link = start_link(bot, command_parameter(command.name))
    told = texts.lines("telegram-pointer", command=f"/{command.name}", help=command.summary, link=link)
    [sheet] = show(Message(told))
    content = InputTextMessageContent(
        sheet.text, parse_mode="HTML", link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    name = command.name.replace(" ", "_")
    return InlineQueryResultArticle(name, f"/{command.name}", content, description=command.summary)
