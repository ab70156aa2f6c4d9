from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.platforms.base import Malformed, TryLater
from bot.platforms.simulator.network import Simulator
from bot.platforms.simulator.page import Said, Town
from bot.platforms.simulator.posts import Posts, body
from club.dialogue import Action, Blank, Choice, Form, Kind, Message, Request
from club.markup import Span, as_text, write
from club.people import Place
from club.texts import Texts
from tests.kit.tabs import ACTUALITES, PEOPLE, House, echo, texts


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    await made.start()
    yield made
    await made.stop()


# What is said.


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"words": "bonjour"}, 202),
        ({"words": "bonjour", "place": "actualites"}, 202),
        ({"words": ""}, 400),
        ({"words": "  \n"}, 400),
        ({"words": 5}, 400),
        ({"words": "é" * 4000}, 202),
        ({"words": "é" * 4001}, 400),
        ({"words": "x", "other": 1}, 400),
        ({"words": "x", "update": "short"}, 400),
        ({"values": {"a": "b"}}, 400),
        ({"token": "t", "values": {"a": ["b"]}}, 400),
        ({"words": "x", "person": "nobody", "place": "nobody"}, 403),
        ({"words": "x", "place": "mona"}, 403),
        ({"words": "x", "place": "nowhere"}, 403),
        ({"token": "t", "ref": "999"}, 403),
        ({"token": "t", "ref": "' OR 1"}, 403),
    ],
)
async def test_what_a_page_may_say(house: House, said: dict[str, Any], status: int) -> None:
    tab = await house.open()
    assert await tab.say(**said) == status


async def test_what_is_not_seen_cannot_be_pressed(house: House) -> None:
    ref = await house.simulator.send(Place("simulator", "mona"), Message(as_text("à Mona")), "k")
    tab = await house.open()
    assert await tab.say(token="t", ref=ref) == 403
    assert await tab.say(token="t", ref=ref, place="actualites") == 403
    assert await tab.say(token="t", ref=ref, person="mona", place="mona") == 202


async def test_a_body_over_64_kib_is_refused(house: House) -> None:
    tab = await house.open()
    assert await tab.say(words="a" * 64 * 1024) == 413
    assert await tab.say(token="t", values={"a": "a" * 60 * 1024}) == 202


async def test_a_saying_sent_again_acts_once_also_after_a_restart(house: House) -> None:
    tab = await house.open()
    assert [await tab.say(words="un") for _ in range(3)] == [202, 202, 202]
    await tab.until_text("reçu un")
    await house.stop()
    await house.start()
    tab = await house.open()
    assert await tab.say(words="un") == 202
    assert await tab.say("update-0002", words="deux") == 202
    await tab.until_text("reçu deux")
    assert [text for news in tab.received for text in texts(news["posts"])] == ["un", "reçu un", "deux", "reçu deux"]


async def test_what_was_heard_and_not_answered_is_answered_at_the_next_start(house: House) -> None:
    asked = asyncio.Event()

    async def never(_: Request) -> None:
        asked.set()
        await asyncio.Event().wait()

    await house.stop()
    await house.start(never)
    tab = await house.open()
    await tab.say(token="t", values={"a": "é"})
    await asked.wait()
    await house.stop()
    heard = []

    async def answer(request: Request) -> Message:
        heard.append(request)
        return await echo(request)

    await house.start(answer)
    await (await house.open()).until_text("reçu t")
    assert [(request.token, request.values, request.update) for request in heard] == [("t", {"a": "é"}, "update-0001")]


async def test_what_nobody_waits_for_any_more_is_dropped(house: House) -> None:
    await house.stop()
    with sqlite3.connect(house.file) as base:
        gone = Said(update="update-0009", person="gone", place="gone", words="x").model_dump_json()
        base.execute("INSERT INTO heard (id, said) VALUES ('update-0009', ?), ('update-0008', '{')", (gone,))
    base.close()
    await house.start()
    tab = await house.open()
    await tab.say(words="un")
    await tab.until_text("reçu un")
    await house.stop()
    with sqlite3.connect(house.file) as base:
        assert base.execute("SELECT count(*) FROM heard WHERE NOT answered").fetchone() == (0,)
    base.close()
    await house.start()


async def test_a_slow_answer_shows_that_it_comes_and_holds_up_nobody(house: House) -> None:
    go = asyncio.Event()

    async def answer(request: Request) -> Message:
        if request.words == "lent":
            await go.wait()
        return await echo(request)

    await house.stop()
    await house.start(answer)
    ana, mona = await house.open("ana"), await house.open("mona")
    await ana.say(words="lent")
    await ana.until(lambda news: news["writing"] == ["ana"])
    await mona.say("update-0002", person="mona", place="mona", words="vite")
    await mona.until_text("reçu vite")
    assert not any("ana" in news["writing"] for news in mona.received)
    go.set()
    assert (await ana.until_text("reçu lent"))["writing"] == []


