"""Messages go to the outbox and come back the same; a form never does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.dialogue import ATTACHED, Action, Attachment, Field, Form, Message, Reading, Request
from club.markup import Span, as_text
from club.people import Person, Place

SPANS = st.builds(Span, st.text(min_size=1), st.booleans(), st.none() | st.text(min_size=1))
ACTIONS = st.builds(Action, st.text(), st.text(), st.dictionaries(st.text(), st.text()), st.just(""), st.booleans())
FILES = st.builds(Attachment, st.text(), st.sampled_from(("text/csv", "text/calendar")), st.binary(), st.text())
PICTURES = st.builds(Attachment, st.text(), st.just("image/png"), st.binary(), st.text().map("Carte {}".format))
MESSAGES = st.builds(
    Message,
    st.lists(st.lists(SPANS).map(tuple)).map(tuple),
    st.lists(ACTIONS).map(tuple),
    st.none(),
    st.booleans(),
    st.booleans(),
    attachments=st.lists(FILES | PICTURES, max_size=10).map(tuple),
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


def test_a_message_that_was_stored_without_attachments_is_read() -> None:
    stored = Message(as_text("avant")).to_json()
    del stored["attachments"]
    assert Message.from_json(stored) == Message(as_text("avant"))


def test_an_attachment_has_a_safe_name_a_kind_and_a_picture_its_words() -> None:
    assert Attachment("../Été d'Ana.CSV", "text/csv", b"").name == "Ete-d-Ana.csv"
    assert Attachment("x.png", "image/png", b"", "Deux courbes").is_picture
    assert not Attachment("x.svg", "image/svg+xml", b"", "Deux courbes").is_picture
    for kind in ("", "csv", "text/csv; charset=utf-8", "text/\n", "TEXT/CSV"):
        with pytest.raises(ValueError, match="no media type"):
            Attachment("x", kind, b"")
    for alt in ("", " ", "\u200b"):
        with pytest.raises(ValueError, match="in words"):
            Attachment("x.gif", "image/gif", b"", alt)


def test_attachments_are_bounded() -> None:
    half, small = Attachment("a.bin", "a/b", bytes(ATTACHED // 2)), Attachment("b.bin", "a/b", b"x")
    whole = Message(as_text("a")).bearing(half, half)
    assert Message.from_json(whole.to_json()) == whole
    with pytest.raises(ValueError, match="more attachments"):
        whole.bearing(small)
    with pytest.raises(ValueError, match="more attachments"):
        Message((), attachments=(small,) * 11)
    stored = whole.to_json()
    stored["attachments"] *= 2
    with pytest.raises(ValueError, match="more attachments"):
        Message.from_json(stored)
