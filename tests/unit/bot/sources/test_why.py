"""Why an entry is in a letter, or is not: each stage and each rule, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.sources.filing import file_new
from bot.sources.why import Why, explain
from club.dialogue import Message
from club.issue import Issue
from club.markup import as_text, plain, write
from club.news import Edition, EditionLine, Event, Harvest, Item, Origin, Section, Source, SourceKind
from club.people import Place
from club.regions import Regions
from club.subscription import Cadence, Rhythm, Subscription, Wish
from club.texts import Texts
from club.topics import Topics
from connectors.sources.identity import identify, occurrence
from storage.outbox import Address
from storage.proposals import Proposal
from storage.store import Store
from tests.conftest import NOW

LINK = "https://site.test/une"


async def keep(store: Store, *entries: Item | Event, file: bool = True, name: str = "Site", at: datetime = NOW) -> None:
    """These entries, read there and filed."""
    async with store.begin() as tx:
        await tx.sources.add(Source(name, f"https://{name.lower()}.test/flux", origin=Origin.CHAT), at)
        state = await tx.sources.get(name)
        assert state is not None
        items = identify([one for one in entries if isinstance(one, Item)])
        events = tuple(one for one in entries if isinstance(one, Event))
        await tx.news.keep([(state.source, Harvest(SourceKind.FEED, items=items, events=events))], at)
    if file:
        await file_new(store, Topics.load(), Regions.load(), lambda: at)


def item(title: str = "Une nouvelle", link: str = LINK, published: datetime | None = NOW) -> Item:
    return Item(link, "", title, link, published)


def order(wish: Wish = Wish(), watermark: datetime = NOW - timedelta(days=1)) -> Subscription:  # noqa: B008
    return Subscription(Place("scene", "club"), wish, Cadence(Rhythm.DAILY), watermark, name="Club")


async def ask(store: Store, orders: Sequence[Subscription] = (), link: str = LINK, now: datetime = NOW) -> str:
    told = await _ask(store, orders, link, now)
    steps = [step for story in told.stories for step in story.steps] or list(told.near)
    return "\n".join(plain(step.lines(Texts())) for step in steps)


async def _ask(store: Store, orders: Sequence[Subscription], link: str, now: datetime) -> Why:
    async with store.read() as tx:
        return await explain(tx, link, orders, Texts(), now)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (item(published=None), "Sans date : c’est son arrivée qui compte."),
        (item(published=NOW - timedelta(days=30)), "il n’est annoncé nulle part"),
        (item(), "Daté par le site"),
        (
            Event("u", occurrence("u", NOW), "Atelier", NOW + timedelta(days=9), link=LINK),
            "Reconnu par son identifiant d’agenda",
        ),
        (item("Rencontre à Rennes"), "Région : Bretagne, nommée dans le texte."),
        (item("Bonjour"), "Aucun engagement reconnu"),
    ],
)
async def test_what_the_entry_itself_tells(any_store: Store, entry: Item | Event, said: str) -> None:
    await keep(any_store, entry)
    assert said in await ask(any_store)


async def test_what_is_not_filed_yet_is_in_no_letter(store: Store) -> None:
    await keep(store, item(), file=False)
    said = await ask(store, [order()])
    assert "Pas encore classé" in said
    assert "Canal" not in said


async def test_what_changed_and_what_is_merged_is_told(any_store: Store) -> None:
    title = "Désimperméabiliser les cours d’école de la ville de Nantes"
    await keep(any_store, item(title))
    await keep(any_store, item(title, "https://autre.test/x"), name="Autre")
    later = NOW + timedelta(hours=1)
    await keep(any_store, item(f"{title} !"), at=later)
    said = await ask(any_store, [order()], now=later)
    assert "Modifié par le site depuis : vu" in said
    assert "La même nouvelle que chez : Autre" in said
    other = await ask(any_store, [order()], "https://autre.test/x", later)
    assert "Regroupé" in other or "Retenu" in other


async def test_the_coming_letter(any_store: Store) -> None:
    entries = [item(f"Nouvelle {'abcdefghij'[n] * 6} {n}", f"https://site.test/{n}") for n in range(10)]
    await keep(any_store, *entries)
    fates = [await ask(any_store, [order()], f"https://site.test/{n}") for n in range(10)]
    assert sum("Retenu pour la prochaine lettre." in one for one in fates) == 7
    assert sum("Retenu pour la suite de la prochaine lettre" in one for one in fates) == 3
    assert "Laissé : aucun de vos thèmes" in await ask(any_store, [order(Wish((1,)))], "https://site.test/1")
    paused = replace(order(), paused="paused-by-person")
    assert "cet abonnement ne reçoit rien : en pause" in await ask(any_store, [paused], "https://site.test/1")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("sent", "Envoyé dans la lettre"),
        ("pending", "qui attend de partir"),
        ("dead", "qui n’a pas pu partir"),
        ("rest", "mais dans sa suite"),
        ("none", "elle n’est plus gardée"),
    ],
)
async def test_a_letter_that_was_put(any_store: Store, state: str, said: str) -> None:
    await keep(any_store, item())
    after = NOW + timedelta(minutes=5)
    linked = Message(write("[\ue0000\ue001](\ue0001\ue001)", ("Une nouvelle", LINK)))
    async with any_store.begin() as tx:
        number = await tx.subscriptions.add(order(), NOW)
        if state != "none":
            [news] = await tx.news.entries(None)
            rest = Edition(rest=(EditionLine(Section.NEWS, news),)) if state == "rest" else Edition()
            await tx.issues.keep("slot", {"sig": Issue("", Wish(), rest, after, after)})
            first = Message(as_text("Lettre")) if state == "rest" else linked
            body = await tx.outbox.write("slot", "sig", first, after)
            await tx.outbox.post(body, [Address("k", Place("scene", "club"), number)], after, after)
        if state in ("sent", "dead"):
            letter = await tx.outbox.claim("scene", 1000.0, 1, after)
            assert letter is not None
            settle = tx.outbox.sent(letter, "r", after, timedelta(0)) if state == "sent" else None
            await (settle or tx.outbox.dead(letter, after, "gone"))
        await tx.subscriptions.advance([number], after)
        orders = await tx.subscriptions.channels()
    assert said in await ask(any_store, orders, now=after)


async def test_what_a_past_letter_left_is_told_by_its_rule(any_store: Store) -> None:
    await keep(any_store, item("Rencontre à Rennes"))
    past = replace(order(Wish(regions=("76",)), NOW + timedelta(hours=1)), id=7)
    assert "Laissé : cela concerne une autre région" in await ask(any_store, [past], now=NOW + timedelta(hours=2))


async def test_an_unknown_link_says_what_is_near(any_store: Store) -> None:
    assert "Ce n’est pas l’adresse d’un site" in await ask(any_store, link="bonjour")
    await keep(any_store, item())
    async with any_store.begin() as tx:
        number = await tx.proposals.add(Proposal("https://site.test/autre", "Autre"), NOW)
        await tx.proposals.submit(number)
        await tx.proposals.decide(number, "refused", 0, NOW, "Hors sujet")
    said = await ask(any_store, link="https://www.site.test/inconnu")
    assert "Source du même site : Site (va bien)" in said
    assert "refusée par une personne qui n’a pas donné de nom" in said
    assert "Hors sujet" in said
    assert "Connu sur ce site : Une nouvelle" in said
