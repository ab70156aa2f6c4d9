"""Sources that people offer, and what was decided on each: once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.news import SourceKind
from club.people import Place
from storage.tables import proposal


@dataclass(frozen=True, slots=True)
class Proposal:
    """An address that was looked at. `state`: found, waiting, accepted, refused; `sample`: titles of what is there."""

    url: str
    name: str
    kind: SourceKind = SourceKind.AUTO
    partner: str = ""
    region: str = ""
    sample: tuple[str, ...] = ()
    author: int | None = None
    private: Place | None = None
    state: str = "found"
    id: int = 0
    made_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: int | None = None
    reason: str = ""
    source: int | None = None


class Proposals:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, wanted: Proposal, now: datetime) -> int:
        """A new one; its number. What its author found before and left is forgotten."""
        left = (proposal.c.person_id == wanted.author, proposal.c.state == "found", proposal.c.url == wanted.url)
        await self._connection.execute(delete(proposal).where(*left))
        row = {
            "person_id": wanted.author,
            "private": str(wanted.private or ""),
            "state": "found",
            "url": wanted.url,
            "kind": wanted.kind,
            "name": wanted.name,
            "partner": wanted.partner,
            "region": wanted.region,
            "sample": list(wanted.sample),
            "made_at": now,
            "reason": "",
        }
        number = await self._connection.scalar(insert(proposal).values(**row).returning(proposal.c.id))
        return int(number or 0)

    async def get(self, number: int) -> Proposal | None:
        """The one of that number."""
        row = (await self._connection.execute(select(proposal).where(proposal.c.id == number))).first()
        return None if row is None else _proposal(row)

    async def detail(self, number: int, name: str, region: str) -> None:
        """Another name and region, while it is only found."""
        mine = (proposal.c.id == number, proposal.c.state == "found")
        await self._connection.execute(update(proposal).where(*mine).values(name=name, region=region))

    async def drop(self, number: int) -> bool:
        """Forget it, while it is only found; False when it is more than that."""
        mine = (proposal.c.id == number, proposal.c.state == "found")
        return bool((await self._connection.execute(delete(proposal).where(*mine))).rowcount)

    async def submit(self, number: int) -> bool:
        """It waits for a decision from now on; False when it did already, or is decided."""
        mine = (proposal.c.id == number, proposal.c.state == "found")
        return bool((await self._connection.execute(update(proposal).where(*mine).values(state="waiting"))).rowcount)

    async def decide(
        self, number: int, state: str, by: int, now: datetime, reason: str = "", *, was: str = "waiting"
    ) -> bool:
        """The one decision; False when somebody else was first."""
        here = (proposal.c.id == number, proposal.c.state == was)
        values = {"state": state, "decided_at": now, "decided_by": by, "reason": reason}
        return bool((await self._connection.execute(update(proposal).where(*here).values(**values))).rowcount)

    async def became(self, number: int, source: int) -> None:
        """Note which source it became."""
        await self._connection.execute(update(proposal).where(proposal.c.id == number).values(source_id=source))

    async def waiting(self) -> list[Proposal]:
        """What waits for a decision, oldest first."""
        rows = await self._connection.execute(
            select(proposal).where(proposal.c.state == "waiting").order_by(proposal.c.id)
        )
        return [_proposal(row) for row in rows]

    async def count_since(self, author: int, since: datetime) -> int:
        """How many this person submitted after that instant."""
        mine = (proposal.c.person_id == author, proposal.c.state != "found", proposal.c.made_at > since)
        return int(await self._connection.scalar(select(func.count()).where(*mine)) or 0)

    async def sources_of(self, author: int) -> set[int]:
        """The sources that this person brought."""
        mine = (proposal.c.person_id == author, proposal.c.source_id.is_not(None))
        return set(await self._connection.scalars(select(proposal.c.source_id).where(*mine)))

    async def refused(self) -> list[Proposal]:
        """What was refused, newest first."""
        refused = select(proposal).where(proposal.c.state == "refused").order_by(proposal.c.id.desc()).limit(200)
        return [_proposal(row) for row in await self._connection.execute(refused)]

    async def purge(self, left_before: datetime, refused_before: datetime) -> None:
        """Forget what was found and left, and what was refused, before these instants (promise 76)."""
        left = and_(proposal.c.state == "found", proposal.c.made_at < left_before)
        refused = and_(proposal.c.state == "refused", proposal.c.decided_at < refused_before)
        await self._connection.execute(delete(proposal).where(or_(left, refused)))


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        url=row.url,
        name=row.name,
        kind=SourceKind(row.kind),
        partner=row.partner,
        region=row.region,
        sample=tuple(row.sample),
        author=row.person_id,
        private=Place.parse(row.private) if row.private else None,
        state=row.state,
        id=row.id,
        made_at=row.made_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        source=row.source_id,
    )
