"""Gatherings that partners hold, and what they were before each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.gathering import Approval, Gathering, Mode, Terms
from club.news import Status
from club.organisation import Family
from storage.tables import gathering, gathering_change


@dataclass(frozen=True, slots=True)
class Changed:
    """One change: what the gathering was before; `by` None = the partner's own calendar."""

    id: int
    at: datetime
    by: int | None
    before: Gathering


class Gatherings:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, wanted: Gathering, now: datetime) -> Gathering:
        """A new one, with its number."""
        values = {**_values(wanted), "uid": wanted.uid, "author": wanted.author, "made_at": now, "changed_at": now}
        number = await self._connection.scalar(insert(gathering).values(**values).returning(gathering.c.id))
        return replace(wanted, id=int(number or 0), made_at=now, changed_at=now)

    async def get(self, number: int) -> Gathering | None:
        """The gathering of that number, None = there is none."""
        return await self._one(select(gathering).where(gathering.c.id == number))

    async def of_entry(self, entry: int) -> Gathering | None:
        """The one that this entry shows."""
        return await self._one(select(gathering).where(gathering.c.entry_id == entry))

    async def of_entries(self, entries: Sequence[int]) -> Mapping[int, Gathering]:
        """Those that these entries show, by entry."""
        rows = await self._many(select(gathering).where(gathering.c.entry_id.in_(entries)))
        return {one.entry: one for one in rows if one.entry is not None}

    async def of_series(self, series: int) -> list[Gathering]:
        """The dates of a series, in order."""
        return await self._many(select(gathering).where(gathering.c.series == series).order_by(gathering.c.starts_at))

    async def of_organisations(self, numbers: Sequence[int], since: datetime) -> list[Gathering]:
        """Those of these organisations that are not over at that instant, in order."""
        ends = func.coalesce(gathering.c.ends_at, gathering.c.starts_at)
        mine = (gathering.c.organisation_id.in_(numbers), ends >= since)
        return await self._many(select(gathering).where(*mine).order_by(gathering.c.starts_at, gathering.c.id))

    async def between(self, since: datetime, until: datetime, approval: Approval) -> list[Gathering]:
        """Those that begin in [since, until), in order."""
        here = (gathering.c.starts_at >= since, gathering.c.starts_at < until, gathering.c.approval == approval)
        return await self._many(select(gathering).where(*here).order_by(gathering.c.starts_at, gathering.c.id))

    async def waiting(self) -> list[Gathering]:
        """Those that wait for a moderator, oldest first."""
        query = select(gathering).where(gathering.c.approval == Approval.WAITING).order_by(gathering.c.id)
        return await self._many(query)

    async def decide(self, number: int, approval: Approval, reason: str, now: datetime) -> bool:
        """The one decision; False when somebody else was first."""
        here = (gathering.c.id == number, gathering.c.approval == Approval.WAITING)
        values = {"approval": approval, "reason": reason, "changed_at": now}
        return bool((await self._connection.execute(update(gathering).where(*here).values(**values))).rowcount)

    async def change(self, before: Gathering, after: Gathering, by: int | None, now: datetime, *, told: bool) -> bool:
        """Keep what it is from now on, with what it was; False when it changed meanwhile (its sequence moved)."""
        here = (gathering.c.id == before.id, gathering.c.sequence == before.sequence)
        values = {**_values(after), "changed_at": now}
        if not (await self._connection.execute(update(gathering).where(*here).values(**values))).rowcount:
            return False
        row = {"gathering_id": before.id, "at": now, "by": by, "before": _frozen(before), "told": told}
        await self._connection.execute(insert(gathering_change).values(**row))
        return True

    async def shows(self, number: int, entry: int) -> None:
        """Which entry shows it from now on."""
        await self._connection.execute(update(gathering).where(gathering.c.id == number).values(entry_id=entry))

    async def belongs(self, number: int, series: int) -> None:
        """Note which series it is a date of."""
        await self._connection.execute(update(gathering).where(gathering.c.id == number).values(series=series))

    async def untold(self, quiet_since: datetime) -> list[int]:
        """Those whose changes nobody was told of, the last one before that instant."""
        query = (
            select(gathering_change.c.gathering_id)
            .where(gathering_change.c.told.is_(False))
            .group_by(gathering_change.c.gathering_id)
            .having(func.max(gathering_change.c.at) <= quiet_since)
            .order_by(gathering_change.c.gathering_id)
        )
        return list(await self._connection.scalars(query))

    async def changed_since(self, since: datetime) -> list[int]:
        """Those that changed since that instant."""
        query = select(gathering_change.c.gathering_id).where(gathering_change.c.at >= since).distinct()
        return sorted(await self._connection.scalars(query))

    async def changes(self, number: int, *, untold: bool = False) -> list[Changed]:
        """What it was before each change, oldest first."""
        query = select(gathering_change).where(gathering_change.c.gathering_id == number)
        if untold:
            query = query.where(gathering_change.c.told.is_(False))
        rows = await self._connection.execute(query.order_by(gathering_change.c.id))
        now = await self.get(number)
        return [Changed(row.id, row.at, row.by, _thawed(row.before, now)) for row in rows] if now else []

    async def told(self, numbers: Sequence[int]) -> None:
        """Those concerned were told of these changes."""
        await self._connection.execute(
            update(gathering_change).where(gathering_change.c.id.in_(numbers)).values(told=True)
        )

    async def _one(self, query: Select[Any]) -> Gathering | None:
        row = (await self._connection.execute(query)).first()
        return None if row is None else _gathering(row)

    async def _many(self, query: Select[Any]) -> list[Gathering]:
        return [_gathering(row) for row in await self._connection.execute(query)]


