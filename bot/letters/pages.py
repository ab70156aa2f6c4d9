"""Letters on the web side: readable without an account, each under its own address."""

from __future__ import annotations

import re

from bot.cards.pages import LETTERS, letter_rows, line_row
from bot.feature import Desk, Feature, Page
from club.issue import Issue
from connectors.outlets.atom import JSON_TYPE, TYPE, FeedEntry, FeedHead, atom, json_feed
from connectors.outlets.html import page
from connectors.outlets.sheet import PageRequest, Sheet

MOST = 50
_NAME = re.compile("[a-z0-9-]{1,200}")


async def show_all(visit: PageRequest, desk: Desk) -> Sheet:
    """The last letters."""
    found = await desk.tx.issues.latest(MOST)
    return page("letters.html", desk.texts, "letters", letters=letter_rows(found, desk.texts))


async def show_one(visit: PageRequest, desk: Desk) -> Sheet | None:
    """One letter, its lines as their entries are kept today."""
    name = visit.parts["name"]
    found = await desk.tx.issues.named(name) if _NAME.fullmatch(name) else None
    if found is None:
        return None
    texts = desk.texts
    return page(
        "letter.html",
        desk.texts,
        "letters",
        title=found.title,
        day=texts.day(texts.day_of(found.sent_at)),
        rows=[line_row(line, texts) for line in found.edition.lines],
        rest=[line_row(line, texts) for line in found.edition.rest],
    )


async def as_atom(visit: PageRequest, desk: Desk) -> Sheet:
    """The last public letters as Atom."""
    return Sheet(atom(*await _feed("/lettres.atom", desk)), TYPE)


async def as_json(visit: PageRequest, desk: Desk) -> Sheet:
    """The last public letters as JSON Feed."""
    return Sheet(json_feed(*await _feed("/lettres.json", desk)), JSON_TYPE, shared=True)


async def _feed(path: str, desk: Desk) -> tuple[FeedHead, list[FeedEntry]]:
    site = desk.settings.public_url
    title = desk.texts.plain("web-letters-name")
    found = await desk.tx.issues.latest(MOST)
    entries = [_entry(one, site, desk) for one in found]
    return FeedHead("urn:ecohub:lettres", title, f"{site}/lettres", f"{site}{path}"), entries


def _entry(one: Issue, site: str, desk: Desk) -> FeedEntry:
    day = desk.texts.day(desk.texts.day_of(one.sent_at))
    rows = [line_row(line, desk.texts) for line in one.edition.lines]
    text = "\n".join(" · ".join(filter(None, (row.section, row.when, row.title, row.source))) for row in rows)
    return FeedEntry(
        f"urn:ecohub:lettre:{one.name}", f"{one.title} · {day}", f"{site}{LETTERS}{one.name}", one.changed_at, text
    )


FEATURE = Feature(
    pages=(
        Page("/lettres", show_all),
        Page("/lettres/{name}", show_one),
        Page("/lettres.atom", as_atom),
        Page("/lettres.json", as_json),
    )
)
