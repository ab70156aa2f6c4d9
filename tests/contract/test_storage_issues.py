"""Editions that were sent, kept by their lines: named once, read with their entries as these are by then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from club.issue import Issue
from club.news import Edition, EditionLine, News, Section
from club.subscription import Wish
from storage.store import Store
from storage.tables import entry
from tests.kit.memory import add_source, file_alone, harvest, item

DAY = timedelta(days=1)
WATER = Wish((3, 19), ("76",))


async def publish(store: Store, now: datetime, *titles: str, source: str = "dreal") -> list[News]:
    async with store.begin() as tx:
        state = await tx.sources.get(source)
        origin = state.source if state else await add_source(tx, source, now)
        await tx.news.keep([(origin, harvest(*(item(f"g{n}", title, now) for n, title in enumerate(titles))))], now)
        await file_alone(tx, now)
        return sorted((one for one in await tx.news.entries(None) if one.source == source), key=lambda one: one.guid)


def made(
    now: datetime, lines: list[News], rest: list[News], name: str = "2027-03-09-eau", relay: bool = False
) -> Issue:
    relays = (lines[-1],) if relay else ()
    chosen = tuple(EditionLine(Section.EVENTS if n == 0 else Section.NEWS, one) for n, one in enumerate(lines))
    below = tuple(EditionLine(Section.NEWS, one, relays) for one in rest)
    return Issue("Eau · Occitanie", WATER, Edition(chosen, below, until=now), now, now, name)


async def test_what_is_kept_is_read_again(any_store: Store, now: datetime) -> None:
    one, two, three, four = await publish(any_store, now, "Un", "Deux", "Trois", "Quatre")
    before = made(now, [two, one, four], [three], relay=True)
    async with any_store.begin() as tx:
        kept = (await tx.issues.keep("slot", {"s": before}))["s"]
        assert kept.id and kept == Issue(before.title, WATER, before.edition, now, now, before.name, kept.id)
        assert await tx.issues.get(kept.id) == kept
        assert await tx.issues.named("2027-03-09-eau") == kept
        assert await tx.issues.latest(5) == [kept]
        assert await tx.issues.get(kept.id + 1) is None
        assert await tx.issues.named("2027-03-09") is None


async def test_a_name_is_given_once_and_an_edition_kept_once(any_store: Store, now: datetime) -> None:
    [one] = await publish(any_store, now, "Un")
    async with any_store.begin() as tx:
        first = await tx.issues.keep("1", {"a": made(now, [one], []), "b": made(now, [one], [])})
        again = await tx.issues.keep("1", {"a": made(now, [one], []), "c": made(now, [one], [], name="")})
        later = await tx.issues.keep("2", {"a": made(now + timedelta(hours=1), [one], [])})
        latest = [one.name for one in await tx.issues.latest(9)]
    assert [first[key].name for key in "ab"] == ["2027-03-09-eau", "2027-03-09-eau-2"]
    assert again["a"] == first["a"]
    assert again["c"].name == ""
    assert later["a"].name == "2027-03-09-eau-3"
    assert latest == ["2027-03-09-eau-3", "2027-03-09-eau-2", "2027-03-09-eau"]


async def test_it_tells_entries_as_they_are_now(any_store: Store, now: datetime) -> None:
    one, two = await publish(any_store, now, "Un", "Deux")
    async with any_store.begin() as tx:
        await tx.issues.keep("slot", {"s": made(now, [one], [two])})
    await publish(any_store, now + DAY, "Un, corrigé", "Deux")
    async with any_store.begin() as tx:
        found = await tx.issues.named("2027-03-09-eau")
        assert found and found.edition.lines[0].news.title == "Un, corrigé"
        assert (found.sent_at, found.changed_at) == (now, now + DAY)
        await tx.connection.execute(delete(entry).where(entry.c.id == two.id))
        found = await tx.issues.named("2027-03-09-eau")
        assert found and (len(found.edition.lines), found.edition.rest) == (1, ())


@pytest.mark.parametrize(("own", "public", "left"), [(0, 0, 2), (1, 0, 1), (1, 1, 0), (0, 1, 0)])
async def test_what_persons_got_is_forgotten_first(
    any_store: Store, now: datetime, own: int, public: int, left: int
) -> None:
    [one] = await publish(any_store, now, "Un")
    async with any_store.begin() as tx:
        kept = await tx.issues.keep("slot", {"a": made(now, [one], []), "b": made(now, [one], [], name="")})
        await tx.issues.purge(now + own * DAY, now + public * DAY)
        found = [await tx.issues.get(kept[key].id) for key in "ab"]
    assert len(list(filter(None, found))) == left
    assert (found[0] is None) == bool(public)