def _values(one: Gathering) -> dict[str, Any]:
    all_day = not isinstance(one.start, datetime)
    return {
        "organisation_id": one.organisation,
        "entry_id": one.entry,
        "title": one.title,
        "starts_at": one.starts_at,
        "ends_at": None if one.end is None and not all_day else one.ends_at,
        "all_day": all_day,
        "zone": one.zone,
        "nature": one.nature,
        "mode": one.mode,
        "venue": one.venue,
        "link": one.link,
        "link_private": one.link_private,
        "page": one.page,
        "description": one.description,
        "topics": one.topics,
        "regions": one.regions,
        "terms": terms_to_json(one.terms),
        "status": one.status,
        "approval": one.approval,
        "reason": one.reason,
        "series": one.series,
        "sequence": one.sequence,
    }


def _gathering(row: Row[Any]) -> Gathering:
    start, end = _span(row)
    return Gathering(
        organisation=row.organisation_id,
        title=row.title,
        start=start,
        end=end,
        zone=row.zone,
        nature=row.nature,
        mode=row.mode,
        venue=row.venue,
        link=row.link,
        link_private=row.link_private,
        page=row.page,
        description=row.description,
        topics=tuple(row.topics),
        regions=tuple(row.regions),
        terms=terms_of_json(row.terms),
        status=row.status,
        approval=row.approval,
        reason=row.reason,
        series=row.series,
        sequence=row.sequence,
        uid=row.uid,
        author=row.author,
        entry=row.entry_id,
        id=row.id,
        made_at=row.made_at,
        changed_at=row.changed_at,
    )


def _span(row: Row[Any]) -> tuple[datetime | date, datetime | date | None]:
    zone = ZoneInfo(row.zone)
    start, end = row.starts_at.astimezone(zone), row.ends_at and row.ends_at.astimezone(zone)
    if not row.all_day:
        return start, end
    # Counted back before it is local: in some zones a day may begin at 01:00.
    return start.date(), end and (row.ends_at - timedelta(seconds=1)).astimezone(zone).date()


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """As stored."""
    return {
        "opened": terms.opened,
        "capacity": terms.capacity,
        "quotas": {family.value: places for family, places in terms.quotas.items()},
        "release_on": terms.release_on and terms.release_on.isoformat(),
        "closes_at": terms.closes_at and terms.closes_at.astimezone(UTC).isoformat(),
        "page": terms.page,
        "questions": list(terms.questions),
    }


def terms_of_json(stored: Mapping[str, Any]) -> Terms:
    """The terms that `terms_to_json` gave."""
    return Terms(
        opened=stored["opened"],
        capacity=stored["capacity"],
        quotas={Family(family): places for family, places in stored["quotas"].items()},
        release_on=date.fromisoformat(stored["release_on"]) if stored["release_on"] else None,
        closes_at=datetime.fromisoformat(stored["closes_at"]) if stored["closes_at"] else None,
        page=stored["page"],
        questions=tuple(stored["questions"]),
    )


# A change keeps what people are told of, and no more.
def _frozen(one: Gathering) -> dict[str, Any]:
    return {
        "title": one.title,
        "start": one.start.isoformat(),
        "end": one.end and one.end.isoformat(),
        "zone": one.zone,
        "mode": one.mode.value,
        "venue": one.venue,
        "link": one.link,
        "status": one.status.value,
        "sequence": one.sequence,
    }


def _thawed(kept: Mapping[str, Any], now: Gathering) -> Gathering:
    return replace(
        now,
        title=kept["title"],
        start=_moment(kept["start"], kept["zone"]),
        end=_moment(kept["end"], kept["zone"]) if kept["end"] else None,
        zone=kept["zone"],
        mode=Mode(kept["mode"]),
        venue=kept["venue"],
        link=kept["link"],
        status=Status(kept["status"]),
        sequence=kept["sequence"],
    )


def _moment(kept: str, zone: str) -> datetime | date:
    if len(kept) == len("2027-03-09"):
        return date.fromisoformat(kept)
    return datetime.fromisoformat(kept).astimezone(ZoneInfo(zone))
