"""Events to come, each date of each once, in the words of who holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from club.agenda import Occasion, number_of_uid
from club.gathering import Approval, Mode, Nature
from club.news import Origin, Status
from storage.news import news_of
from storage.tables import entry, gathering, source

_COLUMNS = (
    entry,
    source.c.name.label("source_name"),
    source.c.partner,
    source.c.trusted,
    source.c.origin,
    gathering.c.id.label("gathering_id"),
    gathering.c.nature,
    gathering.c.mode,
    gathering.c.link.label("online"),
    gathering.c.link_private,
    gathering.c.sequence.label("held_sequence"),
    gathering.c.changed_at.label("held_at"),
)


class Agenda:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def between(self, since: datetime, until: datetime) -> list[Occasion]:
        """What is on at some time in [since, until), soonest first; cancelled events too, which calendars must
        learn of. What waits to be filed is not there yet."""
        ends = func.coalesce(entry.c.ends_at, entry.c.starts_at)
        here = and_(entry.c.starts_at < until, or_(ends > since, entry.c.starts_at >= since))
        rows = (await self._connection.execute(_rows().where(here))).all()
        return sorted(map(_occasion, _grouped(rows)), key=lambda one: (one.starts_at, one.number))

    async def get(self, number: int) -> Occasion | None:
        """The event that this entry tells, alone or with others, whenever it is."""
        story = select(entry.c.story).where(entry.c.id == number).scalar_subquery()
        rows = (await self._connection.execute(_rows().where(entry.c.story == story))).all()
        mine = next((members for members in _grouped(rows) if any(row.id == number for row in members)), None)
        return None if mine is None else _occasion(mine)

    async def of_gathering(self, number: int) -> Occasion | None:
        """The event that a gathering is shown as; None until it is published and filed."""
        shown_by = select(gathering.c.entry_id).where(gathering.c.id == number)
        found = await self._connection.scalar(shown_by)
        return None if found is None else await self.get(int(found))


def _rows() -> Select[Any]:
    held = and_(gathering.c.entry_id == entry.c.id, gathering.c.approval == Approval.PUBLISHED)
    return (
        select(*_COLUMNS)
        .join(source, source.c.id == entry.c.source_id)
        .outerjoin(gathering, held)
        .where(entry.c.starts_at.is_not(None), entry.c.story.is_not(None), entry.c.kept_at.is_not(None))
    )


def _grouped(rows: Iterable[Row[Any]]) -> Iterable[list[Row[Any]]]:
    """Entries of one story on one day are one event: a series is one story on several days."""
    groups: dict[tuple[int, date], list[Row[Any]]] = {}
    for row in rows:
        if number_of_uid(row.guid):
            continue  # ours, that somebody gives back
        day = row.starts_at.astimezone(ZoneInfo(row.zone)).date()
        groups.setdefault((row.story, day), []).append(row)
    return groups.values()


def _rank(row: Row[Any]) -> tuple[object, ...]:
    return row.gathering_id is None, row.origin is not Origin.HUB, not row.trusted, row.id


def _occasion(told: list[Row[Any]]) -> Occasion:
    """Told by who holds it here, else by a trusted source, else by the first that did."""
    members = sorted(told, key=_rank)
    row = members[0]
    news = news_of(row)
    if news.start is None:
        raise ValueError(row.id)
    organiser = row.partner or row.source_name
    relays = dict.fromkeys(other.partner or other.source_name for other in members[1:])
    is_held = row.gathering_id is not None
    return Occasion(
        number=min(other.id for other in members),
        title=row.title,
        start=news.start,
        end=news.end,
        zone=row.zone,
        updated_at=max(row.changed_at, row.held_at) if is_held else row.changed_at,
        place=row.place,
        online=row.online if is_held and not row.link_private else "",
        mode=row.mode if is_held else Mode.ON_SITE,
        nature=row.nature if is_held else Nature.EVENT,
        link=row.link,
        description=row.summary,
        organiser=organiser,
        relays=tuple(name for name in relays if name != organiser),
        status=row.status or Status.CONFIRMED,
        sequence=max(row.sequence, row.held_sequence) if is_held else row.sequence,
        topics=tuple(row.topics),
        regions=tuple(row.regions),
        gathering=row.gathering_id or 0,
    )
