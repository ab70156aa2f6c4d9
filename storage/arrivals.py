"""What visits brought: told apart from what is kept, and written, a whole batch in a few statements."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Text, and_, bindparam, false, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.news import Event, Harvest, Item, Source, Status
from storage.insert import batched, insert_for, listed
from storage.series import follow_series
from storage.tables import entry

# How closely it is noted when an entry was last seen: not at each visit.
_SEEN_WITHIN = timedelta(days=30)
_ROWS = 250  # a statement: to prepare one keeps the loop for some milliseconds

# These were news once already; that it does not take place, later, or at another hour, is news again (promise 20).
_NEWS_AGAIN = (Status.CANCELLED, Status.POSTPONED)

_Values: TypeAlias = dict[str, Any]

_UPDATE = update(entry).where(entry.c.id == bindparam("number"))


@dataclass(frozen=True, slots=True)
class Kept:
    """How many entries of a harvest were new, changed, known."""

    new: int = 0
    changed: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class _Match:
    """What is kept under the identity of a row: nothing (`id` None), or an entry that says something else, or that
    was last seen long ago."""

    id: int | None
    status: Status | None
    starts_at: datetime | None
    differs: bool
    unseen: bool


async def keep(
    connection: AsyncConnection, harvests: Sequence[tuple[Source, Harvest]], now: datetime
) -> dict[int, Kept]:
    """Store what is new, update what changed; how many, by source."""
    rows: list[_Values] = []
    for origin, harvest in harvests:
        rows += _rows(origin, harvest)
        await asyncio.sleep(0)  # many rows take a while to make: others have their turn
    matches = await _compare(connection, rows, range(len(rows)), now)
    strange = sorted(place for place, match in matches.items() if match.id is None)
    renamed = await follow_series(connection, harvests, rows, strange, now)
    renamed |= await _rename(connection, rows, [place for place in strange if place not in renamed])
    for place in renamed:
        del matches[place]
    matches |= await _compare(connection, rows, renamed, now)
    new = [rows[place] for place in strange if place not in renamed]
    changed = [(rows[place], match) for place, match in matches.items() if match.differs]
    await _insert(connection, new, now)
    await _change(connection, changed, now)
    await _set(connection, [match for match in matches.values() if match.unseen], last_seen_at=now)
    total, fresh, edited = (_count(some) for some in (rows, new, (row for row, _ in changed)))
    return {
        one.id: Kept(fresh[one.id], edited[one.id], total[one.id] - fresh[one.id] - edited[one.id])
        for one, _ in harvests
    }


def _count(rows: Iterable[_Values]) -> Counter[int]:
    return Counter(row["source_id"] for row in rows)


async def _compare(
    connection: AsyncConnection, rows: Sequence[_Values], places: Collection[int], now: datetime
) -> dict[int, _Match]:
    """What there is to do about the rows in these places; there is nothing about most."""
    if not places:
        return {}
    names = ((at, rows[at]["source_id"], rows[at]["identity"], rows[at]["fingerprint"]) for at in places)
    these = listed(connection, names, place=Integer, source=Integer, identity=Text, fingerprint=Text)
    same = and_(entry.c.source_id == these.c.source, entry.c.identity == these.c.identity)
    differs = entry.c.fingerprint != these.c.fingerprint
    unseen = entry.c.last_seen_at < now - _SEEN_WITHIN
    columns = (these.c.place, entry.c.id, entry.c.status, entry.c.starts_at, differs, unseen)
    query = select(*columns).select_from(these.outerjoin(entry, same))
    found = await connection.execute(query.where(or_(entry.c.id.is_(None), differs, unseen)))
    return {
        place: _Match(number, status, starts_at, bool(other), bool(old))
        for place, number, status, starts_at, other, old in found
    }


async def _rename(connection: AsyncConnection, rows: Sequence[_Values], strange: Sequence[int]) -> set[int]:
    """Entries of a site that changes their identities at each visit take their new ones; the places of these rows."""
    unknown: dict[tuple[object, ...], list[int]] = {}
    for place in strange:
        if like := _likeness(rows[place]):
            unknown.setdefault((rows[place]["source_id"], *like), []).append(place)
    renamed: dict[int, _Values] = {}
    standing = {(row["source_id"], row["identity"]) for row in rows} if unknown else set()
    for found in await _namesakes(connection, [rows[place] for places in unknown.values() for place in places]):
        alike = unknown.get((found.source_id, *_likeness(found._asdict())))
        if alike and (found.source_id, found.identity) not in standing:
            row = rows[place := alike.pop(0)]
            renamed[place] = {"number": found.id, "identity": row["identity"], "guid": row["guid"]}
    if renamed:
        await connection.execute(_UPDATE, list(renamed.values()))
    return set(renamed)


async def _namesakes(connection: AsyncConnection, rows: Collection[_Values]) -> Sequence[Any]:
    """The entries of the sources of these rows with one of their titles, oldest first."""
    if not rows:
        return ()
    sources = listed(connection, {(row["source_id"],) for row in rows}, number=Integer)
    titles = listed(connection, {(row["title"],) for row in rows}, title=Text)
    named = (entry.c.source_id.in_(select(sources)), entry.c.title.in_(select(titles)))
    query = select(entry.c.id, entry.c.source_id, entry.c.identity, *_LIKENESS).where(*named).order_by(entry.c.id)
    return (await connection.execute(query)).all()


async def _insert(connection: AsyncConnection, new: Sequence[_Values], now: datetime) -> None:
    # Written out what is the same for all: a value costs as much as a column.
    nothing: ColumnElement[Any] = literal_column("'[]'")
    unfiled = {"filed": false(), "topics": nothing, "regions": nothing}
    insert = insert_for(connection, entry).values(unfiled).on_conflict_do_nothing()
    seen = {"seen_at": now, "last_seen_at": now, "changed_at": now}
    for some in batched(new, _ROWS):
        await connection.execute(insert, [{**row, **seen} for row in some])


async def _change(connection: AsyncConnection, changed: Sequence[tuple[_Values, _Match]], now: datetime) -> None:
    for some in batched(changed, _ROWS):
        again = {"changed_at": now, "filed": False}
        await connection.execute(_UPDATE, [{**row, **again, "number": match.id} for row, match in some])
    turned = [match for row, match in changed if row["status"] in _NEWS_AGAIN and row["status"] is not match.status]
    await _set(connection, turned, kept_at=None)
    moved = [match for row, match in changed if match.starts_at and row["starts_at"] not in (None, match.starts_at)]
    for part in batched([{"number": one.id, "was_at": one.starts_at, "kept_at": None} for one in moved], _ROWS):
        await connection.execute(_UPDATE, part)


async def _set(connection: AsyncConnection, matches: Iterable[_Match], **values: Any) -> None:
    if numbers := [(match.id,) for match in matches if match.id is not None]:
        these = listed(connection, numbers, number=Integer)
        await connection.execute(update(entry).where(entry.c.id.in_(select(these.c.number))).values(**values))


def _rows(origin: Source, harvest: Harvest) -> list[_Values]:
    """The rows of a harvest; of entries with one identity, the last."""
    read = [*(_of_item(item, origin.zone) for item in harvest.items), *map(_of_event, harvest.events)]
    return list({row["identity"]: {**row, "source_id": origin.id} for row in read}.values())


def _of_item(item: Item, zone: str) -> _Values:
    said = {
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
    }
    return _row(said, item.identity, guid=item.guid, sequence=0)


def _of_event(event: Event) -> _Values:
    zone = ZoneInfo(event.zone)
    said = {
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
    }
    return _row(said, event.identity, guid=event.uid, sequence=event.sequence)


def _row(said: _Values, identity: str, **unsaid: str | int) -> _Values:
    """The fingerprint is equal for entries that say the same. Guid and sequence are no news: some sites make new ones
    at each request."""
    fingerprint = hashlib.blake2b(_written(said).encode(), digest_size=16).hexdigest()
    return {**said, **unsaid, "identity": short(identity), "fingerprint": fingerprint}


# What is kept was marked with this very text: another one would make every entry a changed one.
_written = json.JSONEncoder(default=str, sort_keys=True).encode


def _instant(value: datetime | date, zone: ZoneInfo, *, last: bool = False) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value + timedelta(days=1) if last else value, time(), zone).astimezone(UTC)


_LIKENESS = (entry.c.title, entry.c.link, entry.c.published, entry.c.starts_at)


def _likeness(row: Mapping[str, Any]) -> tuple[object, ...]:
    """What an entry is known by when its guid is no help: title and date, else title and link; () = nothing."""
    if not row["title"]:
        return ()
    if date := row["starts_at"] or row["published"]:
        return row["title"], date, row["starts_at"] is None
    return (row["title"], row["link"]) if row["link"] else ()


def short(identity: str) -> str:
    """The identity as a column holds it: itself, or its digest when it is long."""
    return identity if len(identity) <= 120 else hashlib.blake2b(identity.encode(), digest_size=20).hexdigest()
