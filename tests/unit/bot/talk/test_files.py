"""A file is an answer where one is asked for, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import fields
from bot.feature import Desk, Feature, Route, Settings
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Field, Kind, Message, Request
from club.markup import plain
from club.people import Person, Place, Role
from club.texts import FOLDER, Texts
from storage.store import Store
from tests.conftest import NOW

FRENCH = """
route-tell = raconter
    .help = Raconter
    .title = Récit
field-photo = Photo
    .ask = Quelle photo ?
field-words = Mots
    .ask = Quels mots ?
told = Gardé : { $photo }, { $words }
"""
PHOTO = Field("photo", fields.line(1, 400), Kind.FILE)
WORDS = Field("words", fields.line(0, 40), required=False)


async def tell(request: Request, desk: Desk) -> Message:
    return desk.say("told", photo=request[PHOTO], words=request.get(WORDS) or "rien")


@pytest.fixture
def router(store: Store, tmp_path: Path) -> Router:
    folder = tmp_path / "texts"
    (folder / "fr").mkdir(parents=True)
    (folder / "fr" / "tell.ftl").write_text(FRENCH, "utf-8")
    route = Route("tell", tell, (PHOTO, WORDS), Role.VISITOR, listed=True, changes=True)
    texts = Texts(folders=(FOLDER, folder))
    return Router(store, texts, Settings(), Seal(b"k"), (Feature((route,)),), lambda: NOW)


async def test_a_file_answers_the_question_that_asks_for_one(router: Router) -> None:
    asked = Request(Person("telegram", "1"), Place("telegram", "1"))

    async def said(words: str, *files: str) -> str:
        answer = await router.answer(replace(asked, words=words, files=files))
        return plain(answer.lines) if answer else ""

    assert "Quelle photo" in await said("/raconter")
    assert "J’attends une photo" in await said("la voici")
    assert "Quels mots" in await said("une légende", "telegram:AgAC")
    assert "Je n’attends pas de fichier" in await said("", "telegram:other")
    shown = await said("bonjour", "telegram:other")
    assert "Photo : un fichier joint" in shown
    assert "AgAC" not in shown
    assert "bonjour" in shown
    assert "Gardé : telegram:AgAC, bonjour" in await said("Valider")
    assert "Je n’ai pas compris" in await said("", "telegram:late")
