"""Files and pictures on Telegram: above the text of a letter or an answer, in words where they are refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import Malformed, Moved, Parts, TryLater, Unreachable
from bot.platforms.telegram import updates
from bot.platforms.telegram.refs import read_ref, write_ref
from club.dialogue import Action, Attachment, Message
from club.markup import as_text
from tests.fakes.telegram import No, Silence
from tests.kit.attachments import CHART, LIST, png
from tests.kit.telegram_desk import ANA, GROUP, ZOE, Desk, here, make_desk

PRESS = (Action("Voir", "x", token="t"),)
LETTER = Message(as_text("Voici le mois."), PRESS, attachments=(LIST, CHART))
FILE, PICTURE = ("inscrits.csv", LIST.data, ""), ("", CHART.data, CHART.alt)
REFUSED = "La pièce jointe inscrits.csv (1 ko) n’a pas pu être envoyée ici."
IDS = st.lists(st.integers(0, 10**15 - 1), max_size=4)


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(updates, "_FIRST", 0.0)
    made = make_desk()
    yield made
    await made.bot.stop()
    assert not made.network.faults


def sendings(desk: Desk) -> list[str]:
    return [name for name, _ in desk.network.calls if name.startswith(("send", "edit", "delete"))]


@given(IDS, IDS.filter(bool))
def test_a_reference_is_read_as_it_was_written(files: list[int], texts: list[int]) -> None:
    assert read_ref(write_ref(files, texts)) == (files, texts)


@given(st.text(alphabet="f0123456789,x²", max_size=30))
def test_any_reference_is_read(ref: str) -> None:
    assert all(one >= 0 for ids in read_ref(ref) for one in ids)


async def test_a_letter_shows_its_picture_and_gives_its_file_above_its_buttons(desk: Desk) -> None:
    await desk.start()
    ref = await desk.bot.send(here(GROUP, "7"), LETTER, "k")
    assert sendings(desk) == ["sendDocument", "sendPhoto", "sendMessage"]
    assert desk.network.carried(GROUP) == [FILE, PICTURE]
    messages = desk.network.messages[GROUP]
    assert ref == "f{},f{},{}".format(*messages)
    assert {one["message_thread_id"] for one in messages.values()} == {7}
    assert [desk.network.labels(one) for one in messages.values()] == [[], [], ["Voir"]]
    assert desk.turns == 2  # the pace counted the letter as one


@pytest.mark.parametrize("trouble", ["large", "rights", "empty"])
async def test_a_refused_file_leaves_the_text_which_says_so(desk: Desk, trouble: str) -> None:
    await desk.start()
    letter = Message(as_text("Voici."), attachments=(LIST, CHART))
    if trouble == "large":
        desk.network.largest = 5
    elif trouble == "rights":
        desk.network.chats[GROUP].may_send_files = False
    else:
        letter = replace(letter, attachments=(replace(LIST, data=b""), replace(CHART, data=b"")))
    ref = await desk.bot.send(here(GROUP), letter, "k")
    [text] = desk.network.texts(GROUP)
    assert text.startswith("Voici.\n\nLa pièce jointe inscrits.csv (")
    assert "n’a pas pu être envoyée ici. Redemandez-la dans une conversation privée" in text
    assert text.endswith(f"Image qui n’a pas pu être affichée ici : {CHART.alt}")
    assert desk.network.carried(GROUP) == []
    assert ref == "f0,f0,{}".format(*desk.network.messages[GROUP])


async def test_a_picture_that_cannot_be_drawn_is_given_as_a_file(desk: Desk) -> None:
    await desk.start()
    tall = Attachment("frise.png", "image/png", png(10, 900), "Une frise")
    await desk.bot.send(here(GROUP), Message(as_text("Voici."), attachments=(tall,)), "k")
    assert desk.network.carried(GROUP) == [("frise.png", tall.data, "Une frise")]
    assert desk.network.texts(GROUP) == ["Voici."]


async def test_long_words_of_a_picture_are_shortened(desk: Desk) -> None:
    await desk.start()
    talkative = replace(CHART, alt="🌿" * 2000)
    await desk.bot.send(here(GROUP), Message(as_text("Voici."), attachments=(talkative,)), "k")
    [(_, _, told)] = desk.network.carried(GROUP)
    assert told == "🌿" * 511 + "…"


async def test_a_place_that_cannot_be_written_to_is_so_with_a_file_too(desk: Desk) -> None:
    await desk.start()
    desk.network.blocked.add(ANA)
    with pytest.raises(Unreachable) as gone:
        await desk.bot.send(here(ANA), LETTER, "k")
    assert gone.value.why == "unreachable-blocked"
    desk.network.migrate(GROUP, GROUP - 1, tell=False)
    with pytest.raises(Moved):
        await desk.bot.send(here(GROUP), LETTER, "k")


@pytest.mark.parametrize("left", [0, 1, 2])
async def test_what_left_before_a_stop_does_not_leave_again(desk: Desk, left: int) -> None:
    await desk.start()
    noted: list[tuple[int, str]] = []

    async def note(count: int, ref: str) -> None:
        noted.append((count, ref))

    desk.network.fails(No(502, "Bad Gateway"), 1, ("sendDocument", "sendPhoto", "sendMessage")[left])
    with pytest.raises(TryLater):
        await desk.bot.send(here(GROUP), LETTER, "k", Parts(note=note))
    assert [count for count, _ in noted] == list(range(1, left + 1))
    count, ref = noted[-1] if noted else (0, "")
    await desk.bot.send(here(GROUP), LETTER, "k", Parts(count, ref, note))
    assert desk.network.carried(GROUP) == [FILE, PICTURE]
    assert desk.network.texts(GROUP) == ["Voici le mois."]


async def test_what_was_refused_before_a_stop_is_still_said(desk: Desk) -> None:
    await desk.start()
    await desk.bot.send(here(GROUP), LETTER, "k", Parts(2, "f0,f12"))
    assert sendings(desk) == ["sendMessage"]
    assert REFUSED in desk.network.texts(GROUP)[0]
    assert CHART.alt not in desk.network.texts(GROUP)[0]


async def test_a_text_that_is_refused_keeps_the_file_that_left(desk: Desk) -> None:
    await desk.start()
    counts: list[tuple[int, str]] = []

    async def note(count: int, ref: str) -> None:
        counts.append((count, ref))

    desk.network.fails(No(400, "Bad Request: can't parse entities"))
    with pytest.raises(Malformed):
        await desk.bot.send(here(GROUP), LETTER, "k", Parts(note=note))
    await desk.bot.send(here(GROUP), replace(LETTER, bare=True), "k", Parts(*counts[-1]))
    assert desk.network.carried(GROUP) == [FILE, PICTURE]
    assert desk.network.texts(GROUP) == ["Voici le mois."]


async def test_an_edit_replaces_text_and_files(desk: Desk) -> None:
    await desk.start()
    ref = await desk.bot.send(here(GROUP), LETTER, "k")
    newer, chart = replace(LIST, data=b"nouveau"), replace(CHART, data=png(8, 8))
    await desk.bot.edit(here(GROUP), ref, Message(as_text("Voici avril."), attachments=(newer, chart)))
    assert len(desk.network.messages[GROUP]) == 3
    assert desk.network.carried(GROUP) == [("inscrits.csv", b"nouveau", ""), ("", chart.data, chart.alt)]
    assert desk.network.texts(GROUP) == ["Voici avril."]
    await desk.bot.edit(here(GROUP), ref, Message(as_text("Plus rien."), attachments=(newer,)))
    assert desk.network.carried(GROUP) == [("inscrits.csv", b"nouveau", "")]
    await desk.bot.edit(here(GROUP), ref, Message(as_text("Plus rien du tout.")))
    assert desk.network.carried(GROUP) == []
    assert desk.network.texts(GROUP) == ["Plus rien du tout."]


async def test_an_edit_adds_below_what_cannot_be_changed_and_only_once(desk: Desk) -> None:
    await desk.start()
    ref = await desk.bot.send(here(GROUP), Message(as_text("Avant.")), "k")
    for _ in range(2):
        await desk.bot.edit(here(GROUP), ref, Message(as_text("Après."), attachments=(LIST,)))
    assert desk.network.texts(GROUP) == ["Après."]
    assert desk.network.carried(GROUP) == [FILE]
    other = await desk.bot.send(here(GROUP), LETTER, "l")
    await desk.bot._wire().drop(GROUP, read_ref(other)[0][0])
    await desk.bot.edit(here(GROUP), other, LETTER)
    assert sorted(desk.network.carried(GROUP)) == sorted([FILE, FILE, PICTURE])


async def test_an_edit_whose_file_is_refused_says_so(desk: Desk) -> None:
    await desk.start()
    ref = await desk.bot.send(here(GROUP), Message(as_text("Avant.")), "k")
    desk.network.largest = 5
    await desk.bot.edit(here(GROUP), ref, Message(as_text("Après. " * 800), attachments=(LIST,)))
    assert len(desk.network.messages[GROUP]) == 2
    assert REFUSED in desk.network.texts(GROUP)[-1]
    with pytest.raises(Malformed):
        await desk.bot.edit(here(GROUP), "999", Message(as_text("Après."), attachments=(LIST,)))


# Answers


async def test_an_answer_carries_its_file(desk: Desk) -> None:
    shown: list[str] = []

    async def note(_: Any, ref: str) -> None:
        shown.append(ref)

    desk.show = lambda _: replace(LETTER, shown=note)
    await desk.start()
    desk.network.say(ANA, "/inscrits")
    await desk.shown(ANA, "Voici")
    assert sendings(desk) == ["sendDocument", "sendPhoto", "sendMessage"]
    assert desk.network.carried(ANA) == [FILE, PICTURE]
    await desk.until(lambda: shown)
    assert shown == ["f{},f{},{}".format(*desk.network.messages[ANA])]


async def test_a_short_private_answer_with_a_file_is_no_window(desk: Desk) -> None:
    desk.show = lambda _: Message(as_text("Voici."), private=True, attachments=(LIST,))
    await desk.start()
    await desk.bot.send(here(GROUP), Message(as_text("à tous"), PRESS), "k")
    desk.network.press(ANA, "Voir", GROUP)
    await desk.shown(ANA, "Voici.")
    assert desk.network.carried(ANA) == [FILE]
    assert desk.network.carried(GROUP) == []
    assert desk.network.alerts == []


async def test_a_file_waits_with_its_answer_for_the_private_talk(desk: Desk) -> None:
    desk.show = lambda request: replace(LETTER, private=True) if not request.private else Message(as_text("Bonjour"))
    await desk.start()
    desk.network.say(ZOE, "/inscrits", GROUP)
    await desk.shown(GROUP, "ma réponse vous y attend")
    desk.network.say(ZOE, "/start club")
    await desk.shown(ZOE, "Voici")
    assert desk.network.carried(ZOE) == [FILE, PICTURE]
    assert not any("n’a pas pu" in text for text in desk.network.texts(ZOE))


async def test_an_answer_in_place_keeps_its_file_once(desk: Desk) -> None:
    desk.show = lambda _: replace(LETTER, in_place=True)
    await desk.start()
    await desk.bot.send(here(ANA), Message(as_text("Avant"), PRESS), "k")
    desk.network.press(ANA, "Voir")
    await desk.shown(ANA, "Voici")
    assert desk.network.texts(ANA) == ["Voici le mois."]
    assert desk.network.carried(ANA) == [FILE, PICTURE]


@pytest.mark.parametrize("trouble", ["large", "cut"])
async def test_an_answer_whose_file_cannot_be_sent_says_so(desk: Desk, trouble: str) -> None:
    if trouble == "large":
        desk.network.largest = 5
    else:
        desk.network.fails(Silence(), 1, "sendDocument")
    desk.show = lambda _: Message(as_text("Voici."), attachments=(LIST,))
    await desk.start()
    desk.network.say(ANA, "/inscrits")
    told = await desk.shown(ANA, "Voici.")
    assert REFUSED in told["text"]
