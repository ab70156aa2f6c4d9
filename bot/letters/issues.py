"""What is kept of a letter that is sent, and what its end offers: what did not fit, its page."""

from __future__ import annotations

from datetime import datetime

from bot.cards.news import show_rest
from bot.letters.subjects import slug, title_of
from club.dialogue import Action, Message
from club.issue import Issue
from club.news import Edition
from club.subscription import Wish
from club.texts import Texts
from storage.store import Transaction

PAGE = "/lettres/"  # then the name of an issue
REST_LINES = 20  # of the rest, at each press


def issue_of(edition: Edition, wish: Wish, texts: Texts, now: datetime, *, public: bool) -> Issue:
    """The edition as it is to be kept; `public`: a channel receives it, so that it gets an address."""
    title = title_of(wish, texts)
    name = f"{texts.day_of(now)}-{slug(title)}" if public else ""
    return Issue(title, wish, edition, sent_at=now, changed_at=now, name=name)


def with_end(message: Message, issue: Issue, texts: Texts, site: str) -> Message:
    """The letter with the address of its page, when it has one on that site ("" = none is told), and its rest."""
    if issue.name and site:
        message = message.adding(texts.lines("edition-page", link=f"{site}{PAGE}{issue.name}"))
    return message.offering(*rest_buttons(issue, texts))


def rest_buttons(issue: Issue, texts: Texts, begin: int = 0) -> list[Action]:
    """What shows the lines that did not fit from that one on; nothing when there are none."""
    left = len(issue.edition.rest) - begin
    if left <= 0:
        return []
    values = {"e": str(issue.id)} | ({"n": str(begin)} if begin else {})
    return [Action(texts.plain("edition-rest-button", count=left), "issue.rest", values)]


def show_more(issue: Issue, begin: int, texts: Texts) -> Message:
    """Twenty lines of the rest from that one on, and what shows the next ones."""
    rest = issue.edition.rest
    end = begin + REST_LINES
    message = show_rest(rest[begin:end], begin, len(rest), texts)
    return message.offering(*rest_buttons(issue, texts, end))


async def offer_rest(
    tx: Transaction, edition: Edition, wish: Wish, slot: str, signature: str, texts: Texts, now: datetime
) -> list[Action]:
    """The button that shows what did not fit in an edition that is only looked at; nothing when all did."""
    if not edition.rest:
        return []
    kept = await tx.issues.keep(slot, {signature: issue_of(edition, wish, texts, now, public=False)})
    return rest_buttons(kept[signature], texts)
