"""What is offered is decided once, by somebody else, with rights as they are at the press; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.feature import Hub, Settings
from bot.features import FEATURES
from bot.talk.errands import ErrandRunner
from bot.talk.router import Router
from bot.talk.seal import LONGEST, Seal
from club.dialogue import Message, Request
from club.news import Harvest, Item, Origin, Preview, Source, SourceKind, SourceTrouble
from club.people import Grant, Person, Place, Role
from club.texts import Texts
from storage.store import Store
from storage.tables.proposals import proposal
from tests.conftest import NOW
from tests.kit.stage import find, patient, text

PEOPLE = {"ana": Role.MEMBER, "paul": Role.PARTNER, "mona": Role.MODERATOR, "lea": Role.MODERATOR, "ada": Role.ADMIN}
URL = "https://habitat.example/flux"


class World:
    """One site on the whole web."""

    def check(self, url: str) -> str:
        return url

    async def look(self, url: str) -> Preview:
        if "prive" in url:
            raise SourceTrouble("trouble-address", blocked=True, host="10.0.0.1")
        items = tuple(Item(str(n), str(n), f"Nouvelle {n}", None, NOW) for n in range(4))
        return Preview(url, Harvest(SourceKind.FEED, "Habitat exemple", items))


class Club:
    """The whole hub without its networks."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.store = store
        self.settings = Settings(moderators=(Place("scene", "moderation"),))
        self.router = Router(store, Texts(), self.settings, Seal(b"key"), FEATURES, lambda: self.now, patient())
        self.shown: dict[str, Message] = {}
        self.numbers: dict[str, int] = {}

    async def meet(self) -> None:
        async with self.store.begin() as tx:
            for ident, role in PEOPLE.items():
                met = await tx.people.meet(Person("scene", ident, ident.title()), self.now)
                self.numbers[ident] = met.number
                await tx.people.give(met.number, role, self.now, "village")

    async def ask(self, who: str, words: str = "", token: str = "") -> str:
        request = Request(Person("scene", who, who.title()), Place("scene", who), words=words, token=token)
        answer = await self.router.answer(request)
        assert answer is not None
        self.shown[who] = answer
        if answer.shown:
            await answer.shown(request.place, "ref")
        return text(answer)

    async def press(self, who: str, label: str) -> str:
        return await self.ask(who, token=find(self.shown[who], label).token)

    async def run(self, who: str) -> None:
        """The errand; its result is what that person sees."""
        wanted = {name: one for feature in FEATURES for name, one in feature.errands.items()}
        hub = Hub(self.store, Texts(), self.settings, lambda: self.now)
        assert await ErrandRunner(hub, wanted, World(), self.router.follow).run_due() == 1
        async with self.store.begin() as tx:
            letter = await tx.outbox.claim("scene", 1000.0, 1, self.now)
            assert letter is not None
            await tx.outbox.sent(letter, "r", self.now, timedelta(0))
        self.now += timedelta(seconds=1)
        self.shown[who] = Seal(b"key").message(letter.message, letter.place)

    async def offered(self, url: str = URL) -> None:
        await self.ask("paul", f"/source ajouter {url}")
        await self.run("paul")
        await self.press("paul", "La proposer")

    async def letters(self) -> list[tuple[str, str]]:
        found = []
        async with self.store.begin() as tx:
            while letter := await tx.outbox.claim("scene", 1000.0, 1, self.now):
                await tx.outbox.sent(letter, f"r{letter.id}", self.now, timedelta(0))
                found.append((letter.place.id, text(letter.message)))
                self.now += timedelta(seconds=1)
        return found

    async def sources(self) -> list[str]:
        async with self.store.read() as tx:
            return [one.source.name for one in await tx.sources.all()]


@pytest.fixture
async def club(any_store: Store) -> AsyncIterator[Club]:
    made = Club(any_store)
    await made.meet()
    yield made


async def test_two_moderators_at_the_same_instant_make_one_decision(club: Club) -> None:
    await club.offered()
    await club.ask("mona", "/source attente")
    await club.ask("lea", "/source attente")
    await club.press("lea", "Refuser…")
    await club.ask("lea", "Doublon connu")
    yes, no = await asyncio.gather(club.press("mona", "Accepter"), club.press("lea", "Valider"))
    accepted = "est acceptée" in yes
    assert accepted is not ("est refusée" in no)
    assert "Source déjà" in (no if accepted else yes)
    assert await club.sources() == (["Habitat exemple"] if accepted else [])
    told = [said for place, said in await club.letters() if place == "paul"]
    assert len(told) == 1
    async with club.store.read() as tx:
        actions = [line["action"] for line in await tx.journal.last()]
    assert actions.count("source.added") + actions.count("source.refused") == 1


