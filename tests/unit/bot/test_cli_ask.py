from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import ROOT

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the model of all entries is fitted once; by words alone, which is quick."""
    return tmp_path_factory.mktemp("ask")


def ask(folder: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("ECOHUB_")}
    mine |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "ECOHUB_FAQ__EMBEDDING": "none"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "ask", *words],
        cwd=folder,
        env=mine,
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=280,
    )


def test_one_question(folder: Path) -> None:
    told = ask(folder, "La labellisation est-elle payante ?")
    assert told.returncode == 0, told.stderr
    assert "gratuit" in told.stdout
    assert "Source : " in told.stdout and "vérifié le" in told.stdout
    row = json.loads(ask(folder, "La labellisation est-elle payante ?", "--json").stdout)
    assert row["answered"] is True
    assert (row["entry"], row["confidence"]) == ("cout-label", 1.0)
    assert {"title", "url", "version", "checked"} == set(row["sources"][0])
    assert len(row["near"]) <= 3


def test_what_is_not_known_is_said(folder: Path) -> None:
    row = json.loads(ask(folder, "Quelle est la recette des crêpes ?", "--json").stdout)
    assert (row["answered"], row["answer"], row["sources"]) == (False, None, [])
    told = ask(folder, "Quelle est la recette des crêpes ?").stdout
    assert "Je ne sais pas" in told or "Je ne trouve pas de réponse sûre" in told


def test_a_text_that_was_dropped_in_is_shown_as_an_extract(folder: Path) -> None:
    texts = folder / "data" / "textes"
    texts.mkdir(parents=True, exist_ok=True)
    (texts / "goûter.md").write_text("La recette des crêpes du Club : trois œufs.", "utf-8")
    told = ask(folder, "Quelle est la recette des crêpes ?").stdout
    assert "sans être une réponse relue par le Club" in told
    assert "« La recette des crêpes du Club : trois œufs. »" in told


def test_a_greeting_is_answered_but_is_no_answer_on_the_subject(folder: Path) -> None:
    row = json.loads(ask(folder, "Bonjour", "--json").stdout)
    assert row["answered"] is False
    assert row["answer"]


def test_a_question_for_two_things_is_asked_back(folder: Path) -> None:
    row = json.loads(ask(folder, "À quoi s’engage-t-on en signant la charte ?", "--json").stdout)
    assert (row["answered"], row["answer"]) == (False, "Il y a deux chartes. De laquelle parlez-vous ?")
    assert row["near"][:2] == [
        "À quoi s’engage un partenaire qui signe la charte ?",
        "À quoi s’engage un projet qui signe la charte ?",
    ]
    assert row["answer"] in ask(folder, "À quoi s’engage-t-on en signant la charte ?").stdout


def test_many_questions_in_one_process(folder: Path) -> None:
    lines = [
        json.dumps({"id": 1, "q": "La labellisation est-elle payante ?"}),
        "",
        "pas du json",
        json.dumps({"id": "b", "q": "Qu'est-ce que le Club ÉcoQuartier ?"}),
        json.dumps({"id": 3, "q": 12}),
        json.dumps({"id": 4}),
        json.dumps({"id": 5, "q": "\ud800 label ?"}),
        json.dumps({"id": 6, "q": "label " * 20_000}),
    ]
    told = ask(folder, "--batch", given="\n".join(lines) + "\n")
    assert told.returncode == 0, told.stderr
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert [row["id"] for row in rows] == [1, None, "b", None, None, 5, 6]
    assert rows[0]["answered"] and rows[0]["sources"]
    assert all(set(row) >= {"id", "answer", "answered", "sources", "near"} for row in rows)
    assert all({"question", "answer"} == set(near) for row in rows for near in row["near"])
    assert all(row["reason"] for row in (rows[1], rows[3], rows[4]))


def test_a_question_is_needed(folder: Path) -> None:
    told = ask(folder)
    assert told.returncode == 2
    assert "--batch" in told.stderr
