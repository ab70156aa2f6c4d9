"""A feature that exists for the tests of the router only: it asks for every kind of value, and gives a party."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from bot import fields
from bot.feature import Desk, Feature, Route, Settings
from bot.people import welcome
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Action, Choice, Field, Form, Kind, Message, Reading, Request
from club.people import Person, Place, Role
from club.refusal import Refused
from club.texts import FOLDER, Texts
from storage.store import Store
from storage.tables import METADATA
from tests.conftest import NOW
from tests.kit.stage import find, patient, text

KEY = b"a key of the tests"
FRENCH = """
route-party = gouter
    .help = Inviter à un goûter
    .aliases = goûter, fête
    .title = Goûter
route-wish = souhait
    .help = Dire un souhait
    .title = Souhait
route-toast = gouter porter un toast
    .help = Porter un toast
    .title = Toast
route-lone = seul
    .title = Seul
route-break = casse
    .help = Casser
    .title = Casse
route-refuse = refus
    .help = Refuser
    .title = Refus
route-album = album
    .help = Donner une photo
    .title = Album
route-chief = chef
    .help = Pour les modérateur·rices
    .title = Chef
field-name = Titre
    .ask = Quel titre ?
field-story = Récit
    .ask = Quel récit ?
field-cake = Gâteau
    .ask = Quel gâteau ?
field-guests = Invité·es
    .ask = Qui vient ?
field-day = Jour du goûter
    .ask = Quel jour ?
field-wish = Souhait
    .ask = Quel souhait ?
field-photo = Photo
    .ask = Quelle photo ?
field-drink = Boisson
    .ask = Quelle boisson ?
