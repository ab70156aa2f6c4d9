"""Files and pictures on Discord: with the message that speaks of them, in words where they are refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.platforms.base import Malformed, Parts, TryLater, Unreachable
from bot.platforms.discord import answers
from bot.platforms.discord.show import packed, show
from club.dialogue import Action, Message
from club.markup import as_text
from club.people import Place
from club.texts import Texts
from tests.fakes.discord import ATTACH_FILES, FORUM, WRITE
from tests.kit.attachments import CHART, LIST
from tests.kit.discord_stage import read
from tests.kit.discord_world import World, place

PRESS = (Action("Voir", "x", token="t"),)
LETTER = Message(as_text("Voici le mois."), PRESS, attachments=(LIST, CHART))
LONG = Message(as_text("\n".join(f"Ligne {n} " + "x" * 100 for n in range(40))), attachments=(LIST,))
FILES = [("inscrits.csv", LIST.data, ""), ("mois.png", CHART.data, CHART.alt)]
REFUSED = "La pièce jointe inscrits.csv (1 ko) n’a pas pu être envoyée ici."
CALLBACK = r"/interactions/\d+/[\w-]+/callback"
ORIGINAL = r"/webhooks/900/[\w-]+/messages/@original"
CLUB = "/channels/2001/messages"


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(answers, "AGAIN", (0.01, 0.1))
    made = World()
    await made.open()
    yield made
    await made.discord.stop()
    await made.fake.close()
    assert made.fake.faults == []


def carried(world: World, channel: Any = None) -> list[list[tuple[str, bytes, str]]]:
    return [world.fake.carried(one) for one in world.fake.seen(world.ana, channel or world.club)]


def contents(world: World, channel: Any = None) -> list[str]:
    return [read(one["content"]) for one in world.fake.seen(world.ana, channel or world.club)]


def test_the_first_body_carries_the_files_wherever_they_stand() -> None:
    first, *more = show(LONG, Texts())
    assert packed(first) == (first | {"attachments": [{"id": "0", "filename": "inscrits.csv"}]}, (LIST,))
    assert all("attachments" not in body for body in more)
    for wrapped in ({"type": 4, "data": first}, {"name": "x", "message": first}):
        assert packed(wrapped)[1] == (LIST,)
    for bare in (None, [], {"attachments": ()}, {"type": 6}):
        assert packed(bare) == (bare, ())
    [body] = show(replace(LETTER, attachments=(replace(CHART, alt="🌿" * 2000),)), Texts())
    assert packed(body)[0]["attachments"][0]["description"] == "🌿" * 511 + "…"


async def test_a_letter_carries_its_files(world: World) -> None:
    await world.discord.send(place(2001), LETTER, "1-k")
    assert carried(world) == [FILES]
    assert contents(world) == ["Voici le mois."]


async def test_a_letter_whose_answer_was_lost_is_there_once(world: World) -> None:
    world.fake.trouble("POST", CLUB, 502, done=True)
    with pytest.raises(TryLater) as lost:
        await world.discord.send(place(2001), LETTER, "1-k")
    assert lost.value.doubt
    await world.reopen()
    await world.discord.send(place(2001), LETTER, "1-k", Parts(doubt=True))
    assert carried(world) == [FILES]


@pytest.mark.parametrize("trouble", ["large", "rights", "malformed"])
async def test_a_refused_file_leaves_the_text_which_says_so(world: World, trouble: str) -> None:
    if trouble == "large":
        world.fake.largest = 5
    elif trouble == "rights":
        world.club.rights = WRITE & ~ATTACH_FILES
    else:
        world.fake.trouble("POST", CLUB, 400, 50035)
    await world.discord.send(place(2001), LETTER, "1-k")
    [text] = contents(world)
    assert text.startswith(f"Voici le mois.\n\n{REFUSED}")
    assert text.endswith(f"Image qui n’a pas pu être affichée ici : {CHART.alt}")
    assert carried(world) == [[]]


async def test_what_is_refused_for_its_text_keeps_its_file(world: World) -> None:
    """As delivery tries: as it is drawn, then plainly."""
    world.fake.trouble("POST", CLUB, 400, 50035, times=2)
    with pytest.raises(Malformed):
        await world.discord.send(place(2001), LETTER, "1-k")
    await world.discord.send(place(2001), replace(LETTER, bare=True), "1-k")
    assert carried(world) == [FILES]


async def test_a_place_that_cannot_be_written_to_is_so_with_a_file_too(world: World) -> None:
    world.club.rights = WRITE & ~(1 << 11)
    with pytest.raises(Unreachable) as closed:
        await world.discord.send(place(2001), LETTER, "1-k")
    assert closed.value.why == "unreachable-forbidden"


@pytest.mark.parametrize("refused", [False, True])
async def test_a_long_letter_goes_on_where_it_stopped(world: World, refused: bool) -> None:
    if refused:
        world.fake.largest = 5
    noted: list[tuple[int, str]] = []

    async def note(count: int, ref: str) -> None:
        noted.append((count, ref))
        if count == 1:
            world.fake.trouble("POST", CLUB, 503)

    with pytest.raises(TryLater):
        await world.discord.send(place(2001), LONG, "1-k", Parts(note=note))
    ref = await world.discord.send(place(2001), LONG, "1-k", Parts(*noted[-1], note=note))
    assert ref == "+".join(one["id"] for one in world.fake.seen(world.ana, world.club))
    assert [len(one) for one in carried(world)] == [0 if refused else 1, 0, 0]
    said = "\n".join(contents(world))
    assert said.count("Ligne 0 ") == said.count("Ligne 39 ") == 1
    assert (REFUSED in said) is refused


async def test_a_post_of_a_forum_carries_its_file(world: World) -> None:
    forum = world.fake.add_channel("forum", 2003, FORUM)
    await world.reopen()
    await world.discord.send(place(2003), LETTER, "1-k")
    [post] = [one for one in world.fake.channels.values() if one.parent == forum.id]
    assert carried(world, post) == [FILES]
    forum.rights = WRITE & ~ATTACH_FILES
    await world.discord.send(place(2003), LETTER, "2-k")
    [_, plainly] = [one for one in world.fake.channels.values() if one.parent == forum.id]
    assert REFUSED in contents(world, plainly)[0]


async def test_an_edit_replaces_text_and_files(world: World) -> None:
    ref = await world.discord.send(place(2001), LETTER, "1-k")
    newer = replace(LIST, data=b"nouveau")
    await world.discord.edit(place(2001), ref, Message(as_text("Avril."), attachments=(newer,)))
    assert carried(world) == [[("inscrits.csv", b"nouveau", "")]]
    world.fake.largest = 5
    await world.discord.edit(place(2001), ref, Message(as_text("Mai."), attachments=(newer,)))
    assert carried(world) == [[]]
    assert contents(world)[0].startswith("Mai.\n\nLa pièce jointe")
    world.fake.largest = 500
    await world.discord.edit(place(2001), ref, LETTER)
    assert carried(world) == [FILES]
    await world.discord.edit(place(2001), ref, Message(as_text("Rien.")))
    assert carried(world) == [[]]
    with pytest.raises(Malformed):
        await world.discord.edit(place(2001), "999", LETTER)


# Answers


@pytest.mark.parametrize("private", [True, False])
async def test_an_answer_to_a_command_carries_its_file(world: World, private: bool) -> None:
    shown: list[str] = []

    async def note(_: Place, ref: str) -> None:
        shown.append(ref)
        world.fake.news.set()

    world.reply = lambda _: replace(LETTER, private=private, shown=note)
    await world.fake.slash(world.ana, "aide", world.club)
    message = await world.shown("Voici le mois.", world.club)
    assert world.fake.carried(message) == FILES
    assert [one["id"] for one in world.fake.seen(world.mona, world.club)] == ([] if private else [message["id"]])
    await world.fake.until(lambda: shown)
    await world.discord.edit(place(2001), shown[0], Message(as_text("C’est tout.")))
    assert carried(world) == [[]]


async def test_a_press_may_put_a_file_in_place_and_take_it_away(world: World) -> None:
    await world.discord.send(place(2001), Message(as_text("Avant."), PRESS), "1-k")
    world.reply = lambda _: replace(LETTER, in_place=True)
    await world.fake.press(world.ana, await world.shown("Avant.", world.club), "Voir")
    message = await world.shown("Voici le mois.", world.club)
    assert world.fake.carried(message) == FILES
    world.reply = lambda _: Message(as_text("Fini."), in_place=True)
    await world.fake.press(world.ana, message, "Voir")
    assert world.fake.carried(await world.shown("Fini.", world.club)) == []
    assert len(contents(world)) == 1


async def test_a_private_answer_to_a_press_comes_below_what_all_see(world: World) -> None:
    await world.discord.send(place(2001), Message(as_text("À tous."), PRESS), "1-k")
    world.reply = lambda _: replace(LETTER, private=True, in_place=True)
    await world.fake.press(world.ana, await world.shown("À tous.", world.club), "Voir")
    message = await world.shown("Voici le mois.", world.club)
    assert world.fake.carried(message) == FILES
    assert contents(world) == ["À tous.", "Voici le mois."]
    assert len(world.fake.seen(world.mona, world.club)) == 1


async def test_words_are_answered_with_a_file(world: World) -> None:
    world.reply = lambda _: LETTER
    await world.fake.say(world.ana, "le mois ?")
    assert world.fake.carried(await world.shown("Voici le mois.")) == FILES
    world.reply = lambda _: replace(LETTER, private=True)
    await world.fake.say(world.ana, "le mois ?", world.club)
    waits = await world.fake.until(lambda: world.fake.seen(world.ana, world.club))
    assert waits[0]["attachments"] == []
    await world.fake.press(world.ana, waits[0], "Lire ma réponse")
    assert world.fake.carried(await world.shown("Voici le mois.", world.club)) == FILES


@pytest.mark.parametrize("how", ["command", "words", "read"])
async def test_an_answer_whose_file_is_refused_says_so(world: World, how: str) -> None:
    world.fake.largest = 5
    world.reply = lambda _: replace(LETTER, private=how != "words")
    if how == "command":
        await world.fake.slash(world.ana, "aide", world.club)
    else:
        await world.fake.say(world.ana, "le mois ?", world.club)
    if how == "read":
        [waits] = await world.fake.until(lambda: world.fake.seen(world.ana, world.club))
        await world.fake.press(world.ana, waits, "Lire ma réponse")
    message = await world.shown("Voici le mois.", world.club)
    assert REFUSED in read(message["content"])
    assert message["attachments"] == []


async def test_an_answer_that_is_too_late_is_left(world: World) -> None:
    world.reply = lambda _: replace(LETTER, private=True)
    world.fake.trouble("PATCH", ORIGINAL, 404, 10015)
    await world.fake.slash(world.ana, "aide", world.club)
    await world.fake.until(lambda: [one for one in world.fake.calls if one[0] == "PATCH"])
    await world.discord.stop()
    assert len([one for one in world.fake.calls if one[0] == "PATCH"]) == 1
