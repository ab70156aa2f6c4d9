"""Telegram's menu of commands, in French, by scope."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from bot.platforms.text import shorten, utf16
from club.dialogue import Command
from club.people import Role

_MOST = 100  # commands of a menu
_HELP = 256
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
