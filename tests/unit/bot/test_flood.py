"""Ten commands a minute a person (promise 36)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.feature import Feature, Route, Settings
from bot.flood import KNOWN, MOST, SPAN, Flood
from bot.router import Router
from bot.seal import Seal
from club.dialogue import Message, Request
from club.people import Person, Place, Role
from club.texts import Texts
from storage.store import Store
from tests.conftest import NOW
from tests.stage import text


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_eleventh_is_told_and_the_twelfth_is_not() -> None:
    flood = Flood(clock=Watch())
    assert [flood.ask("t:1") for _ in range(MOST)] == [None] * MOST
    assert flood.ask("t:1") == SPAN
    assert flood.ask("t:1") == 0
    assert flood.ask("t:2") is None


def test_a_minute_later_one_is_heard_again_and_told_again() -> None:
    watch = Watch()
    flood = Flood(clock=watch)
    for _ in range(MOST + 2):
        flood.ask("t:1")
    watch.now += SPAN
    assert flood.ask("t:1") is None
    for _ in range(MOST - 1):
        flood.ask("t:1")
    assert flood.ask("t:1") == SPAN


def test_whoever_sits_at_this_machine_is_spared() -> None:
    flood = Flood(frozenset({"simulator"}), Watch())
    assert [flood.ask("simulator:ana") for _ in range(50)] == [None] * 50


def test_what_is_remembered_is_bounded() -> None:
    flood = Flood(clock=Watch())
    for number in range(KNOWN + 500):
        flood.ask(f"t:{number}")
    assert len(flood._asked) == KNOWN


@given(st.lists(st.floats(0, 20), max_size=200))
def test_never_more_than_ten_in_any_minute(pauses: list[float]) -> None:
    watch = Watch()
    flood = Flood(clock=watch)
    heard = []
    for pause in pauses:
        watch.now += pause
        if flood.ask("t:1") is None:
            heard.append(watch.now)
    assert all(sum(at - SPAN < one <= at for one in heard) <= MOST for at in heard)


async def test_a_flood_is_told_once_and_acts_no_more(store: Store) -> None:
    acted = []

    async def act(request: Request, desk: object) -> Message:
        acted.append(1)
        return Message(())

    feature = Feature(routes=(Route("help", act, role=Role.VISITOR, listed=True),))
    router = Router(store, Texts(), Settings(), Seal(b"k" * 32), (feature,), lambda: NOW, Flood(clock=Watch()))
    request = Request(Person("telegram", "1", "Ana"), Place("telegram", "1"), words="/aide")
    answers = [await router.answer(request) for _ in range(MOST + 3)]
    assert len(acted) == MOST
    assert "Trop de demandes" in text(answers[MOST])
    assert answers[MOST + 1 :] == [None, None]
    other = replace(request, person=Person("telegram", "2", "Zoé"), place=Place("telegram", "2"))
    assert await router.answer(other) is not None
