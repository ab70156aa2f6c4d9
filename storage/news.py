"""What sources gave: kept once, updated when it changed, filed under topics, regions and stories."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.news import Harvest, News, Source
from storage.arrivals import Kept, keep, short
from storage.insert import batched
from storage.locks import NEWS, take_turn
from storage.tables import entry, source, subscription


@dataclass(frozen=True, slots=True)
class Unfiled:
    """An entry that waits to be filed, with its categories and its source's region; `is_new`: it has no story yet."""

    news: News
    categories: tuple[str, ...]
    region: str
    is_new: bool
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What filing found out about an entry, as it was when it had that fingerprint."""

    id: int
    fingerprint: str
    story: int
    topics: tuple[int, ...]
    regions: tuple[str, ...]


# What News needs of an entry: the rest is not read thousands of times for nothing.
_SHOWN = [column for column in entry.c if column.name not in ("identity", "categories", "language", "sequence")]


class NewsShelf:
    """Entries by source and identity (promise 18)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def number(self, source: int, identity: str) -> int | None:
        """The number of the entry that this source gave under that identity."""
        here = (entry.c.source_id == source, entry.c.identity == short(identity))
        number: int | None = await self._connection.scalar(select(entry.c.id).where(*here))
        return number

    async def lock(self) -> None:
        """One filing or composing at a time: no entry can slip behind a watermark that was already set."""
        await take_turn(self._connection, NEWS)

    async def keep(self, harvests: Sequence[tuple[Source, Harvest]], now: datetime) -> dict[int, Kept]:
        """Store what is new, update what changed; how many, by the number of the source, which is there once. What
        left a document stays (promise 19)."""
        return await keep(self._connection, harvests, now)

    async def purge(self, before: datetime) -> int:
        """Forget entries that left their document before that instant, events that took place before it; how many.

        What still stands in a document stays, however old: forgotten, it would be new at the next visit.
        """
        happened = func.coalesce(entry.c.ends_at, entry.c.starts_at, entry.c.seen_at)
        gone = delete(entry).where(entry.c.last_seen_at < before, happened < before)
        return int((await self._connection.execute(gone)).rowcount)

    async def unfiled(self, limit: int = 500) -> list[Unfiled]:
        """Entries that wait to be filed, oldest first."""
        query = (
            entry_rows(entry.c.categories, source.c.region)
            .where(entry.c.filed.is_(False))
            .order_by(entry.c.id)
            .limit(limit)
        )
        rows = await self._connection.execute(query)
        return [Unfiled(news_of(row), row.categories, row.region, row.story is None, row.fingerprint) for row in rows]

    async def file(self, marks: Iterable[Marks], now: datetime) -> None:
        """Write the marks; an entry that is filed for the first time is kept as of now.

        One that was filed or that changed meanwhile is left: a story never changes its number, and what changed is
        filed as it is now.
        """
        read = (entry.c.id == bindparam("number"), entry.c.fingerprint == bindparam("was"), entry.c.filed.is_(False))
        statement = (
            update(entry)
            .where(*read)
            .values(
                story=bindparam("new_story"),
                topics=bindparam("new_topics"),
                regions=bindparam("new_regions"),
                filed=True,
            )
        )
        rows = [
            {
                "number": m.id,
                "was": m.fingerprint,
                "new_story": m.story,
                "new_topics": m.topics,
                "new_regions": m.regions,
            }
            for m in marks
        ]
        if not rows:
            return
        await self._connection.execute(statement, rows)
        first = (entry.c.id.in_([row["number"] for row in rows]), entry.c.kept_at.is_(None), entry.c.filed)
        await self._connection.execute(update(entry).where(*first).values(kept_at=await self._kept_at(now)))

    async def _kept_at(self, now: datetime) -> datetime:
        """Now, yet after every watermark: two clocks may differ and one may go back, and nothing is lost by it."""
        latest: datetime | None = await self._connection.scalar(select(func.max(subscription.c.watermark)))
        return now if latest is None else max(now, latest + timedelta(microseconds=1))

    async def recent(self, since: datetime) -> list[News]:
        """Filed entries seen since that instant, oldest first: what a new one may be a double of."""
        query = entry_rows().where(entry.c.story.is_not(None), entry.c.seen_at >= since).order_by(entry.c.id)
        return await self._read(query)

    async def window(self, since: datetime, until: datetime) -> list[News]:
        """What was kept in (since, until], with the older members of its stories."""
        # An entry that changed and waits to be filed anew keeps its marks until then.
        inside = (entry.c.kept_at > since, entry.c.kept_at <= until)
        stories = select(entry.c.story).where(*inside)
        query = (
            entry_rows()
            .where(entry.c.kept_at <= until)
            .where(or_(entry.c.kept_at > since, entry.c.story.in_(stories)))
            .order_by(entry.c.id)
        )
        return await self._read(query)

    async def count(self, since: datetime, until: datetime) -> int:
        """How many entries were kept in (since, until]."""
        inside = (entry.c.kept_at > since, entry.c.kept_at <= until)
        return int(await self._connection.scalar(select(func.count()).select_from(entry).where(*inside)) or 0)

    async def entries(self, since: datetime | None) -> list[News]:
        """Everything kept, newest first; with `since`, only what was seen, or takes place, after it."""
        query = entry_rows().order_by(entry.c.id.desc())
        if since is not None:
            query = query.where(or_(entry.c.seen_at >= since, entry.c.starts_at >= since))
        return await self._read(query)

    async def latest(self, most: int) -> list[News]:
        """The last entries that lead somewhere, newest first."""
        query = entry_rows().where(entry.c.link.is_not(None)).order_by(entry.c.id.desc()).limit(most)
        return await self._read(query)

    async def _read(self, query: Select[Any]) -> list[News]:
        found: list[News] = []
        for some in batched((await self._connection.execute(query)).all()):
            found += map(news_of, some)
            await asyncio.sleep(0)  # thousands take a while: others have their turn
        return found


def entry_rows(*more: Any) -> Select[Any]:
    """Entries with what their source says of itself, and more columns."""
    names = source.c.name.label("source_name"), source.c.partner, source.c.trusted
    return select(*_SHOWN, *names, *more).join(source, source.c.id == entry.c.source_id)


def news_of(row: Row[Any]) -> News:
    """What such a row tells."""
    start, end = _span(row)
    return News(
        id=row.id,
        story=row.story or row.id,
        source=row.source_name,
        partner=row.partner,
        trusted=row.trusted,
        guid=row.guid,
        title=row.title,
        link=row.link,
        published=row.published,
        kept_at=row.kept_at or row.seen_at,
        summary=row.summary,
        topics=row.topics,
        regions=row.regions,
        start=start,
        end=end,
        zone=row.zone,
        place=row.place,
        status=row.status,
        was=_was(row),
    )


def _was(row: Row[Any]) -> datetime | date | None:
    """When it was to begin, as it is stated now."""
    if row.was_at is None:
        return None
    local: datetime = row.was_at.astimezone(ZoneInfo(row.zone))
    return local.date() if row.all_day else local


def _span(row: Row[Any]) -> tuple[datetime | date | None, datetime | date | None]:
    """Start and end as they were stated: days for all-day events, the last one included, else times in their zone."""
    if row.starts_at is None:
        return None, None
    zone = ZoneInfo(row.zone)
    start, end = row.starts_at, row.ends_at
    if not row.all_day:
        return start.astimezone(zone), end and end.astimezone(zone)
    # Counted back before it is local: in some zones a day may begin at 01:00.
    return start.astimezone(zone).date(), end and (end - timedelta(seconds=1)).astimezone(zone).date()