async def test_no_reason_is_asked_for_what_is_decided_already(club: Club) -> None:
    """Product.md §2.6: a second click on a settled card says who settled it and when."""
    await club.offered()
    await club.ask("mona", "/source attente")
    await club.ask("lea", "/source attente")
    card = find(club.shown["lea"], "Refuser…").token
    await club.press("lea", "Refuser…")
    open_question = find(club.shown["lea"], "Annuler")
    await club.press("mona", "Accepter")
    said = await club.ask("lea", token=card)
    assert "Source déjà acceptée par Mona, mardi 9 mars 2027" in said
    assert club.shown["lea"].form is None
    assert open_question.label not in said
    assert "Source déjà acceptée par Mona" in await club.ask("lea", "Doublon connu")


async def test_nobody_is_asked_why_they_refuse_their_own(club: Club) -> None:
    await club.offered()
    await club.ask("mona", "/source attente")
    token = find(club.shown["mona"], "Refuser…").token
    async with club.store.begin() as tx:
        one = (await tx.proposals.waiting())[0]
        await tx.people.grant(Grant(0, club.numbers["mona"], "", Role.PARTNER, "Habitat"), club.now)
        await tx.connection.execute(proposal.update().where(proposal.c.id == one.id).values(partner="Habitat"))
    said = await club.ask("mona", token=token)
    assert club.shown["mona"].form is None
    assert "Une autre personne doit" in said


async def test_another_name_leaves_what_would_be_read_in_sight(club: Club) -> None:
    await club.ask("paul", f"/source ajouter {URL}")
    await club.run("paul")
    await club.press("paul", "Changer le nom ou la région")
    await club.ask("paul", "Un autre nom")
    shown = await club.ask("paul", "Occitanie")
    assert "Nouvelle 0" in shown
    assert "Un autre nom · Occitanie" in shown


async def test_the_journal_tells_the_role_in_which_it_was_done(club: Club) -> None:
    await club.offered()
    here = Request(Person("scene", "ana", "Ana"), Place("scene", "ana"), granted=Role.MODERATOR)
    await club.router.answer(replace(here, words="/source attente"))
    shown = await club.router.answer(replace(here, words="/source attente"))
    assert shown is not None
    await club.router.answer(replace(here, token=find(shown, "Accepter").token))
    async with club.store.begin() as tx:
        held = next(one for one in await tx.people.grants(club.now) if one.person == club.numbers["paul"])
        await tx.people.revoke(held.id)
    said = await club.ask("mona", "/journal")
    assert f"personne n° {club.numbers['ana']}, modérateur·rice : source" in said
    assert f"personne n° {club.numbers['paul']}, partenaire : " in said


async def test_a_role_that_is_lent_makes_nobody_less_than_a_member(club: Club) -> None:
    here = Request(Person("scene", "zoe", "Zoé"), Place("scene", "zoe"), words="/start")
    await club.router.answer(replace(here, granted=Role.PARTNER))
    assert "Cette commande est réservée" not in await club.ask("zoe", "/abonnements")


async def test_nobody_decides_on_their_own(club: Club) -> None:
    await club.offered()
    async with club.store.begin() as tx:
        await tx.people.give(club.numbers["paul"], Role.MODERATOR, club.now, "test")
    await club.ask("paul", "/source attente")
    assert "Vous ne pouvez pas décider de votre propre proposition" in await club.press("paul", "Accepter")
    assert await club.sources() == []


async def test_nobody_decides_for_their_own_organisation(club: Club) -> None:
    async with club.store.begin() as tx:
        for who in ("paul", "mona"):
            role = PEOPLE[who]
            await tx.people.grant(Grant(0, club.numbers[who], who, role, "Habitat", origin="chat"), club.now)
    await club.offered()
    await club.ask("mona", "/source attente")
    assert "ni de celle de votre organisation" in await club.press("mona", "Accepter")
    await club.ask("lea", "/source attente")
    assert "est acceptée" in await club.press("lea", "Accepter")
    async with club.store.read() as tx:
        state = await tx.sources.get("Habitat exemple")
    assert state is not None
    assert (state.source.partner, state.source.origin) == ("Habitat", Origin.CHAT)


async def test_who_lost_the_role_presses_an_old_button_in_vain(club: Club) -> None:
    await club.offered()
    await club.ask("mona", "/source attente")
    async with club.store.begin() as tx:
        await tx.people.take(club.numbers["mona"], "village")
    assert "Cette commande est réservée" in await club.press("mona", "Accepter")
    await club.ask("paul", "/source ajouter https://autre.example/")
    await club.run("paul")
    async with club.store.begin() as tx:
        await tx.people.take(club.numbers["paul"], "village")
    assert "Cette commande est réservée" in await club.press("paul", "La proposer")


