"""Tokens: short enough for every network, good for one place, forever, and for nobody who did not get one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feature import Desk, Route, Settings
from bot.features import FEATURES
from bot.talk.choices import LISTS, Values
from bot.talk.forms import Asking
from bot.talk.seal import LONGEST, Seal
from club.dialogue import Action, Form, Message, Request
from club.markup import as_text
from club.people import Person, Place
from club.texts import Texts
from storage.drafts import Draft
from storage.store import Store, Transaction
from tests.conftest import NOW

SEAL = Seal(b"k" * 32)
HERE = Place("telegram", "-1001234567890", "42")
PLACES = st.builds(Place, st.text(min_size=1), st.text(min_size=1), st.text())
BIGGEST = 10_000_000
ROUTES = [route for feature in FEATURES for route in feature.routes]


@given(
    PLACES, st.text("abc.", min_size=1, max_size=12), st.dictionaries(st.text("kq", min_size=1), st.text(max_size=3))
)
def test_what_is_sealed_opens_in_its_place(place: Place, route: str, values: dict[str, str]) -> None:
    try:
        token = SEAL.close(Action("x", route, values), place)
    except ValueError:
        return  # too long, or not encodable
    assert len(token.encode()) <= LONGEST
    assert SEAL.open(token, place) == (route, values)
    assert Seal(b"another").open(token, place) is None


@given(PLACES, PLACES)
def test_a_token_is_worth_nothing_elsewhere(place: Place, other: Place) -> None:
    token = SEAL.close(Action("x", "pause", {"k": "1"}), place)
    assert (SEAL.open(token, other) is None) is (str(place) != str(other))


@given(st.text("0123456789", max_size=12), st.text("0123456789", max_size=12), st.booleans())
def test_on_telegram_a_token_is_good_for_the_whole_chat_and_for_no_other(a: str, b: str, same: bool) -> None:
    """Telegram does not always say in which topic a button stands."""
    token = SEAL.close(Action("x", "pause", {"k": "1"}), Place("telegram", "-100", a))
    assert (SEAL.open(token, Place("telegram", "-100" if same else "-1001", b)) is not None) is same
    assert SEAL.open(token, Place("discord", "-100", a)) is None
    there = SEAL.close(Action("x", "pause"), Place("discord", "-100", a))
    assert (SEAL.open(there, Place("discord", "-100", b)) is None) is (a != b)


@given(
    st.text(max_size=64)
    | st.text(min_size=64, max_size=500)
    | st.binary(max_size=64).map(lambda b: b.decode("latin-1"))
)
def test_nothing_forged_opens(token: str) -> None:
    assert SEAL.open(token, HERE) is None


@given(st.text(st.characters(categories=["Cs", "Lu", "Nd"]), max_size=70))
def test_lone_surrogates_neither_open_nor_break(token: str) -> None:
    assert SEAL.open(token, HERE) is None


@given(st.data())
def test_a_token_changed_anywhere_is_refused(data: st.DataObject) -> None:
    token = SEAL.close(Action("x", "subscription.pause", {"subscription": "s12"}), HERE)
    at = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters().filter(lambda sign: sign != token[at]))
    assert SEAL.open(token[:at] + sign + token[at + 1 :], HERE) is None
    assert SEAL.open(token[:at], HERE) is None
    assert SEAL.open(token + sign, HERE) is None


def test_a_token_too_long_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="token of 65 bytes"):
        SEAL.close(Action("x", "r" * 48, {"k": "é"}), HERE)
    assert SEAL.close(Action("x", "r" * 47, {"k": "é"}), HERE)


def test_a_message_leaves_with_a_token_on_each_action_and_on_its_form() -> None:
    action = Action("Oui", "yes", {"k": "1"})
    message = Message(as_text("?"), (action, action), Form("f", (), "Envoyer", action))
    sealed = SEAL.message(message, HERE)
    assert sealed.form is not None
    tokens = {sealed.form.action.token, *(one.token for one in sealed.actions)}
    assert [SEAL.open(token, HERE) for token in tokens] == [("yes", {"k": "1"})]
    assert replace(sealed, actions=message.actions, form=message.form) == message


# Every button the program can draw.


async def asked(route: Route, tx: Transaction) -> tuple[Request, Desk, Values]:
    request = Request(await tx.people.meet(Person("scene", "ana"), NOW), HERE)
    desk = Desk(tx, Texts(), NOW, Settings())
    lists = LISTS | {name: lister for feature in FEATURES for name, lister in feature.lists.items()}
    return request, desk, Values(request, desk, lists)


# A route that nobody types and that has no choices is reached by buttons that hold its values.
@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.fields and (r.listed or r.fields[0].choices)], ids=lambda route: route.name
)
async def test_every_button_of_every_draft_fits(route: Route, store: Store) -> None:
    names = tuple(one.name for one in route.fields if f"field-{one.name}" in Texts())  # the others are never asked
    async with store.begin() as tx:
        request, desk, values = await asked(route, tx)
        for step in range(len(names) + 1):
            draft = Draft(BIGGEST, request.person.number, str(HERE), route.name, {}, names, step, True, NOW, NOW)
            asking = Asking(replace(route, preview=None), draft, request, desk, values)
            labels = ("form-done", "form-keep", "form-back", "form-skip", "form-cancel")
            ways = [asking.way(desk.texts.plain(label)) for label in labels]
            message = (await asking.show()).offering(asking.resume(), *filter(None, ways))
            assert all(action.token for action in SEAL.message(message, HERE).actions)


@pytest.mark.parametrize("route", [r for r in ROUTES if r.fields], ids=lambda route: route.name)
async def test_every_choice_fits_in_the_button_that_names_it(route: Route, store: Store) -> None:
    async with store.begin() as tx:
        _, _, values = await asked(route, tx)
        for one in route.fields:
            codes = [choice.value for choice in await values.choices(one)] or [str(BIGGEST), f"s{BIGGEST}"]
            for code in codes:
                assert "," not in code  # it parts several choices in a draft
                SEAL.close(Action("x", route.name, {one.name: code}), HERE)
                SEAL.close(Action("x", "draft.choose", {"k": f"{BIGGEST}.{len(route.fields)}.{code}"}), HERE)


def test_every_route_fits_without_values() -> None:
    for route in ROUTES:
        assert SEAL.open(SEAL.close(Action("x", route.name), HERE), HERE) == (route.name, {})
