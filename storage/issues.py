"""Editions that were sent: kept by their lines, read again with their entries as they are by then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from club.issue import Issue
from club.news import Edition, EditionLine, News, Section
from club.subscription import Wish
from storage.insert import batched
from storage.news import entry_rows, news_of
from storage.tables import entry, issue

_NAMED_WITHIN = timedelta(days=2)  # a name begins with its day: older ones are others

_Stored = list[tuple[str, list[int | list[int]]]]  # lines as the database keeps them


class Issues:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, slot: str, issues: Mapping[str, Issue]) -> Mapping[str, Issue]:
        """Keep these of one slot, by signature, each once; as they were kept, with numbers, and names that no other
        has: the second « 2027-03-09-eau » of a day is « 2027-03-09-eau-2 ». Two callers at once need a lock."""
        kept = await self._kept(slot, list(issues))
        new = {signature: one for signature, one in issues.items() if signature not in kept}
        taken = await self._names(min((one.sent_at for one in new.values() if one.name), default=None))
        rows = []
        for signature, one in new.items():
            name = _free(one.name, taken) if one.name else None
            taken |= {name} if name else set()
            rows.append({"slot": slot, "signature": signature, "name": name, **_row(one)})
        for some in batched(rows):
            await self._connection.execute(insert(issue), list(some))
        kept |= await self._kept(slot, list(new))
        return {
            signature: replace(one, id=kept[signature].id, name=kept[signature].name or "")
            for signature, one in issues.items()
        }

    async def _kept(self, slot: str, signatures: Sequence[str]) -> dict[str, Row[Any]]:
        found: dict[str, Row[Any]] = {}
        for some in batched(signatures):
            query = select(issue.c.id, issue.c.name, issue.c.signature)
            same = (issue.c.slot == slot, issue.c.signature.in_(some))
            found |= {row.signature: row for row in await self._connection.execute(query.where(*same))}
        return found

    async def _names(self, since: datetime | None) -> set[str]:
        """The names that were given around that instant."""
        if since is None:
            return set()
        query = select(issue.c.name).where(issue.c.sent_at >= since - _NAMED_WITHIN, issue.c.name.is_not(None))
        return {name for name in await self._connection.scalars(query) if name}

    async def get(self, number: int) -> Issue | None:
        """The one of that number; None when it is no longer kept."""
        return await self._one(issue.c.id == number)

    async def named(self, name: str) -> Issue | None:
        """The one with that public address; None when there is none."""
        return await self._one(issue.c.name == name)

    async def _one(self, which: Any) -> Issue | None:
        row = (await self._connection.execute(select(issue).where(which))).first()
        return None if row is None else (await self._read([row]))[0]

    async def latest(self, most: int) -> list[Issue]:
        """The last ones with a public address, the newest first."""
        public = select(issue).where(issue.c.name.is_not(None))
        query = public.order_by(issue.c.sent_at.desc(), issue.c.id.desc()).limit(most)
        return await self._read((await self._connection.execute(query)).all())

    async def _read(self, rows: Sequence[Row[Any]]) -> list[Issue]:
        numbers = {number for row in rows for stored in (row.lines, row.rest) for number in _numbers(stored)}
        found: dict[int, News] = {}
        changed: dict[int, datetime] = {}
        for some in batched(sorted(numbers)):
            for one in await self._connection.execute(entry_rows().where(entry.c.id.in_(some))):
                found[one.id] = news_of(one)
                changed[one.id] = one.changed_at
        return [_issue(row, found, changed) for row in rows]

    async def purge(self, before: datetime, public_before: datetime) -> None:
        """Forget what was sent to persons before the first instant, what is public before the second (promise 76)."""
        own = and_(issue.c.name.is_(None), issue.c.sent_at < before)
        await self._connection.execute(delete(issue).where(or_(own, issue.c.sent_at < public_before)))


def _row(one: Issue) -> dict[str, Any]:
    return {
        "title": one.title,
        "topics": one.wish.topics,
        "regions": one.wish.regions,
        "lines": _stored(one.edition.lines),
        "rest": _stored(one.edition.rest),
        "since": one.edition.since,
        "sent_at": one.sent_at,
    }


def _free(wanted: str, taken: set[str]) -> str:
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _stored(lines: Iterable[EditionLine]) -> _Stored:
    return [(section.value, [_entry(one) for one in some]) for section, some in groupby(lines, lambda one: one.section)]


def _entry(line: EditionLine) -> int | list[int]:
    return [line.news.id, *(relay.id for relay in line.relays)] if line.relays else line.news.id


def tellers(stored: _Stored) -> Iterable[int]:
    """The entries that tell the lines of a column, without those that relay them."""
    return (one[0] if isinstance(one, list) else one for _, entries in stored for one in entries)


def _numbers(stored: _Stored) -> Iterable[int]:
    for _, entries in stored:
        for one in entries:
            yield from one if isinstance(one, list) else [one]


def _issue(row: Row[Any], found: Mapping[int, News], changed: Mapping[int, datetime]) -> Issue:
    lines, rest = (_lines(stored, found) for stored in (row.lines, row.rest))
    told = [news.id for line in (*lines, *rest) for news in (line.news, *line.relays)]
    return Issue(
        title=row.title,
        wish=Wish(row.topics, row.regions),
        edition=Edition(lines, rest, until=row.sent_at),
        sent_at=row.sent_at,
        changed_at=max((row.sent_at, *(changed[number] for number in told))),
        name=row.name or "",
        id=row.id,
    )


def _lines(stored: _Stored, found: Mapping[int, News]) -> tuple[EditionLine, ...]:
    """Lines without what is no longer kept."""
    told = ((section, one if isinstance(one, list) else [one]) for section, entries in stored for one in entries)
    return tuple(
        EditionLine(Section(section), found[number], tuple(found[relay] for relay in relays if relay in found))
        for section, (number, *relays) in told
        if number in found
    )
