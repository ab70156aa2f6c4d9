"""Events on the web side: the agenda as pages, calendars, feeds and a list for partners' sites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bot.cards.gathering import code_of
from bot.cards.pages import EVENTS, chosen, event_row, map_of
from bot.feature import Desk, Feature, Page
from club.agenda import Occasion
from club.news import Status
from club.regions import regions
from club.topics import topics
from connectors.outlets import agenda as as_json
from connectors.outlets import ics
from connectors.outlets.agenda import agenda_json, json_ld, script_of
from connectors.outlets.atom import TYPE, FeedEntry, FeedHead, atom
from connectors.outlets.html import asset, page
from connectors.outlets.ics import Named, calendar
from connectors.outlets.sheet import PageRequest, Sheet

BACK = timedelta(days=31)  # calendars keep what was on lately, so that a cancellation reaches them
AHEAD = timedelta(days=400)
MOST = 100  # on a page
IN_WIDGET = 8


async def _found(visit: PageRequest, desk: Desk, since: datetime) -> list[Occasion] | None:
    """What the address asks for; None when it asks for a region or a theme that is not known."""
    wanted = chosen(visit.query)
    return None if wanted is None else list(wanted.of(await desk.tx.agenda.between(since, desk.now + AHEAD)))


def _named(desk: Desk) -> Named:
    return Named(desk.texts.plain("web-agenda-name"), lambda one: f"{desk.settings.public_url}{EVENTS}{one.number}")


def _on(occasions: list[Occasion]) -> list[Occasion]:
    return [one for one in occasions if one.status is not Status.CANCELLED]


async def as_calendar(visit: PageRequest, desk: Desk) -> Sheet | None:
    """The agenda as iCalendar."""
    found = await _found(visit, desk, desk.now - BACK)
    return None if found is None else Sheet(calendar(found, _named(desk)), ics.TYPE, shared=True)


async def as_data(visit: PageRequest, desk: Desk) -> Sheet | None:
    """The agenda as JSON, for programs."""
    found = await _found(visit, desk, desk.now)
    return None if found is None else Sheet(agenda_json(found, _named(desk)), as_json.TYPE, shared=True)


async def as_feed(visit: PageRequest, desk: Desk) -> Sheet | None:
    """For feed readers: what was announced or changed last comes first."""
    found = await _found(visit, desk, desk.now)
    if found is None:
        return None
    site, texts = desk.settings.public_url, desk.texts
    entries = [
        FeedEntry(
            id=f"urn:ecohub:{one.uid}",
            title=event_row(one, texts).title,
            link=f"{site}{EVENTS}{one.number}",
            updated=one.updated_at,
            text="\n".join(filter(None, (event_row(one, texts).when, one.place, one.description))),
            author=one.organiser,
        )
        for one in sorted(found, key=lambda one: (one.updated_at, one.number), reverse=True)[:MOST]
    ]
    title = texts.plain("web-agenda-name")
    return Sheet(atom(FeedHead("urn:ecohub:agenda", title, f"{site}/evenements", f"{site}/agenda.atom"), entries), TYPE)


async def show_all(visit: PageRequest, desk: Desk) -> Sheet | None:
    """The page of what comes, by region and theme."""
    found = await _found(visit, desk, desk.now)
    if found is None:
        return None
    query = {name: visit.query[name] for name in ("region", "theme", "partner") if visit.query.get(name)}
    rows = [event_row(one, desk.texts) for one in _on(found)[:MOST]]
    asked = f"?{urlencode(query)}" if query else ""
    return page("events.html", desk.texts, "events", rows=rows, query=asked, **_choices(query))


def _choices(query: Mapping[str, str]) -> dict[str, Any]:
    return {
        "regions": regions().regions,
        "themes": topics().themes,
        "region": query.get("region", ""),
        "theme": query.get("theme", ""),
    }


async def show_one(visit: PageRequest, desk: Desk) -> Sheet | None:
    """The page of one event, or its calendar file when the address ends with « .ics »."""
    name, dot, kind = visit.parts["number"].partition(".")
    if not name.isdecimal() or not name.isascii() or len(name) > 9 or (dot and kind != "ics"):
        return None
    one = await desk.tx.agenda.get(int(name))
    if one is None:
        return None
    if dot:
        return Sheet(calendar([one], _named(desk)), ics.TYPE)
    texts, address = desk.texts, f"{desk.settings.public_url}{EVENTS}{one.number}" if desk.settings.public_url else ""
    held = await desk.tx.gatherings.get(one.gathering) if one.gathering else None
    takes = held is not None and not held.takes(desk.now)
    return page(
        "event.html",
        desk.texts,
        "events",
        one=event_row(one, texts),
        number=one.number,
        address=address,
        data=script_of(json_ld(one, address)),
        map=map_of(one.place),
        relays=texts.plain("web-relays", names=", ".join(one.relays)) if one.relays else "",
        paragraphs=[line for line in one.description.splitlines() if line.strip()],
        signup=texts.plain("web-signup", code=code_of(one.gathering)) if takes else "",
    )


# For partners' sites


async def widget(visit: PageRequest, desk: Desk) -> Sheet | None:
    """The line of HTML to copy, and what it shows."""
    found = await _found(visit, desk, desk.now)
    if found is None:
        return None
    query = {name: visit.query[name] for name in ("region", "theme", "partner") if visit.query.get(name)}
    site = desk.settings.public_url
    address = f"{site}/widget.json" + (f"?{urlencode(query)}" if query else "")
    words = {name: desk.texts.plain(f"web-{name}") for name in ("agenda-name", "widget-none")}
    line = _LINE.format(address=_quoted(address), site=_quoted(site), name=_quoted(words["agenda-name"]),
                        none=_quoted(words["widget-none"]))  # fmt: skip
    rows = [event_row(one, desk.texts) for one in _on(found)[:IN_WIDGET]]
    return page("widget.html", desk.texts, rows=rows, line=line, **_choices(query))


# The last list that was read is shown when the script itself cannot be had.
_LINE = (
    '<div data-ecohub="{address}" data-none="{none}" aria-live="polite"><a href="{site}/evenements">{name}</a></div>'
    '<script async src="{site}/widget.js" onerror="var p=document.querySelector(\'[data-ecohub]\'),'
    "h=localStorage.getItem('ecohub '+p.dataset.ecohub+' html');if(h)p.innerHTML=h\"></script>"
)


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


async def widget_data(visit: PageRequest, desk: Desk) -> Sheet | None:
    """What the widget shows, in words."""
    found = await _found(visit, desk, desk.now)
    if found is None:
        return None
    rows = [(one, event_row(one, desk.texts)) for one in _on(found)[:IN_WIDGET]]
    site = desk.settings.public_url
    told = [
        {
            "when": row.when,
            "title": row.title,
            "place": row.place,
            "url": f"{site}{row.href}",
            "status": one.status.value,
        }
        for one, row in rows
    ]
    return Sheet(as_json.written({"events": told}), as_json.TYPE, shared=True)


async def script(visit: PageRequest, desk: Desk) -> Sheet:
    """The widget's script."""
    return asset("widget.js", "text/javascript; charset=utf-8")


FEATURE = Feature(
    pages=(
        Page("/evenements", show_all),
        Page("/evenements/{number}", show_one),
        Page("/agenda.ics", as_calendar),
        Page("/agenda.json", as_data),
        Page("/agenda.atom", as_feed),
        Page("/widget", widget),
        Page("/widget.json", widget_data),
        Page("/widget.js", script),
    )
)
