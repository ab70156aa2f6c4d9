"""Partners' sources, what each remembers of its last visit, and which are due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.news import Health, Origin, Source, SourceKind
from club.organisation import Organisation
from storage.insert import insert_new
from storage.locks import CONFIG, take_turn
from storage.tables import entry, source

# A visitor that died lets its sources go by itself: longer than any visit may last.
CLAIM = timedelta(minutes=2)
PAUSED_LEFT_CONFIG = "paused-left-config"
PAUSED_GONE = "paused-gone"

Memory = str | int | datetime | None
Outcome = Mapping[str, Any]  # columns of a source that its visit changed


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and how it is doing: what the health view shows and what the next visit needs."""

    source: Source
    visit_at: datetime
    paused: str = ""
    health: Health = Health.OK
    trouble: str = ""
    trouble_values: Mapping[str, Any] = field(default_factory=dict)
    visited_at: datetime | None = None
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    gone: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    moved_to: str | None = None
    parsed_at: datetime | None = None
    moved_since: datetime | None = None
    moved_visits: int = 0
    feed_url: str | None = None
    feed_kind: SourceKind | None = None
    sought_at: datetime | None = None
    rhythm: int | None = None
    news_at: datetime | None = None
    empties: int = 0

    @property
    def address(self) -> str:
        """What is asked at a visit: the feed that was found on the page, else what the operator wrote."""
        return self.feed_url or self.source.url


_NOTE = update(source).where(source.c.id == bindparam("number")).values(claimed_until=None)