async def test_words_are_answered_in_the_order_they_were_said(house: House) -> None:
    go, heard = asyncio.Event(), []

    async def answer(request: Request) -> Message:
        heard.append(request.words)
        if request.words == "un":
            await go.wait()
        return await echo(request)

    await house.stop()
    await house.start(answer)
    tab = await house.open()
    await tab.say(words="un")
    await tab.say("update-0002", words="deux")
    await tab.until(lambda news: "deux" in texts(news["posts"]))
    assert heard == ["un"]
    go.set()
    await tab.until_text("reçu deux")
    assert heard == ["un", "deux"]


KEYS = st.sampled_from(["update", "person", "place", "words", "token", "values", "ref"]) | st.text()
LEAVES = st.none() | st.integers() | st.text() | st.sampled_from(["ana", "actualites", "update-0001"])
TREES = st.recursive(LEAVES, lambda one: st.lists(one) | st.dictionaries(KEYS, one))


@given(st.binary() | st.text().map(str.encode) | TREES.map(json.dumps).map(str.encode))
def test_any_body_is_read_or_refused(raw: bytes) -> None:
    town = Town({one.id: one for one in PEOPLE}, {"actualites": "actualités"})
    try:
        said = Said.model_validate_json(raw)
    except ValidationError:
        return
    assert town.admits(said) in (True, False)
    assert Said.model_validate_json(said.model_dump_json()) == said


# What is shown.


async def test_a_tab_is_sent_only_what_it_has_not_seen(house: House) -> None:
    await house.simulator.send(ACTUALITES, Message(as_text("un")), "1")
    first = await (await house.open()).until_text("un")
    ref = await house.simulator.send(ACTUALITES, Message(as_text("deux")), "2")
    again = await (await house.open(seen=first["seen"])).until_text("deux")
    assert texts(again["posts"]) == ["deux"]
    await house.simulator.edit(ACTUALITES, ref, Message(as_text("deux bis")))
    last = await (await house.open(seen=again["seen"])).until_text("deux bis")
    assert [(post["seq"], post["stamp"] > again["seen"]) for post in last["posts"]] == [(int(ref), True)]


async def test_a_tab_may_change_person_and_sees_only_theirs(house: House) -> None:
    for person in ("ana", "mona"):
        await house.simulator.send(Place("simulator", person), Message(as_text(f"à {person}")), person)
    tab = await house.open("ana")
    assert texts((await tab.until(lambda news: news["posts"]))["posts"]) == ["à ana"]
    await tab.look("mona")
    news = await tab.until(lambda news: news["person"] == "mona")
    assert texts(news["posts"]) == ["à mona"]
    assert news["heads"] == {"ana": 1, "mona": 2}


async def test_posts_and_their_times_survive_a_restart(house: House) -> None:
    message = Message(write("*Titre* [lien](https://exemple.fr)\n\nfin"), (Action("Oui", "x", token="t"),))
    ref = await house.simulator.send(ACTUALITES, message, "k")
    await house.stop()
    await house.start()
    [post] = (await (await house.open()).until(lambda news: news["posts"]))["posts"]
    assert post["lines"] == [
        [["Titre", True, None], [" ", False, None], ["lien", False, "https://exemple.fr"]],
        [],
        [["fin", False, None]],
    ]
    assert post["actions"] == [{"label": "Oui", "token": "t", "chosen": False, "box": False}]
    assert (post["hour"], post["day"]) == ("14\u00a0h\u00a003", "mardi 24 novembre 2026")
    assert await house.simulator.send(ACTUALITES, message, "k") == ref


async def test_the_latest_posts_of_each_place_come_first_to_a_new_tab(house: House) -> None:
    await house.simulator.send(Place("simulator", "ana"), Message(as_text("en privé")), "p")
    for n in range(160):
        await house.simulator.send(ACTUALITES, Message(as_text(str(n))), str(n))
    tab = await house.open()
    news = await tab.until_text("159")
    assert texts(news["posts"]) == ["en privé", *map(str, range(10, 160))]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "[]",
        "{}",
        '{"person": "zoe", "seen": 0}',
        '{"person": ["ana"], "seen": 0}',
        '{"person": "ana", "seen": -1}',
        '{"person": "ana", "seen": 1e999}',
        "[" * 2000,
    ],
)
async def test_a_tab_that_talks_nonsense_is_closed_alone(house: House, frame: str) -> None:
    good = await house.open()
    await good.until(lambda _: True)
    bad = await house.open()
    await bad.socket.send_str(frame)
    async with asyncio.timeout(20):
        async for _ in bad.socket:
            pass
    await house.simulator.send(ACTUALITES, Message(as_text("un")), "1")
    await good.until_text("un")


async def test_stopping_tells_the_tabs_that_the_server_goes_away(house: House) -> None:
    tab = await house.open()
    await tab.until(lambda _: True)
    stopping = asyncio.create_task(house.simulator.stop())
    closing = await tab.socket.receive()
    await stopping
    assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)


