"""Questions that were judged, with the entry they turned out to ask for, and never who asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.insert import insert_for
from storage.tables import faq_question


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, the entry that was shown or chosen ("" = none), and `how` it was judged: good, bad, chosen, other,
    none, human."""

    question: str
    entry: str
    how: str
    at: datetime

    @property
    def is_label(self) -> bool:
        """Whether it tells which entry the question asks for."""
        return self.how in ("good", "chosen")

    @property
    def is_unanswered(self) -> bool:
        """Whether nothing in the base answered."""
        return self.how in ("bad", "other", "none", "human")


class Questions:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, mark: str, question: str, entry: str, how: str, now: datetime) -> None:
        """Keep one judgement; another of the same `mark`, which names no person, takes its place."""
        row = {"question": question, "entry": entry, "how": how, "at": now}
        new = insert_for(self._connection, faq_question).values(mark=mark, **row)
        await self._connection.execute(new.on_conflict_do_update(index_elements=["mark"], set_=row))

    async def since(self, at: datetime) -> list[Judged]:
        """What was judged from that instant on, the oldest first."""
        query = select(faq_question).where(faq_question.c.at >= at).order_by(faq_question.c.at, faq_question.c.id)
        return [Judged(row.question, row.entry, row.how, row.at) for row in await self._connection.execute(query)]

    async def purge(self, before: datetime) -> None:
        """Forget what was judged before that instant."""
        await self._connection.execute(delete(faq_question).where(faq_question.c.at < before))
