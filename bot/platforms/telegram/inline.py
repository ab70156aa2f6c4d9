"""Inline mode: what `@the_bot some words` offers in any conversation, as cards with a button that leads to the Club:
answers to what the words ask, commands that they name, the Club itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import TelegramError

from bot.platforms.base import Share, Shareable
from bot.platforms.telegram.links import command_parameter, start_link
from bot.platforms.telegram.show import show
from bot.platforms.text import shorten
from club.dialogue import Command, Message
from club.fold import fold
from club.markup import Line
from club.people import Role
from club.texts import Texts

_MOST = 20
_SUMMARY = 120  # characters of an answer below its question
_KEPT = 300  # seconds that Telegram may keep what was offered


@dataclass(frozen=True, slots=True)
class Card:
    """What a person may share: its name in the list and what it says there, the text that is posted, and the private
    talk that its button begins (what follows `/start`)."""

    id: str
    title: str
    summary: str
    lines: tuple[Line, ...]
    parameter: str


async def suggest(bot: Bot, query: InlineQuery, commands: Sequence[Command], texts: Texts, share: Share) -> None:
    """Answer the query; one that is too old needs no answer."""
    answers = [_answer(one, texts) for one in await share(query.query)]
    named = cards(query.query, commands, texts)[: _MOST - len(answers)]
    found = [article(card, bot.username, texts) for card in (*answers, *named)]
    button = InlineQueryResultsButton(texts.plain("telegram-open"), start_parameter="club")
    with suppress(TelegramError):
        await bot.answer_inline_query(query.id, found, cache_time=_KEPT, button=button)


def cards(typed: str, commands: Sequence[Command], texts: Texts) -> list[Card]:
    """Commands that the words begin or speak of; the Club itself, before them when nothing was typed."""
    wanted = fold(typed.lstrip("/").strip())
    found = [one for one in commands if one.role <= Role.MEMBER and wanted in fold(f"{one.name} {one.summary}")]
    found.sort(key=lambda command: not fold(command.name).startswith(wanted))
    club = Card(
        "club",
        texts.plain("telegram-card"),
        texts.plain("telegram-card.summary"),
        texts.lines("telegram-card-text"),
        command_parameter(texts.plain("route-subscribe")),
    )
    named = [_card(command, texts) for command in found[: _MOST - 1]]
    return [*named, club] if wanted else [club, *named]


def _answer(one: Shareable, texts: Texts) -> Card:
    """An answer with its source; its button begins another question."""
    summary = shorten(one.summary, _SUMMARY)
    return Card(f"faq_{one.id}", one.title, summary, one.lines, command_parameter(texts.plain("route-faq")))


def _card(command: Command, texts: Texts) -> Card:
    name = f"/{command.name}"
    told = texts.lines("telegram-pointer", command=name, help=command.summary)
    return Card(command.name.replace(" ", "_"), name, command.summary, told, command_parameter(command.name))


def article(card: Card, bot: str, texts: Texts) -> InlineQueryResultArticle:
    """The card as Telegram is given it."""
    [sheet] = show(Message(card.lines))
    content = InputTextMessageContent(
        sheet.text, parse_mode="HTML", link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    key = InlineKeyboardButton(texts.plain("telegram-card-button"), url=start_link(bot, card.parameter))
    board = InlineKeyboardMarkup([[key]])
    return InlineQueryResultArticle(card.id, card.title, content, reply_markup=board, description=card.summary)