class Sources:
    """Sources by name; claimed for a visit by row, so that several visitors never fetch the same one at once."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self, *, typed: bool = False) -> list[SourceState]:
        """Every source that is visited, by name; with `typed`, those too that hold what partners type."""
        kept = [] if typed else [source.c.origin != Origin.HUB]
        return await self._states(select(source).where(*kept).order_by(source.c.name))

    async def all_fail(self) -> bool:
        """Whether there are sources to be read and the last visit of each failed."""
        well = case((source.c.health == Health.OK, 1), else_=0)
        query = select(func.count(), func.sum(well)).where(source.c.paused == "", source.c.origin != Origin.HUB)
        total, good = (await self._connection.execute(query)).one()
        return bool(total) and not good

    async def get(self, name: str) -> SourceState | None:
        """The source of that name."""
        states = await self._states(select(source).where(source.c.name == name))
        return states[0] if states else None

    async def add(self, wanted: Source, now: datetime) -> bool:
        """A new source, due at once; False when its name or its address is taken."""
        taken = or_(source.c.name == wanted.name, source.c.url == wanted.url)
        if await self._connection.scalar(select(source.c.id).where(taken)) is not None:
            return False
        await self._connection.execute(insert(source).values(**_settings(wanted), **_untried(now)))
        return True

    async def typed(self, organisation: Organisation, zone: str, now: datetime) -> Source:
        """The hub's own source of what this organisation types; made at the first call, and named after it."""
        name = f"hub:{organisation.id}"
        wanted = Source(name, name, SourceKind.ICS, organisation.name, trusted=True, zone=zone, origin=Origin.HUB)
        await insert_new(self._connection, source, [{**_settings(wanted), **_untried(now)}])
        known = await self.get(name)
        if known is None:
            raise LookupError(name)
        if known.source.partner != organisation.name:
            renamed = update(source).where(source.c.id == known.source.id).values(partner=organisation.name)
            await self._connection.execute(renamed)
        return replace(known.source, partner=organisation.name)

    async def numbered(self, number: int) -> SourceState | None:
        """The source of that number, None = there is none."""
        states = await self._states(select(source).where(source.c.id == number))
        return states[0] if states else None

    async def pause(self, number: int, reason: str, now: datetime) -> None:
        """Not visited any more, for that reason (a text key); "" = visited again, at once."""
        again = {} if reason else {"visit_at": now, "gone": 0}
        await self._connection.execute(update(source).where(source.c.id == number).values(paused=reason, **again))

    async def latest_entries(self) -> dict[int, datetime]:
        """When each source last gave something new."""
        query = select(entry.c.source_id, func.max(entry.c.seen_at)).group_by(entry.c.source_id)
        return {row[0]: row[1] for row in await self._connection.execute(query)}

    async def follow_config(self, wanted: Iterable[Source], now: datetime) -> None:
        """The file's rows are as the file says; those that left it are paused, not deleted (choice C31)."""
        await take_turn(self._connection, CONFIG)
        names = set()
        for one in wanted:
            names.add(one.name)
            known = await self.get(one.name)
            if known is None:
                await self._connection.execute(insert(source).values(**_settings(one), **_untried(now)))
                continue
            changed = _settings(one)
            if _reading(known.source) != _reading(one):
                changed |= _untried(now)
            elif known.paused == PAUSED_LEFT_CONFIG:
                changed |= {"paused": ""}
            if replace(known.source, id=one.id) != one or known.paused == PAUSED_LEFT_CONFIG:
                await self._connection.execute(update(source).where(source.c.name == one.name).values(**changed))
        await self._connection.execute(
            update(source)
            .where(source.c.origin == Origin.CONFIG, source.c.name.not_in(names), source.c.paused == "")
            .values(paused=PAUSED_LEFT_CONFIG)
        )

    async def claim_due(
        self, now: datetime, limit: int, *, everything: bool = False, skip: Sequence[int] = ()
    ) -> list[SourceState]:
        """At most `limit` sources to visit now, claimed; those whose document ended the reader go last.

        With `everything`, due or not, save those that asked to wait (Retry-After): due at a later instant and failing.
        A visit or a claim that lies in the future was noted by a clock that went back since: it does not count.
        """
        due = or_(source.c.visit_at <= now, source.c.visited_at.is_(None), source.c.visited_at > now)
        asked_to_wait = source.c.trouble_values["retry_after"].as_string().is_not(None)
        if everything:
            due = ~and_(asked_to_wait, ~due)
        claim = source.c.claimed_until
        free = or_(claim.is_(None), claim <= now, claim > now + CLAIM)
        picked = (
            select(source.c.id)
            .where(source.c.paused == "", source.c.origin != Origin.HUB, due, free, source.c.id.not_in(skip))
            .order_by(source.c.deadly, source.c.visit_at, source.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = await self._connection.execute(
            update(source).where(source.c.id.in_(picked)).values(claimed_until=now + CLAIM).returning(source)
        )
        return sorted((_state(row) for row in rows), key=lambda state: state.source.id)

    async def note(self, outcomes: Mapping[int, Outcome]) -> None:
        """What became of visits, by the number of the source; the claims on these end."""
        alike: dict[tuple[str, ...], list[Outcome]] = {}
        for number, outcome in outcomes.items():
            alike.setdefault(tuple(outcome), []).append({**outcome, "number": number})
        for rows in alike.values():
            await self._connection.execute(_NOTE, rows)

    async def remove(self, name: str) -> None:
        """Forget the source and its entries."""
        await self._connection.execute(delete(source).where(source.c.name == name))

    async def _states(self, query: Any) -> list[SourceState]:
        return [_state(row) for row in await self._connection.execute(query)]


_WELL: Outcome = {
    "failing_since": None,
    "failures": 0,
    "gone": 0,
    "health": Health.OK,
    "trouble": "",
    "trouble_values": {},
    "deadly": False,
}


def success(now: datetime, visit_at: datetime, **memory: Memory) -> Outcome:
    """The visit went well; `memory` = columns of what it leaves for the next one: etag, moved_to, feed_url…"""
    return {
        "visited_at": now,
        "succeeded_at": now,
        "visit_at": visit_at,
        **_WELL,
        **memory,
    }


def failure(
    before: SourceState,
    now: datetime,
    visit_at: datetime,
    health: Health,
    trouble: str,
    values: Mapping[str, Any],
    *,
    gone: bool,
    deadly: bool,
    **memory: Memory,
) -> Outcome:
    """The visit went wrong, in words; the third 410 in a row pauses the source (promise 8)."""
    times_gone = before.gone + 1 if gone else 0
    return {
        "visited_at": now,
        "visit_at": visit_at,
        "failing_since": before.failing_since or now,
        "failures": before.failures + 1,
        "gone": times_gone,
        "health": health,
        "trouble": trouble,
        "trouble_values": dict(values),
        "deadly": deadly,
        **memory,
        **({"paused": PAUSED_GONE} if times_gone >= 3 else {}),
    }


def _settings(wanted: Source) -> dict[str, Any]:
    return {name: getattr(wanted, name) for name in _OF_SOURCE if name != "id"}


def _reading(of: Source) -> tuple[object, ...]:
    """What an unchanged document must be read anew for."""
    return of.url, of.kind, of.zone


def _untried(now: datetime) -> dict[str, Any]:
    fresh = SourceState(Source("", ""), now)
    return {"claimed_until": None, **_WELL, **{name: getattr(fresh, name) for name in _COLUMNS}}


_OF_SOURCE = tuple(one.name for one in fields(Source))
_COLUMNS = tuple(one.name for one in fields(SourceState) if one.name != "source")


def _state(row: Row[Any]) -> SourceState:
    """A row as its columns are named: they are those of the two classes."""
    source_of = Source(**{name: getattr(row, name) for name in _OF_SOURCE})
    return SourceState(source_of, **{name: getattr(row, name) for name in _COLUMNS})
