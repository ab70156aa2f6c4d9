"""Forms on Telegram, with the hub's own router: what is attached reaches the field that asks for a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.kit.party import Party
from tests.kit.telegram_desk import ANA, Desk, make_desk

DOCUMENT = {"file_id": "DOC", "file_unique_id": "d", "file_name": "fiche.pdf"}
PHOTO = [{"file_id": size, "file_unique_id": size, "width": 1, "height": 1} for size in ("petite", "grande")]


@dataclass
class Home:
    desk: Desk
    party: Party

    async def say(self, words: str, shown: str, **more: Any) -> None:
        self.desk.network.say(ANA, words, **more)
        await self.desk.shown(ANA, shown)


@pytest.fixture
async def home(store: Store, tmp_path: Path) -> AsyncIterator[Home]:
    desk, party = make_desk(), Party(store, tmp_path)
    await desk.bot.start(party.router.commands, party.router.answer)
    found = Home(desk, party)
    await found.say("/start", "Bonjour Ana")
    yield found
    await desk.bot.stop()
    assert not desk.network.faults


@pytest.mark.parametrize(
    ("attached", "handle"),
    [({"photo": PHOTO}, "telegram:grande"), ({"document": DOCUMENT, "caption": "voilà"}, "telegram:DOC")],
)
async def test_what_is_attached_answers_the_question_that_asks_for_it(
    home: Home, attached: dict[str, Any], handle: str
) -> None:
    await home.say("/album", "Quelle photo ?")
    await home.say("la voici", "Quelle photo ?")  # words alone do not answer it
    await home.say("", "Quel souhait ?", **attached)
    await home.say("du soleil", "Goûter : du soleil")
    assert await home.party.given() == [{"photo": str((handle,)), "wish": "du soleil"}]


async def test_a_file_that_nothing_asks_for_changes_nothing(home: Home) -> None:
    await home.say("/souhait", "Quel souhait ?")
    before = len(home.desk.network.texts(ANA))
    home.desk.network.say(ANA, photo=PHOTO)
    await home.desk.until(lambda: len(home.desk.network.texts(ANA)) > before)
    assert await home.party.given() == []
    await home.say("du soleil", "Goûter : du soleil")
