"""The outbox on both databases: order, pace, results, clocks that jump (promises 39–45, decision 16)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from club.people import Place
from storage.outbox import GIVE_UP, GIVE_UP_TRIES, Claimed
from storage.store import Store
from tests.kit.memory import RATE, WORKER, Clock, claim, counts, letter, order, put, said, send, until_someone_waits

SECOND = timedelta(seconds=1)


async def next_due(store: Store, now: datetime) -> datetime | None:
    async with store.read() as tx:
        return await tx.outbox.next_due("simulator", now)


async def claimed(store: Store, now: datetime) -> Claimed:
    found = await claim(store, now)
    assert found
    return found


async def test_a_letter_is_written_once(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a")
    async with any_store.begin() as tx:
        assert not await tx.outbox.put(letter("a", now, "mona"), now)
    assert await send(any_store, now) == "a"
    async with any_store.begin() as tx:
        assert not await tx.outbox.put(letter("a", now), now)
    assert await counts(any_store) == {"sent": 1}


async def test_what_is_undone_was_never_put(any_store: Store, now: datetime) -> None:
    told = any_store.letters
    with pytest.raises(RuntimeError):
        async with any_store.begin() as tx:
            await tx.outbox.put(letter("a", now), now)
            raise RuntimeError
    assert await claim(any_store, now) is None
    assert not told.is_set()
    await put(any_store, now, "a")
    assert told.is_set() and not any_store.letters.is_set()


async def test_the_message_comes_out_as_it_went_in(any_store: Store, now: datetime) -> None:
    place = Place("simulator", "actualites", "fil 3")
    async with any_store.begin() as tx:
        body = await tx.outbox.write("slot", "signature", said("Îlot *frais* 🌳"), now)
        assert await tx.outbox.write("slot", "signature", said("another"), now) == body
        assert await tx.outbox.text(body) == said("Îlot *frais* 🌳")
        assert await tx.outbox.text(body + 1) is None
    async with any_store.begin() as tx:
        from storage.outbox import Address

        assert await tx.outbox.post(body, [Address("k", place)], now, now) == 1
    found = await claimed(any_store, now)
    assert (found.place, found.message, found.key) == (place, said("Îlot *frais* 🌳"), "k")
    assert (found.attempts, found.parts_sent, found.doubtful, found.subscription) == (0, 0, False, None)


async def test_a_chat_reads_in_order_one_at_a_time(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b")
    first = await claimed(any_store, now)
    assert first.key == "a"
    assert await claim(any_store, now + SECOND) is None  # b waits for the answer to a
    assert await next_due(any_store, now + SECOND) is None
    async with any_store.begin() as tx:
        await tx.outbox.later(first, now, 4 * SECOND, "cut", doubt=True)
    assert await claim(any_store, now + 3 * SECOND) is None
    assert await next_due(any_store, now + SECOND) == now + 4 * SECOND
    again = await claimed(any_store, now + 4 * SECOND)
    assert (again.key, again.attempts, again.doubtful) == ("a", 1, True)
    async with any_store.begin() as tx:
        await tx.outbox.sent(again, "ref", now, timedelta(0))
    assert await send(any_store, now + 5 * SECOND) == "b"


async def test_a_waiting_chat_delays_no_other(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a1", "a2", place="a")
    await put(any_store, now, "b1", place="b")
    first = await claimed(any_store, now)
    assert await send(any_store, now + SECOND) == "b1"
    async with any_store.begin() as tx:
        await tx.outbox.later(first, now, timedelta(hours=1), "cut", doubt=False)
    await put(any_store, now, "b2", place="b")
    assert await send(any_store, now + 2 * SECOND) == "b2"
    assert await send(any_store, now + 3 * SECOND) is None


async def test_a_chat_has_its_gap(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b")
    assert await send(any_store, now, gap=3 * SECOND) == "a"
    assert await send(any_store, now + 2 * SECOND) is None
    assert await next_due(any_store, now + 2 * SECOND) == now + 3 * SECOND
    assert await send(any_store, now + 3 * SECOND) == "b"


async def test_the_pace_of_a_network_is_shared(any_store: Store, now: datetime) -> None:
    for place in ("a", "b", "c"):
        await put(any_store, now, place, place=place)
    half = SECOND / 2
    assert await claim(any_store, now, rate=2, worker=1)
    assert await claim(any_store, now + half / 2, rate=2, worker=2) is None
    assert await next_due(any_store, now + half / 2) == now + half
    assert await claim(any_store, now + half, rate=2, worker=2)
    # An idle minute gives no right to a burst.
    assert await claim(any_store, now + 60 * SECOND, rate=2, worker=1)
    await put(any_store, now, "d", place="d")
    assert await claim(any_store, now + 60 * SECOND, rate=2, worker=1) is None


async def test_another_network_has_its_own_pace(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a")
    assert await claim(any_store, now, rate=0.01)
    async with any_store.begin() as tx:
        other = letter("b", now)
        await tx.outbox.put(type(other)("b", Place("console", "ana"), said("b"), now), now)
        assert await tx.outbox.next_due("console", now) == now
        assert await tx.outbox.claim("console", RATE, WORKER, now)


async def test_workers_at_once_never_hold_the_same_letter(any_store: Store, now: datetime) -> None:
    keys = {f"{place}{n}" for place in "abcdef" for n in range(5)}
    for key in sorted(keys):
        await put(any_store, now, key, place=key[0])
    clock = Clock(now)
    taken: list[str] = []
    flying: set[str] = set()

    async def work(number: int) -> None:
        while len(taken) < len(keys):
            clock.jumps(seconds=1)
            found = await claim(any_store, clock(), worker=number)
            if found is None:
                await asyncio.sleep(0)
                continue
            assert found.place.id not in flying
            flying.add(found.place.id)
            taken.append(found.key)
            await asyncio.sleep(0)
            flying.discard(found.place.id)
            async with any_store.begin() as tx:
                await tx.outbox.sent(found, "ref", clock(), timedelta(0))

    await asyncio.gather(*(work(n) for n in range(1, 5)))
    assert sorted(taken) == sorted(keys)
    assert [key for key in taken if key[0] == "a"] == sorted(key for key in keys if key[0] == "a")


@pytest.mark.parametrize("put_first", [True, False])
async def test_a_letter_put_while_another_arrives_is_not_forgotten(
    any_store: Store, now: datetime, put_first: bool
) -> None:
    await put(any_store, now, "a")
    first = await claimed(any_store, now)

    async def arrive() -> None:
        async with any_store.begin() as tx:
            await tx.outbox.sent(first, "ref", now, timedelta(0))

    async with any_store.begin() as tx:
        if put_first:
            await tx.outbox.put(letter("b", now), now)
            other: asyncio.Task[object] = asyncio.create_task(arrive())
        else:
            await tx.outbox.sent(first, "ref", now, timedelta(0))
            other = asyncio.create_task(put(any_store, now, "b"))
        await until_someone_waits(any_store, other)
    await other
    assert await send(any_store, now + SECOND) == "b"


async def test_channels_go_first_also_when_something_else_came_before(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "private", place="ana")
    await put(any_store, now, "card", place="canal")
    await put(any_store, now, "edition", place="canal", priority=1)
    assert [await send(any_store, now + n * SECOND) for n in range(3)] == ["card", "edition", "private"]
    # Once its edition left, the channel is as any other.
    await put(any_store, now, "private 2", place="ana")
    await put(any_store, now + SECOND, "card 2", place="canal")
    async with any_store.begin() as tx:
        await tx.outbox.put(letter("urgent", now, "mona", priority=1), now)
    assert await send(any_store, now + 4 * SECOND) == "urgent"


async def test_a_letter_for_later_waits_and_holds_nobody(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.outbox.put(letter("reminder", now, after=timedelta(days=3)), now)
    assert await next_due(any_store, now) == now + timedelta(days=3)
    await put(any_store, now, "now")
    assert await send(any_store, now) == "now"
    assert await send(any_store, now + timedelta(days=2)) is None
    assert await send(any_store, now + timedelta(days=3)) == "reminder"


async def test_429_holds_every_letter_of_the_network(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", place="a")
    await put(any_store, now, "b", place="b")
    first = await claimed(any_store, now)
    async with any_store.begin() as tx:
        await tx.outbox.hold_back("simulator", now, now + 30 * SECOND)
        await tx.outbox.later(first, now, 30 * SECOND, "429", doubt=False, counts=False)
    assert await claim(any_store, now + 29 * SECOND) is None
    assert await next_due(any_store, now + SECOND) == now + 30 * SECOND
    # A shorter silence does not cut the longer one.
    async with any_store.begin() as tx:
        await tx.outbox.hold_back("simulator", now, now + SECOND)
    assert await claim(any_store, now + 29 * SECOND) is None
    again = await claimed(any_store, now + 30 * SECOND)
    assert again.attempts == 0


async def test_given_up_after_a_day_of_tries(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a")
    moment = now
    for _ in range(GIVE_UP_TRIES + 3):
        moment += timedelta(hours=1)
        found = await claimed(any_store, moment)
        async with any_store.begin() as tx:
            await tx.outbox.later(found, moment, SECOND, "down", doubt=False)
    assert await counts(any_store) == {"pending": 1}
    moment = now + GIVE_UP + SECOND
    found = await claimed(any_store, moment)
    async with any_store.begin() as tx:
        await tx.outbox.later(found, moment, SECOND, "down", doubt=False)
    assert await counts(any_store) == {"dead": 1}


async def test_a_stop_of_two_days_gives_nothing_up(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a")
    found = await claimed(any_store, now + timedelta(days=2))
    async with any_store.begin() as tx:
        await tx.outbox.later(found, now + timedelta(days=2), SECOND, "no network yet", doubt=False)
    assert await counts(any_store) == {"pending": 1}


async def test_the_day_counts_from_when_it_could_leave(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.outbox.put(letter("reminder", now, after=timedelta(days=3)), now)
    moment = now + timedelta(days=3)
    for _ in range(GIVE_UP_TRIES + 1):
        moment += timedelta(minutes=1)
        found = await claimed(any_store, moment)
        async with any_store.begin() as tx:
            await tx.outbox.later(found, moment, SECOND, "down", doubt=False)
    assert await counts(any_store) == {"pending": 1}


async def test_a_network_that_asks_to_wait_is_waited_for(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a")
    for day in range(GIVE_UP_TRIES + 2):
        found = await claimed(any_store, now + timedelta(days=day))
        async with any_store.begin() as tx:
            await tx.outbox.later(found, now + timedelta(days=day), SECOND, "429", doubt=False, counts=False)
    assert await counts(any_store) == {"pending": 1}


async def test_dead_and_uncertain_letters_let_the_next_one_go(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b", "c")
    async with any_store.begin() as tx:
        first = await tx.outbox.claim("simulator", RATE, WORKER, now)
        assert first
        await tx.outbox.dead(first, now, "refused")
    second = await claimed(any_store, now + SECOND)
    async with any_store.begin() as tx:
        await tx.outbox.uncertain(second, now, "answer lost")
    assert await send(any_store, now + 2 * SECOND) == "c"
    assert await counts(any_store) == {"dead": 1, "uncertain": 1, "sent": 1}
    async with any_store.begin() as tx:
        assert await tx.outbox.resend(first.id, now)
        assert await tx.outbox.resend(second.id, now)
        assert not await tx.outbox.resend(second.id, now)  # it waits already
    again = await claimed(any_store, now + 3 * SECOND)
    assert (again.key, again.attempts, again.doubtful) == ("a", 0, False)
    async with any_store.begin() as tx:
        await tx.outbox.sent(again, "ref", now, timedelta(0))
    assert (await claimed(any_store, now + 4 * SECOND)).doubtful


async def test_recovered_letters_keep_the_spacing_and_are_doubtful(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b")
    await put(any_store, now, "held", place="mona")
    assert (await claimed(any_store, now)).key == "a"
    survivor = await claim(any_store, now + SECOND, worker=8)
    assert survivor and survivor.key == "held"
    async with any_store.begin() as tx:
        assert await tx.outbox.workers_in_flight() in ([7, 8], [8, 7])
        assert await tx.outbox.recover([WORKER], now + SECOND, 5 * SECOND) == 1
    assert await claim(any_store, now + 5 * SECOND) is None
    again = await claimed(any_store, now + 6 * SECOND)
    assert (again.key, again.doubtful) == ("a", True)


async def test_where_doubt_is_held_a_recovered_letter_waits_for_a_person(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b")
    await claimed(any_store, now)
    async with any_store.begin() as tx:
        assert await tx.outbox.recover([WORKER], now, timedelta(0), hold=["simulator"]) == 1
    assert await counts(any_store) == {"uncertain": 1, "pending": 1}
    assert await send(any_store, now + SECOND) == "b"


async def subscribed(store: Store, now: datetime, *keys: str) -> int:
    from storage.outbox import Address

    async with store.begin() as tx:
        number = await tx.subscriptions.add(order(since=now, place=Place("simulator", "ana")), now)
        for key in keys:
            body = await tx.outbox.write("slot", key, said(key), now)
            await tx.outbox.post(body, [Address(key, Place("simulator", "ana"), number)], now, now)
    return number


@pytest.mark.parametrize("how", ["remove", "pause", "left"])
async def test_unsubscribing_takes_what_waits(any_store: Store, now: datetime, how: str) -> None:
    number = await subscribed(any_store, now, "a", "b", "c")
    await put(any_store, now, "answer")
    assert await send(any_store, now) == "a"
    on_its_way = await claimed(any_store, now + SECOND)
    async with any_store.begin() as tx:
        if how == "remove":
            await tx.subscriptions.remove(number)
        else:
            await tx.subscriptions.pause(number, "paused-by-person")
    async with any_store.begin() as tx:  # b was on the wire and its answer was lost: it is not tried again
        await tx.outbox.later(on_its_way, now, SECOND, "cut", doubt=True)
    assert [await send(any_store, now + n * SECOND) for n in (2, 3, 4)] == ["answer", None, None]
    async with any_store.begin() as tx:
        assert not await tx.outbox.resend(on_its_way.id, now)


async def test_what_was_withdrawn_is_not_recovered(any_store: Store, now: datetime) -> None:
    number = await subscribed(any_store, now, "a")
    await claimed(any_store, now)
    async with any_store.begin() as tx:
        await tx.subscriptions.remove(number)
        await tx.outbox.recover([WORKER], now, timedelta(0))
    assert await counts(any_store) == {"dead": 1}


async def test_unsubscribing_while_an_edition_is_composed(any_store: Store, now: datetime) -> None:
    from storage.outbox import Address

    number = await subscribed(any_store, now)

    async def leave() -> None:
        async with any_store.begin() as tx:
            await tx.subscriptions.remove(number)

    async with any_store.begin() as tx:
        body = await tx.outbox.write("slot", "s", said("edition"), now)
        await tx.outbox.post(body, [Address("edition", Place("simulator", "ana"), number)], now, now)
        leaving = asyncio.create_task(leave())
        await until_someone_waits(any_store, leaving)
    await leaving
    assert await send(any_store, now) is None


async def test_what_waits_follows_a_place_that_moved(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b", place="group")
    first = await claimed(any_store, now)
    new = Place("simulator", "supergroup")
    async with any_store.begin() as tx:
        await tx.outbox.later(first, now, timedelta(0), "moved", doubt=False)
        await tx.outbox.move(first.place, new, now)
    second = await claimed(any_store, now + SECOND)
    assert (second.key, second.place) == ("a", new)
    async with any_store.begin() as tx:
        await tx.outbox.sent(second, "ref", now, timedelta(0))
    third = await claimed(any_store, now + 2 * SECOND)
    assert (third.key, third.place) == ("b", new)


async def test_nothing_more_leaves_for_a_closed_place(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b", place="gone")
    await put(any_store, now, "c", place="ana")
    async with any_store.begin() as tx:
        await tx.outbox.close_place(Place("simulator", "gone"), "unreachable-blocked")
    assert await send(any_store, now) == "c"
    assert await send(any_store, now + SECOND) is None
    assert await counts(any_store) == {"dead": 2, "sent": 1}


async def test_a_closed_place_takes_its_threads_along(any_store: Store, now: datetime) -> None:
    group = Place("simulator", "group", "7")
    async with any_store.begin() as tx:
        for key, place in (("a", group), ("b", replace(group, thread=""))):
            await tx.outbox.put(replace(letter(key, now), place=place), now)
        await tx.outbox.close_place(replace(group, thread=""), "unreachable-gone", threads=True)
    assert await counts(any_store) == {"dead": 2}


async def test_the_thread_of_a_letter_is_found_by_its_last_part(any_store: Store, now: datetime) -> None:
    topic, group = Place("simulator", "group", "7"), Place("simulator", "group")
    async with any_store.begin() as tx:
        await tx.outbox.put(replace(letter("a", now), place=topic), now)
        await tx.outbox.put(replace(letter("b", now), place=group), now)
    for ref in ("12,13", "3"):
        one = await claimed(any_store, now)
        async with any_store.begin() as tx:
            await tx.outbox.sent(one, ref, now, timedelta(0))
        now += SECOND
    async with any_store.read() as tx:
        found = [await tx.outbox.thread_of(group, ref) for ref in ("13", "12", "3", "99", "%")]
        elsewhere = await tx.outbox.thread_of(Place("simulator", "other"), "13")
    assert found == ["7", "", "", "", ""]
    assert elsewhere == ""


async def test_purging_forgets_what_was_settled_long_ago(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "sent", "dead", "uncertain", "waits")
    async with any_store.begin() as tx:
        rest = await tx.outbox.write("slot:rest", "s", said("la suite"), now)
    assert await send(any_store, now) == "sent"
    async with any_store.begin() as tx:
        dead = await tx.outbox.claim("simulator", RATE, WORKER, now + SECOND)
        assert dead
        await tx.outbox.dead(dead, now, "refused")
        doubt = await tx.outbox.claim("simulator", RATE, WORKER, now + 2 * SECOND)
        assert doubt
        await tx.outbox.uncertain(doubt, now, "lost")
        await tx.outbox.purge(now)
        assert await tx.outbox.counts() == {"sent": 1, "dead": 1, "uncertain": 1, "pending": 1}
        assert await tx.outbox.text(rest) == said("la suite")
        await tx.outbox.purge(now + timedelta(days=30))
        assert await tx.outbox.counts() == {"uncertain": 1, "pending": 1}
        assert await tx.outbox.text(rest) is None
    assert await send(any_store, now + 3 * SECOND) == "waits"


async def test_a_late_letter_is_kept_from_when_it_left(any_store: Store, now: datetime) -> None:
    async with any_store.begin() as tx:
        await tx.outbox.put(letter("reminder", now, after=timedelta(days=40)), now)
    assert await send(any_store, now + timedelta(days=40)) == "reminder"
    async with any_store.begin() as tx:
        await tx.outbox.purge(now + timedelta(days=30))
    assert await counts(any_store) == {"sent": 1}


@pytest.mark.parametrize("hours", [-24, -1, -0.25, 1, 24])
async def test_a_clock_that_jumps_freezes_nothing(any_store: Store, now: datetime, hours: float) -> None:
    await put(any_store, now, "a", "b", place="a")
    await put(any_store, now, "c", place="c")
    await put(any_store, now, "d", place="d")
    assert await send(any_store, now, gap=SECOND) == "a"
    waiting = await claimed(any_store, now + SECOND)
    async with any_store.begin() as tx:
        await tx.outbox.hold_back("simulator", now, now + timedelta(minutes=5))
        await tx.outbox.later(waiting, now, timedelta(minutes=10), "down", doubt=False)
    jumped = now + timedelta(hours=hours) + 2 * SECOND
    sent = []
    for minute in range(12):
        moment = jumped + timedelta(minutes=minute)
        due = await next_due(any_store, moment)
        assert due is None or due <= moment + timedelta(minutes=10)
        while key := await send(any_store, moment):
            sent.append(key)
            moment += SECOND
    assert sorted(sent) == ["b", "c", "d"]
    assert await counts(any_store) == {"sent": 4}


async def test_silence_asked_for_after_a_jump_is_kept(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "a", "b")
    assert await claim(any_store, now, rate=0.001)
    before = now - timedelta(days=1)
    async with any_store.begin() as tx:
        await tx.outbox.hold_back("simulator", before, before + 30 * SECOND)
    await put(any_store, before, "c", place="c")
    assert await claim(any_store, before + 29 * SECOND) is None
    assert await claim(any_store, before + 30 * SECOND)


async def test_parts_that_left_are_remembered(any_store: Store, now: datetime) -> None:
    await put(any_store, now, "long")
    found = await claimed(any_store, now)
    async with any_store.begin() as tx:
        await tx.outbox.part_sent(found.id, 2, "11,12")
    async with any_store.begin() as tx:
        await tx.outbox.recover([WORKER], now, timedelta(0))
    again = await claimed(any_store, now + SECOND)
    assert (again.parts_sent, again.ref) == (2, "11,12")


async def test_next_due_is_none_when_nothing_waits(any_store: Store, now: datetime) -> None:
    assert await next_due(any_store, now) is None
    await put(any_store, now, "a")
    assert await next_due(any_store, now) == now
    await send(any_store, now)
    assert await next_due(any_store, now) is None
