"""`render`: how texts leave the house, through the very functions that the platforms use."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from bot.cards.news import show_line
from bot.cli.base import TEXTS, as_json, write_bytes
from bot.platforms.networks import BY_NAME
from club.dialogue import Message
from club.markup import as_text
from club.news import EditionLine, News, Section, Status
from club.visible import is_visible
from connectors.sources.clean import clean_text, without_unseen
from connectors.sources.links import normalise_link

Body = Mapping[str, Any]

_PUBLISHED = datetime(2027, 3, 8, 8, 0, tzinfo=UTC)
_START = datetime(2027, 3, 11, 8, 30, tzinfo=UTC)


class Unsaid(Exception):  # noqa: N818 — an answer
    """Nothing leaves, for the reason that the text `key` tells."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@click.command(help=TEXTS.plain("cli-render"))
@click.option("--jsonl", is_flag=True, required=True, help=TEXTS.plain("cli-render-jsonl"))
def render(*, jsonl: bool) -> None:
    """JSON lines in, JSON lines out, in the same order; a line that cannot be read is answered with its reason."""
    for line in sys.stdin.buffer if jsonl else ():
        if line.strip():
            write_bytes(as_json(answer_to(line)).encode() + b"\n")


def answer_to(line: bytes) -> dict[str, Any]:
    """One line of the output."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        return {"id": None, "surface": None, "slot": None, "outgoing": [], "reason": _why("cli-render-unreadable")}
    head = {name: asked.get(name) for name in ("id", "surface", "slot")}
    try:
        message = _message(str(asked.get("slot")), _text(asked, "text"), _text(asked, "url"))
        return {**head, "outgoing": list(_drawn(str(asked.get("surface")), message))}
    except Unsaid as unsaid:
        return {**head, "outgoing": [], "reason": _why(unsaid.key)}


def _why(key: str) -> str:
    return TEXTS.plain(key)


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name)
    if value is not None and not isinstance(value, str):
        raise Unsaid("cli-render-unreadable")
    return value or ""


def _message(slot: str, text: str, url: str) -> Message:
    match slot:
        case "digest_title":
            return Message((show_line(EditionLine(Section.NEWS, _news(text, url)), TEXTS),))
        case "event_title":
            return Message((show_line(EditionLine(Section.EVENTS, _news(text, url, start=_START)), TEXTS),))
        case "submission" | "faq_question":
            said = without_unseen(text)
            if not is_visible(said):
                raise Unsaid("cli-render-empty")
            return Message(as_text(said))
        case _:
            raise Unsaid("cli-render-no-slot")


def _news(title: str, url: str, start: datetime | None = None) -> News:
    """The text as a source would have given it: cleaned, its address checked."""
    return News(
        id=1,
        story=1,
        source=TEXTS.plain("cli-render-source"),
        partner="",
        trusted=False,
        guid="",
        title=clean_text(title),
        link=normalise_link(url) if url else None,
        published=_PUBLISHED,
        kept_at=_PUBLISHED,
        start=start,
        end=start and start + timedelta(hours=2),
        status=Status.CONFIRMED if start else None,
    )


_UNBUILT = ("web", "csv", "ics", "atom")


def _drawn(surface: str, message: Message) -> Sequence[Body]:
    """The bodies of the calls, in order."""
    network = BY_NAME.get(surface)
    if network and network.draw:
        return network.draw(message, TEXTS)
    unbuilt = network.make is None if network else surface in _UNBUILT
    raise Unsaid("cli-render-not-built" if unbuilt else "cli-render-no-surface")
