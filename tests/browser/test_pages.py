"""Public pages in the system's Chromium: wide and narrow, light and dark, by keyboard, by axe-core; a partner's page
with the widget in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright, expect

from connectors.outlets.html import FOLDER
from storage.store import Store
from tests.browser.test_demo import ARGUMENTS, CHROMIUM, open_page
from tests.kit.pages import Pages, open_pages

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(120),
]


@pytest.fixture
async def pages(store: Store) -> AsyncIterator[Pages]:
    async with open_pages(store) as made:
        await made.hold()
        await made.send_letter()
        yield made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
async def test_each_page_is_sound(pages: Pages, width: int, scheme: Literal["light", "dark"]) -> None:
    async with open_page(pages.port, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        await page.goto(f"{pages.address}/evenements")
        event = await page.locator("main h3 a").first.get_attribute("href")
        for path in ("/", "/evenements", str(event), "/lettres", "/lettres/2027-03-09-eau", "/widget"):
            await page.goto(pages.address + path)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
            found = await Axe().run(page)
            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"


async def test_pages_are_walked_by_keyboard(pages: Pages) -> None:
    async with open_page(pages.port) as page:
        await page.goto(pages.address)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
        await page.get_by_role("link", name="Visite du quartier des Prés").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Visite du quartier des Prés")
        await expect(page.get_by_role("link", name="Ajouter à mon calendrier")).to_be_visible()


async def test_the_widget_keeps_the_last_list_when_the_hub_is_down(pages: Pages) -> None:
    """The line that partners copy, in a page of theirs, on another address."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page()
        await page.goto(f"{pages.address}/widget")
        line = (await page.locator("pre code").inner_text()).replace("https://club.example", pages.address)
        async with a_partner_s_page(line) as address:
            await page.goto(address)
            link = page.get_by_role("link", name="Visite du quartier des Prés")
            await expect(link).to_have_attribute("href", f"https://club.example{await _path(pages)}")
            await link.focus()
            await expect(link).to_be_focused()
            assert (await Axe().run(page)).violations_count == 0
            assert await page.context.cookies() == []
            await page.route(f"{pages.address}/**", lambda route: route.abort())
            await page.reload()
            await expect(link).to_be_visible()
        await browser.close()


@asynccontextmanager
async def a_partner_s_page(line: str) -> AsyncIterator[str]:
    """The address of a page on another site, with that line in it."""
    body = f"<!DOCTYPE html><html lang=fr><title>Un bailleur</title><main><h1>Agenda</h1>{line}</main>"

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def _path(pages: Pages) -> str:
    async with pages.store.read() as tx:
        [one] = await tx.agenda.between(pages.now, pages.now.replace(year=2028))
    return f"/evenements/{one.number}"


def test_the_script_of_the_widget_is_small() -> None:
    assert (FOLDER / "widget.js").stat().st_size < 4_000
