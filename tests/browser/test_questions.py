"""A question in the browser: not answered before the answers are there, then with a source and its buttons."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.test_demo import CHROMIUM, be, demo, free_port, open_page, say, talk

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(400),
]
PREPARING = 300  # seconds at most, on a busy machine


async def test_a_member_asks_and_reads_a_sourced_answer(tmp_path: Path) -> None:
    port = free_port()
    async with demo(tmp_path, port), open_page(port, viewport={"width": 1280, "height": 860}) as page:
        await be(page, "Ana")
        answers = talk(page).get_by_role("article").filter(has_text=re.compile("Je prépare mes réponses|Source : "))
        began, asked = time.monotonic(), 0
        while True:
            await say(page, "La labellisation est-elle payante ?")
            asked += 1
            await expect(answers).to_have_count(asked, timeout=30_000)
            if "Source : " in await answers.last.inner_text():
                break
            assert time.monotonic() - began < PREPARING, "the answers were never ready"
            await page.wait_for_timeout(2_000)
        answer = answers.last
        await expect(answer).to_contain_text("La labellisation est-elle payante ?")
        await expect(answer).to_contain_text("vérifié le")
        await answer.get_by_role("button", name="Voir la source").click()
        await expect(talk(page).get_by_role("article").filter(has_text="Sources de la réponse")).to_be_visible()
        await answer.get_by_role("button", name="👍").click()
        await expect(talk(page).get_by_role("article").filter(has_text="Votre avis est gardé")).to_be_visible()

        # What nobody knows is said, and may go to a person.
        await say(page, "Quelle est la recette de la tarte aux pommes ?")
        unknown = talk(page).get_by_role("article").filter(has_text="Je ne sais pas répondre")
        await unknown.get_by_role("button", name="Poser à un·e référent·e").click()
        await talk(page).get_by_role("button", name="Choisir le département").click()
        form = talk(page).get_by_role("form").last
        await form.get_by_label("Département").select_option("30")
        await form.get_by_role("button", name="Envoyer").click()
        await talk(page).get_by_role("button", name="Envoyer (Gard)").click()
        await expect(talk(page).get_by_role("article").filter(has_text="Q-1 (Gard)")).to_be_visible()
        await be(page, "Mona")
        card = talk(page).get_by_role("article").filter(has_text="Question Q-1 · Gard")
        await expect(card).to_be_visible(timeout=30_000)
        await expect(card).not_to_contain_text("Ana")
