"""Pictures and files in the simulator's page, in the system's Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from club.dialogue import Action, Attachment, Blank, Form, Kind, Message, Request
from club.filetype import LARGEST
from club.markup import as_text
from club.people import Place
from tests.browser.test_demo import CHROMIUM, be, open_page, say, talk
from tests.kit.attachments import CHART, LIST, png
from tests.kit.tabs import ACTUALITES, House

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(120),
]

ANA = Place("simulator", "ana")
MONTH = Message(as_text("Voici le mois."), (Action("Suite", "x", token="t"),), attachments=(LIST, CHART))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    await made.start()
    yield made
    await made.stop()


async def test_a_picture_is_seen_or_read_and_a_file_is_taken_home(house: House, tmp_path: Path) -> None:
    await house.simulator.send(ANA, MONTH, "k")
    await house.simulator.send(ACTUALITES, replace(MONTH, actions=()), "l")
    for width in (1280, 390):
        async with open_page(house.simulator.port, viewport={"width": width, "height": 800}) as page:
            await be(page, "Ana")
            post = talk(page).get_by_role("article").filter(has_text="Voici le mois.")
            picture = post.get_by_role("img", name=CHART.alt, exact=True)
            await expect(picture).to_be_visible()
            assert await picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 64
            async with page.expect_download() as saving:
                await post.get_by_role("link", name="inscrits.csv (1 ko)").press("Enter")
            saved = await saving.value
            assert saved.suggested_filename == "inscrits.csv"
            await saved.save_as(tmp_path / f"{width}.csv")
            assert (tmp_path / f"{width}.csv").read_bytes() == LIST.data
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            found = await Axe().run(page)
            assert found.violations_count == 0, found.generate_report()


async def test_a_picture_that_arrives_late_leaves_the_end_in_sight(house: House) -> None:
    async with open_page(house.simulator.port, viewport={"width": 1280, "height": 700}) as page:
        await be(page, "Ana")
        for n in range(12):
            await house.simulator.send(ANA, Message(as_text(f"Ligne {n}")), f"k{n}")
        await expect(talk(page).get_by_role("article")).to_have_count(12)
        await house.simulator.send(ANA, replace(MONTH, attachments=(replace(CHART, data=png(600, 300)),)), "k")
        await expect(talk(page).get_by_role("button", name="Suite")).to_be_in_viewport()
        await expect(talk(page).get_by_role("img")).to_be_in_viewport()


async def test_an_edit_takes_the_file_away(house: House) -> None:
    ref = await house.simulator.send(ANA, MONTH, "k")
    async with open_page(house.simulator.port) as page:
        await be(page, "Ana")
        await expect(talk(page).get_by_role("link")).to_have_count(1)
        await house.simulator.edit(ANA, ref, Message(as_text("Plus rien.")))
        await expect(talk(page).get_by_role("article")).to_contain_text("Plus rien.")
        await expect(talk(page).get_by_role("link")).to_have_count(0)
        await expect(talk(page).get_by_role("img")).to_have_count(0)


async def test_what_a_file_holds_never_runs(house: House) -> None:
    """Opened by its address, as who copies the link does."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>parent.document.title = "ran"</script></svg>'
    hostile = Attachment("plan.svg", "image/svg+xml", svg, "Un plan")
    await house.simulator.send(ANA, Message(as_text("Voici."), attachments=(hostile,)), "k")
    async with open_page(house.simulator.port) as page:
        await be(page, "Ana")
        link = talk(page).get_by_role("link", name="plan.svg (1 ko)")
        await expect(link).to_be_visible()
        async with page.expect_download() as saving:
            await link.evaluate("link => { link.removeAttribute('download'); link.click(); }")
        assert (await saving.value).suggested_filename == "plan.svg"
        assert await page.title() != "ran"


# Files that people send

BLANKS = (
    Blank("title", Kind.LINE, "Titre"),
    Blank("photo", Kind.FILE, "Photo", "Une photo du lieu."),
    Blank("doc", Kind.FILE, "Document", required=False),
)
FORM = Form("Votre récit", BLANKS, "Déposer", Action("Déposer", "tell", token="form"))


async def test_files_are_chosen_or_dropped_into_a_form(house: House, tmp_path: Path) -> None:
    heard: list[Request] = []

    async def answer(request: Request) -> Message:
        heard.append(request)
        return Message(as_text("Gardé.")) if request.token else Message(as_text("Votre récit ?"), form=FORM)

    await house.stop()
    await house.start(answer)
    (tmp_path / "lieu.png").write_bytes(CHART.data)
    (tmp_path / "film.bin").write_bytes(bytes(LARGEST + 1))
    async with open_page(house.simulator.port, viewport={"width": 390, "height": 800}) as page:
        await be(page, "Ana")
        await say(page, "bonjour")
        form = talk(page).get_by_role("form")
        await form.get_by_label("Titre").fill("La noue")
        await form.get_by_label("Photo").set_input_files(tmp_path / "film.bin")
        await expect(form.get_by_role("status").first).to_contain_text("dépasse 10 Mo")
        await form.get_by_label("Photo").set_input_files(tmp_path / "lieu.png")
        await expect(form.get_by_role("status").first).to_have_text("Fichier joint.")
        dropped = await page.evaluate_handle(
            "() => { const all = new DataTransfer(); all.items.add(new File(['nom'], 'été.csv')); return all; }"
        )
        await form.locator(".drop").last.dispatch_event("drop", {"dataTransfer": dropped})
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await form.get_by_role("button", name="Déposer").press("Enter")  # waits for what is on its way
        await expect(talk(page).get_by_role("article").last).to_contain_text("Gardé.")
    values = heard[-1].values
    got = [await house.simulator.fetch(values[name], nothing) for name in ("photo", "doc")]
    assert [(one.name, one.data) for one in got] == [("lieu.png", CHART.data), ("ete.csv", b"nom")]
    assert values["title"] == "La noue"


async def nothing(url: str) -> bytes:
    raise AssertionError(url)


async def test_the_list_of_commands_is_reached_by_keyboard(house: House) -> None:
    async with open_page(house.simulator.port) as page:
        await be(page, "Ana")
        await page.get_by_role("button", name="/ Commandes").click()
        commands = page.get_by_role("listbox", name="Commandes")
        await expect(commands).to_be_visible()
        found = await Axe().run(page, options={"rules": {"label-content-name-mismatch": {"enabled": True}}})
        assert found.violations_count == 0, found.generate_report()
        await commands.focus()
        await expect(commands).to_be_visible()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Message", exact=True)).to_be_focused()
        await expect(commands).to_be_hidden()
