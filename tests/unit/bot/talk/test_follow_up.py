"""An answer that opens a form below: on its first question, or on its preview with what is missing marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.feature import Desk, Feature, Route, Settings
from bot.people import welcome
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import FollowUp, Message, Request
from storage.store import Store
from tests.kit.party import KEY, NAME, STORY, Party, give
from tests.kit.stage import patient, text


async def party_after(store: Store, folder: Path, given: Mapping[str, str], *, review: bool) -> Party:
    """A party whose word « seul » opens the form of another route with these values."""
    made = Party(store, folder / "texts")
    await made.invite("ana")

    async def lead(request: Request, desk: Desk) -> Message:
        return replace(desk.say("party-soon", what="un bal"), follow_up=FollowUp("party", given, review))

    routes = (
        Route("wish", lead, (), listed=True),
        Route("party", give, (NAME, STORY), changes=True),
    )
    made.router = Router(
        store, made.texts, Settings(), Seal(KEY), (Feature(routes), welcome.FEATURE), lambda: made.now, patient()
    )
    return made


async def test_it_opens_on_the_first_question_that_is_not_answered(store: Store, tmp_path: Path) -> None:
    party = await party_after(store, tmp_path, {"name": "Chez Ana"}, review=False)
    answer = await party.say("/souhait")
    assert answer is not None
    assert text(answer).startswith("Bientôt : un bal")
    assert "Quel récit ?" in text(answer)
    answer = await party.say("Il était une fois")
    assert answer is not None
    assert "Chez Ana" in text(answer)
    await party.press("Valider")
    [kept] = await party.given()
    assert kept["name"] == "Chez Ana"


async def test_it_opens_on_its_preview_and_marks_what_is_missing(store: Store, tmp_path: Path) -> None:
    party = await party_after(store, tmp_path, {"story": "Lu sur une page"}, review=True)
    answer = await party.say("/souhait")
    assert answer is not None
    assert "Titre : ⚠ à compléter" in text(answer)
    assert "Lu sur une page" in text(answer)
    answer = await party.press("Modifier : Titre")
    answer = await party.say("Chez Paul")
    assert answer is not None
    await party.press("Valider")
    assert [one["name"] for one in await party.given()] == ["Chez Paul"]
