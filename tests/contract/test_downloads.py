"""What people send is got from each network: whole, told by what it holds, refused in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.sources.outside import World
from club.dialogue import Message, Request
from club.filetype import LARGEST
from club.markup import as_text
from club.refusal import Refused
from connectors.address import Allowed
from connectors.fetch import Fetcher
from tests.kit.attachments import CHART
from tests.kit.discord_stage import DiscordStage
from tests.kit.platforms import ConsoleStage, SimulatorStage
from tests.kit.telegram_stage import TelegramHttpStage

STAGES = {"console": ConsoleStage, "simulator": SimulatorStage, "telegram": TelegramHttpStage, "discord": DiscordStage}


class Desk:
    """A network on which somebody sends files, and the world that an errand has."""

    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.heard: asyncio.Queue[Request] = asyncio.Queue()

    async def answer(self, request: Request) -> Message:
        self.heard.put_nowait(request)
        return Message(as_text("vu"))

    async def give(self, name: str, data: bytes) -> str:
        """The handle of what was sent."""
        await self.stage.give("ana", name, data)
        async with asyncio.timeout(20):
            request = await self.heard.get()
        [handle] = request.files or request.values.values()
        return handle

    @asynccontextmanager
    async def world(self, *allowed: str) -> AsyncIterator[World]:
        reachable = Allowed.parse(allowed or self.own)
        async with Fetcher(reachable) as fetcher:
            platforms = {self.stage.platform.name: self.stage.platform}
            yield World(fetcher, None, reachable, "Europe/Paris", None, platforms)  # type: ignore[arg-type]

    @property
    def own(self) -> list[str]:
        """Where the network that stands for a real one gives files."""
        address = getattr(self.stage, "api", "") or (self.stage.fake.root if hasattr(self.stage, "fake") else "")
        return [urlsplit(address).netloc] if address else []


@pytest.fixture(params=STAGES.values(), ids=STAGES.keys())
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(request.param(tmp_path))
    await made.stage.open(made.answer)
    yield made
    await made.stage.close()


async def refusal(world: World, handle: str) -> str:
    with pytest.raises(Refused) as refused:
        await world.download(handle)
    return refused.value.key


async def test_what_was_sent_is_got_whole_and_told_by_what_it_holds(desk: Desk) -> None:
    handle = await desk.give("photo.jpg", CHART.data)
    assert handle.startswith(f"{desk.stage.platform.name}:")
    async with desk.world() as world:
        found = await world.download(handle)
        assert (found.data, found.kind) == (CHART.data, "image/png")
        assert found.name
        page = await desk.give("photo2.jpg", b"<html><script>alert(1)</script></html>")
        assert (await world.download(page)).kind == "text/html"


async def test_ten_mebibytes_are_got_and_no_more(desk: Desk) -> None:
    async with desk.world() as world:
        assert len((await world.download(await desk.give("a.bin", bytes(LARGEST)))).data) == LARGEST
        if desk.stage.platform.name != "simulator":  # whose page takes no more
            assert await refusal(world, await desk.give("b.bin", bytes(LARGEST + 1))) == "file-too-big"
        assert await refusal(world, await desk.give("c.bin", b"")) == "file-empty"


async def test_what_is_lost_is_said_so(desk: Desk) -> None:
    handle = await desk.give("a.csv", b"a")
    desk.stage.lose()
    async with desk.world() as world:
        assert await refusal(world, handle) == "file-gone"


@pytest.mark.parametrize(
    "handle", ["", "x", "nowhere:1", "{name}:", "{name}:/etc/passwd", "{name}:http://[", "{name}:é"]
)
async def test_a_handle_that_nobody_gave_opens_nothing(desk: Desk, handle: str) -> None:
    async with desk.world() as world:
        assert await refusal(world, handle.format(name=desk.stage.platform.name)) == "file-gone"


@pytest.mark.parametrize("desk", [DiscordStage], indirect=True)
async def test_a_handle_leads_to_discord_only(desk: Desk) -> None:
    async with desk.world("127.0.0.2:80") as world:
        for url in (
            "http://127.0.0.2/a",
            "https://cdn.discordapp.com.exemple.fr/a",
            "https://exemple.fr/cdn.discordapp.com",
        ):
            assert await refusal(world, f"discord:{url}") == "file-gone"
        handle = await desk.give("a.csv", b"a")  # nor to a network that the hub may not visit
        assert await refusal(world, handle) == "file-later"


@pytest.mark.parametrize("desk", [TelegramHttpStage], indirect=True)
async def test_telegrams_own_limit_is_said(desk: Desk) -> None:
    handle = await desk.give("film.mp4", bytes(21 * 2**20))
    async with desk.world() as world:
        assert await refusal(world, handle) == "file-too-big"
        desk.stage.network.down = True
        assert await refusal(world, handle) == "file-later"


@pytest.mark.parametrize("desk", [ConsoleStage], indirect=True)
async def test_a_file_that_is_not_there_is_said_at_once(desk: Desk) -> None:
    for name in ("/nowhere/a.csv", "/", ""):
        await desk.stage.say("ana", f":joindre {name}")
    async with asyncio.timeout(20):
        while desk.stage.screen.getvalue().count("Je ne trouve pas de fichier") < 3:
            desk.stage.news.clear()
            await desk.stage.news.wait()
    assert desk.heard.empty()
