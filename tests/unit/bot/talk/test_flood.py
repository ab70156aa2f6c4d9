"""Ten commands and thirty words or presses a minute a person (promise 36)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feature import Feature, Route, Settings
from bot.features import FEATURES
from bot.talk.flood import KNOWN, MOST, MOST_WORDS, SPAN, Flood
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Message, Request
from club.people import Person, Place, Role
from club.texts import Texts
from storage.store import Store
from tests.conftest import NOW
from tests.kit.stage import text


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def asks(who: str = "1", words: str = "/aide", platform: str = "telegram", **more: Any) -> Request:
    return Request(Person(platform, who, "Ana"), Place(platform, who), words=words, **more)


def test_the_eleventh_is_told_and_the_twelfth_is_not() -> None:
    flood = Flood(clock=Watch())
    assert [flood.ask(asks()) for _ in range(MOST)] == [None] * MOST
    assert flood.ask(asks()) == SPAN
    assert flood.ask(asks()) == 0
    assert flood.ask(asks("2")) is None


@pytest.mark.parametrize("more", [{"words": "Bretagne"}, {"words": "", "token": "t"}, {"words": "", "files": ("f",)}])
def test_words_and_presses_have_a_larger_bound_of_their_own(more: dict[str, Any]) -> None:
    flood = Flood(clock=Watch())
    for _ in range(MOST + 1):
        flood.ask(asks())
    assert [flood.ask(asks(**more)) for _ in range(MOST_WORDS)] == [None] * MOST_WORDS
    assert [flood.ask(asks(**more)) for _ in range(3)] == [SPAN, 0, 0]
    assert flood.ask(asks()) == 0


def test_commands_chosen_in_a_menu_count_as_commands() -> None:
    flood = Flood(clock=Watch())
    assert [flood.ask(asks(words="", route="help")) for _ in range(MOST)] == [None] * MOST
    assert flood.ask(asks()) == SPAN


def test_whoever_talks_much_in_a_group_is_told_nothing() -> None:
    flood = Flood(clock=Watch())
    for _ in range(MOST_WORDS):
        flood.ask(asks(words="salut", private=False))
    assert flood.ask(asks(words="salut", private=False)) == 0
    assert flood.ask(asks(words="", token="t", private=False)) == SPAN


def test_a_minute_later_one_is_heard_again_and_told_again() -> None:
    watch = Watch()
    flood = Flood(clock=watch)
    for _ in range(MOST + 2):
        flood.ask(asks())
    watch.now += SPAN
    assert flood.ask(asks()) is None
    for _ in range(MOST - 1):
        flood.ask(asks())
    assert flood.ask(asks()) == SPAN


def test_whoever_sits_at_this_machine_is_spared() -> None:
    flood = Flood(frozenset({"simulator"}), Watch())
    assert [flood.ask(asks("ana", platform="simulator")) for _ in range(50)] == [None] * 50


def test_what_is_remembered_is_bounded() -> None:
    flood = Flood(clock=Watch())
    for number in range(KNOWN + 500):
        flood.ask(asks(str(number)))
    assert len(flood._asked) == KNOWN


@given(st.lists(st.floats(0, 20), max_size=200))
def test_never_more_than_ten_in_any_minute(pauses: list[float]) -> None:
    watch = Watch()
    flood = Flood(clock=watch)
    heard = []
    for pause in pauses:
        watch.now += pause
        if flood.ask(asks()) is None:
            heard.append(watch.now)
    assert all(sum(at - SPAN < one <= at for one in heard) <= MOST for at in heard)


async def test_a_flood_is_told_once_and_acts_no_more(store: Store) -> None:
    acted = []

    async def act(request: Request, desk: object) -> Message:
        acted.append(1)
        return Message(())

    feature = Feature(routes=(Route("help", act, role=Role.VISITOR, listed=True),))
    router = Router(store, Texts(), Settings(), Seal(b"k" * 32), (feature,), lambda: NOW, Flood(clock=Watch()))
    request = asks()
    answers = [await router.answer(request) for _ in range(MOST + 3)]
    assert len(acted) == MOST
    assert "Trop de demandes" in text(answers[MOST])
    assert answers[MOST + 1 :] == [None, None]
    other = replace(request, person=Person("telegram", "2", "Zoé"), place=Place("telegram", "2"))
    assert await router.answer(other) is not None


async def test_a_flood_opens_no_transaction(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: beyond what is heard, one person's flood takes nothing that others wait for."""
    router = Router(store, Texts(), Settings(), Seal(b"k" * 32), FEATURES, lambda: NOW, Flood(clock=Watch()))
    begun = 0
    begin = store.begin

    def counted() -> Any:
        nonlocal begun
        begun += 1
        return begin()

    monkeypatch.setattr(store, "begin", counted)
    for n in range(200):
        await router.answer(asks(words="/aide" if n % 2 else "bonjour", update=str(n)))
    assert begun == MOST + MOST_WORDS


def test_a_form_of_seven_answers_is_heard_three_times() -> None:
    flood = Flood(clock=Watch())
    for _ in range(3):
        assert flood.ask(asks(words="/gouter")) is None
        assert [flood.ask(asks(words="", token="t")) for _ in range(7)] == [None] * 7
