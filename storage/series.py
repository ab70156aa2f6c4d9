"""A calendar is a state: of an event that still stands in it, the dates to come that are no longer there were moved or
struck out. An event that left the calendar stays: the file may be broken, or tell the next weeks alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Row, Text, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.news import Harvest, Source, SourceKind, Status
from storage.insert import batched, listed
from storage.tables import entry

# Then not all dates of an event were read.
_PARTIAL = frozenset(("source-note-cut", "source-note-many"))
_ROWS = 250


async def follow_series(
    connection: AsyncConnection,
    harvests: Sequence[tuple[Source, Harvest]],
    rows: Sequence[Mapping[str, Any]],
    strange: Collection[int],
    now: datetime,
) -> set[int]:
    """Dates that moved take the identity of the new ones; the places of these rows. Dates that were struck out are
    cancelled."""
    told = {(one.id, uid) for one, harvest in harvests if _is_whole(harvest) for uid in harvest.series}
    if not told:
        return set()
    standing = {(row["source_id"], row["identity"]) for row in rows}
    gone: dict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
    for found in await _to_come(connection, {number for number, _ in told}, now):
        key = (found.source_id, found.guid)
        if key in told and (found.source_id, found.identity) not in standing:
            gone[key].append(found)
    fresh: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place in sorted(strange, key=lambda at: str(rows[at]["starts_at"])):
        fresh[rows[place]["source_id"], rows[place]["guid"]].append(place)
    moved: dict[int, int] = {}
    for key, left in gone.items():
        moved |= _pair(left, fresh.get(key, []), rows)
    struck = [one.id for left in gone.values() for one in left if one.id not in moved.values()]
    await _rename(connection, rows, moved)
    await _cancel(connection, struck, now)
    return set(moved)


def _is_whole(harvest: Harvest) -> bool:
    return harvest.kind is SourceKind.ICS and not _PARTIAL.intersection(harvest.notes)


async def _to_come(connection: AsyncConnection, sources: Collection[int], now: datetime) -> list[Any]:
    """What these sources announced for later, soonest first."""
    these = listed(connection, [(number,) for number in sources], number=Integer)
    columns = (entry.c.id, entry.c.source_id, entry.c.guid, entry.c.identity, entry.c.starts_at, entry.c.zone)
    here = (entry.c.source_id.in_(select(these)), entry.c.starts_at > now, entry.c.status != Status.CANCELLED)
    found = (await connection.execute(select(*columns).where(*here).order_by(entry.c.starts_at, entry.c.id))).all()
    return list(found)


def _pair(left: Sequence[Row[Any]], fresh: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """The new rows' places with the dates that they take the place of: of the same day, else in order when each has
    one."""
    days = {_day(one.starts_at, one.zone): one for one in left}
    moved: dict[int, int] = {}
    for place in fresh:
        if one := days.pop(_day(rows[place]["starts_at"], rows[place]["zone"]), None):
            moved[place] = one.id
    others = [place for place in fresh if place not in moved]
    rest = [one for one in left if one.id not in moved.values()]
    if len(others) == len(rest):
        moved |= {place: one.id for place, one in zip(others, rest, strict=True)}
    return moved


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


async def _rename(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]], moved: Mapping[int, int]) -> None:
    names = [(number, rows[place]["identity"]) for place, number in moved.items()]
    for some in batched(names, _ROWS):
        these = listed(connection, some, number=Integer, identity=Text)
        name = select(these.c.identity).where(these.c.number == entry.c.id).scalar_subquery()
        await connection.execute(update(entry).where(entry.c.id.in_(select(these.c.number))).values(identity=name))


async def _cancel(connection: AsyncConnection, numbers: Sequence[int], now: datetime) -> None:
    for some in batched(numbers, _ROWS):
        these = listed(connection, [(number,) for number in some], number=Integer)
        # Another fingerprint: should the date come back, it is a changed one.
        off = {"status": Status.CANCELLED, "fingerprint": "", "kept_at": None, "filed": False, "changed_at": now}
        gone = update(entry).where(entry.c.id.in_(select(these.c.number)))
        await connection.execute(gone.values(**off, sequence=entry.c.sequence + 1))
