"""How news and editions read in a chat: one line a story, with its date, its place, its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from club.dialogue import Message
from club.markup import Line
from club.news import Edition, EditionLine, News, Status
from club.regions import Regions
from club.texts import Texts
from club.visible import is_visible

PARIS = ZoneInfo("Europe/Paris")

Draw = Callable[[EditionLine], Line]


def drawing(texts: Texts) -> Draw:
    """Shows each line once, however many editions it is in."""
    drawn: dict[tuple[object, ...], Line] = {}

    def draw(line: EditionLine) -> Line:
        key = (line.section, line.news.id, *(relay.id for relay in line.relays))
        if key not in drawn:
            drawn[key] = show_line(line, texts)
        return drawn[key]

    return draw


def show_edition(edition: Edition, texts: Texts, now: datetime, draw: Draw | None = None) -> Message:
    """The edition as one message: its title, at most seven lines, what is left (product.md §2.7)."""
    draw = draw or drawing(texts)
    lines = [
        texts.line("edition-title", day=texts.day(now.astimezone(texts.zone).date())),
        *map(draw, edition.lines),
    ]
    if edition.rest:
        lines.append(texts.line("edition-rest", count=len(edition.rest)))
    return Message(tuple(lines))


def show_rest(lines: Sequence[EditionLine], begin: int, count: int, texts: Texts) -> Message:
    """Some of the `count` lines that did not fit, from the one at `begin` on."""
    part = len(lines) < count
    title = (
        texts.line("edition-rest-part", first=begin + 1, last=begin + len(lines), count=count)
        if part
        else texts.line("edition-rest-title")
    )
    return Message((title, *(show_line(line, texts) for line in lines)))


def show_line(line: EditionLine, texts: Texts) -> Line:
    """« Évènement · jeu. 11 mars, 9 h 30 · Titre — Cerema, aussi relayé par Ademe »."""
    news = line.news
    section = texts.plain(f"section-{line.section}")
    title = news.title if is_visible(news.title) else texts.plain("news-untitled")
    values: dict[str, object] = {"section": section, "title": title, "link": news.link or "", "source": said_by(news)}
    if news.status in (Status.CANCELLED, Status.POSTPONED):
        values["title"] = texts.plain(f"event-{news.status}", title=title)
    shown = texts.line("edition-event", when=_when_and_where(news, texts), **values) if news.is_event else None
    shown = shown or texts.line("edition-item", **values)
    relays = dict.fromkeys(said_by(relay) for relay in line.relays if said_by(relay) != said_by(news))
    return shown + (texts.line("edition-relays", names=", ".join(relays)) if relays else ())


def said_by(news: News) -> str:
    """The partner that tells it, else the source's name."""
    return news.partner or news.source


def _when_and_where(news: News, texts: Texts) -> str:
    place = news.place if len(news.place) <= 60 else f"{news.place[:59]}…"
    return f"{when(news, texts)} · {place}" if place else when(news, texts)


def when(news: News, texts: Texts) -> str:
    """An event's date as people say it; overseas hours with those of Paris beside them (P14)."""
    start, end = news.start, news.end
    if start is None:
        return ""
    if not isinstance(start, datetime):
        last = end if isinstance(end, date) and not isinstance(end, datetime) else start
        if last <= start:
            return texts.short_day(start)
        return texts.plain("event-days", first=texts.short_day(start), last=texts.short_day(last))
    zone = ZoneInfo(news.zone)
    local = start.astimezone(zone)
    said = f"{texts.short_day(local.date())}, {_hours(local, end, zone, texts)}"
    if local.utcoffset() == start.astimezone(PARIS).utcoffset():
        return said
    paris = texts.hour(start.astimezone(PARIS).time())
    region = _overseas().get(news.zone)
    if region is None:
        return texts.plain("event-elsewhere", local=said, paris=paris)
    return texts.plain("event-overseas", local=said, region=region, paris=paris)


@cache
def _overseas() -> Mapping[str, str]:
    """The region of each zone that is not Paris'."""
    return {region.zone: region.name for region in Regions.load().regions if region.zone != "Europe/Paris"}


def _hours(start: datetime, end: datetime | date | None, zone: ZoneInfo, texts: Texts) -> str:
    if not isinstance(end, datetime) or end <= start:
        return texts.hour(start.time())
    last = end.astimezone(zone)
    if last.date() == start.date():
        return f"{texts.hour(start.time())}–{texts.hour(last.time())}"
    if last - start < timedelta(hours=12):
        return texts.hour(start.time())
    return texts.plain("event-until", hour=texts.hour(start.time()), last=texts.short_day(last.date()))
