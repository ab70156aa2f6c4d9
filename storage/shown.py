"""Where a subject was shown: which letters speak of it, so that each can be edited later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.dialogue import Message
from club.people import Place
from storage.insert import insert_new
from storage.tables import delivery, digest_body, shown
from storage.tables.delivery import PENDING


@dataclass(frozen=True, slots=True)
class Shown:
    """One message that stands somewhere: its letter's key, its place, the network's reference, what it said."""

    key: str
    place: Place
    ref: str
    message: Message


class ShownSubjects:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, body: int, subjects: Iterable[str]) -> None:
        """That text speaks of these subjects (« gathering:12 »)."""
        await insert_new(
            self._connection, shown, [{"subject": one, "body_id": body} for one in dict.fromkeys(subjects)]
        )

    async def note_letter(self, key: str, subjects: Iterable[str]) -> None:
        """The letter of that key, which was put, speaks of these subjects."""
        body = await self._connection.scalar(select(delivery.c.body_id).where(delivery.c.dedup_key == key))
        if body is not None:
            await self.note(body, subjects)

    async def renew(self, subject: str, body: int) -> None:
        """Letters that tell this subject alone (texts of the slot of its name) and have not left carry that text."""
        texts = select(digest_body.c.id).where(digest_body.c.slot == subject)
        waiting = update(delivery).where(PENDING, delivery.c.body_id.in_(texts), delivery.c.edits.is_(None))
        await self._connection.execute(waiting.values(body_id=body))

    async def of(self, subject: str) -> list[Shown]:
        """Every message that arrived and speaks of it, in the order in which they left. One that took the place of
        another is not another message."""
        query = (
            select(delivery, digest_body.c.message)
            .join(digest_body, digest_body.c.id == delivery.c.body_id)
            .join(shown, shown.c.body_id == digest_body.c.id)
            .where(shown.c.subject == subject, delivery.c.state == "sent", delivery.c.platform_id.is_not(None))
            .where(delivery.c.edits.is_(None))
            .order_by(delivery.c.id)
        )
        return [
            Shown(
                row.dedup_key,
                Place(row.platform, row.place, row.thread),
                row.platform_id,
                Message.from_json(row.message),
            )
            for row in await self._connection.execute(query)
        ]

    async def forget(self, subjects: Iterable[str]) -> None:
        """Nothing more will be said of these: their letters may be purged like others."""
        await self._connection.execute(delete(shown).where(shown.c.subject.in_(list(subjects))))


def is_shown(body: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether that text speaks of a subject that may still change; such texts and their letters are not purged."""
    return exists().where(shown.c.body_id == body)
