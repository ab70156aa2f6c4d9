"""Messages carry files and pictures to every network; a letter with one arrives once wherever the network tells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.base import WHOLE, Pace, Parts
from bot.post.delivery import Delivery
from bot.talk.seal import Seal
from club.dialogue import ATTACHED, Action, Attachment, Letter, Message, Request
from club.markup import as_text
from club.people import Place
from storage.owner import Worker
from storage.store import Store
from tests.kit.attachments import CHART, LIST
from tests.kit.discord_stage import DiscordStage
from tests.kit.memory import Clock
from tests.kit.platforms import Attached, ConsoleStage, SimulatorStage
from tests.kit.telegram_stage import TelegramHttpStage

STAGES = {"console": ConsoleStage, "simulator": SimulatorStage, "telegram": TelegramHttpStage, "discord": DiscordStage}
BOTH = Message(as_text("Voici le mois."), attachments=(LIST, CHART))
FILE, PICTURE = Attached("inscrits.csv", LIST.data), Attached("mois.png", CHART.data, CHART.alt)


@pytest.fixture(params=STAGES.values(), ids=STAGES.keys())
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    made = request.param(tmp_path)
    await made.open(echo)
    yield made
    await made.close()


async def echo(request: Request) -> Message:
    if request.words == "rien":
        return Message(as_text("Rien."))
    return replace(BOTH, private="privé" in request.words, in_place=bool(request.token))


def place(stage: Any, name: str) -> Place:
    return Place(stage.platform.name, stage.ident(name))


def named(stage: Any, *files: Attached) -> list[Attached]:
    """Telegram keeps no name of a picture."""
    return [one._replace(name="") if one.alt and stage.platform.name == "telegram" else one for one in files]


async def test_a_letter_carries_its_files_once(stage: Any) -> None:
    for _ in range(2):
        await stage.platform.send(place(stage, "actualites"), BOTH, "letter-1")
    await stage.until("ana", "Voici le mois.", "actualites")
    assert await stage.attached("ana", "actualites") == named(stage, FILE, PICTURE)
    assert len(stage.shown("ana", "actualites")) == 1


async def test_an_answer_carries_its_files(stage: Any) -> None:
    await stage.say("ana", "bonjour")
    await stage.until("ana", "Voici le mois.")
    assert await stage.attached("ana") == named(stage, FILE, PICTURE)


async def test_a_private_answer_carries_them_to_one_person(stage: Any) -> None:
    await stage.say("ana", "en privé", "actualites")
    await stage.until("ana", "Voici le mois.", "actualites")
    assert await stage.attached("ana", "actualites") == named(stage, FILE, PICTURE)
    await stage.platform.send(place(stage, "actualites"), Message(as_text("à tous")), "k")
    await stage.until("paul", "à tous", "actualites")
    assert await stage.attached("paul", "actualites") == []


async def test_a_press_brings_them_in_place(stage: Any) -> None:
    before = Message(as_text("Avant."), (Action("Voir", "x", token="t"),))
    await stage.platform.send(place(stage, "ana"), before, "k")
    await stage.until("ana", "Avant.")
    await stage.press("ana", "Voir")
    await stage.until("ana", "Voici le mois.")
    assert await stage.attached("ana") == named(stage, FILE, PICTURE)
    assert not any("Avant." in one for one in stage.shown("ana"))


async def test_an_edit_brings_new_ones(stage: Any) -> None:
    ref = await stage.platform.send(place(stage, "ana"), BOTH, "k")
    await stage.until("ana", "Voici le mois.")
    newer = Attachment("inscrits-2.csv", "text/csv", b"nom;Bo\n")
    await stage.platform.edit(place(stage, "ana"), ref, Message(as_text("Voici avril."), attachments=(newer,)))
    await stage.until("ana", "Voici avril.")
    assert await stage.attached("ana") == [Attached("inscrits-2.csv", newer.data)]
    assert len(stage.shown("ana")) == 1


@pytest.mark.parametrize(
    ("name", "alt"),
    [
        ("../../etc/passwd", "<b>gras</b> *gras* @everyone"),
        ('x"; filename="y.csv', "deux\nlignes"),
        ("é" * 300 + ".csv", "\u202etxet"),
        ("", "[lien](https://exemple.fr)"),
    ],
)
async def test_strange_names_and_words_arrive_literally(stage: Any, name: str, alt: str) -> None:
    strange = Attachment(name, "application/pdf", b"%PDF-1.7", alt)
    await stage.platform.send(place(stage, "ana"), Message(as_text("Voici."), attachments=(strange,)), "k")
    await stage.until("ana", "Voici.")
    [(seen, data, told)] = await stage.attached("ana")
    assert (seen, data) == (strange.name, b"%PDF-1.7")
    assert "".join(told.split()) == "".join(alt.split()) or "\n" in alt


async def test_the_largest_attachment_arrives_whole(stage: Any) -> None:
    data = bytes(range(256)) * (ATTACHED // 256)
    large = Attachment("carte.pdf", "application/pdf", data)
    await stage.platform.send(place(stage, "actualites"), Message(as_text("Voici."), attachments=(large,)), "k")
    await stage.until("ana", "Voici.", "actualites")
    assert await stage.attached("ana", "actualites") == [Attached("carte.pdf", data)]


# The outbox


class Mortal:
    """A platform whose program dies once its message was accepted: after the whole one, or after its first part."""

    def __init__(self, platform: Any, *, early: bool) -> None:
        self.platform, self.early = platform, early

    async def send(self, where: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        async def note(count: int, ref: str) -> None:
            await parts.note(count, ref)
            if self.early:
                raise asyncio.CancelledError

        await self.platform.send(where, message, key, replace(parts, note=note))
        raise asyncio.CancelledError


@pytest.mark.parametrize("stage", [SimulatorStage, DiscordStage, TelegramHttpStage], indirect=True)
@pytest.mark.parametrize("early", [False, True], ids=["whole", "first part"])
async def test_a_letter_whose_program_was_killed_is_not_doubled(
    stage: Any, any_store: Store, now: datetime, early: bool
) -> None:
    name, clock = stage.platform.name, Clock(now)
    async with any_store.begin() as tx:
        await tx.outbox.put(Letter("month", place(stage, "actualites"), BOTH, now), now)

    def delivery(platform: Any) -> Delivery:
        return Delivery(any_store, {name: platform}, {name: Pace()}, Seal(b"k" * 32), Worker(7), clock)

    with pytest.raises(asyncio.CancelledError):
        await delivery(Mortal(stage.platform, early=early)).deliver_one(name)
    await stage.restart(echo)
    async with any_store.begin() as tx:
        assert await tx.outbox.recover([7], clock(), timedelta(0)) == 1
    clock.jumps(minutes=1)
    assert await delivery(stage.platform).deliver_one(name)
    await stage.until("ana", "Voici le mois.", "actualites")
    arrived = await stage.attached("ana", "actualites")
    if name == "telegram":  # which never says what it was given: what was noted is not given again, the rest may be
        assert set(arrived) == set(named(stage, FILE, PICTURE))
        assert len(arrived) == 2
    else:
        assert arrived == [FILE, PICTURE]
        assert len(stage.shown("ana", "actualites")) == 1
    async with any_store.read() as tx:
        assert await tx.outbox.counts() == {"sent": 1}
