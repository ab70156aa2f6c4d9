"""Who we know, on which network, with which role."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from club.fold import fold
from club.people import Grant, Person, Place, Role
from storage.insert import insert_new
from storage.tables import account, grant, person, subscription


class People:
    """Persons, their accounts on networks, the roles they were granted."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def meet(self, someone: Person, now: datetime) -> Person:
        """The person behind this account, with number and role as of now; a new one is remembered."""
        number = await self._number(someone.platform, someone.id)
        if number is None:
            number = await self._remember(someone, now)
        # One person's requests take turns, so a button pressed twice at once acts once; SQLite has one writer anyway.
        query = select(person).where(person.c.id == number).with_for_update(key_share=True)
        row = (await self._connection.execute(query)).one()
        return replace(
            someone,
            number=number,
            name=someone.name or row.name,
            role=await self.role(number, now),
            language=row.language,
        )

    async def find(self, someone: Person, now: datetime) -> Person:
        """The person with number and role, without remembering a new one."""
        number = await self._number(someone.platform, someone.id)
        return replace(someone, number=number, role=await self.role(number, now)) if number else someone

    async def _number(self, platform: str, ident: str) -> int | None:
        return await self._connection.scalar(
            select(account.c.person_id).where(account.c.platform == platform, account.c.ident == ident)
        )

    async def _remember(self, someone: Person, now: datetime) -> int:
        number = await self._connection.scalar(
            insert(person)
            .values(name=someone.name, language=someone.language, met_at=now, acted_at=now)
            .returning(person.c.id)
        )
        row = {"platform": someone.platform, "ident": someone.id, "person_id": number}
        if await insert_new(self._connection, account, [row]):
            return int(number or 0)
        # Two first words at once: the other one won.
        await self._connection.execute(delete(person).where(person.c.id == number))
        return int(await self._number(someone.platform, someone.id) or 0)

    async def accounts(self, number: int) -> list[str]:
        """Where this person speaks in private, as `platform:id`."""
        query = select(account.c.platform, account.c.ident).where(account.c.person_id == number)
        return [f"{row.platform}:{row.ident}" for row in await self._connection.execute(query)]

    async def private_place(self, number: int) -> Place | None:
        """Where this person is written to alone: one place of those with an account; None = nowhere."""
        accounts = sorted(await self.accounts(number))
        return Place.parse(accounts[0]) if accounts else None

    async def role(self, number: int, now: datetime) -> Role:
        """The highest role granted and not ended (promise 29: read at each action)."""
        best = await self._connection.scalar(
            select(func.max(grant.c.role)).where(
                grant.c.person_id == number, or_(grant.c.until.is_(None), grant.c.until > now)
            )
        )
        return Role(best or 0)

    async def give(
        self,
        number: int,
        role: Role,
        now: datetime,
        origin: str,
        until: datetime | None = None,
        *,
        organisation: str = "",
    ) -> None:
        """Grant a role; the same grant again changes nothing."""
        bounds = and_(grant.c.origin == origin, grant.c.organisation == organisation)
        same = and_(grant.c.person_id == number, grant.c.role == int(role), bounds)
        if await self._connection.scalar(select(grant.c.id).where(same, grant.c.until.is_(None))):
            return
        row = {"person_id": number, "role": int(role), "organisation": organisation, "region": "", "until": until}
        await self._connection.execute(insert(grant).values(**row, granted_at=now, origin=origin))

    async def grant(self, given: Grant, now: datetime) -> None:
        """Grant a role as it is bounded; the same bounds again only move its end."""
        same = (
            grant.c.person_id == given.person,
            grant.c.role == int(given.role),
            grant.c.organisation == given.organisation,
            grant.c.region == given.region,
            grant.c.origin == given.origin,
        )
        bounds = {"organisation": given.organisation, "region": given.region, "origin": given.origin}
        if not (await self._connection.execute(update(grant).where(*same).values(until=given.until))).rowcount:
            row = {"person_id": given.person, "role": int(given.role), "until": given.until, "granted_at": now}
            await self._connection.execute(insert(grant).values(**row, **bounds))

    async def grants(self, now: datetime) -> list[Grant]:
        """Every role above the first that holds now, the highest first."""
        holds = or_(grant.c.until.is_(None), grant.c.until > now)
        query = (
            select(grant, person.c.name)
            .join(person, person.c.id == grant.c.person_id)
            .where(holds, grant.c.role > int(Role.MEMBER))
            .order_by(grant.c.role.desc(), person.c.name, grant.c.id)
        )
        return [
            Grant(r.id, r.person_id, r.name, Role(r.role), r.organisation, r.region, r.until, r.origin)
            for r in await self._connection.execute(query)
        ]

    async def revoke(self, number: int) -> None:
        """End that grant."""
        await self._connection.execute(delete(grant).where(grant.c.id == number))

    async def organisations(self, number: int, now: datetime) -> dict[str, str]:
        """The organisations that this person acts for, each with the region it is bounded to."""
        holds = or_(grant.c.until.is_(None), grant.c.until > now)
        query = select(grant.c.organisation, grant.c.region).where(
            grant.c.person_id == number, holds, grant.c.organisation != ""
        )
        return {row[0]: row[1] for row in await self._connection.execute(query)}

    async def lately(self, limit: int) -> list[Person]:
        """Those who wrote last, the newest first, each once."""
        query = (
            select(account, person.c.name)
            .join(person, person.c.id == account.c.person_id)
            .order_by(person.c.acted_at.desc(), person.c.id.desc())
            .limit(limit)
        )
        rows = (await self._connection.execute(query)).all()
        return [Person(row.platform, row.ident, row.name, row.person_id) for row in rows]

    async def names(self, numbers: Iterable[int]) -> dict[int, str]:
        """What these persons call themselves."""
        query = select(person.c.id, person.c.name).where(person.c.id.in_(set(numbers)))
        return {row[0]: row[1] for row in await self._connection.execute(query)}

    async def take(self, number: int, origin: str, keep: Role | None = None, organisation: str = "") -> None:
        """End the grants of this origin, save that of role `keep` for that organisation."""
        of_origin = and_(grant.c.person_id == number, grant.c.origin == origin)
        if keep is not None:
            of_origin = and_(of_origin, or_(grant.c.role != int(keep), grant.c.organisation != organisation))
        await self._connection.execute(delete(grant).where(of_origin))

    async def keep_only(self, origin: str, accounts: Iterable[str]) -> None:
        """End the grants of this origin for everybody but these accounts (`platform:id`)."""
        kept = [await self._number(*account.split(":", 1)) for account in accounts]
        numbers = [number for number in kept if number is not None]
        await self._connection.execute(delete(grant).where(grant.c.origin == origin, grant.c.person_id.not_in(numbers)))

    async def acted(self, number: int, now: datetime) -> None:
        """They do something themselves; noted once a day, and at once when they were warned of an end (promise 76)."""
        stale = or_(person.c.acted_at < now - timedelta(days=1), person.c.warned_at.is_not(None))
        await self._connection.execute(
            update(person).where(person.c.id == number, stale).values(acted_at=now, warned_at=None)
        )

    async def silent(self, acted_before: datetime, warned_before: datetime | None = None) -> list[int]:
        """Who subscribed and did nothing since that instant: those never warned of it, or those warned before
        `warned_before`."""
        subscribed = exists().where(subscription.c.person_id == person.c.id)
        warned = person.c.warned_at.is_(None) if warned_before is None else person.c.warned_at <= warned_before
        query = select(person.c.id).where(person.c.acted_at < acted_before, warned, subscribed).order_by(person.c.id)
        return list(await self._connection.scalars(query))

    async def last_act(self, number: int) -> datetime:
        """When they last did something, within a day."""
        query = select(person.c.acted_at).where(person.c.id == number)
        at: datetime = (await self._connection.execute(query)).scalar_one()
        return at

    async def warned(self, number: int, now: datetime) -> None:
        """They were told that their subscriptions will end."""
        await self._connection.execute(update(person).where(person.c.id == number).values(warned_at=now))

    async def private_places(
        self, role: Role, now: datetime, networks: Collection[str] = (), organisation: str | None = None
    ) -> list[tuple[int, Place]]:
        """Where those who have this role at least are written to in private, by their number: one place each, on one of
        these networks, () = any. With `organisation`, those who have the role for that one."""
        valid = (grant.c.role >= int(role), or_(grant.c.until.is_(None), grant.c.until > now))
        columns = (account.c.person_id, account.c.platform, account.c.ident, grant.c.organisation)
        query = select(*columns).join(grant, grant.c.person_id == account.c.person_id).where(*valid)
        rows = await self._connection.execute(query.order_by(account.c.person_id, account.c.platform, account.c.ident))
        wanted = None if organisation is None else fold(organisation)
        places: dict[int, Place] = {}
        for row in rows:
            open_there = not networks or row.platform in networks
            if open_there and (wanted is None or fold(row.organisation) == wanted):
                places.setdefault(row.person_id, Place(row.platform, row.ident))
        return list(places.items())

    async def consent(self, number: int, version: str, platform: str, now: datetime) -> None:
        """Remember the explicit act that lets us write to this person (promise 71); the first one counts."""
        await self._connection.execute(
            update(person)
            .where(person.c.id == number, person.c.consent_at.is_(None))
            .values(consent_at=now, consent_version=version, consent_platform=platform)
        )
