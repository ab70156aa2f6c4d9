"""What would be read at an address, filed as it would be filed; nothing is kept. For the command line and for chat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from bot.sources.filing import file
from club.markup import Line
from club.news import Event, Harvest, Item, News, Preview, Source, SourceTrouble
from club.regions import Regions
from club.texts import Texts
from club.topics import Topics
from club.visible import is_visible
from connectors.address import check_url
from connectors.discover import Discovery, discover
from connectors.fetch import Fetcher
from connectors.reader import Reader
from digest.similarity import Stories

SHOWN = 3  # entries that are shown


@dataclass(frozen=True, slots=True)
class Tried:
    """One look at an address: the source as it would be, what the address led to, and the entries as they would be
    filed, numbered from 1."""

    source: Source
    discovery: Discovery
    entries: tuple[News, ...]

    @property
    def harvest(self) -> Harvest:
        """What the document held."""
        return self.discovery.read.harvest


async def try_address(source: Source, fetcher: Fetcher, reader: Reader, now: datetime) -> Tried:
    """Read the address of this source once; SourceTrouble when there is nothing to read."""
    discovery = await discover(source.url, fetcher, reader, now, source)
    return Tried(source, discovery, tuple(_file(discovery.read.harvest, source, now)))


def source_at(url: str, known: Iterable[Source], zone: str) -> Source:
    """The known source of that address, so that its region and zone count, else one that is named after it.

    SourceTrouble when no address can look like that.
    """
    address = check_url(url)
    for one in known:
        with suppress(SourceTrouble):
            if check_url(one.url) == address:
                return one
    return Source(url, address, zone=zone)


def _file(harvest: Harvest, source: Source, moment: datetime) -> list[News]:
    """The entries with their topics and regions, doubles within the document recognised."""
    topics, regions, stories = Topics.load(), Regions.load(), Stories()
    found = []
    entries: tuple[Item | Event, ...] = (*harvest.items, *harvest.events)
    for number, read in enumerate(entries, 1):
        news = _news(number, read, source, moment)
        found.append(file(news, read.categories, source.region, stories, topics, regions))
    return found


def _news(number: int, read: Item | Event, source: Source, moment: datetime) -> News:
    news = News(
        id=number,
        story=0,
        source=source.name,
        partner=source.partner,
        trusted=source.trusted,
        guid=read.uid if isinstance(read, Event) else read.guid,
        title=read.title,
        link=read.link,
        published=None if isinstance(read, Event) else read.published,
        kept_at=moment,
        summary=read.summary,
        zone=source.zone,
    )
    if isinstance(read, Item):
        return news
    return replace(news, start=read.start, end=read.end, zone=read.zone, place=read.place, status=read.status)


# In words


def show_preview(preview: Preview, texts: Texts) -> tuple[Line, ...]:
    """Title, kind and number of entries, then the latest ones."""
    harvest = preview.harvest
    lines = [*texts.lines("look-title", title=preview.title, kind=texts.plain(f"look-kind-{harvest.kind}"))]
    if preview.feed:
        lines += texts.lines("look-found", url=preview.feed)
    if preview.moved:
        lines += texts.lines("look-moved", url=preview.moved)
    if harvest.items or harvest.events:
        lines += texts.lines("look-count", items=len(harvest.items), events=len(harvest.events))
    else:
        lines += texts.lines("look-empty")
    if harvest.skipped:
        lines += texts.lines("look-skipped", count=harvest.skipped)
    lines += [_entry(one, texts) for one in latest(harvest)[:SHOWN]]
    for title, url in preview.others:
        lines += texts.lines("look-other", title=title, url=url)
    return tuple(lines)


def latest(harvest: Harvest) -> Sequence[Item | Event]:
    """News first, the newest first, undated last; then events in their order."""
    items = sorted(harvest.items, key=lambda one: one.published or _NEVER, reverse=True)
    return (*items, *sorted(harvest.events, key=_start))


_NEVER = datetime.min.replace(tzinfo=UTC)


def _start(event: Event) -> datetime:
    if isinstance(event.start, datetime):
        return event.start
    return datetime.combine(event.start, time(), UTC)


def _entry(one: Item | Event, texts: Texts) -> Line:
    title = one.title if is_visible(one.title) else texts.plain("news-untitled")
    if isinstance(one, Event):
        day = one.start.date() if isinstance(one.start, datetime) else one.start
        return texts.line("look-dated", title=title, day=texts.short_day(day))
    if one.published is None:
        return texts.line("look-undated", title=title)
    return texts.line("look-dated", title=title, day=texts.short_day(texts.day_of(one.published)))