async def test_who_lost_the_role_while_it_was_read_keeps_nothing(club: Club) -> None:
    await club.ask("paul", f"/source ajouter {URL}")
    async with club.store.begin() as tx:
        await tx.people.take(club.numbers["paul"], "village")
    await club.run("paul")
    assert "Cette commande est réservée" in text(club.shown["paul"])


async def test_the_cards_are_settled_and_the_author_is_told_once(club: Club) -> None:
    await club.offered()
    [(place, card)] = await club.letters()
    assert place == "moderation"
    assert "Nouvelle 0" in card
    await club.ask("mona", "/source attente")
    await club.press("mona", "Accepter")
    letters = dict(await club.letters())
    assert "Acceptée par Mona" in letters["moderation"]
    assert "[Accepter]" not in letters["moderation"]
    assert "est maintenant une source du Club" in letters["paul"]


async def test_three_offers_a_day(club: Club) -> None:
    for number in range(3):
        await club.offered(f"https://habitat.example/{number}")
    await club.ask("paul", f"/source ajouter {URL}")
    await club.run("paul")
    token = find(club.shown["paul"], "La proposer").token
    assert "Vous avez déjà proposé 3 sources aujourd’hui" in await club.ask("paul", token=token)
    club.now += timedelta(days=2)
    assert "est proposée" in await club.ask("paul", token=token)


async def test_a_refused_address_is_never_kept(club: Club) -> None:
    await club.ask("mona", "/source ajouter https://prive.example/")
    await club.run("mona")
    assert "mène à un réseau privé" in text(club.shown["mona"])
    for address in ("http://127.0.0.1/x", "http://[::1]/", "file:///etc/passwd", "gopher://a.fr/", "http://a@b.fr/"):
        await club.ask("mona", f"/source ajouter {address}")
    async with club.store.read() as tx:
        assert await tx.proposals.waiting() == []
    assert await club.sources() == []


async def test_another_one_s_find_cannot_be_kept(club: Club) -> None:
    await club.ask("mona", f"/source ajouter {URL}")
    await club.run("mona")
    token = find(club.shown["mona"], "L’ajouter").token
    assert "Ce bouton n’est pas valable ici" in await club.ask("lea", token=token)


async def test_every_button_of_the_sources_is_short_enough_for_any_network(club: Club) -> None:
    async with club.store.begin() as tx:
        for number in range(30):
            name = f"Une source au nom plutôt long, numéro {number}"
            await tx.sources.add(Source(name, f"https://s.example/{number}", origin=Origin.CHAT), club.now)
    await club.offered()
    for who, words in [
        ("mona", "/source liste 2"),
        ("mona", "/source etat"),
        ("mona", "/source pause"),
        ("mona", "/source attente"),
        ("ada", "/role donner"),
        ("ada", "/role retirer"),
        ("ada", "/journal"),
    ]:
        await club.ask(who, words)
        actions = club.shown[who].actions
        assert all(0 < len(action.token.encode()) <= LONGEST for action in actions)


async def test_what_the_file_gives_is_changed_in_the_file(club: Club) -> None:
    async with club.store.begin() as tx:
        await tx.people.give(club.numbers["lea"], Role.EDITOR, club.now, "config")
        for origin in ("config", "config-admins"):  # a resident of the simulator, and among the administrators
            await tx.people.give(club.numbers["mona"], Role.ADMIN, club.now, origin)
    said = await club.ask("ada", "/role liste")
    assert said.count("Mona — administrateur·rice · fichier de configuration") == 1
    held = await _grants(club)
    for one in held:
        if one.origin.startswith("config"):
            said = await club.ask("ada", f"/role retirer grant:g{one.id}")
            assert "Ce rôle vient du fichier de configuration" in said
    assert await _grants(club) == held


async def test_nobody_gives_more_than_their_own(club: Club) -> None:
    async with club.store.begin() as tx:
        await tx.people.take(club.numbers["ada"], "village")
        await tx.people.grant(Grant(0, club.numbers["ada"], "Ada", Role.ADMIN, until=club.now, origin="chat"), club.now)
    club.now += timedelta(seconds=1)
    assert "Cette commande est réservée" in await club.ask("ada", "/role donner scene:paul administrateur·rice")


async def _grants(club: Club) -> list[Grant]:
    async with club.store.read() as tx:
        return [replace(one) for one in await tx.people.grants(club.now)]
