"""What sources gave: kept once, updated when it changed, filed under topics, regions and stories."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.news import Event, Harvest, Item, News, Source, Status
from storage.insert import insert_for
from storage.tables import entry, source, subscription
from storage.turns import NEWS, take_turn

# How closely it is noted when an entry was last seen: not at each visit.
_SEEN_WITHIN = timedelta(days=30)

# These were news once already; that it does not take place, or later, is news again (promise 20).
_NEWS_AGAIN = (Status.CANCELLED, Status.POSTPONED)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many entries of a harvest were new, changed, known."""

    new: int = 0
    changed: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Unfiled:
    """An entry that waits to be filed, with its categories and its source's region; `is_new`: it has no story yet."""

    news: News
    categories: tuple[str, ...]
    region: str
    is_new: bool
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is compared of an entry that is kept."""

    id: int
    identity: str
    fingerprint: str
    status: Status | None
    last_seen_at: datetime


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

    async def lock(self) -> None:
        """One filing or composing at a time: no entry can slip behind a watermark that was already set."""
        await take_turn(self._connection, NEWS)

    async def keep(self, origin: Source, harvest: Harvest, now: datetime) -> Kept:
        """Store what is new, update what changed; what left the document stays (promise 19)."""
        read = [*(_item_row(item, origin.zone) for item in harvest.items), *map(_event_row, harvest.events)]
        rows = {row["identity"]: row for row in read}
        known = await self._known(origin.id, rows)
        new = [row for identity, row in rows.items() if identity not in known]
        changed = [
            row
            for identity, row in rows.items()
            if identity in known and known[identity].fingerprint != row["fingerprint"]
        ]
        if new:
            fresh = {"source_id": origin.id, "seen_at": now, "last_seen_at": now, "changed_at": now, "filed": False}
            blank = {"kept_at": None, "story": None, "topics": (), "regions": ()}
            insert = insert_for(self._connection, entry).on_conflict_do_nothing()
            await self._connection.execute(insert, [{**row, **fresh, **blank} for row in new])
        for row in changed:
            was = known[row["identity"]]
            values: dict[str, Any] = {**row, "changed_at": now, "filed": False}
            if row["status"] in _NEWS_AGAIN and row["status"] is not was.status:
                values["kept_at"] = None
            await self._connection.execute(update(entry).where(entry.c.id == was.id).values(**values))
        seen = [one.id for one in known.values() if now - one.last_seen_at > _SEEN_WITHIN]
        if seen:
            await self._connection.execute(update(entry).where(entry.c.id.in_(seen)).values(last_seen_at=now))
        return Kept(len(new), len(changed), len(rows) - len(new) - len(changed))

    async def _known(self, source_id: int, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, _Known]:
        """The entries of these identities; those of a site that changes them at each visit take their new one."""
        compared = (entry.c.id, entry.c.identity, entry.c.fingerprint, entry.c.status, entry.c.last_seen_at)
        query = select(*compared).where(entry.c.source_id == source_id, entry.c.identity.in_(list(rows)))
        known = {row.identity: _Known(*row) for row in await self._connection.execute(query)}
        unknown: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
        for identity, row in rows.items():
            if identity not in known and (like := _likeness(row)):
                unknown.setdefault(like, []).append(row)
        if not unknown:
            return known
        titles = {like[0] for like in unknown}
        described = (entry.c.title, entry.c.link, entry.c.published, entry.c.starts_at)
        query = select(*compared, *described).where(entry.c.source_id == source_id, entry.c.title.in_(titles))
        for found in (await self._connection.execute(query.order_by(entry.c.id))).all():
            alike = unknown.get(_likeness(found._asdict())) if found.identity not in known else None
            if alike:
                row = alike.pop(0)
                renamed = {"identity": row["identity"], "guid": row["guid"]}
                await self._connection.execute(update(entry).where(entry.c.id == found.id).values(**renamed))
                known[row["identity"]] = _Known(*found[: len(compared)])
        return known

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
        return [news_of(row) for row in await self._connection.execute(query)]

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
        return [news_of(row) for row in await self._connection.execute(query)]

    async def count(self, since: datetime, until: datetime) -> int:
        """How many entries were kept in (since, until]."""
        inside = (entry.c.kept_at > since, entry.c.kept_at <= until)
        return int(await self._connection.scalar(select(func.count()).select_from(entry).where(*inside)) or 0)

    async def entries(self, since: datetime | None) -> list[News]:
        """Everything kept, newest first; with `since`, only what was seen, or takes place, after it."""
        query = entry_rows().order_by(entry.c.id.desc())
        if since is not None:
            query = query.where(or_(entry.c.seen_at >= since, entry.c.starts_at >= since))
        return [news_of(row) for row in await self._connection.execute(query)]

    async def latest(self, most: int) -> list[News]:
        """The last entries that lead somewhere, newest first."""
        query = entry_rows().where(entry.c.link.is_not(None)).order_by(entry.c.id.desc()).limit(most)
        return [news_of(row) for row in await self._connection.execute(query)]


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
    )


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


def _item_row(item: Item, zone: str) -> dict[str, Any]:
    row = {
        "guid": item.guid,
        "title": item.title,
        "link": item.link,
        "published": item.published,
        "summary": item.summary,
        "categories": item.categories,
        "language": item.language,
        "starts_at": None,
        "ends_at": None,
        "all_day": False,
        "zone": zone,
        "place": "",
        "status": None,
        "sequence": 0,
    }
    return {**row, "identity": _short(item.identity), "fingerprint": _fingerprint(row)}


def _event_row(event: Event) -> dict[str, Any]:
    zone = ZoneInfo(event.zone)
    row = {
        "guid": event.uid,
        "title": event.title,
        "link": event.link,
        "published": None,
        "summary": event.summary,
        "categories": event.categories,
        "language": "",
        "starts_at": _instant(event.start, zone),
        "ends_at": None if event.end is None else _instant(event.end, zone, last=True),
        "all_day": not isinstance(event.start, datetime),
        "zone": event.zone,
        "place": event.place,
        "status": event.status,
        "sequence": event.sequence,
    }
    return {**row, "identity": _short(event.identity), "fingerprint": _fingerprint(row)}


def _instant(value: datetime | date, zone: ZoneInfo, *, last: bool = False) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value + timedelta(days=1) if last else value, time(), zone).astimezone(UTC)


def _likeness(row: Mapping[str, Any]) -> tuple[object, ...]:
    """What an entry is known by when its guid is no help: title and date, else title and link; () = nothing."""
    if not row["title"]:
        return ()
    if date := row["starts_at"] or row["published"]:
        return row["title"], date, row["starts_at"] is None
    return (row["title"], row["link"]) if row["link"] else ()


def _short(identity: str) -> str:
    """The identity as a column holds it: itself, or its digest when it is long."""
    return identity if len(identity) <= 120 else hashlib.blake2b(identity.encode(), digest_size=20).hexdigest()


def _fingerprint(row: Mapping[str, Any]) -> str:
    """Equal for entries that say the same. Sequence and guid are no news: some sites make new ones at each request."""
    said = {name: value for name, value in row.items() if name not in ("sequence", "guid")}
    return hashlib.blake2b(json.dumps(said, default=str, sort_keys=True).encode(), digest_size=16).hexdigest()
