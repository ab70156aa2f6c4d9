"""How each network is served: what waits, since when, and the last that left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import delivery


@dataclass(frozen=True, slots=True)
class Queue:
    """One network's letters: how many wait, since when the oldest could have left, when the last one did."""

    platform: str
    waiting: int
    oldest: datetime | None
    last: datetime | None


class Queues:
    """Looks only; each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Queue]:
        """How each network that ever had a letter is served."""
        waits = case((delivery.c.state.in_(["pending", "sending"]), 1))
        since = case((delivery.c.state.in_(["pending", "sending"]), delivery.c.not_before))
        query = select(delivery.c.platform, func.count(waits), func.min(since), func.max(delivery.c.sent_at)).group_by(
            delivery.c.platform
        )
        return [Queue(*row) for row in (await self._connection.execute(query.order_by(delivery.c.platform))).all()]
