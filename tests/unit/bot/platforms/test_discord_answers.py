"""Answers on Discord in bad weather: each is shown once, as long as somebody waits for it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import bot.platforms.discord.answers as answers
import bot.platforms.discord.interactions as interactions
from bot.platforms.discord.calls import Refusal
from club.dialogue import Action, Message
from club.markup import as_text
from tests.fakes.discord import parts
from tests.kit.discord_world import FORM, World, place

LONG = "\n".join(f"{n:04} " + "x" * 90 for n in range(60))  # three messages
CALLBACK, HOOK = "/interactions/.*/callback", "/webhooks/[^/]+/[^/]+"
ORIGINAL = f"{HOOK}/messages/@original"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "AGAIN", (0.01, 0.1))


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_acknowledgement_that_was_not_heard_is_said_again(world: World, status: int) -> None:
    await world.open()
    world.fake.trouble("POST", CALLBACK, status, **({"retry_after": 0.05} if status == 429 else {}))
    await world.fake.slash(world.ana, "aide", world.club)
    await world.shown("reçu /aide", world.club)
    assert len(world.fake.seen(world.ana, world.club)) == 1


async def test_an_acknowledgement_whose_answer_was_lost_is_done(world: World) -> None:
    await world.open()
    world.reply = lambda _: Message(as_text(LONG), private=True)
    world.fake.trouble("POST", CALLBACK, 502, done=True)
    await world.fake.slash(world.ana, "aide", world.club)
    await world.fake.until(lambda: len(world.fake.seen(world.ana, world.club)) == 3)
    statuses = [status for _, path, _, status in world.fake.calls if path.endswith("/callback")]
    assert statuses == [502, 400]


async def test_an_interaction_that_nobody_knows_any_more_ends_quietly(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.open()
    world.fake.trouble("POST", CALLBACK, 404, 10062)
    asked = await world.fake.slash(world.ana, "aide", world.club)
    with caplog.at_level("INFO", "bot.platforms.discord"):
        await world.fake.until(lambda: any(path.endswith("/callback") for _, path, _, _ in world.fake.calls))
        await world.discord.stop()
    assert asked.answered == []
    assert [one.message for one in caplog.records if one.name.endswith("interactions")] == ["answer came too late"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_late_answer_arrives_whatever_the_weather(
    world: World, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "FIRST", 0.05)
    await world.open()

    async def slowly(request: Any) -> Message:
        await world.fake.until(lambda: world.fake.asked[int(request.update)].answered)
        return Message(as_text("C’est noté."), private=True)

    world.reply = slowly
    more = {"retry_after": 0.05} if status == 429 else {}
    world.fake.trouble("PATCH", ORIGINAL, status, times=3, done=status == 502, **more)
    await world.fake.slash(world.ana, "aide", world.club)
    await world.shown("C’est noté.", world.club)
    await world.fake.until(lambda: [s for m, _, _, s in world.fake.calls if m == "PATCH"] == [*[status] * 3, 200])


@pytest.mark.parametrize("status", [429, 503])
async def test_the_rest_of_an_answer_follows_in_order(world: World, status: int) -> None:
    await world.open()
    world.reply = lambda _: Message(as_text(LONG), private=True)
    more = {"retry_after": 0.05} if status == 429 else {}
    world.fake.trouble("POST", HOOK, status, times=2, **more)
    await world.fake.slash(world.ana, "aide", world.club)
    await world.fake.until(lambda: len(world.fake.seen(world.ana, world.club)) == 3)
    assert "\n".join(one["content"] for one in world.fake.seen(world.ana, world.club)) == LONG


async def test_what_may_have_been_seen_by_one_person_is_not_said_again(world: World) -> None:
    await world.open()
    world.reply = lambda _: Message(as_text(LONG), private=True)
    world.fake.trouble("POST", HOOK, 502, done=True)
    await world.fake.slash(world.ana, "aide", world.club)
    await world.fake.until(lambda: any(status == 502 for *_, status in world.fake.calls))
    await world.discord.stop()
    assert len(world.fake.seen(world.ana, world.club)) == 2


async def test_a_private_talk_sees_each_part_once_even_when_answers_are_lost(world: World) -> None:
    await world.open()
    world.reply = lambda _: Message(as_text(LONG))
    dm = world.fake.dm(world.ana)
    world.fake.trouble("POST", f"/channels/{dm.id}/messages", 502, done=True, times=2)
    await world.fake.slash(world.ana, "aide")
    await world.fake.until(lambda: len(world.fake.seen(world.ana)) == 3)
    assert "\n".join(one["content"] for one in world.fake.seen(world.ana)) == LONG


async def test_words_are_answered_after_a_wait_that_discord_asks_for(world: World) -> None:
    await world.open()
    dm = world.fake.dm(world.ana)
    world.fake.trouble("POST", f"/channels/{dm.id}/messages", 429, times=5, retry_after=0.02)
    await world.fake.say(world.ana, "bonjour")
    await world.shown("reçu bonjour")


@pytest.mark.parametrize("everywhere", [True, False])
async def test_a_silence_asked_of_all_holds_all_back(world: World, everywhere: bool) -> None:
    held: list[float] = []

    async def hold(seconds: float) -> None:
        held.append(seconds)

    await world.open(hub=answers.Services(hold=hold))
    world.fake.trouble("POST", CALLBACK, 429, retry_after=0.02, everywhere=everywhere)
    await world.fake.slash(world.ana, "aide")
    await world.shown("reçu /aide")
    assert held == ([0.02] if everywhere else [])


async def test_a_press_is_answered_once_when_its_answer_was_lost(world: World) -> None:
    await world.open()
    world.reply = lambda _: Message(as_text("C’est noté."), in_place=True)
    await world.discord.send(place(1001), Message(as_text("À vous"), (Action("Un", "x", token="a"),)), "k")
    message = await world.shown("À vous")
    world.fake.trouble("POST", CALLBACK, 500, done=True)
    await world.fake.press(world.ana, message, "Un")
    await world.fake.until(lambda: not parts(message))
    assert [one["content"] for one in world.fake.seen(world.ana)] == ["C’est noté."]
    assert len(world.heard) == 1


@pytest.mark.parametrize("late", [False, True])
async def test_an_answer_that_is_refused_as_drawn_is_shown_as_plain_text(
    world: World, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "FIRST", 0.05 if late else 5)
    await world.open()

    async def answer(request: Any) -> Message:
        if late:
            await world.fake.until(lambda: world.fake.asked[int(request.update)].answered)
        return Message(as_text("C’est *noté*."), (Action("Un", "x", token="a"),), private=True)

    world.reply = answer
    world.fake.trouble("PATCH" if late else "POST", ORIGINAL if late else CALLBACK, 400, 50035)
    await world.fake.slash(world.ana, "aide", world.club)
    shown = await world.shown("C’est *noté*.", world.club)
    assert parts(shown) == []


async def test_words_whose_answer_is_refused_as_drawn_are_answered_in_plain_text(world: World) -> None:
    await world.open()
    world.reply = lambda _: Message(as_text("C’est *noté*."), (Action("Un", "x", token="a"),))
    world.fake.trouble("POST", "/channels/.*/messages", 400, 50035)
    await world.fake.say(world.ana, "bonjour")
    assert parts(await world.shown("C’est *noté*.")) == []


async def test_a_window_that_is_refused_leaves_the_question(world: World) -> None:
    await world.open()
    world.reply = lambda _: Message(as_text("Quel titre ?"), form=FORM, private=True)
    world.fake.trouble("POST", CALLBACK, 400, 50035)
    await world.fake.slash(world.ana, "abonner", world.club)
    await world.shown("Quel titre ?", world.club)


class Scripted:
    """Answers as written, one after the other."""

    def __init__(self, *said: Refusal | None) -> None:
        self.said = list(said)

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        said = self.said.pop(0)
        if said is not None:
            raise said
        return {}


@pytest.mark.parametrize(
    "said",
    [
        (Refusal(400, 50035),),
        (Refusal(429, after=30),),  # longer than it is worth
        (Refusal(400, 40060),),  # somebody else answered
        (Refusal(0, lost=True), Refusal(404, 10062)),
    ],
)
async def test_insistence_knows_when_to_stop(said: tuple[Refusal, ...]) -> None:
    call = Scripted(*said)
    insist = answers.Insistence(call, answers.Services())
    with pytest.raises(Refusal) as no:
        await insist("POST", "/x", until=asyncio.get_running_loop().time() + 5, done=40060)
    assert no.value is said[-1]
    assert not call.said


async def test_a_try_that_hangs_leaves_time_for_another() -> None:
    asked: list[str] = []

    async def call(method: str, path: str, body: Any = None) -> Any:
        asked.append(method)
        if len(asked) == 1:
            await asyncio.Event().wait()
        return "ok"

    insist = answers.Insistence(call, answers.Services())
    assert await insist("POST", "/x", until=asyncio.get_running_loop().time() + 60, each=0.05) == "ok"
