"""Networks far away: each on its own, tried again, in the pace that the store keeps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.platforms import telegram
from bot.platforms.base import WHOLE, Answer, NotOpen, Pace, Parts, Services
from bot.platforms.telegram import TelegramSection
from bot.platforms.telegram.network import Telegram
from bot.post import networks
from bot.post.networks import Networks, holder, teller, turn_at
from bot.post.places import Places
from club.dialogue import Command, Letter, Message
from club.people import Place
from storage.store import Store
from tests.conftest import NOW
from tests.kit.memory import Clock, claim, order, put


class Router:
    commands: tuple[Command, ...] = ()

    async def answer(self, request: object) -> None: ...


class Far:
    """A network that opens after so many tries."""

    def __init__(self, name: str, *moods: Exception | None, hangs: bool = False) -> None:
        self.name = name
        self.moods = list(moods)
        self.hangs = hangs
        self.tries = 0
        self.open = asyncio.Event()
        self.stopped = False

    async def start(self, commands: Sequence[Command], answer: Answer) -> None:
        self.tries += 1
        if self.hangs:
            await asyncio.Event().wait()
        mood = self.moods.pop(0) if self.moods else None
        if mood is not None:
            raise mood
        self.open.set()

    async def stop(self) -> None:
        self.stopped = True
        if self.hangs:
            await asyncio.Event().wait()

    async def send(self, place: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        return key

    async def edit(self, place: Place, ref: str, message: Message) -> None: ...


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "_FIRST", 0.05)
    monkeypatch.setattr(networks, "_AGAIN", (0.0, 0.0))
    monkeypatch.setattr(networks, "_STOP", 0.05)


def together(*far: Far) -> Networks:
    return Networks({one.name: one for one in far}, Router(), {})  # type: ignore[arg-type]


async def test_one_that_cannot_open_leaves_the_others_working(caplog: pytest.LogCaptureFixture) -> None:
    bad = Far("telegram", *[NotOpen("network-token-refused")] * 10_000)
    good, slow = Far("discord"), Far("matrix", hangs=True)
    found = together(bad, good, slow)
    await found.start()
    assert good.open.is_set()
    assert found.closed == {"telegram": "network-token-refused", "matrix": "network-slow"}
    await found.stop()
    assert bad.stopped
    assert good.stopped
    assert "network not open" in caplog.text


async def test_one_that_was_away_joins_by_itself() -> None:
    far = Far("telegram", NotOpen("network-away"), OSError("taken"), ZeroDivisionError("bug"))
    found = together(far)
    await found.start()
    await asyncio.wait_for(far.open.wait(), 20)
    await asyncio.wait(found._tasks, timeout=20)
    assert found.closed == {}
    assert far.tries == 4
    await found.stop()


def test_one_that_closes_is_said_until_it_listens_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot.post.networks")
    closed: dict[str, str] = {}
    tell = teller("telegram", closed)
    seen = []
    for why in ("", "network-twice", "network-twice", "network-away", "", ""):
        tell(why)
        seen.append(dict(closed))
    assert seen == [
        {},
        {"telegram": "network-twice"},
        {"telegram": "network-twice"},
        {"telegram": "network-away"},
        {},
        {},
    ]
    assert [record.getMessage() for record in caplog.records] == ["network closed", "network closed", "network open"]


async def test_without_networks_nothing_waits() -> None:
    found = together()
    await found.start()
    assert found.closed == {}
    await found.stop()


async def test_answers_come_before_letters_and_share_their_pace(store: Store) -> None:
    clock = Clock(NOW)
    await put(store, clock(), "letter")
    turn = turn_at("simulator", Pace(rate=1000), store, clock)
    await turn()
    assert await claim(store, clock()) is None  # the answer took the time
    assert await claim(store, clock() + timedelta(seconds=1))
    async with store.begin() as tx:
        first = await tx.outbox.turn("discord", 10, clock())
        second = await tx.outbox.turn("discord", 10, clock())
    assert (first, second) == (clock(), clock() + timedelta(seconds=0.1))


async def test_a_database_that_is_away_keeps_nobody_from_an_answer(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    turn = turn_at("simulator", Pace(), store, Clock(NOW))
    await store.close()

    def away() -> None:
        raise OSError("away")

    store.begin = away  # type: ignore[method-assign,assignment]
    await turn()
    assert "no turn" in caplog.text


async def test_what_is_known_of_a_place_follows_it(store: Store) -> None:
    clock = Clock(NOW)
    old, new = Place("telegram", "-55"), Place("telegram", "-1005")
    async with store.begin() as tx:
        number = await tx.subscriptions.add(order(since=clock(), place=old), clock())
    await Places(store, clock).moved(old, new)
    async with store.read() as tx:
        found = await tx.subscriptions.get(number)
    assert found
    assert found.place == new


async def test_a_place_that_closes_is_written_to_no_more_until_it_opens(store: Store) -> None:
    clock = Clock(NOW)
    places, group = Places(store, clock), Place("telegram", "-5")
    async with store.begin() as tx:
        number = await tx.subscriptions.add(order(since=clock(), place=Place("telegram", "-5", "7")), clock())
        await tx.outbox.put(Letter("k", group, Message(()), clock()), clock())
    await places.closed(group, "unreachable-gone")
    async with store.read() as tx:
        paused, counts = await tx.subscriptions.get(number), await tx.outbox.counts()
    assert paused
    assert (paused.paused, counts) == ("paused-unreachable", {"dead": 1})
    await places.opened(group)
    async with store.read() as tx:
        woken, lines = await tx.subscriptions.get(number), await tx.journal.last()
    assert woken
    assert woken.paused == ""
    subject = f"subscription={number}"
    assert [(line["action"], line["subject"]) for line in lines] == [
        ("subscription.woken", subject),
        ("subscription.paused", subject),
    ]


async def test_a_letters_thread_is_known(store: Store) -> None:
    clock, topic = Clock(NOW), Place("telegram", "-5", "7")
    async with store.begin() as tx:
        await tx.outbox.put(Letter("k", topic, Message(()), clock()), clock())
        claimed = await tx.outbox.claim("telegram", 1000, 1, clock())
        assert claimed
        await tx.outbox.sent(claimed, "77", clock(), timedelta(0))
    places = Places(store, clock)
    assert await places.whole(Place("telegram", "-5"), "77") == topic
    assert await places.whole(Place("telegram", "-5"), "78") == Place("telegram", "-5")


async def test_a_silence_that_is_asked_for_holds_back_letters_and_answers(store: Store) -> None:
    clock = Clock(NOW)
    await put(store, clock(), "letter")
    async with store.begin() as tx:
        await tx.outbox.turn("simulator", 1000, clock())
    await holder("simulator", store, clock)(30)
    clock.jumps(seconds=29)
    assert await claim(store, clock()) is None
    async with store.begin() as tx:
        assert await tx.outbox.turn("simulator", 1000, clock()) == NOW + timedelta(seconds=30)
    clock.jumps(seconds=2)
    assert await claim(store, clock())


def test_a_webhook_without_a_secret_gets_one_of_its_own() -> None:
    asked = TelegramSection.model_validate({"token": "1:x", "webhook_url": "https://hub.exemple.fr/t"})
    assert telegram.NETWORK.make
    made = [telegram.NETWORK.make(asked, Services()) for _ in range(2)]
    hooks = [one._webhook for one in made if isinstance(one, Telegram)]
    secrets = {hook.secret for hook in hooks if hook}
    assert len(secrets) == 2
    assert all(len(secret) >= 32 for secret in secrets)
