"""Names of files: whatever people, sites and machines call them, any computer takes the name."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from club.filename import LONGEST, file_name

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[a-z0-9]{1,8})?")


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("inscrits.csv", "inscrits.csv"),
        ("Journée « eau » — été 2027.ICS", "Journee-eau-ete-2027.ics"),
        ("cœur de ville.pdf", "coeur-de-ville.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\Liste d'Ana.csv", "Liste-d-Ana.csv"),
        ("facture.pdf.exe", "facture-pdf.exe"),
        (".htaccess", "document.htaccess"),
        ("photo\u202egnp.exe", "photo-gnp.exe"),
        ("a\r\nSet-Cookie: b=1.csv", "a-Set-Cookie-b-1.csv"),
        ('x"; filename="y.html', "x-filename-y.html"),
        ("con.csv", "document-con.csv"),
        ("COM1", "document-COM1"),
        ("日本語.png", "document.png"),
        ("...", "document"),
        ("", "document"),
        ("x" * 300 + ".csv", "x" * 60 + ".csv"),
    ],
)
def test_examples(given_name: str, name: str) -> None:
    assert file_name(given_name) == name


@given(st.text() | st.text(alphabet='aé./\\ -_~:\0\n"con1', max_size=90))
@example("x" * 59 + "-" * 9 + "x.csv")
@example("_con")
@example("con" + "-" * 70)
def test_any_name_becomes_a_safe_one_which_stays(name: str) -> None:
    made = file_name(name)
    assert SAFE.fullmatch(made)
    assert len(made) <= LONGEST
    assert file_name(made) == made
