"""Yes or no, and whole numbers: asked in words everywhere, with two choices for the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import fields
from bot.feature import Desk, Feature, Route, Settings
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Field, Kind, Message, Request
from club.people import Person, Place, Role
from club.texts import FOLDER, Texts
from storage.store import Store
from tests.conftest import NOW
from tests.kit.stage import text

FRENCH = """
route-poll = sondage
    .help = Répondre
    .title = Sondage
field-agree = Accord
    .ask = D’accord ?
field-count = Nombre
    .ask = Combien ?
poll-done = { $agree } { $count }
"""
AGREE = Field("agree", fields.yes_no, Kind.YES_NO, "yes-no")
COUNT = Field("count", fields.number, Kind.NUMBER)


async def poll(request: Request, desk: Desk) -> Message:
    return desk.say("poll-done", agree=str(request[AGREE]), count=str(request[COUNT]))


@pytest.fixture
def router(store: Store, tmp_path: Path) -> Router:
    (tmp_path / "texts" / "fr").mkdir(parents=True)
    (tmp_path / "texts" / "fr" / "poll.ftl").write_text(FRENCH, "utf-8")
    texts = Texts(folders=(FOLDER, tmp_path / "texts"))
    route = Route("poll", poll, (AGREE, COUNT), role=Role.VISITOR, listed=True)
    return Router(store, texts, Settings(), Seal(b"a key of the tests"), (Feature((route,)),), lambda: NOW)


async def say(router: Router, words: str, **values: str) -> Message:
    ana = Person("simulator", "ana", "Ana")
    answer = await router.answer(Request(ana, Place("simulator", "ana"), words=words, values=values))
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("typed", "agree"), [("oui", True), ("D'accord", True), ("NON", False), ("1", True), ("n", False)]
)
async def test_it_is_asked_in_words(router: Router, typed: str, agree: bool) -> None:
    question = await say(router, "/sondage")
    assert [action.label for action in question.actions][:2] == ["oui", "non"]
    assert question.form is not None
    assert [choice.value for choice in question.form.blanks[0].choices] == ["yes", "no"]
    assert "Combien" in text(await say(router, typed))
    assert text(await say(router, "-12")) == f"{agree} -12"


async def test_what_is_neither_is_refused(router: Router) -> None:
    await say(router, "/sondage")
    assert "n’est pas dans la liste" in text(await say(router, "peut-être"))
    await say(router, "oui")
    assert "n’est pas un nombre entier" in text(await say(router, "trois"))


@pytest.mark.parametrize(("code", "agree"), [("yes", True), ("no", False)])
async def test_a_menu_gives_both_at_once(router: Router, code: str, agree: bool) -> None:
    assert text(await say(router, "/sondage", agree=code, count="3")) == f"{agree} 3"
    assert "D’accord" in text(await say(router, "/sondage", agree="maybe", count="3"))
