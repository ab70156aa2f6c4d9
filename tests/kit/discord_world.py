"""Our platform on a Discord of ours over HTTP, with its people and what the hub hears and says."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.platforms.base import Services
from bot.platforms.discord.network import Discord
from club.dialogue import Action, Blank, Choice, Command, Form, Kind, Message, Request
from club.markup import as_text
from club.people import Place
from club.texts import Texts
from tests.fakes.discord import TOKEN, WRITE, Asked, FakeDiscord
from tests.kit.discord_stage import MANAGE, read

THEMES = tuple(Choice(code, name) for code, name in (("water", "Eau"), ("soil", "Sols"), ("sun", "Énergie")))
BLANKS = (
    Blank("title", Kind.LINE, "Titre", "Quel titre ?"),
    Blank("theme", Kind.CHOICE, "Thème", choices=THEMES, required=False),
    Blank("topics", Kind.CHOICES, "Sujets", choices=THEMES, required=False, value="soil"),
)
FORM = Form("Votre récit", BLANKS, "Déposer", Action("", "fill", token="form-token"))
COMMANDS = (
    Command("aide", "Ce que vous pouvez faire ici"),
    Command("abonner", "Choisir", (Blank("theme", Kind.CHOICE, "Thème", fixed=True), Blank("name", Kind.LINE, "Nom"))),
    Command("digest apercu", "Voir la lettre"),
    Command("digest maintenant", "La recevoir", (Blank("topics", Kind.CHOICES, "Sujets", required=False),)),
)


async def suggest(request: Request, field: str) -> Sequence[Choice]:
    return THEMES


class World:
    """The platform, its Discord, and what it heard; `reply` decides what the hub says."""

    def __init__(self) -> None:
        self.fake = FakeDiscord()
        self.ana = self.fake.add_person("Ana", 1001)
        self.mona = self.fake.add_person("Mona", 1002, rights=WRITE | MANAGE, roles=["600"])
        self.club = self.fake.add_channel("club", 2001)
        self.heard: list[Request] = []
        self.slow = False  # the hub answers once Discord was told to wait
        self.reply: Any = lambda request: Message(as_text(f"reçu {request.words or request.token}"), private=True)
        self.told: list[str] = []  # how listening went
        self.places: list[tuple[str, str]] = []  # what became of places: why they closed, "" for open
        self.hub = Services(closed=self.tell, place_closed=self.close, place_open=self.reopened)
        self.discord = Discord(TOKEN, Texts())

    async def close(self, place: Place, why: str) -> None:
        self.places.append((str(place), why))
        self.fake.news.set()

    async def reopened(self, place: Place) -> None:
        await self.close(place, "")

    def tell(self, why: str) -> None:
        self.told.append(why)
        self.fake.news.set()

    async def answer(self, request: Request) -> Message | None:
        self.heard.append(request)
        said = self.reply(request)
        return await said if asyncio.iscoroutine(said) else said

    async def open(self, **more: Any) -> None:
        await self.fake.open()
        self.fake.roles = [{"id": "600", "name": "Référents", "permissions": str(WRITE | MANAGE)}]
        self.discord = Discord(TOKEN, Texts(), api_url=self.fake.root, suggest=suggest, **more)
        await self.discord.start(COMMANDS, self.answer)

    async def reopen(self) -> None:
        """The program starts again: it remembers nothing."""
        await self.discord.stop()
        self.discord = Discord(TOKEN, Texts(), api_url=self.fake.root, suggest=suggest)
        await self.discord.start(COMMANDS, self.answer)

    async def shown(self, text: str, channel: Any = None, person: Any = None) -> dict[str, Any]:
        def look() -> Any:
            seen = self.fake.seen(person or self.ana, channel)
            return next((one for one in seen if text in read(one["content"])), None)

        found: dict[str, Any] = await self.fake.until(look)
        return found

    async def answered(self, asked: Asked, kind: int) -> None:
        await self.fake.until(lambda: asked.answered)
        assert asked.answered == [kind]


def place(ident: int, thread: int = 0) -> Place:
    return Place("discord", str(ident), str(thread) if thread else "")
