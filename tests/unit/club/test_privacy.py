"""What tells who wrote a text, in questions as people really type them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.privacy import PersonalDetail, find_traces, mask

WORDS = {trace: f"[{trace}]" for trace in PersonalDetail}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Bonjour, je m'appelle Jean Dupont, que dit la charte ?", "Bonjour, je m'appelle [name], que dit la charte ?"),
        ("mon mail : jean.dupont@mairie-albi.fr", "mon mail : [email]"),
        ("jean.dupont (at) mairie point fr", "[email]"),
        ("p.martin [at] hlm.fr svp", "[email] svp"),
        ("appelez-moi au 06 12 34 56 78", "appelez-moi au [phone]"),
        ("tél. 06.12.34.56.78 ou 0612345678", "tél. [phone] ou [phone]"),
        ("+33 (0)5 63 00 00 00", "[phone]"),
        ("0033563000000", "[phone]"),
        ("+262 692 12 34 56", "[phone]"),
        ("je suis Marie de La Tour, à la DDT", "je suis [name], à la DDT"),
        ("Est-ce ouvert à tous ?\nCordialement,\nPaul Martin", "Est-ce ouvert à tous ?\nCordialement,\n[name]"),
        ("Comment candidater ? Merci Claire", "Comment candidater ? Merci [name]"),
        ("Contactez Mme Durand à la mairie", "Contactez [name] à la mairie"),
        ("Ana demande : qui paie ?", "[name] demande : qui paie ?"),
        ("îlot demande", "îlot demande"),
        ("Signé Îlot", "Signé [name]"),
    ],
)
def test_traces_are_masked(text: str, masked: str) -> None:
    assert mask(text, WORDS, ["Ana Îlot"]) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Qui suit les ÉcoQuartiers de mon intercommunalité ?",
        "Je suis chargée de mission à Albi, en Occitanie.",
        "L’ÉcoQuartier Ginko à Bordeaux est-il labellisé ?",
        "Nous avons 120 logements, 35 000 m2, un budget de 1 200 000 euros, une délibération du 01/02/2027.",
        "Le label est-il ouvert aux communes de 2 000 habitants ? Merci",
        "Bordeaux Métropole et la DREAL Nouvelle-Aquitaine peuvent-elles signer ensemble ?",
        "Quelle est la réponse à la question 12 du guide 2024 ?",
        "Quels engagements parlent de l’eau ? Merci d’avance",
        "Le code INSEE 31555 et le SIRET 123 456 789 00012",
    ],
)
def test_what_tells_nobody_stays(text: str) -> None:
    assert mask(text, WORDS, ["Ana Îlot"]) == text


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=2))
def test_any_text_is_masked_in_order_and_without_overlap(text: str, own: list[str]) -> None:
    traces = find_traces(text, own)
    assert all(0 <= begin < end <= len(text) for begin, end, _ in traces)
    assert all(first[1] <= then[0] for first, then in itertools.pairwise(traces))
    if not traces:
        assert mask(text, WORDS, own) == text
