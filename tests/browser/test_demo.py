"""A new user's first minutes: the demonstration as the README starts it, in the system's Chromium."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# No background networking: the browser speaks to loopback only.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(300),
]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@asynccontextmanager
async def demo(folder: Path, port: int) -> AsyncIterator[Process]:
    """The demonstration running; it must end by itself on SIGTERM, with 0."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = (sys.executable, "-m", "bot", "demo", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment, stdout=PIPE)
    assert process.stdout is not None
    try:
        ready = (await process.stdout.readline()).decode()
        assert ready.startswith("prêt"), ready
        yield process
        process.send_signal(signal.SIGTERM)
        await process.communicate()
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@asynccontextmanager
async def open_page(port: int, **options: object) -> AsyncIterator[Page]:
    """A tab on the simulator; any error of the page fails the test."""
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(locale="fr-FR", reduced_motion="reduce", **options)  # type: ignore[arg-type]
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        await page.goto(f"http://127.0.0.1:{port}/")
        yield page
        await browser.close()
    assert not faults, faults


def talk(page: Page) -> Locator:
    return page.get_by_role("region", name="Conversation privée")


async def be(page: Page, name: str) -> None:
    await page.get_by_role("region", name="Personnes").get_by_role("button", name=name).click()


async def say(page: Page, words: str) -> None:
    await page.get_by_label("Message", exact=True).fill(words)
    await page.get_by_role("button", name="Envoyer", exact=True).click()


async def test_a_member_subscribes_and_the_letter_comes(tmp_path: Path) -> None:
    port = free_port()
    async with demo(tmp_path, port), open_page(port, viewport={"width": 1280, "height": 860}) as page:
        await be(page, "Ana")
        await say(page, "/abonner")
        form = talk(page).get_by_role("form").last
        await expect(form).to_be_visible()
        await form.get_by_label("Région").select_option(label="Occitanie")
        await form.get_by_label("Rythme").select_option(label="toutes les deux minutes, le temps de la démonstration")
        await form.get_by_role("button", name="Aperçu").click()
        preview = talk(page).get_by_role("article").filter(has_text="La semaine dernière, vous auriez reçu").last
        await expect(preview).to_contain_text("Occitanie")
        await preview.get_by_role("button", name="Valider").click()
        await expect(talk(page).get_by_role("article").filter(has_text="C’est noté")).to_be_visible()

        letter = re.compile("La lettre du Club ÉcoQuartier")
        channels = page.get_by_role("region", name="Canaux")
        await expect(channels.get_by_role("article").filter(has_text=letter).first).to_be_visible(timeout=60_000)
        own = talk(page).get_by_role("article").filter(has_text=letter)
        await expect(own.first).to_be_visible(timeout=60_000)
        await expect(own).to_have_count(1)

        # What did not fit is one press away, and the settings are too.
        rest = own.get_by_role("button", name=re.compile("La suite"))
        await rest.click()
        await expect(talk(page).get_by_role("article").filter(has_text="La suite de la lettre")).to_be_visible()
        await own.get_by_role("button", name="Mes abonnements").click()
        await expect(talk(page).get_by_role("article").filter(has_text="Votre abonnement")).to_be_visible()

        # Another tab sees the same, each post once.
        async with open_page(port, viewport={"width": 390, "height": 844}) as phone:
            await be(phone, "Ana")
            await expect(talk(phone).get_by_role("article").filter(has_text=letter)).to_have_count(1)
            width = await phone.evaluate("document.documentElement.scrollWidth")
            assert width <= 390


async def test_a_form_goes_on_after_a_restart(tmp_path: Path) -> None:
    port = free_port()
    async with demo(tmp_path, port), open_page(port) as page:
        await be(page, "Paul")
        await say(page, "/abonner")
        await talk(page).get_by_role("button", name="Eau", exact=True).click()
        await expect(talk(page).get_by_role("article").last).to_contain_text("Étape 2/3")
    async with demo(tmp_path, port), open_page(port) as page:
        await be(page, "Paul")
        await expect(talk(page).get_by_role("article").last).to_contain_text("Étape 2/3")
        await say(page, "occitanie")
        await expect(talk(page).get_by_role("article").last).to_contain_text("Étape 3/3")
        await talk(page).get_by_role("article").last.get_by_role("button", name="Passer").click()
        await expect(talk(page).get_by_role("article").last).to_contain_text("Thème : Eau")
        await expect(talk(page).get_by_role("article").last).to_contain_text("Région : Occitanie")


async def test_only_the_question_asked_last_can_be_answered(tmp_path: Path) -> None:
    port = free_port()
    async with demo(tmp_path, port), open_page(port) as page:
        await be(page, "Ana")
        await say(page, "/aide")
        card = talk(page).get_by_role("article").nth(1)
        await expect(card.get_by_role("button").first).to_be_visible()
        kept = await card.get_by_role("button").count()
        asked = talk(page).get_by_role("article").filter(has_text="Étape 1/3")
        for times in (1, 2, 3):
            await say(page, "/abonner")
            await expect(asked).to_have_count(times)
            await expect(page.get_by_label("Région")).to_have_count(1)
            await expect(page.get_by_role("form")).to_have_count(1)
        await expect(page.get_by_role("button", name="Eau", exact=True)).to_have_count(1)
        await expect(asked.first.get_by_role("button")).to_have_count(0)
        assert await card.get_by_role("button").count() == kept

        # The same after a reload; a form that is sent is gone, and who sent it by keyboard is at its message.
        await page.reload()
        await expect(asked).to_have_count(3)
        await expect(page.get_by_label("Région")).to_have_count(1)
        await page.get_by_label("Région").select_option(label="Occitanie")
        await page.get_by_role("button", name="Aperçu", exact=True).press("Enter")
        await expect(talk(page).get_by_role("button", name="Valider")).to_have_count(1)
        await expect(page.get_by_role("form")).to_have_count(0)
        await expect(talk(page).locator("article:focus")).to_have_count(1)


async def test_the_question_asked_last_in_a_channel_leaves_the_private_one(tmp_path: Path) -> None:
    port = free_port()
    async with demo(tmp_path, port), open_page(port, viewport={"width": 1280, "height": 860}) as page:
        await be(page, "Mona")
        await say(page, "/abonner")
        await expect(talk(page).get_by_role("form")).to_have_count(1)
        channels = page.get_by_role("region", name="Canaux")
        await page.get_by_label("Écrire dans").select_option(label="# Club")
        for times in (1, 2):
            await say(page, "/abonner")
            await expect(channels.get_by_role("article").filter(has_text="Étape 1/")).to_have_count(times)
            await expect(channels.get_by_role("form")).to_have_count(1)
        await expect(talk(page).get_by_role("form")).to_have_count(1)


async def test_a_message_that_is_too_long_stays_to_be_shortened(tmp_path: Path) -> None:
    port = free_port()
    async with demo(tmp_path, port), open_page(port) as page:
        field = page.get_by_label("Message", exact=True)
        await field.evaluate("(area, text) => { area.value = text; }", "a" * 20_000)
        await page.get_by_role("button", name="Envoyer", exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text("Raccourcissez-le")
        assert len(await field.input_value()) == 20_000
        await expect(talk(page).get_by_role("article")).to_have_count(0)