async def test_stopping_twice_is_harmless_and_sending_then_waits(house: House) -> None:
    await house.simulator.stop()
    await house.simulator.stop()
    with pytest.raises(TryLater):
        await house.simulator.send(ACTUALITES, Message(as_text("x")), "k")
    with pytest.raises(TryLater):
        await house.simulator.edit(ACTUALITES, "1", Message(as_text("x")))


async def test_a_full_disk_asks_to_try_later(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    ref = await house.simulator.send(ACTUALITES, Message(as_text("x")), "k")
    monkeypatch.setattr(Posts, "add", full)
    monkeypatch.setattr(Posts, "replace", full)
    with pytest.raises(TryLater):
        await house.simulator.send(ACTUALITES, Message(as_text("y")), "other")
    with pytest.raises(TryLater):
        await house.simulator.edit(ACTUALITES, ref, Message(as_text("y")))


async def test_words_that_a_full_disk_cannot_keep_are_said_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = await house.open()

    async def full(*_: object) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Posts, "hear", full)
        assert await tab.say(words="bonjour", update="the-same-words") == 503
    assert await tab.say(words="bonjour", update="the-same-words") == 202


async def test_what_a_person_said_cannot_be_replaced(house: House) -> None:
    tab = await house.open()
    await tab.say(words="à moi")
    await tab.until_text("reçu à moi")
    [own] = [post for news in tab.received for post in news["posts"] if post["author"] == "ana"]
    with pytest.raises(Malformed):
        await house.simulator.edit(Place("simulator", "ana"), str(own["seq"]), Message(as_text("faux")))


def test_a_person_and_a_channel_of_the_same_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="same id"):
        Simulator(tmp_path / "x", PEOPLE, [(Place("simulator", "ana"), "ana")], 0, Texts())


def test_what_is_wrong_stands_beside_its_field_only() -> None:
    blanks = (Blank("day", Kind.LINE, "Jour", fault="« hier » est passé. Donnez un jour à venir."),)
    lines = write("« hier » est passé. *Donnez* un jour à venir.\n\nQuel jour ?")
    form = Form("Titre", blanks, "Déposer", Action("Déposer", "x"))
    assert body(Message(lines))["lines"][0]
    kept = body(Message(lines, form=form))
    assert [[text for text, *_ in line] for line in kept["lines"]] == [[], ["Quel jour ?"]]


def test_a_form_is_kept_for_the_page() -> None:
    blanks = (
        Blank("region", Kind.CHOICE, "Région", "aide", (Choice("76", "Occitanie"),), value="76", fault="Non."),
        Blank("photo", Kind.FILE, "Photo"),
    )
    form = Form("Titre", blanks, "Déposer", Action("Déposer", "x", token="form"))
    kept = body(Message(as_text("?"), form=form))["form"]
    assert (kept["title"], kept["send"], kept["token"]) == ("Titre", "Déposer", "form")
    blank, photo = json.loads(json.dumps(kept["blanks"]))
    assert (photo["name"], photo["kind"], photo["value"]) == ("photo", "file", "")
    assert [(choice["value"], choice["label"]) for choice in blank.pop("choices")] == [("76", "Occitanie")]
    assert blank == {
        "fixed": False,
        "suggested": False,
        "name": "region",
        "kind": "choice",
        "label": "Région",
        "bounds": [0, 0],
        "help": "aide",
        "required": True,
        "value": "76",
        "fault": "Non.",
    }


@given(st.lists(st.lists(st.tuples(st.text(st.characters()), st.booleans(), st.none() | st.text()))))
def test_every_text_can_be_kept_and_sent(lines: list[list[tuple[str, bool, str | None]]]) -> None:
    message = Message(tuple(tuple(Span(*span) for span in line) for line in lines))
    stored = json.dumps(body(message))
    stored.encode()
    assert json.loads(stored)["lines"] == [[list(span) for span in line] for line in lines]


POSTING = """
import asyncio, sys
from pathlib import Path
from bot.platforms.simulator.network import Simulator
from club.dialogue import Message
from club.markup import as_text
from club.people import Place, Resident
from club.texts import Texts

async def main():
    place = Place("simulator", "ana")
    simulator = Simulator(Path(sys.argv[1]), [Resident("ana", "Ana")], [], 0, Texts())
    async def answer(_): pass
    await simulator.start((), answer)
    for n in range(60):
        await simulator.send(place, Message(as_text(str(n))), f"letter-{n}")
        print(n, flush=True)
    await simulator.stop()

asyncio.run(main())
"""


def test_each_delivery_appears_exactly_once_whenever_the_program_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "network.sqlite3"
    for killed_after in (7, 23, 41, 60):
        with subprocess.Popen([sys.executable, "-c", POSTING, str(file)], stdout=subprocess.PIPE) as program:
            assert program.stdout
            for _ in range(killed_after):
                program.stdout.readline()
            program.kill()
    base = sqlite3.connect(file)
    assert base.execute("SELECT count(*), count(DISTINCT key), max(stamp) FROM post").fetchone() == (60, 60, 60)
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    base.close()
