from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.faq.phonetics import sound
from club.fold import words


@pytest.mark.parametrize(
    "spelled",
    [
        "quartier quartiers cartié kartier kartiers",
        "label labels labelle labels",
        "formation formations formassion",
        "combien conbien",
        "gratuit gratuits gratui",
        "dossier dossiers dossié docié",
        "engagement engajement",
        "partenaire partenaires partenère",
        "commission comission comision",
        "numérique numérik",
        "ville ville vile",
        "réseau réseaux rézo",
        "habitants abitant abitan",
    ],
)
def test_what_sounds_the_same_is_the_same(spelled: str) -> None:
    assert len({sound(word) for word in words(spelled)}) == 1


def test_what_sounds_otherwise_is_not_the_same() -> None:
    heard = [sound(word) for word in words("charte carte label livre lieu eau air expert exposé ville vie")]
    assert len(set(heard)) == len(heard)


@given(st.text(max_size=40))
def test_any_word_has_its_sound_of_its_length_at_most_doubled(text: str) -> None:
    for word in words(text):
        assert len(sound(word)) <= 2 * len(word)
