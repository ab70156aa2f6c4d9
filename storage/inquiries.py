"""Questions for a person: asked, sent, answered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.tables import inquiry


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question for a person. `state`: draft (its département is asked), open, answered; `places`: where its card
    is."""

    question: str
    author: int | None = None
    private: Place | None = None
    department: str = ""
    state: str = "draft"
    places: tuple[Place, ...] = ()
    reminded: int = 0
    id: int = 0
    made_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: int | None = None

    @property
    def name(self) -> str:
        """As people are told: `Q-118`."""
        return f"Q-{self.id}"


class Inquiries:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, question: str, author: int, private: Place, now: datetime) -> int:
        """A new one that is not sent yet; its number. What its author began before and left is forgotten."""
        left = (inquiry.c.person_id == author, inquiry.c.state == "draft")
        await self._connection.execute(delete(inquiry).where(*left))
        row = {"person_id": author, "private": str(private), "question": question, "made_at": now}
        row |= {"department": "", "state": "draft", "places": [], "reminded": 0, "answer": ""}
        return int(await self._connection.scalar(insert(inquiry).values(**row).returning(inquiry.c.id)) or 0)

    async def get(self, number: int) -> Inquiry | None:
        """The one of that number."""
        row = (await self._connection.execute(select(inquiry).where(inquiry.c.id == number))).first()
        return None if row is None else _inquiry(row)

    async def send(self, one: Inquiry, department: str, places: Sequence[Place], now: datetime) -> bool:
        """It is open from now on, in these words; False when it was already."""
        here = (inquiry.c.id == one.id, inquiry.c.state == "draft")
        values = {"state": "open", "department": department, "places": [*map(str, places)], "made_at": now}
        values["question"] = one.question
        return bool((await self._connection.execute(update(inquiry).where(*here).values(**values))).rowcount)

    async def answer(self, number: int, answer: str, by: int, now: datetime) -> bool:
        """The one answer; False when somebody else was first."""
        here = (inquiry.c.id == number, inquiry.c.state == "open")
        values = {"state": "answered", "answer": answer, "answered_by": by, "answered_at": now}
        return bool((await self._connection.execute(update(inquiry).where(*here).values(**values))).rowcount)

    async def department_of(self, author: int) -> str:
        """The département that this person gave last, "" when none."""
        mine = (inquiry.c.person_id == author, inquiry.c.department != "")
        query = select(inquiry.c.department).where(*mine).order_by(inquiry.c.id.desc()).limit(1)
        return await self._connection.scalar(query) or ""

    async def count_since(self, author: int, since: datetime) -> int:
        """How many this person sent after that instant."""
        mine = (inquiry.c.person_id == author, inquiry.c.state != "draft", inquiry.c.made_at > since)
        return int(await self._connection.scalar(select(func.count()).where(*mine)) or 0)

    async def open(self) -> list[Inquiry]:
        """Those that wait for an answer, the oldest first."""
        query = select(inquiry).where(inquiry.c.state == "open").order_by(inquiry.c.id)
        return [_inquiry(row) for row in await self._connection.execute(query)]

    async def reminded(self, number: int, count: int) -> None:
        """It was brought to mind so many times."""
        await self._connection.execute(update(inquiry).where(inquiry.c.id == number).values(reminded=count))

    async def purge(self, left_before: datetime, asked_before: datetime) -> None:
        """Forget what was begun and left, and what was asked, before these instants (promise 76)."""
        left = and_(inquiry.c.state == "draft", inquiry.c.made_at < left_before)
        await self._connection.execute(delete(inquiry).where(or_(left, inquiry.c.made_at < asked_before)))


def _inquiry(row: Row[Any]) -> Inquiry:
    return Inquiry(
        question=row.question,
        author=row.person_id,
        private=Place.parse(row.private) if row.private else None,
        department=row.department,
        state=row.state,
        places=tuple(map(Place.parse, row.places)),
        reminded=row.reminded,
        id=row.id,
        made_at=row.made_at,
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
    )
