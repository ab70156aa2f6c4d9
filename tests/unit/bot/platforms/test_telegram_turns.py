"""Each chat of Telegram in its own order and its own time; what Telegram asks to wait for is waited for."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import Services
from bot.platforms.telegram import answers, calls, screen, spacing, updates
from bot.platforms.telegram.network import Telegram
from bot.platforms.telegram.spacing import Spacing
from bot.platforms.telegram.updates import Webhook
from club.dialogue import Action, Message, Request
from club.markup import as_text
from club.texts import Texts
from connectors.web import Site
from tests.fakes.telegram import TOKEN, Direct, No
from tests.kit.telegram_desk import ANA, COMMANDS, GROUP, ZOE, Desk, here, make_desk


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(updates, "_FIRST", 0.0)
    monkeypatch.setattr(updates, "_LONGEST", 0.0)
    monkeypatch.setattr(updates, "_LOOK", 0.01)
    monkeypatch.setattr(calls, "_RETRY", 0.0)
    made = make_desk()
    made.network.started.add(ZOE)
    yield made
    for _, _, gate in made.network.gates:
        gate.set()
    await made.bot.stop()
    assert not made.network.faults


def gated(desk: Desk, person: int) -> asyncio.Event:
    """The hub acts on what this person says once the event is set."""
    gate = asyncio.Event()

    async def answer(request: Request) -> Message:
        desk.heard.append(request)
        desk.network.seen.set()
        if request.person.id == str(person):
            await gate.wait()
        return Message(as_text(f"reçu {request.words}"))

    desk.answer = answer  # type: ignore[method-assign]
    return gate


def words(desk: Desk) -> list[str]:
    return [request.words for request in desk.heard]


async def test_a_slow_chat_keeps_no_other_waiting_and_is_not_confirmed(desk: Desk) -> None:
    gate = gated(desk, ANA)
    await desk.start()
    desk.network.say(ANA, "lent")
    await desk.until(lambda: desk.heard)
    for n in range(3):
        desk.network.say(ZOE, f"vite {n}")
        await desk.shown(ZOE, f"reçu vite {n}")
    first = desk.network.updates[0]
    assert first["message"]["text"] == "lent"  # a program that is killed now would be given it again
    assert words(desk) == ["lent", "vite 0", "vite 1", "vite 2"]  # and nothing acts twice meanwhile
    gate.set()
    await desk.shown(ANA, "reçu lent")
    await desk.until(lambda: not desk.network.updates)
    assert len(desk.heard) == 4


async def test_what_one_says_is_acted_on_in_order(desk: Desk) -> None:
    gate = gated(desk, ANA)
    await desk.start()
    for said in ("un", "deux", "trois"):
        desk.network.say(ANA, said)
    desk.network.say(ZOE, "moi")
    await desk.shown(ZOE, "reçu moi")
    assert words(desk) == ["un", "moi"]
    gate.set()
    await desk.shown(ANA, "reçu trois")
    assert desk.network.texts(ANA) == ["reçu un", "reçu deux", "reçu trois"]


async def test_an_answer_on_its_way_holds_back_neither_the_next_words_nor_the_confirmation(desk: Desk) -> None:
    gate = desk.network.holds(chat=ANA)
    await desk.start()
    for said in ("un", "deux"):
        desk.network.say(ANA, said)
    await desk.until(lambda: len(desk.heard) == 2 and not desk.network.updates)
    assert len(desk.network.called("sendMessage")) == 1  # the second answer waits for the first
    desk.network.say(ZOE, "moi")
    await desk.shown(ZOE, "reçu moi")
    assert desk.network.texts(ANA) == []
    gate.set()
    await desk.shown(ANA, "reçu deux")
    assert desk.network.texts(ANA) == ["reçu un", "reçu deux"]


async def test_a_fault_of_ours_in_one_answer_leaves_the_next_ones_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.start()
    monkeypatch.setattr(screen, "show", lambda *_: 1 / 0)
    desk.network.say(ANA, "un")
    await desk.until(lambda: "answer not shown" in caplog.text)
    monkeypatch.undo()
    desk.network.say(ANA, "deux")
    await desk.shown(ANA, "reçu deux")


async def test_no_more_is_heard_than_can_be_answered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_MOST", 3)
    gate = desk.network.holds()
    await desk.start()
    people = [desk.network.user(2000 + n, f"P{n}") for n in range(5)]
    for one in people:
        desk.network.say(one, "bonjour")
    await desk.until(lambda: len(desk.network.called("sendMessage")) == 3)
    assert len(desk.heard) == 3
    await desk.until(lambda: len(desk.network.updates) == 2)  # the others stay with Telegram
    gate.set()
    for one in people:
        await desk.shown(one, "reçu bonjour")


async def test_one_persons_flood_does_not_delay_another(desk: Desk) -> None:
    """Counted, not timed: of a hundred and fifty messages, one is on its way when another person is answered."""
    gate = desk.network.holds(chat=ANA)
    await desk.start()
    for n in range(90):
        desk.network.say(ANA, f"mot {n}")
    desk.network.say(ZOE, "/aide")
    await desk.shown(ZOE, "reçu /aide")
    assert desk.turns == 2
    gate.set()
    await desk.shown(ANA, "reçu mot 89")
    assert desk.network.texts(ANA) == [f"reçu mot {n}" for n in range(90)]


@given(st.sampled_from([1001, -1001]), st.lists(st.floats(0, 5), max_size=120))
def test_a_chat_is_answered_a_few_times_at_once_then_at_telegrams_pace(chat: int, pauses: list[float]) -> None:
    gap, at_once = spacing.GROUP if chat < 0 else spacing.PRIVATE
    now = 1000.0
    kept = Spacing(lambda: now)
    left: list[float] = []
    for number, pause in enumerate(pauses):
        now = max(now + pause, left[-1]) if left else now
        left.append(now + kept.wait(chat))
        assert kept.wait(2000 + number) == 0  # no other chat waits for it
    for at in left:
        assert sum(at <= one < at + 30 for one in left) <= at_once + 30 / gap + 1


def test_spacing_forgets_whom_it_need_not_remember(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacing, "_KNOWN", 10)
    kept = Spacing(itertools.count(0.0, 2.0).__next__)
    for chat in range(1, 100):
        kept.wait(chat)
    assert len(kept._full) <= 10


async def test_a_hurried_chat_waits_and_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacing, "PRIVATE", (3600.0, 2))
    desk.clock = lambda: 1000.0
    await desk.start()
    for n in range(4):
        desk.network.say(ANA, f"mot {n}")
    await desk.until(lambda: len(desk.heard) == 4 and len(desk.network.texts(ANA)) == 2)
    desk.network.say(ZOE, "moi")
    await desk.shown(ZOE, "reçu moi")
    assert desk.network.texts(ANA) == ["reçu mot 0", "reçu mot 1"]


# Silence that Telegram asks for


async def test_the_hub_is_told_of_a_silence_and_the_answer_arrives_after_it(desk: Desk) -> None:
    await desk.start()
    desk.network.refuses(1)
    desk.network.say(ANA, "patience")
    await desk.shown(ANA, "reçu patience")
    assert desk.silences == [1]
    assert desk.turns == 2


async def test_a_long_silence_is_told_in_a_window_to_whoever_pressed(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.start()
    await desk.bot.send(here(ANA), Message(as_text("?"), (Action("Valider", "x", token="t"),)), "k")
    desk.network.refuses(600)
    desk.network.press(ANA, "Valider")
    await desk.until(lambda: desk.network.alerts)
    [(who, told, _)] = desk.network.alerts
    assert who == ANA
    assert "reprenez dans 10 minutes" in told.replace("\u00a0", " ")
    assert desk.silences == [600]
    desk.network.say(ANA, "encore")
    await desk.shown(ANA, "reçu encore")
    assert len(desk.network.texts(ANA)) == 2
    assert "answer not shown" in caplog.text


async def test_a_silence_of_the_whole_network_is_not_waited_for_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "_PATIENCE", 0.05)

    async def turn() -> None:
        await asyncio.Event().wait()

    desk.bot = Telegram(TOKEN, Texts(), hub=Services(turn=turn), request=Direct(desk.network))
    await desk.start()
    await desk.bot.send(here(ANA), Message(as_text("?"), (Action("Valider", "x", token="t"),)), "k")
    desk.network.press(ANA, "Valider")
    await desk.until(lambda: desk.network.alerts)
    assert "attendre" in desk.network.alerts[0][1]


async def test_an_edit_whose_answer_was_lost_is_made_again(desk: Desk) -> None:
    desk.show = lambda _: Message(as_text("suite"), in_place=True)
    await desk.start()
    await desk.bot.send(here(ANA), Message(as_text("?"), (Action("Oui", "x", token="t"),)), "k")
    desk.network.drops_the_answer(method="editMessageText")
    desk.network.press(ANA, "Oui")
    await desk.until(lambda: desk.network.answered)
    assert desk.network.texts(ANA) == ["suite"]
    assert len(desk.network.called("editMessageText")) == 2


async def test_a_failure_of_the_network_does_not_lead_elsewhere(desk: Desk) -> None:
    """Only who cannot be written to is given a link."""
    desk.show = lambda _: Message(as_text("pour vous " + "x" * 300), private=True)
    await desk.start()
    await desk.bot.send(here(GROUP), Message(as_text("lettre"), (Action("La suite", "x", token="t"),)), "k")
    desk.network.drops_the_answer()
    desk.network.press(ANA, "La suite", GROUP)
    await desk.until(lambda: desk.network.answered)
    assert desk.network.alerts == []


# Webhook


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    opened = Site("127.0.0.1", 0)
    await opened.open()
    yield opened
    await opened.close()


async def test_what_telegram_brings_is_taken_once_the_hub_has_acted(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "_ACTED", 0.05)
    gate = gated(desk, ANA)
    hook = Webhook("https://hub.exemple.fr/t", "a-secret", site.attach)
    bot = desk.bot = Telegram(TOKEN, Texts(), webhook=hook, request=Direct(desk.network))
    await bot.start(COMMANDS, desk.answer)
    desk.network.say(ANA, "lent")
    desk.network.say(ZOE, "vite")
    desk.network.holds(chat=ZOE)
    slow, quick = desk.network.updates
    headers = {"X-Telegram-Bot-Api-Secret-Token": "a-secret"}
    async with aiohttp.ClientSession(headers=headers) as web:

        async def bring(update: object) -> int:
            async with web.post(f"http://127.0.0.1:{site.port}/t", json=update) as taken:
                return taken.status

        assert await bring(slow) == 503  # it will be brought again
        assert await bring(quick) == 200  # though its answer is still on its way
        gate.set()
        await desk.shown(ANA, "reçu lent")


async def test_a_webhook_that_another_program_took_is_told(
    desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "_WATCH", 0.0)
    hook = Webhook("https://hub.exemple.fr/t", "a-secret", site.attach)
    desk.bot = Telegram(TOKEN, Texts(), webhook=hook, hub=desk.bot._hub, request=Direct(desk.network))
    for no in (No(401, "Unauthorized"), No(429, "Too Many Requests", retry_after=1), No(502, "Bad Gateway")):
        desk.network.fails(no, method="getWebhookInfo")
    await desk.start()
    await desk.until(lambda: desk.closed[-1:] == [""])
    desk.network.webhook["url"] = ""
    await desk.until(lambda: desk.closed[-1] == "network-twice")
    desk.network.webhook["url"] = hook.url
    await desk.until(lambda: desk.closed[-1] == "")
    assert desk.closed[:4] == ["network-token-refused", "network-busy", "network-away", ""]


async def test_a_stranger_is_refused_before_the_body_is_read(desk: Desk, site: Site) -> None:
    hook = Webhook("https://hub.exemple.fr/t", "a-secret", site.attach)
    desk.bot = Telegram(TOKEN, Texts(), webhook=hook, request=Direct(desk.network))
    await desk.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"POST /t HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n")
    assert b" 403 " in await reader.readline()  # not a byte of the body was sent
    writer.close()
