"""What happens to the bot in chats of Telegram, and which place a press or a word is about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from club.dialogue import Action, Form, Message, Request
from club.markup import as_text, write
from tests.kit.telegram_desk import ANA, CHANNEL, GROUP, ZOE, Desk, here, make_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = make_desk()
    await made.start()
    yield made
    await made.bot.stop()
    assert not made.network.faults


async def places(desk: Desk, count: int) -> list[Any]:
    await desk.until(lambda: len(desk.places) >= count)
    return desk.places


async def test_a_group_that_puts_the_bot_out_is_closed_at_once_and_open_when_it_is_back(desk: Desk) -> None:
    desk.network.makes_bot("kicked", GROUP, ANA)
    assert await places(desk, 1) == [(here(GROUP), "unreachable-gone")]
    desk.network.makes_bot("member", GROUP, ANA)
    assert (await places(desk, 2))[1] == (here(GROUP), "")
    await desk.shown(ANA, f'place = "telegram:{GROUP}"')  # the one who adds it is told the id again
    desk.network.makes_bot("restricted", GROUP, ANA)
    assert (await places(desk, 3))[2] == (here(GROUP), "unreachable-forbidden")
    desk.network.makes_bot("administrator", GROUP, ANA)
    assert (await places(desk, 4))[3] == (here(GROUP), "")


async def test_a_person_who_blocks_the_bot_is_not_written_to(desk: Desk) -> None:
    desk.network.makes_bot("kicked", ANA)
    assert await places(desk, 1) == [(here(ANA), "unreachable-blocked")]
    desk.network.makes_bot("member", ANA)
    assert (await places(desk, 2))[1] == (here(ANA), "")
    assert desk.network.texts(ANA) == []


async def test_the_right_to_post_in_a_channel_comes_and_goes(desk: Desk) -> None:
    desk.network.makes_bot("administrator", CHANNEL, ANA, may_post=False)
    assert await places(desk, 1) == [(here(CHANNEL), "unreachable-forbidden")]
    desk.network.makes_bot("administrator", CHANNEL, ANA)
    assert (await places(desk, 2))[1] == (here(CHANNEL), "")


async def test_rights_are_asked_again_when_they_changed(desk: Desk) -> None:
    desk.network.chats[GROUP].members[desk.network.bot["id"]] = "restricted"
    desk.network.say(ANA, "/un", GROUP)
    await desk.until(lambda: desk.heard)
    assert desk.heard[0].missing_rights == ("« Envoyer des messages »",)
    desk.network.makes_bot("member", GROUP, ANA)
    await places(desk, 1)
    desk.network.say(ANA, "/deux", GROUP)
    await desk.until(lambda: len(desk.heard) == 2)
    assert desk.heard[1].missing_rights == ()


async def test_both_halves_of_a_move_are_understood(desk: Desk) -> None:
    desk.network.group(-55, "Petit", kind="group")
    desk.network.migrate(-55, -1005)
    new = desk.network.chats[-1005]
    desk.network.push("message", desk.network._message(new, ANA, migrate_from_chat_id=-55))
    await desk.until(lambda: len(desk.moves) == 2)
    assert desk.moves == [(here(-55), here(-1005))] * 2


async def test_an_answer_that_finds_the_group_moved_tells_so(desk: Desk) -> None:
    desk.network.group(-55, "Petit", kind="group")
    desk.network.migrate(-55, -1005, tell=False)
    desk.network.say(ANA, "bonjour", -55)
    await desk.shown(-1005, "reçu bonjour")
    assert desk.moves == [(here(-55), here(-1005))]


# Which place it is about


async def test_a_group_whose_name_is_an_address_has_buttons_that_work(desk: Desk) -> None:
    desk.network.chats[GROUP].title = "https://evil.fr"

    def show(request: Request) -> Message:
        form = Form("t", (), "s", Action("s", "f", token="f"))
        told = write("Voir [ecoquartiers.fr](https://evil.fr/)")
        return Message(told, (Action("Passer", "x", token="t"),), form=form, private=True)

    desk.show = show
    desk.network.say(ANA, "/abonner", GROUP, thread=7)
    asked = await desk.shown(ANA, "Pour « https://evil.fr »\n")
    assert "ecoquartiers.fr (evil.fr)" in asked["text"]  # what others wrote still says where it leads
    desk.network.press(ANA, "Passer")
    await desk.until(lambda: len(desk.heard) == 2)
    assert (desk.heard[1].place, desk.heard[1].private) == (here(GROUP, "7"), False)


async def test_a_press_on_a_message_that_is_no_longer_shown_is_about_its_topic(desk: Desk) -> None:
    desk.network.send_press(ZOE, desk.network.forgotten(GROUP, 77), "tok")
    desk.threads["78"] = "7"
    desk.network.send_press(ZOE, desk.network.forgotten(GROUP, 78), "tok")
    await desk.until(lambda: len(desk.heard) == 2)
    assert [request.place for request in desk.heard] == [here(GROUP), here(GROUP, "7")]


@pytest.mark.parametrize("typed", ["/ici", "/ICI@club_bot", "/où", "/identifiant"])
async def test_a_channel_may_ask_its_own_name(desk: Desk, typed: str) -> None:
    desk.network.post(CHANNEL, typed)
    shown = await desk.shown(CHANNEL, "Ce canal s’appelle")
    assert f'place = "telegram:{CHANNEL}"' in shown["text"]
    assert desk.heard == []


@pytest.mark.parametrize("typed", ["/abonner", "/aide", "/ici@other_bot", "bonjour", "/", "ici", "/ici 3"])
async def test_nothing_else_is_read_in_a_channel(desk: Desk, typed: str) -> None:
    desk.network.post(CHANNEL, typed)
    desk.network.say(ANA, "après")
    await desk.shown(ANA, "reçu après")
    assert desk.network.texts(CHANNEL) == []
    assert len(desk.heard) == 1


async def test_whoever_cannot_be_known_is_answered_once_a_minute(desk: Desk) -> None:
    now = 1000.0
    desk.clock = lambda: now
    group = desk.network.chats[GROUP].body()
    for _ in range(20):
        desk.network.say(ANA, "/abonner", GROUP, sender_chat=group)
        desk.network.post(CHANNEL, "/ici")
    desk.network.say(ANA, "après")
    await desk.shown(ANA, "reçu après")
    await desk.shown(GROUP, "Rester anonyme")
    await desk.shown(CHANNEL, "Ce canal s’appelle")
    now += 60
    desk.network.say(ANA, "/abonner", GROUP, sender_chat=group)
    await desk.until(lambda: len(desk.network.texts(GROUP)) == 2)
    assert len(desk.network.texts(CHANNEL)) == 1


async def test_a_message_that_is_not_words_leaves_the_open_question_open(desk: Desk) -> None:
    def show(request: Request) -> Message:
        form = Form("t", (), "s", Action("s", "f", token="f"))
        return replace(Message(as_text(f"question {request.words}"), form=form), private=True)

    desk.show = show
    desk.network.say(ANA, "/abonner", GROUP)
    await desk.shown(ANA, "question /abonner")
    desk.network.say(ANA, voice={"file_id": "V", "file_unique_id": "v", "duration": 3})
    await desk.shown(ANA, "Je ne lis que le texte")
    desk.network.say(ANA, "Bretagne")
    await desk.shown(ANA, "question Bretagne")
    assert desk.heard[1].place == here(GROUP)
