from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.questions.process import Answers
from club.faq.knowledge import NotReady
from club.faq.meaning import Meaning
from club.faq.verdicts import Outcome
from tests.kit.faq import CLUB, COST, ENTRIES, LABELLED, entry


@pytest.fixture
async def answers(tmp_path: Path) -> AsyncIterator[Answers]:
    made = Answers(tmp_path / "faq", Meaning("none"))
    yield made
    await made.stop()


async def ready(answers: Answers) -> None:
    async with asyncio.timeout(90):
        await answers.ready.wait()


async def test_nobody_waits_for_the_model(answers: Answers) -> None:
    with pytest.raises(NotReady):
        await answers.find("Le label est-il payant ?")
    answers.start(ENTRIES, LABELLED)
    with pytest.raises(NotReady):
        await answers.find("Le label est-il payant ?")
    await ready(answers)
    verdict = await answers.find("Le label est-il payant ?")
    assert (verdict.outcome, verdict.entry, verdict.chance) == (Outcome.ANSWER, COST, 1.0)
    assert (await answers.find("Bonjour")).outcome is Outcome.TALK


async def test_a_model_is_kept_and_found_again(answers: Answers, tmp_path: Path) -> None:
    answers.start(ENTRIES, LABELLED)
    await ready(answers)
    assert answers.fitting.is_set()
    kept = [*(tmp_path / "faq").glob("*.npz")]
    assert len(kept) == 1
    again = Answers(tmp_path / "faq", Meaning("none"))
    again.start(ENTRIES, LABELLED)
    await ready(again)
    assert not again.fitting.is_set()
    await again.stop()


async def test_new_entries_answer_once_fitted_and_the_former_model_goes(answers: Answers, tmp_path: Path) -> None:
    answers.start(ENTRIES, LABELLED)
    await ready(answers)
    new = entry("visite", "Peut-on visiter un quartier ?", "Organiser une visite", "voir un exemple sur place")
    answers.start((*ENTRIES, new), LABELLED)
    assert (await answers.find("Le label est-il payant ?")).entry is COST  # meanwhile
    async with asyncio.timeout(90):
        while (await answers.find("Organiser une visite")).entry is not new:
            await asyncio.sleep(0.05)
        while len([*(tmp_path / "faq").glob("*.npz")]) > 1:
            await asyncio.sleep(0.05)


async def test_a_process_that_dies_is_started_again(answers: Answers) -> None:
    answers.start(ENTRIES, LABELLED)
    await ready(answers)
    assert answers.pid is not None
    os.kill(answers.pid, signal.SIGKILL)
    assert (await answers.find("Comment adhérer au club ?")).entry is CLUB


async def test_questions_at_once_each_get_their_own_answer(answers: Answers) -> None:
    answers.start(ENTRIES, LABELLED)
    await ready(answers)
    asked = [known for known in (*ENTRIES[:3], *ENTRIES[:3]) for _ in range(5)]
    found = await asyncio.gather(*(answers.find(known.question) for known in asked))
    assert [verdict.entry for verdict in found] == asked


async def test_a_question_given_up_leaves_the_next_one_its_answer(answers: Answers) -> None:
    answers.start(ENTRIES, LABELLED)
    await ready(answers)
    given_up = asyncio.create_task(answers.find(COST.question))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    assert (await answers.find(CLUB.question)).entry is CLUB


async def test_tuning_keeps_thresholds_that_count_from_the_next_start(answers: Answers, tmp_path: Path) -> None:
    found = await answers.tune(ENTRIES, LABELLED)
    assert found["inside"] == len(LABELLED)
    assert 0 <= found["right"] + found["wrong"] <= 1
    kept = (tmp_path / "faq" / "thresholds.toml").read_text("utf-8")
    assert "[use]" in kept and f"direct = {found['sureness']['direct']}" in kept
    answers.start(ENTRIES, LABELLED)
    await ready(answers)
    assert (await answers.find(COST.question)).entry is COST
