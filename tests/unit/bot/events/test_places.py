"""Places of a gathering on both databases: never more than there are, nobody skipped, nobody told twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.events.places import settle_places
from bot.events.registrants import as_csv
from bot.feature import Desk, Settings
from club.gathering import Approval, Gathering, Terms
from club.organisation import Family
from club.people import Person, Place
from club.seats import Seat, Signup
from club.texts import Texts
from storage.store import Store

NOW = datetime(2027, 3, 9, 10, tzinfo=ZoneInfo("Europe/Paris"))
VISIT = Gathering(0, "Visite", NOW + timedelta(days=20), uid="v", approval=Approval.PUBLISHED)


async def held(store: Store, terms: Terms) -> Gathering:
    async with store.begin() as tx:
        one = await tx.organisations.ensure("USH")
        return await tx.gatherings.add(replace(VISIT, organisation=one.id, terms=terms), NOW)


async def join(store: Store, one: Gathering, name: str, family: Family = Family.OTHER) -> Seat:
    async with store.begin() as tx:
        person = await tx.people.meet(Person("scene", name, name), NOW)
        await tx.signups.lock(one.id)
        desk = Desk(tx, Texts(), NOW, Settings())
        wanted = Signup(0, one.id, person.number, family, Seat.WAITING, 0, name)
        mine = await tx.signups.put(wanted, Place("scene", name), "test", NOW)
        await settle_places(one, desk, quiet=person.number)
        kept = await tx.signups.mine(one.id, person.number)
        assert kept is not None and kept.id == mine.id
        return kept.seat


@pytest.mark.parametrize("places", [1, 3])
async def test_people_who_come_at_once_never_take_more_than_the_places(any_store: Store, places: int) -> None:
    one = await held(any_store, Terms(capacity=places))
    seats = await asyncio.gather(*(join(any_store, one, f"p{number}") for number in range(places + 4)))
    assert seats.count(Seat.TAKEN) == places


async def test_a_withdrawal_promotes_the_first_in_line_once(any_store: Store) -> None:
    one = await held(any_store, Terms(capacity=1))
    assert [await join(any_store, one, name) for name in ("a", "b", "c")] == [Seat.TAKEN, Seat.WAITING, Seat.WAITING]
    async with any_store.begin() as tx:
        first = (await tx.signups.of(one.id))[0]
        await tx.signups.move([first.id], Seat.WITHDRAWN)
        desk = Desk(tx, Texts(), NOW, Settings())
        for _ in range(3):
            await settle_places(one, desk)
        assert {each.name: each.seat for each in await tx.signups.of(one.id)} == {
            "a": Seat.WITHDRAWN,
            "b": Seat.TAKEN,
            "c": Seat.WAITING,
        }
        assert sum((await tx.outbox.counts()).values()) == 1


async def test_who_comes_back_is_last(any_store: Store) -> None:
    one = await held(any_store, Terms(capacity=1))
    for name in ("a", "b"):
        await join(any_store, one, name)
    async with any_store.begin() as tx:
        first = (await tx.signups.of(one.id))[0]
        await tx.signups.move([first.id], Seat.WITHDRAWN)
        await settle_places(one, Desk(tx, Texts(), NOW, Settings()))
    assert await join(any_store, one, "a") is Seat.WAITING


async def test_families_have_places_of_their_own_until_they_are_released(any_store: Store) -> None:
    terms = Terms(
        capacity=3, quotas={Family.AUTHORITY: 2, Family.HOUSING: 1}, release_on=NOW.date() + timedelta(days=5)
    )
    one = await held(any_store, terms)
    assert await join(any_store, one, "h1", Family.HOUSING) is Seat.TAKEN
    assert await join(any_store, one, "h2", Family.HOUSING) is Seat.WAITING
    assert await join(any_store, one, "s1", Family.STATE) is Seat.WAITING
    assert await join(any_store, one, "c1", Family.AUTHORITY) is Seat.TAKEN
    async with any_store.begin() as tx:
        desk = Desk(tx, Texts(), NOW + timedelta(days=5), Settings())
        promoted = await settle_places(one, desk)
        assert [each.name for each in promoted] == ["h2"]


def test_the_list_has_the_columns_that_people_agreed_to() -> None:
    one = replace(VISIT, terms=Terms(questions=("Fonction ?", "=1+1")))
    signups = [
        Signup(1, 1, 1, Family.HOUSING, Seat.TAKEN, 1, "=cmd", "@USH", True, True, "-1", ("+33", "non"), NOW),
        Signup(2, 1, 2, Family.STATE, Seat.WAITING, 2, "Secret", "Cachée", False, False, made_at=NOW),
    ]
    text = as_csv(one, signups, Texts()).decode("utf-8-sig")
    head, first, second = text.split("\r\n")[:3]
    assert head.startswith("Nom;Structure;Famille;Place;")
    assert head.endswith("Fonction ?;'=1+1")
    assert first.split(";")[:2] == ["'=cmd", "'@USH"]
    assert first.endswith("'+33;non")
    assert "Secret" not in text
    assert "Cachée" not in text
    assert second.count(";") == head.count(";")
