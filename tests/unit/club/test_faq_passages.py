"""Texts searched where no entry answers: what is found, how it is cut; nothing when none is near."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.faq.passages import LONGEST, MOST, Folder, Passage, Passages, read_folder, read_text
from club.refusal import Refused

CHARTER = """---
titre: Charte d’usage du Club
url: https://exemple.fr/charte
version: version d’essai
---
# Préambule

Le Club réunit des collectivités.

## Les prêts de matériel

Chaque membre peut **emprunter** l’exposition itinérante, [pour un mois](https://exemple.fr/x).

Le transport reste à sa charge.
"""
LOAN, TRANSPORT = (
    Passage(said, "Charte d’usage du Club", "Les prêts de matériel", "https://exemple.fr/charte", "version d’essai")
    for said in (
        "Chaque membre peut emprunter l’exposition itinérante, pour un mois.",
        "Le transport reste à sa charge.",
    )
)
RAIN = Passage("Des noues retiennent la pluie à Uzès.", "Pluie", url="https://exemple.fr/p", day=date(2027, 3, 1))
SHELF = Passages((*read_text(CHARTER, "charte"), RAIN))


def test_a_text_is_split_by_its_headings_and_paragraphs() -> None:
    first, *others = read_text(CHARTER, "charte")
    assert (first.heading, first.text) == ("Préambule", "Le Club réunit des collectivités.")
    assert others == [LOAN, TRANSPORT]
    assert read_text("Sans tête.", "notes") == (Passage("Sans tête.", "notes"),)


@pytest.mark.parametrize(
    "question",
    ["Peut-on emprunter une exposition ?", "exposition a emprunter svp", "qui prête l’EXPOSITION itinérante ?"],
)
def test_the_paragraph_that_speaks_of_it_is_found(question: str) -> None:
    assert SHELF.find(question)[:1] == (LOAN,)


def test_little_words_and_headings() -> None:
    assert SHELF.find("Comment faire pour avoir ce qui est là ?") == ()
    assert SHELF.find("le transport du matériel prêté") == (TRANSPORT,)


@pytest.mark.parametrize("question", ["recette de la tarte", "la pluie demain à Paris", "météo", "", "???"])
def test_nothing_is_near(question: str) -> None:
    assert SHELF.find(question) == ()
    assert Passages().find(question) == ()


def test_a_long_paragraph_is_cut_to_what_says_it() -> None:
    before = "Une phrase qui parle de tout autre chose que de cela. " * 8
    [found] = Passages([Passage(f"{before}Les noues retiennent la pluie. " + "Suite. " * 80, "Long"), LOAN]).find(
        "noues et pluie"
    )
    assert found.text.startswith("… Les noues retiennent la pluie. Suite.")
    assert found.text.endswith(" …")
    assert len(found.text) <= LONGEST + 2


def test_what_says_the_same_is_shown_once() -> None:
    again = Passage(RAIN.text, "Ailleurs")
    assert Passages((RAIN, again, LOAN)).find("noues et pluie") == (RAIN,)


def test_a_folder_is_read_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert read_folder(tmp_path / "none") == Folder()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "charte.md").write_text(CHARTER, "utf-8")
    (tmp_path / "a.txt").write_text("Un mot.", "utf-8")
    (tmp_path / "latin.txt").write_bytes(b"\xe9t\xe9")
    (tmp_path / "tete.md").write_text("---\na: [\n---\n", "utf-8")
    (tmp_path / "image.png").write_bytes(b"\x89")
    found = read_folder(tmp_path)
    assert [one.title for one in found.passages] == ["a", *["Charte d’usage du Club"] * 3]
    assert found.unread == ("latin.txt", "tete.md")
    with pytest.raises(Refused):
        read_text("---\na: [\n---\n", "tete")


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=400), max_size=5))
def test_whatever_is_asked_of_whatever_texts(question: str, texts: list[str]) -> None:
    shelf = Passages([Passage(text, "Titre") for text in texts])
    found = shelf.find(question)
    assert len(found) <= MOST
    assert all(len(one.text) <= LONGEST + 2 for one in found)
