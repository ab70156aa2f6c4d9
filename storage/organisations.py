"""Organisations by name, whatever way it is typed, and the invitations to act for one."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.fold import fold
from club.organisation import Family, Invitation, Organisation
from storage.insert import insert_new
from storage.tables import invitation, organisation


class Organisations:
    """Each call belongs to the caller's transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> list[Organisation]:
        """Every organisation, by its folded name."""
        rows = await self._connection.execute(select(organisation).order_by(organisation.c.folded))
        return [_organisation(row) for row in rows]

    async def get(self, number: int) -> Organisation | None:
        """The organisation of that number, None = there is none."""
        row = (await self._connection.execute(select(organisation).where(organisation.c.id == number))).first()
        return None if row is None else _organisation(row)

    async def named(self, name: str) -> Organisation | None:
        """The one of that name, however its accents and capitals are typed."""
        row = (await self._connection.execute(select(organisation).where(organisation.c.folded == fold(name)))).first()
        return None if row is None else _organisation(row)

    async def ensure(self, name: str) -> Organisation:
        """The one of that name, made when it is not known: of no family yet, not trusted. ValueError for no name."""
        if not fold(name):
            raise ValueError(name)
        row = {"name": name, "folded": fold(name), "family": Family.OTHER, "regions": (), "trusted": False}
        await insert_new(self._connection, organisation, [row])
        found = await self.named(name)
        if found is None:
            raise LookupError(name)
        return found

    async def change(self, one: Organisation) -> None:
        """Keep its name, family, regions, and whether it is trusted."""
        values = {"name": one.name, "family": one.family, "regions": one.regions, "trusted": one.trusted}
        await self._connection.execute(update(organisation).where(organisation.c.id == one.id).values(**values))

    # Invitations

    async def invite(self, one: int, code: str, by: int, now: datetime, expires_at: datetime) -> int:
        """A new invitation to act for that organisation; its number."""
        row = {
            "organisation_id": one,
            "digest": _digest(code),
            "made_by": by,
            "made_at": now,
            "expires_at": expires_at,
        }
        number = await self._connection.scalar(insert(invitation).values(**row).returning(invitation.c.id))
        return int(number or 0)

    async def invitation(self, code: str) -> Invitation | None:
        """The invitation of that code, used or expired ones too."""
        row = (await self._connection.execute(select(invitation).where(invitation.c.digest == _digest(code)))).first()
        return None if row is None else _invitation(row)

    async def use(self, number: int, by: int, now: datetime) -> bool:
        """Used from now on; False when somebody else was first, or it has expired."""
        here = (invitation.c.id == number, invitation.c.used_at.is_(None), invitation.c.expires_at > now)
        values = {"used_by": by, "used_at": now}
        return bool((await self._connection.execute(update(invitation).where(*here).values(**values))).rowcount)


def _digest(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(row.id, row.name, row.family, tuple(row.regions), row.trusted)


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(row.id, row.organisation_id, row.made_by, row.made_at, row.expires_at, row.used_by, row.used_at)
