"""The hub's features on Discord, with discord.py whole and a simulated server (simcord): commands, windows, lists,
suggestions, rights, a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from discord.http import Route

from bot.platforms.discord.calls import Refusal
from bot.platforms.discord.network import Discord, make_client
from club.people import Place, Role
from club.texts import Texts
from tests.kit.discord_stage import read
from tests.kit.stage import House


@dataclass
class Library:
    """Our calls made by the library, whose client the simulator replaces."""

    client: discord.Client

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        try:
            return await self.client.http.request(Route(method, path), **({} if body is None else {"json": body}))
        except discord.HTTPException as refused:
            raise Refusal(refused.status, refused.code, refused.text) from refused


class Village:
    def __init__(self, house: House, env: Any, platform: Discord) -> None:
        self.house, self.env, self.platform = house, env, platform
        self.server = env.create_guild()
        self.channel = self.server.create_text_channel("actualites")
        self.chief = self.server.create_role("Référents", permissions=discord.Permissions(manage_channels=True))
        self.ana = self.server.add_member(env.create_user("ana"))
        self.mona = self.server.add_member(env.create_user("mona"), roles=[self.chief])


@asynccontextmanager
async def village(tmp_path: Path) -> AsyncIterator[Village]:
    house = House(tmp_path / "hub.sqlite3")
    await house.open()
    platform = new_platform(house)
    try:
        async with simcord.run(platform.client) as env:
            await platform.register()
            yield Village(house, env, platform)
    finally:
        await house.close()


def new_platform(house: House) -> Discord:
    client = make_client()
    platform = Discord(
        "x", Texts(), roles={}, client=lambda: client, call=Library(client), suggest=house.router.suggest
    )
    platform.prepare(house.router.commands, house.router.answer)
    return platform


async def test_subscribing_by_a_window(tmp_path: Path) -> None:
    async with village(tmp_path) as club:
        hello = await club.ana.slash(club.channel, "start")
        assert hello.response.ephemeral
        assert "bienvenue" in read(hello.response.content)
        shown = await club.ana.slash(club.channel, "abonner")
        assert shown.response
        assert "Dans un canal" in shown.response.content
        shown = await club.mona.slash(club.channel, "start")
        shown = await club.mona.slash(club.channel, "abonner")
        assert shown.modal
        assert shown.modal["title"] == "S’abonner à la lettre"
        sent = await club.mona.submit_modal(shown, {"theme": ["eau"], "region": ["76"]})
        assert "Vérifiez avant de valider" in sent.response.content
        assert "Occitanie" in sent.response.content
        done = await club.mona.click(sent.response, label="Valider")
        assert "C’est noté pour ce canal" in done.response.content
        async with club.house.store.read() as tx:
            place = Place("discord", str(club.channel.id))
            [order] = await tx.subscriptions.of_place(place)
        assert order.wish.regions == ("76",)


async def test_options_and_suggestions(tmp_path: Path) -> None:
    async with village(tmp_path) as club:
        await club.mona.slash(club.channel, "start")
        shown = await club.mona.slash(club.channel, "abonner", theme="eau", region="76", rythme="daily")
        assert "C’est noté pour ce canal" in shown.response.content
        offered = await club.mona.autocomplete(club.channel, "desabonner", "abonnement", "eau")
        assert [choice["name"] for choice in offered] == ["Eau · Occitanie · chaque jour à 8 h"]
        assert await club.ana.autocomplete(club.channel, "desabonner", "abonnement", "eau") == []
        stop = await club.mona.slash(club.channel, "desabonner", abonnement=offered[0]["value"])
        assert "C’est arrêté" in stop.response.content


async def test_groups_of_commands(tmp_path: Path) -> None:
    async with village(tmp_path) as club:
        await club.ana.slash(club.channel, "start")
        shown = await club.ana.slash(club.channel, "digest apercu")
        assert shown.response.ephemeral
        assert "abonnement" in shown.response.content


async def test_a_form_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with village(tmp_path) as club:
        await club.mona.slash(club.channel, "start")
        shown = await club.mona.slash(club.channel, "abonner")
        sent = await club.mona.submit_modal(shown, {"theme": ["eau"]})
        await club.house.restart()
        later = new_platform(club.house)
        await club.env.restart_bot(later.client)
        back = await club.mona.click(sent.response, label="Modifier : Région")
        assert "Quelle région" in back.response.content
        [menu] = [one for one in back.response.components[0]["components"] if one["type"] == 3]
        [region] = [option["value"] for option in menu["options"] if option["label"] == "Bretagne"]
        chosen = await club.mona.select(back.response, [region], custom_id=menu["custom_id"])
        assert "Étape 3/3" in chosen.response.content
        passed = await club.mona.click(chosen.response, label="Passer")
        assert "Bretagne" in passed.response.content


async def test_roles_of_the_server_may_stand_for_roles_of_the_hub(tmp_path: Path) -> None:
    async with village(tmp_path) as club:
        await club.ana.slash(club.channel, "start")
        shown = await club.mona.slash(club.channel, "aide")
        assert "Dans un canal" not in shown.response.content
        club.platform.roles[str(club.chief.id)] = Role.MODERATOR
        shown = await club.mona.slash(club.channel, "aide")
        assert "Dans un canal" in shown.response.content
        shown = await club.ana.slash(club.channel, "aide")
        assert "Dans un canal" not in shown.response.content


async def test_words_in_private_are_answered(tmp_path: Path) -> None:
    async with village(tmp_path) as club:
        sent = await club.ana.send_dm("/aide")
        assert sent.content == "/aide"
        said = [message.content for message in club.ana.user.dm_channel.history()]
        assert said[0] == "/aide"
        assert "/start" in said[1]


async def test_a_server_that_fails_is_survived(tmp_path: Path) -> None:
    async with village(tmp_path) as club:
        club.env.inject_error("POST", "/interactions/*", status=500)
        await club.ana.slash(club.channel, "aide")
        shown = await club.ana.slash(club.channel, "aide")
        assert shown.response.ephemeral
