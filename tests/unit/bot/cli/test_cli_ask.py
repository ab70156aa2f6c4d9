from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.kit.program import Done, Program

pytestmark = pytest.mark.timeout(300)
Ask = Callable[..., Awaitable[Done]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the model of all entries is fitted once; by words alone, which is quick."""
    return tmp_path_factory.mktemp("ask")


@pytest.fixture
def ask(folder: Path) -> Ask:
    async def typed(*words: str, given: str = "") -> Done:
        said = {"ECOHUB_FAQ__ENABLED": "true", "ECOHUB_FAQ__EMBEDDING": "none"}
        return await Program(folder)("ask", *words, given=given, **said)

    return typed


async def test_one_question(ask: Ask) -> None:
    told = await ask("La labellisation est-elle payante ?")
    assert told.code == 0, told.err
    assert "gratuit" in told.out
    assert "Source : " in told.out and "vérifié le" in told.out
    row = (await ask("La labellisation est-elle payante ?", "--json")).json
    assert row["answered"] is True
    assert (row["entry"], row["confidence"]) == ("cout-label", 1.0)
    assert {"title", "url", "version", "checked"} == set(row["sources"][0])
    assert len(row["near"]) <= 3


async def test_what_is_not_known_is_said(ask: Ask) -> None:
    row = (await ask("Quelle est la recette des crêpes ?", "--json")).json
    assert (row["answered"], row["answer"], row["sources"]) == (False, None, [])
    told = (await ask("Quelle est la recette des crêpes ?")).out
    assert "Je ne sais pas" in told or "Je ne trouve pas de réponse sûre" in told


async def test_a_text_that_was_dropped_in_is_shown_as_an_extract(ask: Ask, folder: Path) -> None:
    text = folder / "data" / "textes" / "goûter.md"
    text.parent.mkdir(parents=True, exist_ok=True)
    text.write_text("La recette des crêpes du Club : trois œufs.", "utf-8")
    told = (await ask("Quelle est la recette des crêpes ?")).out
    text.unlink()
    assert "sans être une réponse relue par le Club" in told
    assert "« La recette des crêpes du Club : trois œufs. »" in told


async def test_a_greeting_is_answered_but_is_no_answer_on_the_subject(ask: Ask) -> None:
    row = (await ask("Bonjour", "--json")).json
    assert row["answered"] is False
    assert row["answer"]


async def test_a_question_for_two_things_is_asked_back(ask: Ask) -> None:
    row = (await ask("À quoi s’engage-t-on en signant la charte ?", "--json")).json
    assert (row["answered"], row["answer"]) == (False, "Il y a deux chartes. De laquelle parlez-vous ?")
    assert row["near"][:2] == [
        "À quoi s’engage un partenaire qui signe la charte ?",
        "À quoi s’engage un projet qui signe la charte ?",
    ]
    assert row["answer"] in (await ask("À quoi s’engage-t-on en signant la charte ?")).out


async def test_many_questions_in_one_process(ask: Ask) -> None:
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
    told = await ask("--batch", given="\n".join(lines) + "\n")
    assert told.code == 0, told.err
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert [row["id"] for row in rows] == [1, None, "b", None, None, 5, 6]
    assert rows[0]["answered"] and rows[0]["sources"]
    assert all(set(row) >= {"id", "answer", "answered", "sources", "near"} for row in rows)
    assert all({"question", "answer"} == set(near) for row in rows for near in row["near"])
    assert all(row["reason"] for row in (rows[1], rows[3], rows[4]))


async def test_a_question_is_needed(ask: Ask) -> None:
    told = await ask()
    assert told.code == 2
    assert "--batch" in told.err
