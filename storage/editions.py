"""Letters for many subscriptions at once: a few statements, whatever their number (decision 16)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, case, cast, false, func, literal, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.people import Place
from storage.columns import Utc
from storage.insert import batched, insert_for, listed
from storage.lanes import Lanes
from storage.tables import delivery, digest_body, issue, subscription
from storage.tables.delivery import PENDING

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

    async def take_back(self, place: Place, why: str, *, threads: bool = False) -> Mapping[int, datetime]:
        """Editions that wait for this place, for its threads too if asked, do not leave: their entries are left for
        the next one. Since when the first of them told, by subscription."""
        here = [delivery.c.platform == place.platform, delivery.c.place == place.id, PENDING]
        if not threads:
            here.append(delivery.c.thread == place.thread)
        edition = and_(issue.c.slot == digest_body.c.slot, issue.c.signature == digest_body.c.signature)
        texts = delivery.join(digest_body, digest_body.c.id == delivery.c.body_id).join(issue, edition)
        mine = (delivery.c.subscription_id.is_not(None), issue.c.since.is_not(None))
        query = select(delivery.c.id, delivery.c.subscription_id, issue.c.since).select_from(texts).where(*here, *mine)
        rows = {row.id: row for row in await self._connection.execute(query)}
        since: dict[int, datetime] = {}
        for some in batched(sorted(rows)):
            still = (delivery.c.id.in_(some), PENDING)  # on PostgreSQL one may be on its way by now
            back = update(delivery).where(*still).values(state="dead", withdrawn=True, error=why)
            for number in await self._connection.scalars(back.returning(delivery.c.id)):
                row = rows[number]
                since[row.subscription_id] = min(row.since, since.get(row.subscription_id, row.since))
        return since


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
