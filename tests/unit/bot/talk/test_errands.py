"""Errands: written with the change that asked for them, run outside it, told once, whatever dies in between."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.feature import Desk, Handler, Hub, Outside, Settings
from bot.platforms.base import Malformed, TryLater, Unreachable
from bot.post.delivery import Delivery
from bot.talk.errands import TRIES, ErrandRunner, note_shown
from bot.talk.seal import Seal
from club.dialogue import Action, Message, Request
from club.people import Person, Place, Role
from club.refusal import Refused
from club.texts import Texts
from storage.errands import CLAIM, UNTOLD
from storage.owner import Worker
from storage.store import Store
from storage.tables import errand
from tests.conftest import NOW
from tests.kit.stage import text

SHOWN = Place("scene", "channel")
ANA = Person("scene", "ana", "Ana")


@dataclass
class Scene:
    """A network that can edit until it is told otherwise."""

    name: str = "scene"
    edits: list[tuple[Place, str, Message]] = field(default_factory=list)
    posts: list[tuple[Place, Message]] = field(default_factory=list)
    refuses: list[Exception] = field(default_factory=list)

    async def start(self, commands: object, answer: object) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, place: Place, message: Message, key: str, parts: object = None) -> str:
        self.posts.append((place, message))
        return str(len(self.posts))

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        if self.refuses:
            raise self.refuses.pop()
        self.edits.append((place, ref, message))


async def as_it_is(message: Message, request: Request, desk: Desk) -> Message:
    return message


class House:
    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.store = store
        self.scene = Scene()
        self.hub = Hub(store, Texts(), Settings(), lambda: self.now)
        self.runs = 0
        self.work: Any = self.found
        self.delivery = Delivery(store, {"scene": self.scene}, {}, Seal(b"key"), Worker(1), lambda: self.now)

    async def found(self, given: Mapping[str, str], _: Outside) -> Handler:
        self.runs += 1
        return partial(self.tell, given["what"])

    async def tell(self, what: str, request: Request, desk: Desk) -> Message:
        role = request.person.role.word
        return desk.say("command-unknown", typed=f"{what} {role}").offering(Action("Oui", "help"))

    def errands(self) -> ErrandRunner:
        return ErrandRunner(self.hub, {"look": lambda given, outside: self.work(given, outside)}, None, as_it_is)  # type: ignore[arg-type]

    async def ask(self, *, shown: bool = True, what: str = "vu", role: Role = Role.MEMBER) -> Message:
        async with self.hub.desk() as desk:
            ana = await desk.tx.people.meet(ANA, self.now)
            await desk.tx.people.give(ana.number, role, self.now, "test")
            answer = await desk.errand(Request(ana, SHOWN, private=False), "look", what=what)
        if shown:
            await note_shown(self.store, lambda: self.now, answer.errand, SHOWN, "r1")
        return answer

    async def deliver(self) -> None:
        for _ in range(20):
            self.now += timedelta(seconds=1)
            await self.delivery.deliver_one("scene")

    async def left(self) -> int:
        async with self.store.read() as tx:
            return int(await tx.connection.scalar(select(func.count()).select_from(errand)) or 0)


@pytest.fixture
def house(any_store: Store) -> House:
    return House(any_store)


async def test_the_result_takes_the_place_of_what_waited(house: House) -> None:
    waiting = await house.ask()
    assert "Je lis la page…" in text(waiting)
    assert await house.errands().run_due() == 1
    assert await house.left() == 0
    await house.deliver()
    [(place, ref, message)] = house.scene.edits
    assert (place, ref) == (SHOWN, "r1")
    assert "vu member" in text(message)
    assert message.private
    assert message.actions[0].token == Seal(b"key").close(message.actions[0], SHOWN)
    assert house.scene.posts == []


@pytest.mark.parametrize("refusal", [Malformed("gone"), Unreachable("unreachable-gone")])
async def test_what_cannot_be_replaced_comes_in_private_once(house: House, refusal: Exception) -> None:
    await house.ask()
    await house.errands().run_due()
    house.scene.refuses = [refusal]
    await house.deliver()
    [(place, message)] = house.scene.posts
    assert place == Place("scene", "ana")
    assert message.actions[0].token == Seal(b"key").close(message.actions[0], place)
    assert house.scene.edits == []


async def test_an_edit_that_the_network_delays_is_tried_again_without_doubt(house: House) -> None:
    await house.ask()
    await house.errands().run_due()
    house.scene.refuses = [TryLater(0, doubt=True)]
    await house.deliver()
    assert len(house.scene.edits) == 1
    async with house.store.read() as tx:
        assert await tx.journal.last() == []


async def test_where_nothing_tells_it_was_shown_the_result_is_a_new_private_message(house: House) -> None:
    await house.ask(shown=False)
    assert await house.errands().run_due() == 0
    house.now += UNTOLD
    assert await house.errands().run_due() == 1
    await house.deliver()
    assert [place for place, _ in house.scene.posts] == [Place("scene", "ana")]
    assert house.scene.edits == []


async def test_killed_while_it_runs_it_is_run_again_and_told_once(house: House) -> None:
    await house.ask()
    async with house.store.begin() as tx:  # a process takes it and dies
        [claimed] = await tx.errands.claim(5, house.now)
    assert claimed.given == {"what": "vu"}
    assert await house.errands().run_due() == 0
    house.now += CLAIM
    assert await house.errands().run_due() == 1
    await house.deliver()
    assert len(house.scene.edits) == 1


async def test_on_one_machine_it_is_run_again_at_the_start(store: Store) -> None:
    house = House(store)
    await house.ask()
    async with store.begin() as tx:
        await tx.errands.claim(5, house.now)
    errands = house.errands()
    running = asyncio.create_task(errands.run())
    while await house.left():
        await asyncio.sleep(0)
    errands.stop()
    await running
    assert house.runs == 1


async def test_two_runners_tell_it_once(house: House) -> None:
    await house.ask()
    async with house.store.begin() as tx:
        [slow] = await tx.errands.claim(5, house.now)
    house.now += CLAIM  # it was thought dead
    await house.errands().run_due()
    await house.errands()._do(slow)
    await house.deliver()
    assert (len(house.scene.edits), house.scene.posts) == (1, [])


async def test_what_is_stopped_is_anybodys_again(house: House) -> None:
    begun = asyncio.Event()

    async def never(given: Mapping[str, str], _: Outside) -> Handler:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    house.work = never
    await house.ask()
    errands = house.errands()
    running = asyncio.create_task(errands.run())
    await begun.wait()
    errands.stop()
    await running
    house.work = house.found
    assert await house.errands().run_due() == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Refused("trouble-not-found"), "code 404"),
        (TimeoutError(), "C’était trop long"),
        (RuntimeError("on purpose"), "Un imprévu"),
    ],
)
async def test_what_fails_says_so(house: House, fault: Exception, said: str) -> None:
    async def fails(given: Mapping[str, str], _: Outside) -> Handler:
        raise fault

    house.work = fails
    await house.ask()
    await house.errands().run_due()
    await house.deliver()
    assert said in text(house.scene.edits[0][2])


async def test_a_refusal_at_the_end_changes_nothing_and_is_said(house: House) -> None:
    async def tell(request: Request, desk: Desk) -> Message:
        await desk.tx.journal.note(desk.now, "half")
        raise Refused("button-unknown")

    async def work(given: Mapping[str, str], _: Outside) -> Handler:
        return tell

    house.work = work
    await house.ask()
    await house.errands().run_due()
    await house.deliver()
    assert "Ce bouton n’est pas valable" in text(house.scene.edits[0][2])
    async with house.store.read() as tx:
        assert await tx.journal.last() == []


async def test_a_process_that_dies_over_it_again_and_again_gives_up_in_words(house: House) -> None:
    await house.ask()
    for _ in range(TRIES):
        async with house.store.begin() as tx:
            await tx.errands.claim(5, house.now)
        house.now += CLAIM
    await house.errands().run_due()
    await house.deliver()
    assert house.runs == 0
    assert "Un imprévu" in text(house.scene.edits[0][2])


async def test_the_role_is_that_of_the_end(house: House) -> None:
    await house.ask(role=Role.MODERATOR)
    async with house.store.begin() as tx:
        ana = await tx.people.meet(ANA, house.now)
        await tx.people.take(ana.number, "test")
    await house.errands().run_due()
    await house.deliver()
    assert "vu visitor" in text(house.scene.edits[0][2])


async def test_one_person_may_not_ask_for_more_than_three_at_once(house: House) -> None:
    for _ in range(3):
        await house.ask()
    with pytest.raises(Refused, match="errand-too-many"):
        await house.ask()


async def test_a_number_never_comes_back_so_each_result_is_a_letter_of_its_own(house: House) -> None:
    for _ in range(3):
        await house.ask()
        await house.errands().run_due()
    await house.deliver()
    assert len(house.scene.edits) == 3


async def test_a_clock_that_goes_back_freezes_nothing(house: House) -> None:
    await house.ask(shown=False)
    house.now -= timedelta(days=1)
    assert await house.errands().run_due() == 1


async def test_whoever_is_erased_is_told_nothing(house: House) -> None:
    answer = await house.ask()
    async with house.store.begin() as tx:
        claimed = (await tx.errands.claim(5, house.now))[0]
        assert await tx.errands.finish(answer.errand)
    await house.errands()._do(replace(claimed))
    await house.deliver()
    assert (house.scene.edits, house.scene.posts) == ([], [])
