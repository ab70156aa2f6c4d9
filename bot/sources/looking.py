"""What was found at an address, as people are shown it before they keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from club.markup import Line
from club.news import Event, Harvest, Item
from club.texts import Texts
from club.visible import is_visible

SHOWN = 3  # entries that are shown


@dataclass(frozen=True, slots=True)
class Sight:
    """One look at an address: what it held; `feed` is where that was found when it was not there itself, `others` are
    the titles and addresses of what else the page leads to, `moved` where it has gone for good."""

    url: str
    harvest: Harvest
    feed: str = ""
    others: tuple[tuple[str, str], ...] = ()
    moved: str = ""

    @property
    def title(self) -> str:
        """What the document calls itself, else its address."""
        return self.harvest.title if is_visible(self.harvest.title) else self.url


def show_sight(sight: Sight, texts: Texts) -> tuple[Line, ...]:
    """Title, kind and number of entries, then the latest ones."""
    harvest = sight.harvest
    lines = [*texts.lines("look-title", title=sight.title, kind=texts.plain(f"look-kind-{harvest.kind}"))]
    if sight.feed:
        lines += texts.lines("look-found", url=sight.feed)
    if sight.moved:
        lines += texts.lines("look-moved", url=sight.moved)
    if harvest.items or harvest.events:
        lines += texts.lines("look-count", items=len(harvest.items), events=len(harvest.events))
    else:
        lines += texts.lines("look-empty")
    if harvest.skipped:
        lines += texts.lines("look-skipped", count=harvest.skipped)
    lines += [_entry(one, texts) for one in latest(harvest)[:SHOWN]]
    for title, url in sight.others:
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
    return texts.line("look-dated", title=title, day=texts.short_day(one.published.astimezone(texts.zone).date()))
