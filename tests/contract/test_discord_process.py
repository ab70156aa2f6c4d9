"""The real program on Discord: `python -m bot run` against a Discord of ours, over HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.fakes.discord import FORUM, TOKEN, WRITE, Asked, FakeDiscord, _channel, parts
from tests.kit.discord_stage import MANAGE, labels, read
from tests.kit.memory import until
from tests.kit.program import Program, serve_partners

pytestmark = pytest.mark.timeout(240)
ITEM = "<item><title>{title}</title><link>https://ex.fr/{n}</link><guid>{n}</guid><pubDate>{date}</pubDate></item>"


class Club:
    """The fake network with its people, and the program beside it."""

    def __init__(self, folder: Path) -> None:
        self.fake = FakeDiscord()
        self.fake.roles = [{"id": "600", "name": "Référents", "permissions": str(WRITE | MANAGE)}]
        self.ana = self.fake.add_person("Ana", 1001)
        self.mona = self.fake.add_person("Mona", 1002, rights=WRITE | MANAGE, roles=["600"])
        self.news = self.fake.add_channel("actualites", 2001)
        self.program = Program(folder)

    def configure(self, more: str = "", token: str = TOKEN) -> None:
        self.program.configure(
            f'[discord]\ntoken = "{token}"\napi_url = "{self.fake.root}"\nguild = "500"\n'
            f'[discord.roles]\n"600" = "moderateur"\n{more}'
        )

    async def shown(self, text: str, person: Any = None, channel: Any = None) -> dict[str, Any]:
        def look() -> Any:
            seen = self.fake.seen(person or self.ana, channel)
            return next((one for one in reversed(seen) if text in read(one["content"])), None)

        found: dict[str, Any] = await self.fake.until(look, within=60)
        return found

    async def opened(self, asked: Asked) -> Asked:
        await self.fake.until(lambda: asked.answered, within=60)
        assert asked.answered == [9], asked
        return asked


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Club]:
    made = Club(tmp_path)
    await made.fake.open()
    yield made
    await made.fake.close()
    assert made.fake.faults == []


def needed(modal: dict[str, Any]) -> dict[str, Any]:
    """Something for what must be given: the first of a list, or a word."""
    wanted = [row["component"] for row in modal["components"] if row["component"]["required"]]
    return {
        part["custom_id"]: [part["options"][0]["value"]] if "options" in part else part.get("value") or "mot"
        for part in wanted
    }


def feed(titles: Iterator[str] | list[str]) -> str:
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    items = "".join(ITEM.format(title=title, n=n, date=date) for n, title in enumerate(titles))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>{items}</channel></rss>'


async def test_a_member_subscribes_over_a_restart(club: Club) -> None:
    club.configure()
    async with club.program.running() as (_, ready):
        assert ready.startswith("prêt")
        assert "Discord" in ready
        names = {one["name"] for one in club.fake.commands}
        assert {"start", "aide", "abonner", "abonnements", "desabonner", "digest"} <= names
        await club.fake.slash(club.ana, "start")
        hello = await club.shown("bienvenue")
        asked = await club.opened(await club.fake.press(club.ana, hello, "M’abonner"))
        await club.fake.submit(asked, theme=["eau"], region=["76"])
        await club.shown("Vérifiez avant de valider")
    async with club.program.running() as (process, _):
        preview = await club.shown("Vérifiez avant de valider")
        await club.fake.press(club.ana, preview, "Modifier : Rythme")
        question = await club.shown("À quel rythme")
        await club.fake.press(club.ana, question, "chaque jour à 8 h")
        preview = await club.shown("Vérifiez avant de valider")
        await club.fake.press(club.ana, preview, "Valider")
        await club.shown("C’est noté")
        await club.fake.slash(club.ana, "abonnements")
        own = await club.shown("Votre abonnement")
        assert "Eau · Occitanie · chaque jour à 8 h" in read(own["content"])
        await club.fake.press(club.ana, own, "Pause 1")
        await club.shown("En pause")
        typed = await club.fake.complete(club.ana, "desabonner", "abonnement", "occi")
        await club.fake.until(lambda: typed.answered)
        assert [choice["name"] for choice in typed.choices or ()] == ["Eau · Occitanie · chaque jour à 8 h"]
        await club.fake.say(club.ana, "/desabonner 1")
        await club.shown("C’est arrêté")
        process.terminate()
        assert await process.wait() == 0


async def test_every_command_and_button_is_answered(club: Club) -> None:
    club.configure()
    async with club.program.running():
        await club.fake.slash(club.mona, "start", club.news)
        await club.shown("bienvenue", club.mona, club.news)
        for body in club.fake.commands:
            subs = [one["name"] for one in body["options"] if one["type"] == 1]
            for name in [f"{body['name']} {sub}" for sub in subs] or [body["name"]]:
                for channel in (club.news, None):
                    asked = await club.fake.slash(club.mona, name, channel)
                    await club.fake.until(lambda one=asked: one.answered, within=60)  # type: ignore[misc]
                    if asked.modal:
                        sent = await club.fake.submit(asked, **needed(asked.modal))
                        await club.fake.until(lambda one=sent: one.answered, within=60)  # type: ignore[misc]
        for channel in (club.news, None):
            for message in list(club.fake.seen(club.mona, channel)):
                for label in labels(message):
                    if label in labels(message):
                        asked = await club.fake.press(club.mona, message, label)
                        await club.fake.until(lambda one=asked: one.answered, within=60)  # type: ignore[misc]
    said = str([message for where in club.fake.channels.values() for message in where.messages.values()])
    assert "imprévu" not in said
    assert "incident" not in said


async def test_forged_and_foreign_buttons_change_nothing(club: Club) -> None:
    club.configure()
    async with club.program.running():
        await club.fake.slash(club.ana, "start")
        hello = await club.shown("bienvenue")
        await club.fake.slash(club.mona, "start", club.news)
        public = await club.shown("bienvenue", club.mona, club.news)
        stolen = [part["custom_id"] for part in parts(hello)]
        for custom_id in [*stolen, "b0:forged", "x" * 100, "f:zzzz", "m:zzzz"]:
            asked = await club.fake.forge(club.mona, public, custom_id)
            await club.fake.until(lambda one=asked: one.answered)  # type: ignore[misc]
            assert asked.answered == [4]
        refused = [one for one in club.fake.seen(club.mona, club.news) if "R-101" in one["content"]]
        assert len(refused) == len(stolen) + 4


async def test_a_letter_reaches_channels_and_people_once_whatever_goes_wrong(club: Club) -> None:
    many = [club.fake.add_channel(f"c{n}", 3000 + n) for n in range(20)]
    gone, mute = club.fake.add_channel("parti", 4001), club.fake.add_channel("muet", 4002)
    mute.rights = WRITE & ~(1 << 11)
    forum = club.fake.add_channel("forum", 4003, FORUM)
    club.fake.trouble("POST", "/channels/4003/threads", 502, done=True)  # carried out, its answer lost
    async with serve_partners() as partners:
        partners.pages["a.xml"] = feed([f"Îlot <b>{n}</b> *frais* @everyone <@1>" for n in range(3)])
        channels = "".join(
            f'[[channels]]\nname = "{one.name}"\nplace = "discord:{one.id}"\ncadence = "quotidien"\n'
            for one in (*many, gone, mute, forum)
        )
        club.configure(partners.config({"A": "a.xml"}, channels))
        del club.fake.channels[gone.id]
        for n, one in enumerate(many[:12]):
            path = f"/channels/{one.id}/messages"
            if n % 4 == 0:
                club.fake.trouble("POST", path, 429, retry_after=1.0)
            elif n % 4 == 1:
                club.fake.trouble("POST", path, 500)
            elif n % 4 == 2:
                club.fake.trouble("POST", path, 502, done=True)
            else:
                club.fake.trouble("POST", path, 429, retry_after=0.5, everywhere=True)
        done = await club.program("collect", "--all")
        assert done.code == 0, done.said
        async with club.program.running():
            sent = await club.program("digest", "send", "--all")
            assert sent.code == 0, sent.said
            await club.fake.until(lambda: all(one.messages for one in many), within=120)
            looked = ("GET", "/guilds/500/threads/active")
            await club.fake.until(
                lambda: looked in [(method, path) for method, path, *_ in club.fake.calls], within=120
            )
            state = await club.program("digest", "send", "--all")
            assert state.code == 0, state.said
    assert [len(one.messages) for one in many] == [1] * 20
    assert not mute.messages
    assert len([one for one in club.fake.channels.values() if one.parent == forum.id]) == 1
    letter = next(iter(many[0].messages.values()))
    assert "Îlot" in read(letter["content"])
    assert "@everyone" in read(letter["content"])
    assert r"\@everyone" in letter["content"]


async def test_the_connection_is_dropped_resumed_and_invalidated(club: Club) -> None:
    club.configure()
    async with club.program.running():
        for happen in (club.fake.drop, lambda: club.fake.order(7), lambda: club.fake.order(9, False)):
            await happen()
            await club.fake.until(lambda: club.fake.sockets, within=60)
            asked = await club.fake.slash(club.ana, "aide")
            await club.fake.until(lambda one=asked: one.answered, within=60)  # type: ignore[misc]
    assert (club.fake.identified, club.fake.resumed) == (2, 2)


async def knock_in_vain(port: int) -> None:
    """Somebody comes to that door and is sent away, until they go home for a while."""
    came = asyncio.Semaphore(0)

    async def send_away(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        came.release()

    async with await asyncio.start_server(send_away, "127.0.0.1", port), asyncio.timeout(60):
        for _ in range(3):
            await came.acquire()


async def test_a_network_that_goes_away_is_a_few_words_in_the_log(club: Club) -> None:
    club.configure()
    async with club.program.running():
        port = club.fake.port
        await club.fake.close()
        await knock_in_vain(port)
        await club.fake.open(port)
        await club.fake.until(lambda: club.fake.sockets, within=60)
        club.fake.token = "another"
        await club.fake.drop(code=4004)
        await club.fake.until(lambda: any(status == 401 for *_, status in club.fake.calls), within=60)
        club.fake.token = TOKEN
        await club.fake.until(lambda: club.fake.sockets, within=60)
        asked = await club.fake.slash(club.ana, "aide")
        await club.fake.until(lambda: asked.answered, within=60)
    log = club.program.log
    assert "Traceback" not in log
    assert "connection lost library=discord.client" in log
    assert "network closed platform=discord why=network-away" in log
    assert "network closed platform=discord why=network-token-refused" in log
    assert log.count("network open platform=discord") >= 2
    assert "voice" not in log


async def test_a_refused_token_leaves_the_rest_working(club: Club) -> None:
    club.configure(token="wrong")
    async with club.program.running() as (process, ready):
        assert ready.startswith("prêt")
        assert "le jeton est refusé" in ready
        assert "wrong" not in ready
        club.fake.token = "wrong"
        await club.fake.until(lambda: club.fake.identified, within=60)
        await club.fake.slash(club.ana, "aide")
        await club.shown("/start")
        process.terminate()
        assert await process.wait() == 0


async def test_check_names_what_is_missing(club: Club) -> None:
    club.news.rights = WRITE & ~(1 << 11)
    club.configure('[[channels]]\nname = "N"\nplace = "discord:2001"\n')
    done = await club.program("check")
    assert "« Envoyer des messages »" in done.said
    assert "#actualites" in done.said
    assert TOKEN not in done.said


async def test_a_channel_that_goes_is_paused_at_once_and_wakes_when_it_is_back(club: Club) -> None:
    club.configure('[[channels]]\nname = "N"\nplace = "discord:2001"\n')

    async def paused() -> tuple[list[str], list[str]]:
        store = await Store.open(f"sqlite+aiosqlite:///{club.program.database}")
        async with store.read() as tx:
            found = (
                [one.paused for one in await tx.subscriptions.channels()],
                [str(line["action"]) for line in await tx.journal.last() if "subscription" in str(line["action"])],
            )
        await store.close()
        return found

    async def is_woken() -> bool:
        return await paused() == ([""], ["subscription.woken", "subscription.paused"])

    async def is_paused() -> bool:
        return await paused() == (["paused-unreachable"], ["subscription.paused"])

    async with club.program.running():
        club.fake._publish("CHANNEL_DELETE", _channel(club.news))
        await until(is_paused, 60)
        club.fake._publish("CHANNEL_CREATE", _channel(club.news))
        await until(is_woken, 60)


async def test_it_stops_in_time_with_an_answer_on_its_way(club: Club) -> None:
    club.configure()
    async with club.program.running() as (process, _):
        await club.fake.slash(club.ana, "aide")
        process.terminate()
        async with asyncio.timeout(10):
            assert await process.wait() == 0
