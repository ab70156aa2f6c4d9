"""Standing orders, their schedules and the slots that were served, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import event

from club.news import Origin
from club.people import Person, Place
from club.subscription import Cadence, Rhythm, Subscription, Wish
from storage.store import Store
from tests.kit.memory import CHANNEL, DAILY, order, until_someone_waits

DAY = timedelta(days=1)
WEEKLY = Cadence(Rhythm.WEEKLY, time(8, 30), 3, "America/Guadeloupe")


async def follow(store: Store, now: datetime, *orders: Subscription) -> None:
    async with store.begin() as tx:
        await tx.subscriptions.follow_config(orders, now)


async def channels(store: Store) -> list[Subscription]:
    async with store.read() as tx:
        return await tx.subscriptions.channels()


async def test_an_order_comes_out_as_it_went_in(any_store: Store, now: datetime) -> None:
    wish = Wish((20, 3, 7), ("76", "11"))
    place = Place("telegram", "-100", "7")
    async with any_store.begin() as tx:
        ana = (await tx.people.meet(Person("telegram", "42"), now)).number
        new = replace(order(since=now, place=place, cadence=WEEKLY, wish=wish, person=ana), theme="eau")
        number = await tx.subscriptions.add(new, now)
        assert await tx.subscriptions.get(number) == replace(new, id=number)
        assert await tx.subscriptions.of_person(ana) == [replace(new, id=number)]
        assert await tx.subscriptions.of_place(place) == []  # a person's own, though it is read there
        assert await tx.subscriptions.origin(number) is Origin.CHAT
        assert await tx.subscriptions.get(number + 1) is None


async def test_orders_of_one_cadence_share_a_schedule(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        numbers = [await tx.subscriptions.add(order(since=now, cadence=c), now) for c in (DAILY, WEEKLY, DAILY)]
        schedules = await tx.subscriptions.schedules()
        assert [one.cadence for one in schedules] == [DAILY, WEEKLY]
        assert [one.id for one in await tx.subscriptions.following(schedules[0].id)] == [numbers[0], numbers[2]]
        await tx.subscriptions.pause(numbers[1], "paused-by-person")
        assert [one.cadence for one in await tx.subscriptions.schedules()] == [DAILY]
        assert await tx.subscriptions.following(schedules[1].id) == []
        await tx.subscriptions.pause(numbers[1], "")
        assert [one.id for one in await tx.subscriptions.following(schedules[1].id)] == [numbers[1]]


async def test_the_file_is_followed(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, order("A", since=now), order("B", since=now))
    before = await channels(any_store)
    await follow(any_store, now + DAY, order("A", since=now + DAY, wish=Wish((1,))), order("B", since=now + DAY))
    after = await channels(any_store)
    assert [one.id for one in after] == [one.id for one in before]
    assert after[0].wish == Wish((1,))
    assert [one.watermark for one in after] == [now, now]  # nothing is told twice for a change of wish


async def test_what_left_the_file_is_paused_and_comes_back(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, order("A", since=now), order("B", since=now))
    await follow(any_store, now + DAY, order("A", since=now))
    assert [(one.name, one.paused) for one in await channels(any_store)] == [("A", ""), ("B", "paused-left-config")]
    await follow(any_store, now + 2 * DAY, order("A", since=now), order("B", since=now))
    b = (await channels(any_store))[1]
    assert (b.paused, b.watermark) == ("", now + 2 * DAY)  # not what it missed, all at once


async def test_what_was_subscribed_in_chat_is_not_the_files(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.subscriptions.add(order("A", since=now), now)
    await follow(any_store, now, order("A", since=now))
    await follow(any_store, now)
    assert [one.paused for one in await channels(any_store)] == ["", "paused-left-config"]


async def test_a_new_place_wakes_what_could_not_be_written_to(any_store: Store, now: datetime) -> None:
    await follow(any_store, now, order("A", since=now))
    async with any_store.begin() as tx:
        await tx.subscriptions.pause_place(CHANNEL, "paused-unreachable")
    await follow(any_store, now, order("A", since=now))
    assert [one.paused for one in await channels(any_store)] == ["paused-unreachable"]
    elsewhere = Place("simulator", "elsewhere")
    await follow(any_store, now, order("A", since=now, place=elsewhere))
    assert [(one.paused, one.place) for one in await channels(any_store)] == [("", elsewhere)]


async def test_two_programs_that_start_at_once_make_one_channel(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.subscriptions.follow_config([order("A", since=now)], now)
        other = asyncio.create_task(follow(any_store, now, order("A", since=now)))
        await until_someone_waits(any_store, other)
    await other
    assert len(await channels(any_store)) == 1


async def test_a_slot_is_taken_once(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.subscriptions.add(order(since=now), now)
        [schedule] = await tx.subscriptions.schedules()

    async def take() -> bool:
        async with any_store.begin() as tx:
            return await tx.subscriptions.take_slot(schedule.id, "2027-03-09", now, now, skipped=False)

    async with any_store.begin() as tx:
        assert not await tx.subscriptions.is_served(schedule.id, "2027-03-09")
        assert await tx.subscriptions.take_slot(schedule.id, "2027-03-09", now, now, skipped=False)
        other = asyncio.create_task(take())
        await until_someone_waits(any_store, other)
    assert not await other
    async with any_store.begin() as tx:
        assert await tx.subscriptions.is_served(schedule.id, "2027-03-09")
        assert not await tx.subscriptions.is_served(schedule.id, "2027-03-10")
        assert await tx.subscriptions.take_slot(schedule.id, "2027-03-10", now, now, skipped=True)


async def test_a_watermark_never_goes_back(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        numbers = [await tx.subscriptions.add(order(since=now), now) for _ in range(3)]
        await tx.subscriptions.advance(numbers[:2], now + DAY)
        await tx.subscriptions.advance(numbers[:1], now - DAY)
    assert [one.watermark for one in await channels(any_store)] == [now + DAY, now + DAY, now]


async def test_a_rhythm_gets_new_times(any_store: Store, now: datetime) -> None:
    quick = Cadence(Rhythm.INTERVAL, time(0, 0, 40), minutes=2)
    async with any_store.begin() as tx:
        await tx.subscriptions.add(order(since=now, cadence=quick), now)
        await tx.subscriptions.add(order(since=now), now)
        await tx.subscriptions.retime(replace(quick, at=time(0, 1, 10)))
    assert [one.cadence for one in await channels(any_store)] == [replace(quick, at=time(0, 1, 10)), DAILY]


async def test_a_place_is_paused_and_wakes(any_store: Store, now: datetime) -> None:
    other = Place("simulator", "autre")
    await follow(any_store, now, order("A", since=now), order("B", since=now), order("C", since=now, place=other))
    async with any_store.begin() as tx:
        b = (await tx.subscriptions.channels())[1].id
        await tx.subscriptions.pause(b, "paused-by-person")
        await tx.subscriptions.pause_place(CHANNEL, "paused-unreachable")
        paused = [one.paused for one in await tx.subscriptions.channels()]
        assert paused == ["paused-unreachable", "paused-by-person", ""]
        assert len(await tx.subscriptions.wake_place(CHANNEL, "paused-unreachable")) == 1
        assert [one.paused for one in await tx.subscriptions.channels()] == ["", "paused-by-person", ""]


async def test_a_group_that_moved_takes_its_threads_along(any_store: Store, now: datetime) -> None:
    old, new = Place("telegram", "-5"), Place("telegram", "-1005")
    orders = [order("A", since=now, place=old), order("B", since=now, place=replace(old, thread="3"))]
    await follow(any_store, now, *orders, order("C", since=now, place=Place("discord", "-5")))
    async with any_store.begin() as tx:
        await tx.subscriptions.move(old, new)
    places = [one.place for one in await channels(any_store)]
    assert places == [new, replace(new, thread="3"), Place("discord", "-5")]
    await follow(any_store, now, *orders)  # the hub starts again, the file still names the old place
    assert [(one.place, one.paused) for one in await channels(any_store)][:2] == [(places[0], ""), (places[1], "")]
    newer = Place("telegram", "-1006")
    async with any_store.begin() as tx:
        await tx.subscriptions.move(new, newer)
    await follow(any_store, now, *orders)
    assert [one.place for one in await channels(any_store)][:2] == [newer, replace(newer, thread="3")]
    other = Place("telegram", "-77")
    await follow(any_store, now, order("A", since=now, place=other))
    assert (await channels(any_store))[0].place == other


async def test_places_that_moved_in_a_circle_end_somewhere(any_store: Store) -> None:
    a, b = Place("telegram", "-1"), Place("telegram", "-2")
    async with any_store.begin() as tx:
        await tx.subscriptions.move(a, b)
        await tx.subscriptions.move(b, a)
        moves = await tx.subscriptions.moves()
    assert moves.now(a) in (a, b)
    assert moves.now(Place("telegram", "-3", "7")) == Place("telegram", "-3", "7")


async def test_a_group_is_paused_and_wakes_with_its_threads(any_store: Store, now: datetime) -> None:
    group = Place("telegram", "-5")
    orders = [order("A", since=now, place=group), order("B", since=now, place=replace(group, thread="3"))]
    await follow(any_store, now, *orders, order("C", since=now, place=Place("telegram", "-6")))
    async with any_store.begin() as tx:
        both = await tx.subscriptions.pause_place(group, "paused-unreachable", threads=True)
    assert [one.paused for one in await channels(any_store)] == ["paused-unreachable", "paused-unreachable", ""]
    async with any_store.begin() as tx:
        assert await tx.subscriptions.wake_place(group, "paused-unreachable", threads=True) == both
    assert [one.paused for one in await channels(any_store)] == ["", "", ""]


async def test_the_files_channels_are_tried_again_when_the_hub_starts(any_store: Store, now: datetime) -> None:
    ours = order("A", since=now)
    theirs = replace(order("", since=now), place=Place("simulator", "eau"))
    async with any_store.begin() as tx:
        await tx.subscriptions.follow_config([ours], now)
        number = await tx.subscriptions.add(theirs, now)
        for place in (ours.place, theirs.place):
            await tx.subscriptions.pause_place(place, "paused-unreachable")
        await tx.subscriptions.try_again("paused-unreachable")
        [of_file] = await tx.subscriptions.of_place(ours.place)
        of_chat = await tx.subscriptions.get(number)
    assert of_file.paused == ""
    assert of_chat is not None
    assert of_chat.paused == "paused-unreachable"


async def test_a_file_of_many_channels_is_written_in_batches_and_once(any_store: Store, now: datetime) -> None:
    """1,500 channels are three statements; when the file says the same, nothing is written."""
    orders = [
        order(since=now, place=Place("telegram", f"-{number}"), cadence=(DAILY, WEEKLY)[number % 2], name=f"c{number}")
        for number in range(1500)
    ]
    written: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    event.listen(any_store.engine.sync_engine, "before_cursor_execute", note)
    try:
        await follow(any_store, now, *orders)
        assert len(await channels(any_store)) == 1500
        assert len(written) <= 10
        written.clear()
        await follow(any_store, now + DAY, *orders)
        assert written == []
        await follow(any_store, now + DAY, replace(orders[0], wish=Wish((3,))), *orders[1:])
        assert len(written) == 1
    finally:
        event.remove(any_store.engine.sync_engine, "before_cursor_execute", note)
