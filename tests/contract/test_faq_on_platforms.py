"""Questions on every platform, with the hub's own router: in private, in a channel by command or by the bot's name; the
answer is for one pair of eyes until it is shared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.discord_stage import DiscordStage
from tests.kit.platforms import ConsoleStage, SimulatorStage, Stage
from tests.kit.stage import House
from tests.kit.telegram_stage import TelegramStage

# How one names the bot there; on Discord the stage always does, as nothing else is heard.
STAGES = {
    "console": (ConsoleStage, "@club "),
    "simulator": (SimulatorStage, "@Club "),
    "telegram": (TelegramStage, "@club_bot "),
    "discord": (DiscordStage, ""),
}


@pytest.fixture(params=STAGES.values(), ids=STAGES.keys())
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    make, called = request.param
    house = House(tmp_path / "hub.sqlite3")
    await house.open()
    await house.answer()
    made: Stage = make(tmp_path)
    await made.open(house.router.answer)
    yield made, called
    await made.close()
    await house.close()


async def test_a_question_in_private(stage: tuple[Stage, str]) -> None:
    made, _ = stage
    await made.say("ana", "le label est il payant")
    await made.until("ana", "Réponse de cout.")
    await made.until("ana", "vérifié le")


async def test_a_question_in_a_channel_is_answered_to_its_person_until_it_is_shared(stage: tuple[Stage, str]) -> None:
    made, called = stage
    await made.say("ana", "/faq Le label est-il payant ?", "actualites")
    await made.until("ana", "Réponse de cout.", "actualites")
    await made.say("paul", f"{called}où se former ?", "actualites")
    await made.until("paul", "Réponse de formation.", "actualites")
    assert not any("Réponse de cout." in shown for shown in made.shown("paul", "actualites"))
    assert not any("Réponse de formation." in shown for shown in made.shown("ana", "actualites"))
    await made.press("paul", "Partager ici", "actualites")
    await made.until("paul", "Partagé ici, sans votre nom.", "actualites")


async def test_the_name_of_the_bot_alone_brings_help(stage: tuple[Stage, str]) -> None:
    made, called = stage
    await made.say("ana", called or " ", "actualites")
    await made.until("ana", "Je n’ai pas compris", "actualites")
