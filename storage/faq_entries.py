"""Entries written in chat: by one person, validated by another, live once nothing gets worse by them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import faq_entry


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it was written. `state`: waiting for a second person, checking, live, refused; `source`: title,
    address, version."""

    question: str
    variants: tuple[str, ...]
    answer: str
    source: tuple[str, str, str]
    author: int
    inquiry: int | None = None
    state: str = "waiting"
    id: int = 0
    made_at: datetime | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None


class FaqEntries:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, one: Written, now: datetime) -> int:
        """A new one, which waits; its number."""
        row: dict[str, Any] = {"question": one.question, "variants": list(one.variants), "answer": one.answer}
        row |= {"source": list(one.source), "inquiry_id": one.inquiry, "author": one.author}
        new = insert(faq_entry).values(**row, state="waiting", made_at=now).returning(faq_entry.c.id)
        return int(await self._connection.scalar(new) or 0)

    async def get(self, number: int) -> Written | None:
        """The one of that number."""
        row = (await self._connection.execute(select(faq_entry).where(faq_entry.c.id == number))).first()
        return None if row is None else _written(row)

    async def of_state(self, state: str) -> list[Written]:
        """Those in that state, the oldest first."""
        query = select(faq_entry).where(faq_entry.c.state == state).order_by(faq_entry.c.id)
        return [_written(row) for row in await self._connection.execute(query)]

    async def decide(self, number: int, state: str, by: int, now: datetime) -> bool:
        """What the second person says; False when somebody else was first."""
        here = (faq_entry.c.id == number, faq_entry.c.state == "waiting")
        values = {"state": state, "decided_by": by, "decided_at": now}
        return bool((await self._connection.execute(update(faq_entry).where(*here).values(**values))).rowcount)

    async def checked(self, number: int, state: str) -> bool:
        """What the check came to; False when it was known already."""
        here = (faq_entry.c.id == number, faq_entry.c.state == "checking")
        return bool((await self._connection.execute(update(faq_entry).where(*here).values(state=state))).rowcount)


def _written(row: Row[Any]) -> Written:
    return Written(
        question=row.question,
        variants=tuple(row.variants),
        answer=row.answer,
        source=(row.source[0], row.source[1], row.source[2]),
        author=row.author,
        inquiry=row.inquiry_id,
        state=row.state,
        id=row.id,
        made_at=row.made_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
