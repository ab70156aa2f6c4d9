"""Not ready: a network that has been deaf for two minutes, sources that are not read any more (promises 61, 85)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.hub.liveness import Liveness, health_url
from club.news import Health, Origin, Source
from connectors.web import SAFE
from storage.sources import failure, success
from storage.store import Store
from tests.conftest import NOW
from tests.fakes.telegram import TOKEN, Telegram
from tests.fakes.telegram_http import serve
from tests.kit.memory import until
from tests.kit.program import Program, free_port


@pytest.fixture
def time() -> list[float]:
    return [1000.0]


@pytest.fixture
def closed() -> dict[str, str]:
    return {}


@pytest.fixture
def pulse(time: list[float], closed: dict[str, str]) -> Liveness:
    return Liveness(closed, timedelta(minutes=30), lambda: time[0])


def test_a_network_may_be_deaf_for_a_moment(pulse: Liveness, time: list[float], closed: dict[str, str]) -> None:
    closed["telegram"] = "network-away"
    pulse.look()
    time[0] += 119
    assert pulse.is_ready
    closed.clear()
    pulse.look()
    closed["telegram"] = "network-away"
    pulse.look()
    time[0] += 119
    assert pulse.is_ready
    time[0] += 1
    assert not pulse.is_ready
    closed.clear()
    assert pulse.is_ready


def test_sources_that_are_not_read_any_more(pulse: Liveness, time: list[float]) -> None:
    time[0] += 3600
    assert pulse.is_ready
    time[0] += 1
    assert not pulse.is_ready
    pulse.passed()
    assert pulse.is_ready


@pytest.mark.parametrize(
    ("host", "url"), [("127.0.0.1", "http://127.0.0.1:8080/sante"), ("::1", "http://[::1]:8080/sante")]
)
def test_the_address(host: str, url: str) -> None:
    assert health_url((host, 8080)) == url


async def test_as_a_watcher_sees_it(tmp_path: Path) -> None:
    """The real program: the state of the hub and the webhook of Telegram at one port, which `check` names."""
    ecohub, network, port = Program(tmp_path), Telegram(), free_port()
    network.user(1001, "Ana")
    async with serve(network) as api:
        ecohub.configure(
            f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{api}"\nwebhook_url = "https://hub.exemple.fr/telegram"\n'
            f'webhook_secret = "dit-a-personne"\n[web]\nport = {port}\n'
        )
        url = f"http://127.0.0.1:{port}"
        checked = await ecohub("check")
        assert (
            f"✓ Web : {url}/sante dit si le hub va bien ; le webhook de Telegram arrive au même endroit" in checked.out
        )
        async with ecohub.running() as (_, ready), aiohttp.ClientSession() as session:
            assert f" · état {url}/sante · " in ready
            async with session.get(f"{url}/sante") as told:
                assert (told.status, json.loads(await told.text())) == (200, {"alive": True, "ready": True})
                assert told.headers.items() >= SAFE.items()
            network.say(1001, "/start")
            [update] = network.updates
            for headers, status in (({}, 403), ({"X-Telegram-Bot-Api-Secret-Token": "dit-a-personne"}, 200)):
                async with session.post(f"{url}/telegram", json=update, headers=headers) as answered:
                    assert answered.status == status
                    assert answered.headers.items() >= SAFE.items()

            async def greeted() -> bool:
                return any("Bonjour Ana" in text for text in network.texts(1001))

            await until(greeted)
            again = await ecohub("check")
            assert "Le hub tourne" in again.out
            assert f"✓ Web : {url}/sante" in again.out
        ecohub.configure(f"[simulator]\nenabled = true\nport = {free_port()}\n[web]\nport = {port}\n")
        async with ecohub.running():
            pass


async def test_a_port_that_is_taken_is_named_with_its_section(tmp_path: Path) -> None:
    ecohub = Program(tmp_path)
    first = Program(tmp_path / "first")
    first.folder.mkdir()
    port = free_port()
    for one in (first, ecohub):
        one.configure(f"[web]\nport = {port}\n")
    async with first.running():
        for words in ("run", "check"):
            refused = await ecohub(words)
            assert refused.code == 1
            assert f"Le port {port} est déjà pris" in refused.said
            assert "section [web]" in refused.said


async def test_all_fail_only_when_no_source_answers(store: Store) -> None:
    """A pass in which every source failed is not one that succeeded (promise 85)."""

    async def all_fail() -> bool:
        async with store.read() as tx:
            return await tx.sources.all_fail()

    async def fail(name: str) -> None:
        async with store.begin() as tx:
            state = await tx.sources.get(name)
            assert state is not None
            trouble = (Health.ERROR, "trouble-forbidden", {})
            await tx.sources.note(
                {state.source.id: failure(state, NOW, NOW + timedelta(hours=1), *trouble, gone=False, deadly=False)}
            )

    assert not await all_fail()
    async with store.begin() as tx:
        for name in ("a", "b"):
            await tx.sources.add(Source(name, f"https://{name}.example/rss", origin=Origin.CHAT), NOW)
    await fail("a")
    assert not await all_fail()
    await fail("b")
    assert await all_fail()
    async with store.begin() as tx:
        state = await tx.sources.get("b")
        assert state is not None
        await tx.sources.note({state.source.id: success(NOW, NOW + timedelta(hours=1))})
    assert not await all_fail()
