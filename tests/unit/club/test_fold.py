"""Folding: what people see as one word is one word."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.fold import fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éco-quartiers", "ecoquartier"),
        ("éco quartier", "ecoquartier"),
        ("ÉcoQuartier", "ecoquartier"),
        ("ECOQUARTIERS", "ecoquartier"),
        ("éco‑quartier", "ecoquartier"),
        ("un éco-quartier, deux écoquartiers", "un ecoquartier deux ecoquartier"),
        ("quartier éco", "quartier eco"),
        ("L’œuvre d'Ève, n° 12", "l oeuvre d eve n 12"),
        ("référent·e·s et citoyen·ne·s", "referent et citoyen"),
        ("instructeur·rice", "instructeur"),
        ("a·b", "a b"),
        ("  Îlot *frais* — Saint-Servan\n", "ilot frais saint servan"),
        ("ﬁn² Straße Łódź", "fin2 strasse lodz"),
        ("…", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_composed_and_decomposed_are_one() -> None:
    assert fold(unicodedata.normalize("NFD", "Évènement à Nîmes")) == fold("Évènement à Nîmes")


def test_words() -> None:
    assert words("L'eau, la ville !") == ("l", "eau", "la", "ville")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == folded.strip()
    assert "  " not in folded


@given(st.text(alphabet="éÉèàçœŒ’-' abcXYZ·", max_size=30))
def test_french_becomes_plain_letters(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == fold(text.upper().lower())
