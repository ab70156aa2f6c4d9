"""Persons, drafts, the journal, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from club.people import Person, Role
from storage.store import Store, Transaction
from storage.tables import account, grant, person
from tests.kit.memory import until_someone_waits

ANA = Person("telegram", "42", "Ana")


async def test_a_person_is_met_once(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        first = await tx.people.meet(ANA, now)
    async with any_store.begin() as tx:
        again = await tx.people.meet(replace(ANA, name=""), now + timedelta(days=1))
        other = await tx.people.meet(replace(ANA, platform="discord"), now)
    assert first.number and first.role is Role.VISITOR
    assert again == first  # the name that was given once is known
    assert other.number != first.number


async def test_two_first_words_at_once_are_one_person(any_store: Store, now: datetime) -> None:
    async def meet() -> int:
        async with any_store.begin() as tx:
            return (await tx.people.meet(ANA, now)).number

    async with any_store.begin() as tx:
        first = (await tx.people.meet(ANA, now)).number
        second = asyncio.create_task(meet())
        await until_someone_waits(any_store, second)
    assert await second == first
    async with any_store.read() as tx:
        assert await tx.connection.scalar(select(func.count()).select_from(person)) == 1
        assert await tx.connection.scalar(select(func.count()).select_from(account)) == 1


async def test_the_highest_role_that_has_not_ended_counts(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        number = (await tx.people.meet(ANA, now)).number
        await tx.people.give(number, Role.MEMBER, now, "chat")
        await tx.people.give(number, Role.MODERATOR, now, "chat", until=now + timedelta(days=1))
        assert await tx.people.role(number, now) is Role.MODERATOR
        assert await tx.people.role(number, now + timedelta(days=1)) is Role.MEMBER
        await tx.people.take(number, "chat")
        assert await tx.people.role(number, now) is Role.VISITOR


async def test_the_same_grant_again_is_one_grant(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        number = (await tx.people.meet(ANA, now)).number
        for _ in range(2):
            await tx.people.give(number, Role.ADMIN, now, "config")
        assert await tx.connection.scalar(select(func.count()).select_from(grant)) == 1


async def test_grants_of_the_configuration_follow_it(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        ana = (await tx.people.meet(ANA, now)).number
        ada = (await tx.people.meet(Person("matrix", "@ada:club.example"), now)).number
        for number in (ana, ada):
            await tx.people.give(number, Role.ADMIN, now, "config-admins")
        await tx.people.give(ana, Role.PARTNER, now, "chat")
        await tx.people.keep_only("config-admins", ["matrix:@ada:club.example", "telegram:unknown"])
        assert await tx.people.role(ana, now) is Role.PARTNER
        assert await tx.people.role(ada, now) is Role.ADMIN
        await tx.people.give(ada, Role.EDITOR, now, "config-admins")
        await tx.people.take(ada, "config-admins", keep=Role.EDITOR)
        assert await tx.people.role(ada, now) is Role.EDITOR


async def test_merging_two_accounts_is_an_update(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        one = (await tx.people.meet(ANA, now)).number
        other = (await tx.people.meet(Person("discord", "9"), now)).number
        await tx.people.give(one, Role.MODERATOR, now, "chat")
        await tx.connection.execute(update(account).where(account.c.person_id == other).values(person_id=one))
    async with any_store.begin() as tx:
        merged = await tx.people.meet(Person("discord", "9"), now)
    assert (merged.number, merged.role, merged.name) == (one, Role.MODERATOR, "Ana")


async def test_the_first_consent_counts(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        number = (await tx.people.meet(ANA, now)).number
        await tx.people.consent(number, "2027-01", "telegram", now)
        await tx.people.consent(number, "2027-02", "discord", now + timedelta(days=1))
        row = (await tx.connection.execute(select(person).where(person.c.id == number))).one()
    assert (row.consent_at, row.consent_version, row.consent_platform) == (now, "2027-01", "telegram")


@pytest.fixture
async def ana(any_store: Store, now: datetime) -> int:
    async with any_store.begin() as tx:
        return (await tx.people.meet(ANA, now)).number


async def test_a_draft_survives_a_restart(any_store: Store, ana: int, now: datetime) -> None:
    async with any_store.begin() as tx:
        begun = await tx.drafts.begin(ana, "telegram:42", "subscribe", {"theme": "eau"}, ("theme", "region"), now)
        given = {"theme": "eau", "region": "76"}
        await tx.drafts.keep(replace(begun, given=given, step=1), now + timedelta(minutes=1))
    again = await Store.open(any_store.engine.url.render_as_string(hide_password=False))
    try:
        async with again.read() as tx:
            found = await tx.drafts.active(ana, "telegram:42")
    finally:
        await again.close()
    assert found == replace(begun, given=given, step=1, touched_at=now + timedelta(minutes=1))


async def test_one_draft_is_active_and_the_other_is_set_aside(any_store: Store, ana: int, now: datetime) -> None:
    async with any_store.begin() as tx:
        first = await tx.drafts.begin(ana, "here", "subscribe", {}, ("theme",), now)
        second = await tx.drafts.begin(ana, "here", "unsubscribe", {}, ("n",), now)
        elsewhere = await tx.drafts.begin(ana, "there", "subscribe", {}, (), now)
        assert await tx.drafts.active(ana, "here") == second
        assert await tx.drafts.active(ana, "there") == elsewhere
        await tx.drafts.keep(first, now)
        assert await tx.drafts.active(ana, "here") == first
        assert await tx.drafts.get(second.id, ana, "here") == replace(second, active=False)
        assert await tx.drafts.get(second.id, ana, "there") is None
        assert await tx.drafts.get(second.id, ana + 1, "here") is None
        await tx.drafts.drop(first.id)
        assert await tx.drafts.active(ana, "here") is None


async def test_drafts_that_nobody_touches_are_dropped(any_store: Store, ana: int, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.drafts.begin(ana, "old", "subscribe", {}, (), now)
        await tx.drafts.begin(ana, "new", "subscribe", {}, (), now + timedelta(days=2))
        assert await tx.drafts.purge(now + timedelta(days=1)) == 1
        assert await tx.drafts.active(ana, "old") is None
        assert await tx.drafts.active(ana, "new") is not None


async def test_the_journal_tells_the_newest_first(any_store: Store, ana: int, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.journal.note(now, "digest.now", "place=1", ana)
        await tx.journal.note(now + timedelta(hours=1), "digest.now", "place=1", ana, letters=2)
        await tx.journal.note(now + timedelta(hours=2), "digest.now", "place=2", ana)
        assert [row["subject"] for row in await tx.journal.last(2)] == ["place=2", "place=1"]
        assert (await tx.journal.last(2))[1]["detail"] == {"letters": 2}
        assert await tx.journal.last_time("digest.now", "place=1") == now + timedelta(hours=1)
        assert await tx.journal.last_time("digest.now", "place=3") is None


async def test_what_is_undone_is_not_in_the_journal(any_store: Store, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        async with any_store.begin() as tx:
            await tx.journal.note(now, "role.granted")
            raise RuntimeError
    async with any_store.read() as tx:
        assert await tx.journal.last() == []


async def test_the_first_value_of_a_setting_stays(any_store: Store) -> None:
    async def seal(tx: Transaction, value: str) -> str:
        return await tx.journal.setting("seal", value)

    async def second() -> str:
        async with any_store.begin() as tx:
            return await seal(tx, "two")

    async with any_store.begin() as tx:
        assert await seal(tx, "one") == "one"
        other = asyncio.create_task(second())
        await until_someone_waits(any_store, other)
    assert await other == "one"


async def test_an_update_acts_once(any_store: Store, now: datetime) -> None:
    async def press() -> bool:
        async with any_store.begin() as tx:
            return await tx.journal.first_time("telegram", "17", now)

    async with any_store.begin() as tx:
        assert await tx.journal.first_time("telegram", "17", now)
        assert await tx.journal.first_time("discord", "17", now)
        replayed = asyncio.create_task(press())
        await until_someone_waits(any_store, replayed)
    assert not await replayed
    async with any_store.begin() as tx:
        await tx.journal.forget_updates(now + timedelta(days=1))
        assert await tx.journal.first_time("telegram", "17", now)


async def test_one_refused_part_leaves_the_rest(any_store: Store, ana: int, now: datetime) -> None:
    from storage.trouble import NotKept

    async with any_store.begin() as tx:
        with pytest.raises(NotKept):
            async with tx.apart():
                await tx.journal.note(now, "lost")
                await tx.people.give(ana + 99, Role.ADMIN, now, "chat")  # nobody has that number
        await tx.journal.note(now, "kept")
    async with any_store.read() as tx:
        assert [row["action"] for row in await tx.journal.last()] == ["kept"]
