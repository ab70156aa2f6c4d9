"""The first page of the web side: what the Club says at present."""

from __future__ import annotations

from datetime import timedelta

from bot.cards.pages import event_row, letter_rows
from bot.feature import Desk, Feature, Page
from club.news import Status
from connectors.outlets.html import asset, page
from connectors.outlets.sheet import PageRequest, Sheet

AHEAD = timedelta(days=400)
EVENTS, LETTERS = 8, 5  # that are shown


async def home(visit: PageRequest, desk: Desk) -> Sheet:
    """The next events and the last letters."""
    coming = await desk.tx.agenda.between(desk.now, desk.now + AHEAD)
    rows = [event_row(one, desk.texts) for one in coming if one.status is not Status.CANCELLED][:EVENTS]
    letters = letter_rows(await desk.tx.issues.latest(LETTERS), desk.texts)
    return page("home.html", desk.texts, rows=rows, letters=letters)


async def style(visit: PageRequest, desk: Desk) -> Sheet:
    """The one stylesheet."""
    return asset("style.css", "text/css; charset=utf-8")


async def icon(visit: PageRequest, desk: Desk) -> Sheet:
    """What stands in a tab."""
    return asset("favicon.svg", "image/svg+xml")


FEATURE = Feature(pages=(Page("/", home), Page("/style.css", style), Page("/favicon.svg", icon)))
