from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.faq.grams import Grams, pieces
from club.faq.words import Tables
from club.fold import fold

TABLES = Tables.load()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("c koi 1 écocartier", "c quoi 1 ecoquartier"),
        ("L’Éco-Quartier, c’est QUOI ?", "l ecoquartier c est quoi"),
        ("eko kartiers", "ecoquartiers"),
        ("fo payé pr etre ds le club", "il faut paye pour etre dans le club"),
        ("le référentiel", "le referentiel"),
        ("", ""),
    ],
)
def test_short_forms_are_written_out(said: str, meant: str) -> None:
    assert TABLES.normalise(said) == meant


def test_letters_and_near_words_are_added_never_put_in_place() -> None:
    assert TABLES.expand("tarif du pnf") == "tarif du pnf + =payant plan national de formation"
    assert TABLES.expand("bonjour") == "bonjour +"


def test_the_tables_are_folded_as_questions_are() -> None:
    for word, meant in {**TABLES.short, **TABLES.acronyms}.items():
        assert (fold(word), fold(meant)) == (word, meant)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(text: str) -> None:
    normal = TABLES.normalise(text)
    assert normal == " ".join(normal.split())
    assert set(normal) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ") or not normal.isascii()
    assert TABLES.expand(normal).startswith(normal)


def test_a_question_of_any_length_is_read_up_to_a_bound() -> None:
    assert len(TABLES.normalise("mot " * 100_000)) < 2_100


def test_a_number_counts_as_a_whole() -> None:
    assert not {*pieces("engagement 15")} & {*pieces("16")}
    assert TABLES.normalise("engagement vingt") == "engagement 20"


def test_what_was_not_said_counts_less() -> None:
    import numpy as np

    known = sorted({*pieces("label tarif")})
    grams = Grams({piece: at for at, piece in enumerate(known)}, np.ones(len(known), np.float32))
    columns, weights = grams.weigh("label + tarif")
    weight = {known[column]: value for column, value in zip(columns, weights, strict=True)}
    assert weight["_label"] == 2 * weight["_tarif"]


def test_pieces_begin_and_end_with_their_word_and_its_sound() -> None:
    heard = ["~<l", "~l>", "~<l>"]
    assert list(pieces("le")) == ["_le", " l", "le", "e ", " le", "le ", " le ", *heard]
    assert set(heard) <= set(pieces("les"))
    assert list(pieces("=payant")) == ["=payant"]


@given(st.lists(st.sampled_from(["label", "club", "labelle", "xyz"]), max_size=6))
def test_weights_have_length_one_or_there_are_none(words: list[str]) -> None:
    import numpy as np

    known = sorted({piece for word in ("label", "club") for piece in pieces(word)})
    grams = Grams({piece: at for at, piece in enumerate(known)}, np.ones(len(known), np.float32))
    columns, weights = grams.weigh(" ".join(words))
    assert len(columns) == len(set(columns)) == len(weights)
    assert len(weights) == 0 or abs(float(np.linalg.norm(weights)) - 1) < 1e-5
