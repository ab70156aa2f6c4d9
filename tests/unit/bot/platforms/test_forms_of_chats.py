"""What chats with real forms ask of the router: a form in several windows, the same question anew, suggestions, and
roles of the network that stand for the hub's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from club.markup import plain
from club.people import Role
from storage.store import Store
from tests.kit.party import Party


@pytest.fixture
async def party(store: Store, tmp_path: Path) -> Party:
    made = Party(store, tmp_path / "texts")
    await made.invite("ana")
    return made


async def test_what_a_window_did_not_hold_is_asked_next(party: Party) -> None:
    await party.say("/fete")
    form = party.form()
    assert [blank.name for blank in form.blanks] == ["name", "story", "cake", "guests", "day"]
    assert form.at == 0
    window = replace(
        party.request(),
        token=form.action.token,
        values={"name": "Pendaison", "story": "", "cake": "flan"},
        partial=True,
    )
    shown = await party.ask(window)
    assert shown
    assert shown.form
    assert "Réponse" not in plain(shown.lines)
    assert shown.form.blanks[shown.form.at].name == "guests"
    assert [blank.fault for blank in shown.form.blanks] == [""] * 5
    last = replace(party.request(), token=shown.form.action.token, values={"guests": "p1,p3", "day": ""}, partial=True)
    shown = await party.ask(last)
    assert shown
    assert shown.form is None
    assert "Pendaison" in plain(shown.lines)
    assert "Jour du goûter : (vide)" in plain(shown.lines)


async def test_a_fault_in_a_window_comes_before_what_is_not_asked_yet(party: Party) -> None:
    await party.say("/fete")
    window = replace(
        party.request(), token=party.form().action.token, values={"name": "x", "cake": "flan"}, partial=True
    )
    shown = await party.ask(window)
    assert shown
    assert shown.form
    assert shown.form.blanks[shown.form.at].name == "name"
    assert shown.form.blanks[0].fault


async def test_the_same_question_is_shown_anew(party: Party) -> None:
    shown = await party.say("/fete")
    assert shown
    assert shown.again
    anew = await party.ask(replace(party.request(), token=shown.again.token))
    assert anew
    assert (anew.lines, anew.form) == (shown.lines, shown.form)


async def test_suggestions_are_what_the_field_offers_to_this_person(party: Party) -> None:
    asked = replace(party.request(), words="/fete")
    assert [choice.value for choice in await party.router.suggest(asked, "cake")] == ["tart", "fondant", "flan"]
    assert await party.router.suggest(asked, "name") == ()
    assert await party.router.suggest(asked, "nothing") == ()
    assert await party.router.suggest(replace(asked, words="/inconnue"), "cake") == ()
    assert await party.router.suggest(replace(party.request("zoe"), words="/fete"), "cake") == ()
    assert await party.router.suggest(replace(party.request("ana", "cellar"), words="/fete"), "cake") == ()
    before = await party.tables()
    await party.router.suggest(replace(party.request("new"), words="/fete"), "cake")
    assert await party.tables() == before


async def test_a_role_of_the_network_counts_while_it_is_borne(party: Party) -> None:
    asked = replace(party.request("zoe"), words="/chef", granted=Role.MODERATOR)
    shown = await party.ask(asked)
    assert shown
    assert shown.form
    refused = await party.ask(replace(asked, granted=Role.VISITOR))
    assert refused
    assert "réservée" in plain(refused.lines)
