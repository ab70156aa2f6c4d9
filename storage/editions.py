"""Letters for many subscriptions at once: a few statements, whatever their number (delivery.md, Fan-out)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, false, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.columns import Utc
from storage.insert import insert_for, listed
from storage.lanes import Lanes
from storage.tables import delivery, subscription

_PRIORITY = case((subscription.c.person_id.is_(None), 1), else_=0)  # a channel speaks to many


class Editions:
    """Letters whose texts were written before, set by set."""

    def __init__(self, connection: AsyncConnection, on_letter: Callable[[], None]) -> None:
        self._connection = connection
        self._on_letter = on_letter
        self._lanes = Lanes(connection)

    async def post(self, slot: str, bodies: Mapping[int, int], now: datetime) -> int:
        """Send each of these subscriptions its text of the slot; how many were not addressed before (dedup_key)."""
        if not bodies:
            return 0
        these = listed(self._connection, bodies.items(), number=Integer, body=Integer)
        mine = these.c.number == subscription.c.id
        values = _letter(f"edition:{slot}:", these.c.body, now)
        # SQLite takes ON CONFLICT after a WHERE only.
        letters = select(*values.values()).join(these, mine).where(true()).order_by(subscription.c.id)
        new = insert_for(self._connection, delivery).from_select(list(values), letters).on_conflict_do_nothing()
        put = (await self._connection.execute(new)).rowcount
        chat = (subscription.c.platform, subscription.c.place)
        chats = select(*chat, func.max(_PRIORITY).label("priority")).join(these, mine).group_by(*chat)
        await self._lanes.open_all(chats.subquery(), now)
        if put:
            self._on_letter()
        return put


def _letter(prefix: str, body: ColumnElement[int], now: datetime) -> dict[str, ColumnElement[Any]]:
    return {
        "dedup_key": literal(prefix) + cast(subscription.c.id, String),
        "platform": subscription.c.platform,
        "place": subscription.c.place,
        "thread": subscription.c.thread,
        "body_id": body,
        "subscription_id": subscription.c.id,
        "priority": _PRIORITY,
        "state": literal("pending"),
        "attempts": literal(0),
        "not_before": literal(now, Utc),
        "parts_sent": literal(0),
        "doubtful": false(),
        "withdrawn": false(),
        "error": literal(""),
        "put_at": literal(now, Utc),
    }
