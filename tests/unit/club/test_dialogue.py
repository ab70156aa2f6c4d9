"""Messages go to the outbox and come back the same; a form never does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.dialogue import Action, Field, Form, Message, Reading, Request
from club.markup import Span, as_text
from club.people import Person, Place

SPANS = st.builds(Span, st.text(min_size=1), st.booleans(), st.none() | st.text(min_size=1))
ACTIONS = st.builds(Action, st.text(), st.text(), st.dictionaries(st.text(), st.text()), st.just(""), st.booleans())
MESSAGES = st.builds(
    Message,
    st.lists(st.lists(SPANS).map(tuple)).map(tuple),
    st.lists(ACTIONS).map(tuple),
    st.none(),
    st.booleans(),
    st.booleans(),
)
PICK = Action("Oui", "answer", {"k": "1"})


@given(MESSAGES)
def test_a_stored_message_comes_back_the_same(message: Message) -> None:
    assert Message.from_json(json.loads(json.dumps(message.to_json()))) == message


def test_a_token_is_not_stored_but_sealed_again_when_it_leaves() -> None:
    stored = Message((), (Action("Oui", "answer", {"k": "1"}, token="sealed"),)).to_json()
    assert "sealed" not in json.dumps(stored)
    assert Message.from_json(stored).actions == (PICK,)


def test_a_message_with_a_form_refuses_to_be_stored() -> None:
    form = Form("Titre", (), "Envoyer", PICK)
    with pytest.raises(ValueError, match="no form"):
        Message(as_text("?"), form=form).to_json()


def test_each_change_is_a_new_message() -> None:
    message = Message(as_text("a"))
    changed = message.offering(PICK).offering(PICK).adding(as_text("b")).privately().replacing()
    assert changed == Message(as_text("a\nb"), (PICK, PICK), private=True, in_place=True)
    assert message == Message(as_text("a"))


def test_boxes_are_the_actions_like_a_ticked_one() -> None:
    ticked = Action("Eau", "choose", {"k": "1"}, chosen=True)
    empty = Action("Air", "choose", {"k": "2"})
    other = Action("Terminé", "done", {"k": "2"})
    unlike = Action("Sol", "choose", {"z": "2"})
    message = Message((), (ticked, empty, other, unlike))
    assert [message.is_box(action) for action in message.actions] == [True, True, False, False]
    assert not Message((), (empty, other)).is_box(empty)


def test_a_request_gives_what_was_read() -> None:
    def whole(typed: str, _: Reading) -> int:
        return int(typed)

    number, other = Field("number", whole), Field("other", whole)
    request = Request(Person("x", "ana"), Place("x", "ana"), values={"number": "12"}, read={"number": 12})
    assert request[number] + 1 == 13
    assert request.get(number) == 12
    assert request.get(other) is None
    with pytest.raises(KeyError):
        request[other]
