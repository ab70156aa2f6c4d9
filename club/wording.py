"""How news reads wherever it is shown: its title, who tells it, when an event takes place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from club.news import EditionLine, News, Status
from club.regions import Regions
from club.texts import Texts
from club.visible import is_visible

PARIS = ZoneInfo("Europe/Paris")


def title_of(news: News, texts: Texts) -> str:
    """The title, or what stands for it; that an event does not take place, or later, is said in front of it."""
    title = news.title if is_visible(news.title) else texts.plain("news-untitled")
    if news.status in (Status.CANCELLED, Status.POSTPONED):
        return texts.plain(f"event-{news.status}", title=title)
    return title


def said_by(news: News) -> str:
    """The partner that tells it, else the source's name."""
    return news.partner or news.source


def relayed_by(line: EditionLine) -> tuple[str, ...]:
    """The others who tell the same, each once."""
    names = dict.fromkeys(map(said_by, line.relays))
    names.pop(said_by(line.news), None)
    return tuple(names)


def when(start: datetime | date, end: datetime | date | None, zone: str, texts: Texts, *, in_full: bool = False) -> str:
    """The date of an event stated in `zone`, as people say it; overseas hours with those of Paris beside them.
    `in_full`: with the weekday, the month and the year whole."""
    day = texts.day if in_full else texts.short_day
    if not isinstance(start, datetime):
        last = end if isinstance(end, date) and not isinstance(end, datetime) else start
        if last <= start:
            return day(start)
        return texts.plain("event-days", first=day(start), last=day(last))
    local = start.astimezone(ZoneInfo(zone))
    said = f"{day(local.date())}, {_hours(local, end, texts)}"
    if local.utcoffset() == start.astimezone(PARIS).utcoffset():
        return said
    paris = texts.hour(start.astimezone(PARIS).time())
    region = _overseas().get(zone)
    if region is None:
        return texts.plain("event-elsewhere", local=said, paris=paris)
    return texts.plain("event-overseas", local=said, region=region, paris=paris)


def when_moved(news: News, texts: Texts) -> str:
    """The date of an event, and when it was to begin before it moved."""
    if news.start is None:
        return ""
    dated = when(news.start, news.end, news.zone, texts)
    if news.was is None:
        return dated
    return texts.plain("event-moved", now=dated, before=when(news.was, None, news.zone, texts))


@cache
def _overseas() -> Mapping[str, str]:
    """The region of each zone that is not Paris'."""
    return {region.zone: region.name for region in Regions.load().regions if region.zone != "Europe/Paris"}


def _hours(start: datetime, end: datetime | date | None, texts: Texts) -> str:
    if not isinstance(end, datetime) or end <= start:
        return texts.hour(start.time())
    last = end.astimezone(start.tzinfo)
    if last.date() == start.date():
        return f"{texts.hour(start.time())}–{texts.hour(last.time())}"
    if last - start < timedelta(hours=12):
        return texts.hour(start.time())
    return texts.plain("event-until", hour=texts.hour(start.time()), last=texts.short_day(last.date()))
