"""Forms on Discord from the first window to the end: five questions a window, files, yes or no, a hub that is slow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bot.platforms.discord.interactions as talk
from bot import fields
from bot.feature import Desk, Feature, Route, Settings
from bot.platforms.discord.network import Discord
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Field, Kind, Message, Request
from club.people import Role
from club.texts import FOLDER, Texts
from storage.store import Store
from tests.conftest import NOW
from tests.fakes.discord import TOKEN, parts
from tests.kit.discord_stage import read
from tests.kit.discord_world import World

NAMES = {"title": "Titre", "story": "Récit", "agree": "Accord", "count": "Nombre", "photo": "Photo", "place": "Lieu"}
FRENCH = """
route-tale = recit
    .help = Raconter
    .title = Votre récit
tale-done = C’est noté : { $said }
""" + "".join(f"field-{name} = {shown}\n    .ask = {shown} ?\n" for name, shown in NAMES.items())
TITLE = Field("title", fields.line(3, 40))
STORY = Field("story", fields.paragraph(0, 200), Kind.PARAGRAPH, required=False)
AGREE = Field("agree", fields.yes_no, Kind.YES_NO, "yes-no")
COUNT = Field("count", fields.number, Kind.NUMBER)
PLACE = Field("place", fields.line())
PHOTO = Field("photo", fields.code, Kind.FILE, required=False)
FILE = {
    "id": "71",
    "filename": "a.png",
    "size": 1,
    "url": "https://cdn.exemple.fr/a.png",
    "proxy_url": "https://cdn.exemple.fr/a.png",
}


async def tale(request: Request, desk: Desk) -> Message:
    said = {name: value for name, value in request.values.items() if value}
    return desk.say("tale-done", said=" ".join(f"{name}={value}" for name, value in sorted(said.items())))


@pytest.fixture
def router(store: Store, tmp_path: Path) -> Router:
    (tmp_path / "texts" / "fr").mkdir(parents=True)
    (tmp_path / "texts" / "fr" / "tale.ftl").write_text(FRENCH, "utf-8")
    asked = (TITLE, STORY, AGREE, COUNT, PLACE, PHOTO)
    route = Route("tale", tale, asked, role=Role.VISITOR, listed=True, changes=True)
    texts = Texts(folders=(FOLDER, tmp_path / "texts"))
    return Router(store, texts, Settings(), Seal(b"a key of the tests"), (Feature((route,)),), lambda: NOW)


async def start(world: World, router: Router) -> None:
    if not world.fake.port:
        await world.fake.open()
    await world.discord.stop()
    world.discord = Discord(TOKEN, Texts(), api_url=world.fake.root, suggest=router.suggest)

    async def answer(request: Request) -> Message | None:
        world.heard.append(request)
        if world.slow:
            await world.fake.until(lambda: world.fake.asked[int(request.update)].answered)
        return await router.answer(request)

    await world.discord.start(router.commands, answer)


async def window(world: World, asked: Any, *labels: str) -> None:
    await world.answered(asked, 9)
    assert [row["label"] for row in asked.modal["components"]] == list(labels)


async def test_six_questions_come_in_two_windows_over_a_restart(world: World, router: Router) -> None:
    await start(world, router)
    asked = await world.fake.slash(world.ana, "recit", world.club)
    await window(world, asked, "Titre", "Récit", "Accord", "Nombre", "Lieu")
    await world.fake.submit(asked, title="Îlot *frais*", agree=["yes"], count="12", place="Foix")
    question = await world.shown("Photo ?", world.club)
    await start(world, router)
    opened = await world.fake.press(world.ana, question, "Continuer")
    await window(world, opened, "Photo")
    await world.fake.submit(opened, photo=[FILE])
    preview = await world.shown("Vérifiez avant de valider", world.club)
    recap = read(preview["content"])
    assert "Titre : Îlot *frais*" in recap
    assert "Récit : (vide)" in recap
    assert "Accord : oui" in recap
    await world.fake.press(world.ana, preview, "Valider")
    done = await world.shown("C’est noté", world.club)
    assert f"agree=yes count=12 photo=discord:{FILE['url']} place=Foix" in done["content"]


async def test_what_is_wrong_in_a_window_is_said_and_kept(world: World, router: Router) -> None:
    await start(world, router)
    asked = await world.fake.slash(world.ana, "recit", world.club)
    await world.answered(asked, 9)
    await world.fake.submit(asked, title="Îlot", agree=["no"], count="douze", place="Foix")
    question = await world.shown("n’est pas un nombre entier", world.club)
    opened = await world.fake.press(world.ana, question, "Continuer")
    await world.answered(opened, 9)
    kept = {row["component"]["custom_id"]: row["component"].get("value") for row in opened.modal["components"]}
    assert kept["count"] == "douze"
    assert opened.modal["components"][0]["component"]["custom_id"] == "count"


async def test_options_of_every_kind_arrive(world: World, router: Router) -> None:
    await start(world, router)
    given = {"titre": "Îlot", "recit": "Long", "accord": False, "nombre": 3, "lieu": "Foix", "photo": FILE}
    await world.fake.slash(world.ana, "recit", world.club, **given)
    done = await world.shown("C’est noté", world.club)
    assert f"agree=no count=3 photo=discord:{FILE['url']} place=Foix story=Long title=Îlot" in done["content"]


async def test_a_hub_that_is_slow_asks_and_opens_the_window_by_a_button(
    world: World, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start(world, router)
    with monkeypatch.context() as slowly:
        slowly.setattr(talk, "FIRST", 0.05)
        world.slow = True
        asked = await world.fake.slash(world.ana, "recit", world.club)
        await world.answered(asked, 5)
        question = await world.shown("Titre ?", world.club)
    world.slow = False
    assert question["flags"] & 64
    assert "Remplir" in [part["label"] for part in parts(question)]
    opened = await world.fake.press(world.ana, question, "Remplir")
    await window(world, opened, "Titre", "Récit", "Accord", "Nombre", "Lieu")
