"""Places and roles, as configuration and rows spell them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.people import Person, Place, Role

WORD = st.text(st.characters(categories=("L", "N"), include_characters="-_."), min_size=1)
MATRIX_ID = st.builds("!{}:{}".format, WORD, WORD | st.builds("{}:{}".format, WORD, st.integers(1, 65535)))


@given(WORD.filter(lambda word: word != "matrix"), WORD, WORD | st.just(""))
def test_a_place_reads_what_it_writes(platform: str, ident: str, thread: str) -> None:
    place = Place(platform, ident, thread)
    assert Place.parse(str(place)) == place


@given(MATRIX_ID, st.builds("${}".format, WORD) | st.just(""))
def test_a_matrix_room_holds_colons(ident: str, thread: str) -> None:
    place = Place("matrix", ident, thread)
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("telegram:-100123:7", Place("telegram", "-100123", "7")),
        (" simulator:actualites ", Place("simulator", "actualites")),
        ("matrix:!r:club.fr", Place("matrix", "!r:club.fr")),
        ("matrix:!r:club.fr:8448:$e", Place("matrix", "!r:club.fr:8448", "$e")),
    ],
)
def test_places(text: str, place: Place) -> None:
    assert Place.parse(text) == place


@pytest.mark.parametrize("text", ["", "telegram", "telegram:", ":12", ":", "telegram::7", "matrix:"])
def test_a_place_lacks_a_part(text: str) -> None:
    with pytest.raises(ValueError, match="^" + text):
        Place.parse(text)


@given(st.text())
def test_any_text_is_a_place_or_no_value(text: str) -> None:
    try:
        place = Place.parse(text)
    except ValueError:
        return
    assert place.platform
    assert place.id
    assert Place.parse(str(place)) == place


def test_roles_stand_in_order() -> None:
    assert list(Role) == sorted(Role, key=int)
    assert [role.word for role in Role] == ["visitor", "member", "partner", "moderator", "editor", "admin"]
    assert [Role.named(role.word) for role in Role] == list(Role)


@pytest.mark.parametrize("word", ["", "chef", "1", "member "])
def test_a_role_that_is_none(word: str) -> None:
    with pytest.raises(ValueError, match="^" + word):
        Role.named(word)


def test_an_account_is_written_as_in_the_configuration() -> None:
    assert Person("simulator", "ana").account == "simulator:ana"