party-done = Goûter : *{ $what }*
party-soon = Bientôt : { $what }
party-no = Pas ici : { $why }
party-button = Le mien
"""


def day(typed: str, reading: Reading) -> date:
    """« 12/03 »: this year, from today on."""
    try:
        number, month = (int(part) for part in typed.split("/"))
        found = date(reading.now.year, month, number)
    except ValueError:
        raise Refused("party-no", why="jour") from None
    if found < reading.now.date():
        raise Refused("party-no", why="passé")
    return found


def several(typed: str, _: Reading) -> tuple[str, ...]:
    return tuple(typed.split(","))


NAME = Field("name", fields.line(3, 40))
STORY = Field("story", fields.paragraph(0, 200), Kind.PARAGRAPH, required=False)
CAKE = Field("cake", fields.code, Kind.CHOICE, "cakes")
GUESTS = Field("guests", several, Kind.CHOICES, "people")
DAY = Field("day", day, Kind.MOMENT, required=False)
WISH = Field("wish", fields.line(2, 20))
PHOTO = Field("photo", several, Kind.FILE)
DRINK = Field("drink", fields.code, Kind.CHOICE, "drinks", required=False)
CAKES = (Choice("tart", "Tarte"), Choice("fondant", "Fondant au chocolat", ("choco",)), Choice("flan", "Flan"))
PEOPLE = (Choice("p1", "Ana Îlot"), Choice("p2", "Paul"), Choice("p3", "Mona"), Choice("p12", "Ada"))


async def not_in_the_cellar(request: Request, _: Desk) -> None:
    if request.place.id == "cellar":
        raise Refused("party-no", why="cave")


@dataclass
class Party:
    """A router with that feature, its guests, and what it was told to do."""

    store: Store
    folder: Path
    now: datetime = NOW
    cakes: Sequence[Choice] = CAKES
    people: Sequence[Choice] = PEOPLE
    shown: dict[tuple[str, str], Message] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "fr").mkdir(parents=True)
        (self.folder / "fr" / "party.ftl").write_text(FRENCH, "utf-8")
        self.texts = Texts(folders=(FOLDER, self.folder))
        self.start()

    def start(self) -> None:
        """The program starts (again): only the database remembers."""
        features = (self._feature(), welcome.FEATURE)
        self.router = Router(self.store, self.texts, Settings(), Seal(KEY), features, lambda: self.now, patient())

    def _feature(self) -> Feature:
        async def cakes(request: Request, desk: Desk) -> Sequence[Choice]:
            return self.cakes

        async def people(request: Request, desk: Desk) -> Sequence[Choice]:
            return self.people

        async def drinks(request: Request, desk: Desk) -> Sequence[Choice]:
            return (Choice("75", "Thé"), Choice("76", "Eau, fraîche"))

        party = (NAME, STORY, CAKE, GUESTS, DAY)
        routes = (
            Route("party", give, party, listed=True, changes=True, preview=foretell, guard=not_in_the_cellar),
            Route("wish", wish, (WISH, DRINK), listed=True),
            Route("toast", wish, (DRINK, WISH), listed=True),
            Route("lone", lone, (CAKE,)),
            Route("break", crash, listed=True),
            Route("refuse", refuse, listed=True),
            Route("album", lone_photo, (PHOTO, WISH), listed=True),
            Route("chief", wish, (WISH,), Role.MODERATOR, listed=True),
        )
        return Feature(routes, {"cakes": cakes, "people": people, "drinks": drinks})

    async def invite(self, *who: str, role: Role = Role.MEMBER) -> None:
        async with self.store.begin() as tx:
            for ident in who:
                met = await tx.people.meet(Person("scene", ident, ident.title()), self.now)
                await tx.people.give(met.number, role, self.now, "party")

    async def dismiss(self, who: str) -> None:
        async with self.store.begin() as tx:
            await tx.people.take((await tx.people.meet(Person("scene", who), self.now)).number, "party")

    def request(self, who: str = "ana", where: str = "") -> Request:
        return Request(Person("scene", who, who.title()), Place("scene", where or who), private=not where)

    async def ask(self, request: Request) -> Message | None:
        answer = await self.router.answer(request)
        if answer is not None:
            self.shown[request.person.id, "" if request.private else request.place.id] = answer
        return answer

    async def say(self, words: str, who: str = "ana", where: str = "") -> Message | None:
        return await self.ask(replace(self.request(who, where), words=words))

    async def press(self, label: str, who: str = "ana", where: str = "") -> Message | None:
        action = find(self.shown[who, where], label)
        return await self.ask(replace(self.request(who, where), token=action.token))

    def form(self, who: str = "ana", where: str = "") -> Form:
        form = self.shown[who, where].form
        assert form is not None
        return form

    async def fill(self, who: str = "ana", where: str = "", **values: str) -> Message | None:
        token = self.form(who, where).action.token
        return await self.ask(replace(self.request(who, where), token=token, values=values))

    async def given(self) -> list[dict[str, object]]:
        """The parties that were given, as they were kept."""
        async with self.store.begin() as tx:
            return [line["detail"] for line in reversed(await tx.journal.last(50)) if line["action"] == "party"]

    async def tables(self, *aside: str) -> dict[str, list[tuple[object, ...]]]:
        """All that is stored, these tables aside."""
        async with self.store.engine.connect() as connection:
            rows = {
                table.name: [tuple(row) for row in await connection.execute(select(table))]
                for table in METADATA.sorted_tables
                if table.name not in aside
            }
            await connection.rollback()
        return {name: sorted(found, key=repr) for name, found in rows.items()}


async def _keep(request: Request, desk: Desk) -> None:
    detail = {name: str(value) for name, value in request.read.items()}
    await desk.tx.journal.note(desk.now, "party", request.route, request.person.number, **detail)


async def give(request: Request, desk: Desk) -> Message:
    await _keep(request, desk)
    return desk.say("party-done", what=request[NAME])


async def foretell(request: Request, desk: Desk) -> Message:
    if request[NAME] == "Interdit":
        raise Refused("party-no", why="interdit")
    return desk.say("party-soon", what=request[NAME])


async def wish(request: Request, desk: Desk) -> Message:
    await _keep(request, desk)
    again = Action(desk.texts.plain("party-button"), "lone", {"cake": "flan"})
    return desk.say("party-done", what=request[WISH]).offering(again)


async def lone(request: Request, desk: Desk) -> Message:
    await _keep(request, desk)
    return desk.say("party-done", what=request[CAKE])


async def lone_photo(request: Request, desk: Desk) -> Message:
    await _keep(request, desk)
    return desk.say("party-done", what=request[WISH])


async def crash(request: Request, desk: Desk) -> Message:
    await _keep(request, desk)
    raise RuntimeError("on purpose")


async def refuse(request: Request, desk: Desk) -> Message:
    await _keep(request, desk)
    raise Refused("party-no", why="refus")


async def to_the_preview(party: Party, who: str = "ana", where: str = "") -> str:
    await party.say("/gouter", who, where)
    for words in ("Crêpes", "passer", "flan", "1 2", "12/03"):
        await party.say(words, who, where)
    return text(party.shown[who, where])
