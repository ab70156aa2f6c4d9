"""What is left of one entry on its way: where it was read, what it tells the same as, which letters it could be in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from club.dialogue import Message
from club.news import News
from storage.issues import tellers
from storage.news import entry_rows, news_of
from storage.tables import delivery, digest_body, entry, issue, source

LOOKED_AT = 5000  # entries of one host
_MORE = (entry.c.source_id, entry.c.identity, entry.c.changed_at, entry.c.categories)


@dataclass(frozen=True, slots=True)
class Trace:
    """An entry as it is kept, with what its source was told of it. `filed`: topics, regions and story are known."""

    news: News
    source_id: int
    identity: str
    seen_at: datetime
    changed_at: datetime
    categories: tuple[str, ...]
    source_region: str
    filed: bool


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter of a subscription: what it said, the entries that did not fit, when it was put and sent, its state."""

    message: Message
    rest: frozenset[int]
    put_at: datetime
    sent_at: datetime | None
    state: str


class Traces:
    """Looks only; each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_host(self, host: str) -> list[Trace]:
        """The entries whose link names that host, newest first."""
        query = (
            entry_rows(*_MORE, source.c.region.label("source_region"))
            .where(func.lower(entry.c.link).contains(host.lower(), autoescape=True))
            .order_by(entry.c.id.desc())
            .limit(LOOKED_AT)
        )
        return [
            Trace(
                news_of(row),
                row.source_id,
                row.identity,
                row.seen_at,
                row.changed_at,
                row.categories,
                row.source_region,
                row.kept_at is not None,
            )
            for row in await self._connection.execute(query)
        ]

    async def of_story(self, number: int) -> list[News]:
        """The entries that tell this story, oldest first."""
        query = entry_rows().where(entry.c.story == number).order_by(entry.c.id)
        return [news_of(row) for row in await self._connection.execute(query)]

    async def letter_after(self, subscription: int, since: datetime) -> SentLetter | None:
        """The first letter that this subscription was put after that instant; None when none is kept."""
        query = (
            select(delivery, digest_body.c.message, digest_body.c.slot, digest_body.c.signature)
            .join(digest_body)
            .where(delivery.c.subscription_id == subscription, delivery.c.put_at >= since)
            .order_by(delivery.c.put_at, delivery.c.id)
            .limit(1)
        )
        row = (await self._connection.execute(query)).first()
        if row is None:
            return None
        same = (issue.c.slot == row.slot, issue.c.signature == row.signature)
        rest = tellers(await self._connection.scalar(select(issue.c.rest).where(*same)) or [])
        return SentLetter(Message.from_json(row.message), frozenset(rest), row.put_at, row.sent_at, row.state)
