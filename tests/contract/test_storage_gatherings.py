"""Organisations, gatherings, sign-ups and where they were shown, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from club.gathering import Approval, Gathering, Mode, Nature, Terms, changes_between, event_of
from club.news import Harvest, SourceKind, Status
from club.organisation import Family, Organisation
from club.people import Person, Place
from club.seats import Seat, Signup
from storage.store import Store, Transaction
from tests.kit.memory import claim, letter, said

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
ANA = Place("simulator", "ana")


async def a_gathering(tx: Transaction, now: datetime, **more: object) -> Gathering:
    organisation = await tx.organisations.ensure("USH")
    wanted = Gathering(
        organisation.id,
        "Visite du quartier des Prés",
        datetime(2027, 3, 11, 9, 30, tzinfo=PARIS),
        datetime(2027, 3, 11, 12, 0, tzinfo=PARIS),
        uid=f"evt-{more.pop('number', 1)}@hub",
    )
    return await tx.gatherings.add(replace(wanted, **more), now)  # type: ignore[arg-type]


async def test_an_organisation_is_one_whatever_its_spelling(any_store: Store) -> None:
    async with any_store.begin() as tx:
        first = await tx.organisations.ensure("Métropole de l’Est")
        again = await tx.organisations.ensure("métropole de l'est")
        assert again == first
        with pytest.raises(ValueError, match="…"):
            await tx.organisations.ensure("…")
        known = Organisation(first.id, "Métropole de l’Est", Family.AUTHORITY, ("44",), trusted=True)
        await tx.organisations.change(known)
        assert await tx.organisations.all() == [known]
        assert await tx.organisations.get(first.id) == known


async def test_an_invitation_serves_once_and_in_time(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        ush = await tx.organisations.ensure("USH")
        number = await tx.organisations.invite(ush.id, "ABCD-1234", 7, now, now + timedelta(days=7))
        found = await tx.organisations.invitation(" abcd-1234")
        assert found is not None
        assert (found.id, found.organisation) == (number, ush.id)
        assert found.is_open(now)
        assert not found.is_open(now + timedelta(days=7))
        assert not await tx.organisations.use(number, 8, now + timedelta(days=7))
        assert await tx.organisations.use(number, 8, now)
        assert not await tx.organisations.use(number, 9, now)
        used = await tx.organisations.invitation("ABCD-1234")
        assert used is not None and used.used_by == 8 and not used.is_open(now)
        assert await tx.organisations.invitation("ABCD-9999") is None


async def test_a_gathering_is_kept_as_it_was_typed(any_store: Store, now: datetime) -> None:
    terms = Terms(
        capacity=22,
        quotas={Family.HOUSING: 8, Family.STATE: 4},
        release_on=date(2027, 3, 1),
        closes_at=now,
        questions=("Votre fonction ?",),
    )
    async with any_store.begin() as tx:
        timed = await a_gathering(
            tx,
            now,
            nature=Nature.VISIT,
            mode=Mode.HYBRID,
            link="https://visio.example/",
            link_private=True,
            terms=terms,
        )
        days = await a_gathering(
            tx, now, number=2, start=date(2027, 6, 17), end=date(2027, 6, 21), zone="Indian/Reunion", topics=(5, 19)
        )
        assert await tx.gatherings.get(timed.id) == timed
        assert await tx.gatherings.get(days.id) == days
        assert days.starts_at == datetime(2027, 6, 17, tzinfo=REUNION)
        assert days.ends_at == datetime(2027, 6, 22, tzinfo=REUNION)
        mine = await tx.gatherings.of_organisations([timed.organisation], now)
        assert [one.id for one in mine] == [timed.id, days.id]
        assert await tx.gatherings.of_organisations([timed.organisation], days.ends_at + timedelta(1)) == []


async def test_a_gathering_is_decided_once(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        one = await a_gathering(tx, now)
        assert [found.id for found in await tx.gatherings.waiting()] == [one.id]
        assert await tx.gatherings.decide(one.id, Approval.PUBLISHED, "", now)
        assert not await tx.gatherings.decide(one.id, Approval.REFUSED, "hors sujet", now)
        kept = await tx.gatherings.get(one.id)
        assert kept is not None and kept.approval is Approval.PUBLISHED
        assert await tx.gatherings.waiting() == []


async def test_a_change_keeps_what_was_and_is_told_once(any_store: Store, now: datetime) -> None:
    later = now + timedelta(minutes=40)
    async with any_store.begin() as tx:
        before = await a_gathering(tx, now)
        after = replace(before, start=before.starts_at + timedelta(minutes=30), sequence=1)
        assert await tx.gatherings.change(before, after, 7, now, told=False)
        assert not await tx.gatherings.change(before, after, 8, now, told=False)  # somebody was first
        assert await tx.gatherings.untold(now - timedelta(seconds=1)) == []
        assert await tx.gatherings.untold(later) == [before.id]
        (was,) = await tx.gatherings.changes(before.id, untold=True)
        kept = await tx.gatherings.get(before.id)
        assert kept is not None
        (told,) = changes_between(was.before, kept)
        assert (told.field, told.before, told.after) == ("start", before.start, after.start)
        await tx.gatherings.told([was.id])
        assert await tx.gatherings.untold(later) == []
        assert len(await tx.gatherings.changes(before.id)) == 1


async def test_what_is_typed_takes_the_road_of_what_is_harvested(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        one = await a_gathering(tx, now, page="https://ush.example/visite", description="On marche.")
        organisation = await tx.organisations.get(one.organisation)
        assert organisation is not None
        source = await tx.sources.typed(organisation, "Europe/Paris", now)
        assert await tx.sources.typed(organisation, "Europe/Paris", now) == source
        for _ in range(2):
            await tx.news.keep([(source, Harvest(SourceKind.ICS, events=(event_of(one),)))], now)
        entry = await tx.news.number(source.id, event_of(one).identity)
        assert entry is not None
        await tx.gatherings.shows(one.id, entry)
        (news,) = await tx.news.entries(None)
        assert (news.id, news.partner, news.title) == (entry, "USH", one.title)
        assert (news.start, news.end) == (one.start, one.end)
        assert news.status is Status.CONFIRMED
        found = await tx.gatherings.of_entries([entry])
        assert found[entry].id == one.id
        # It is the hub's own: nobody visits it, and no list of sources names it.
        assert await tx.sources.all() == []
        assert await tx.sources.claim_due(now, 10, everything=True) == []
        assert not await tx.sources.all_fail()
        renamed = await tx.sources.typed(replace(organisation, name="Union"), "Europe/Paris", now)
        assert (renamed.id, renamed.partner) == (source.id, "Union")


async def test_one_sign_up_a_person_last_in_the_order_when_it_comes_back(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        one = await a_gathering(tx, now)
        persons = [(await tx.people.meet(Person("simulator", name, name), now)).number for name in ("ana", "zoe")]
        await tx.signups.lock(one.id)
        ana, zoe = [
            await tx.signups.put(
                Signup(0, one.id, person, Family.HOUSING, Seat.TAKEN, 0, answers=("Cheffe",)),
                ANA,
                "2026-12",
                now,
            )
            for person in persons
        ]
        assert (ana.rank, zoe.rank) == (1, 2)
        await tx.signups.move([ana.id], Seat.WITHDRAWN)
        assert [found.person for found in await tx.signups.of(one.id) if found.seat is Seat.TAKEN] == [zoe.person]
        assert await tx.signups.of_person(ana.person) == []
        again = await tx.signups.put(replace(ana, seat=Seat.WAITING), ANA, "2026-12", now)
        assert (again.id, again.rank, again.seat, again.answers) == (ana.id, 3, Seat.WAITING, ("Cheffe",))
        assert await tx.signups.came(zoe.id, now)
        assert not await tx.signups.came(zoe.id, now)
        assert await tx.signups.private_of([zoe.id]) == {zoe.id: ANA}
        assert [found.id for found in await tx.signups.to_remind(one.id, 1)] == [zoe.id]
        await tx.signups.reminded([zoe.id], 1)
        assert await tx.signups.to_remind(one.id, 1) == []
        assert await tx.signups.purge(one.ends_at) == 0
        assert await tx.signups.purge(one.ends_at + timedelta(days=1)) == 2


async def test_where_a_subject_was_shown_is_known_until_it_is_forgotten(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        for name in ("ana", "zoe"):
            await tx.outbox.put(letter(name, now, name), now)
            await tx.shown.note_letter(name, ["gathering:1", "gathering:1"])
        await tx.shown.note_letter("nobody", ["gathering:1"])
        assert await tx.shown.of("gathering:1") == []  # nothing arrived yet
    first = await claim(any_store, now)
    assert first is not None
    async with any_store.begin() as tx:
        await tx.outbox.sent(first, "m1", now, timedelta(0))
        (found,) = await tx.shown.of("gathering:1")
        assert (found.key, found.ref, found.message) == (first.key, "m1", said(first.key))
        assert await tx.shown.of("gathering:2") == []
        await tx.outbox.purge(now + timedelta(days=40))
        assert len(await tx.shown.of("gathering:1")) == 1
        await tx.shown.forget(["gathering:1"])
        assert await tx.shown.of("gathering:1") == []
        await tx.outbox.purge(now + timedelta(days=40))
        assert await tx.outbox.ref(first.key) == ""
