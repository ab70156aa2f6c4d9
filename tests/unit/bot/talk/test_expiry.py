"""Choosers that are left are edited once, on both databases; what people type is not a chooser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.feature import Feature, Hub, Route, Settings
from bot.letters import subscriptions
from bot.platforms.base import Malformed
from bot.talk.expiry import LEFT, ending
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Letter, Message, Request
from club.people import Person, Place, Role
from club.texts import Texts
from storage.store import Store
from storage.tables import delivery, draft
from tests.conftest import NOW
from tests.kit.party import NAME
from tests.kit.stage import patient, text
from tests.unit.bot.talk.test_errands import Scene

HOME = Place("scene", "ana")


class House:
    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.store = store
        self.hub = Hub(store, Texts(), Settings(), lambda: self.now)
        typed = Route("lone", subscriptions.subscribe, (NAME, subscriptions.THEME), listed=False)
        features = (subscriptions.FEATURE, Feature((typed,)))
        self.routes = {route.name: route for feature in features for route in feature.routes}
        self.router = Router(store, Texts(), Settings(), Seal(b"key"), features, lambda: self.now, patient())

    async def say(self, words: str, shown: str = "", where: str = "ana") -> Message:
        place = Place("scene", where)
        async with self.store.begin() as tx:
            met = await tx.people.meet(Person("scene", "ana", "Ana"), self.now)
            await tx.people.give(met.number, Role.MEMBER, self.now, "test")
        request = Request(Person("scene", "ana"), place, words=words, private=where == "ana", may_manage=True)
        answer = await self.router.answer(request)
        assert answer
        if shown and answer.shown:
            await answer.shown(HOME, shown)
        return answer

    async def left(self, later: timedelta = LEFT) -> Sequence[tuple[str, str]]:
        """What is to be edited after so long: where, and which message."""
        self.now += later
        await ending(self.routes)(self.hub)
        query = select(delivery.c.place, delivery.c.edits).where(delivery.c.edits.is_not(None)).order_by(delivery.c.id)
        async with self.store.read() as tx:
            return [(row.place, row.edits) for row in await tx.connection.execute(query)]


@pytest.fixture
def house(any_store: Store) -> House:
    return House(any_store)


async def test_the_message_shown_last_is_edited_once(house: House) -> None:
    await house.say("/abonner", "first")
    house.now += LEFT / 2
    await house.say("eau", "second")
    assert await house.left(LEFT - timedelta(seconds=1)) == []
    assert await house.left(timedelta(seconds=1)) == [("ana", "second")]
    assert await house.left() == [("ana", "second")]


async def test_a_refused_answer_is_still_a_chooser(house: House) -> None:
    await house.say("/abonner", "first")
    assert (await house.say("Atlantide", "second")).chooser
    assert await house.left() == [("ana", "second")]


async def test_what_is_over_is_left_alone(house: House) -> None:
    await house.say("/abonner", "r1")
    await house.say("annuler", "r1")
    assert await house.left() == []


async def test_the_same_draft_may_be_left_again(house: House) -> None:
    await house.say("/abonner", "r1")
    assert await house.left() == [("ana", "r1")]
    await house.say("/abonner", "r2")
    assert await house.left() == [("ana", "r1"), ("ana", "r2")]


async def test_a_form_that_is_typed_waits(house: House) -> None:
    async with house.store.begin() as tx:
        ana = await tx.people.meet(Person("scene", "ana", "Ana"), house.now)
        begun = await tx.drafts.begin(ana.number, str(HOME), "lone", {}, ("name", "theme"), house.now)
        await tx.drafts.shown(begun.id, HOME, "r1")
    assert await house.left() == []
    async with house.store.read() as tx:
        kept = await tx.drafts.active(ana.number, str(HOME))
    assert kept and kept.ref is None


async def test_a_question_of_a_route_that_is_gone_is_left_alone(house: House) -> None:
    await house.say("/abonner", "r1")
    async with house.store.begin() as tx:
        await tx.connection.execute(update(draft).values(route="gone"))
    assert await house.left() == []


async def test_what_cannot_be_edited_any_more_is_said_nowhere(house: House) -> None:
    from bot.post.delivery import Delivery
    from storage.owner import Worker

    await house.say("/abonner occitanie", "r1", where="channel")
    assert await house.left() == [("ana", "r1")]
    scene = Scene(refuses=[Malformed("gone")])
    sender = Delivery(house.store, {"scene": scene}, {}, Seal(b"key"), Worker(1), lambda: house.now)
    assert await sender.deliver_one("scene")
    assert not await sender.deliver_one("scene")
    assert (scene.edits, scene.posts) == ([], [])


async def test_pressed_later_it_says_so(house: House) -> None:
    question = await house.say("/abonner")
    house.now += LEFT
    pressed = Request(Person("scene", "ana"), HOME, private=True, token=question.actions[0].token)
    answer = await house.router.answer(pressed)
    assert answer and answer.in_place
    assert text(answer) == "Choix expirés, rien n’a changé. /abonner pour reprendre.\n[/abonner]"


async def test_a_chooser_that_is_gone_meanwhile_leaves_no_dead_letter(store: Store) -> None:
    place = Place("scene", "ana")
    async with store.begin() as tx:
        await tx.outbox.put(Letter("chooser:1:0", place, Message(()), NOW, edits="gone"), NOW)
        letter = await tx.outbox.claim("scene", 1000.0, 1, NOW)
        assert letter is not None
        await tx.outbox.go_elsewhere(letter, NOW, "no such message")
    async with store.read() as tx:
        assert "dead" not in await tx.outbox.counts()
        assert await tx.outbox.next_due("scene", NOW) is None
