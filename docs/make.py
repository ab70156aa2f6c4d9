"""Makes what the pages show from the program itself: the table of commands, the pictures of the README."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from bot.features import FEATURES
from bot.talk.commands import Commands
from bot.talk.forms import key
from club.texts import Texts

DOCS = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def commands_page() -> str:
    """docs/commandes.md as the routes and the catalogue have it."""
    texts = Texts()
    routes = [route for feature in FEATURES for route in feature.routes if route.listed]
    table = Commands(routes, texts)
    rows = [
        {
            "usage": table.usage(route),
            "help": texts.plain(f"route-{key(route)}.help"),
            "role": texts.plain(f"role-{route.role.word}"),
            "aliases": ", ".join(texts.words(f"route-{key(route)}.aliases")),
        }
        for route in sorted(routes, key=table.usage)
    ]
    template = (DOCS / "commandes.md.jinja").read_text("utf-8")
    page = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 — Markdown
    return page.from_string(template).render(commands=rows)


@contextlib.asynccontextmanager
async def demonstration(folder: Path) -> AsyncIterator[str]:
    """The address of a demonstration that runs in an empty folder."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = (sys.executable, "-m", "bot", "demo", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=PIPE)
    if process.stdout is not None:
        await process.stdout.readline()
    yield f"http://127.0.0.1:{port}/"
    process.send_signal(signal.SIGTERM)
    await process.communicate()


async def pictures() -> None:
    """The simulator as a member sees it: on a desk with a letter, the preview, and on a phone."""
    from playwright.async_api import async_playwright

    images = DOCS / "images"
    images.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with demonstration(Path(folder)) as address, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            options = {"locale": "fr-FR", "reduced_motion": "reduce", "device_scale_factor": 1.5}
            desk = await browser.new_page(viewport={"width": 1280, "height": 860}, **options)
            await desk.goto(address)
            await desk.get_by_role("region", name="Personnes").get_by_role("button", name="Ana").click()
            await desk.get_by_label("Message", exact=True).fill("/abonner")
            await desk.get_by_role("button", name="Envoyer", exact=True).click()
            talk = desk.get_by_role("region", name="Conversation privée")
            form = talk.get_by_role("form").last
            await form.get_by_label("Région").select_option("76")
            await form.get_by_label("Rythme").select_option("weekly")
            await form.get_by_role("button", name=re.compile("^Aperçu")).click()
            await talk.get_by_role("button", name="Valider").wait_for()
            channels = desk.get_by_role("region", name="Canaux")
            await channels.get_by_role("article").first.wait_for(timeout=90_000)
            # Let the channels show their letters from the top, as a person who scrolled there would see them.
            await channels.get_by_role("article").first.scroll_into_view_if_needed()
            await desk.evaluate("for (const log of document.querySelectorAll('[role=log]')) log.scrollTop = 0")
            await desk.screenshot(path=images / "simulateur.png")
            await desk.set_viewport_size({"width": 1280, "height": 1600})  # the whole preview at once
            await talk.get_by_role("article").last.screenshot(path=images / "apercu.png")
            phone = await browser.new_page(viewport={"width": 390, "height": 780}, **options)
            await phone.goto(address)
            await phone.get_by_role("region", name="Canaux").get_by_role("article").first.wait_for()
            await phone.evaluate("for (const log of document.querySelectorAll('[role=log]')) log.scrollTop = 0")
            await phone.screenshot(path=images / "telephone.png")
            pages = await browser.new_page(viewport={"width": 1000, "height": 760})
            await pages.goto(re.sub(r":(\d+)/", lambda port: f":{int(port[1]) + 1}/", address))
            await pages.screenshot(path=images / "pages.png")
            await browser.close()


def main() -> None:
    """Write the page of commands; with the word « pictures », take the pictures, which needs Chromium."""
    if sys.argv[1:] == ["pictures"]:
        asyncio.run(pictures())
    else:
        (DOCS / "commandes.md").write_text(commands_page(), "utf-8")


if __name__ == "__main__":
    main()
