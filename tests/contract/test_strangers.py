"""Whom the hub keeps: those who addressed it, on every network, and nobody else (promise 70)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, select
from sqlalchemy.engine import make_url

from club.news import Origin, SourceKind
from club.people import Person
from storage.engine import make_engine
from storage.store import Store
from storage.tables import (
    account,
    delivery,
    draft,
    errand,
    faq_entry,
    grant,
    inquiry,
    journal,
    person,
    proposal,
    subscription,
)
from tests.conftest import NOW
from tests.contract.test_platforms import STAGES
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import Telegram
from tests.kit.discord_stage import DiscordStage
from tests.kit.platforms import Stage
from tests.kit.revisions import make_database
from tests.kit.stage import House
from tests.kit.stage import text as shown
from tests.kit.telegram_stage import IDS, TelegramStage


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path / "hub.sqlite3")
    await made.open()
    yield made
    await made.close()


async def known(house: House, platform: str) -> set[str]:
    async with house.store.read() as tx:
        return {one.id for one in await tx.people.lately(1000) if one.platform == platform}


@pytest.mark.parametrize("make", STAGES.values(), ids=STAGES.keys())
async def test_words_between_people_leave_nothing_of_them(make: Any, house: House, tmp_path: Path) -> None:
    stage: Stage = make(tmp_path)
    await stage.open(house.router.answer)
    try:
        if isinstance(stage, DiscordStage):
            await _chatter_on_discord(stage.fake, stage)
        else:
            for words in ("bonjour à toutes et tous", "/meteo demain", "!!!", "@club2 tu viens ?"):
                await stage.say("paul", words, "actualites")
        if isinstance(stage, TelegramStage):
            _chatter_on_telegram(stage.network)
        await stage.say("ana", "/start", "actualites")
        await stage.until("ana", "bienvenue", "actualites")
        assert await known(house, stage.platform.name) == {stage.ident("ana")}
    finally:
        await stage.close()


def _chatter_on_telegram(network: Telegram) -> None:
    """What a group tells a bot of its members, whether it was asked for or not."""
    chat, user = network.chats[IDS["actualites"]], IDS["paul"]
    said = network._message(chat, user, text="/aide")
    network.push("edited_message", {**said, "edit_date": said["date"]})
    network.say(user, "", IDS["actualites"], new_chat_members=[{"id": 77, "is_bot": False, "first_name": "Nour"}])
    network.say(user, "", IDS["actualites"], left_chat_member={"id": 78, "is_bot": False, "first_name": "Lou"})
    network.say(user, "", IDS["actualites"], photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}])
    who = {"id": user, "is_bot": False, "first_name": "Paul"}
    member = {"user": who, "status": "member"}
    place = {"id": IDS["actualites"], "type": "supergroup", "title": "actualites"}
    moved = {"chat": place, "from": who, "date": said["date"], "old_chat_member": member, "new_chat_member": member}
    network.push("chat_member", moved)
    liked = {"chat": place, "message_id": 1, "user": who, "date": said["date"]}
    heart = [{"type": "emoji", "emoji": "👍"}]
    network.push("message_reaction", {**liked, "old_reaction": [], "new_reaction": heart})


async def _chatter_on_discord(fake: FakeDiscord, stage: DiscordStage) -> None:
    paul, channel = stage.people["paul"], stage.channels["actualites"]
    said = fake._message(channel, paul.id, {"content": "bonjour à toutes et tous"}, mentions=[])
    shown = fake._shown(channel, said)
    fake._publish("MESSAGE_CREATE", shown)
    fake._publish("MESSAGE_UPDATE", {**shown, "content": "bonsoir"})
    emoji = {"id": None, "name": "👍"}
    where = {"channel_id": str(channel.id), "guild_id": str(channel.guild)}
    liked = {**where, "user_id": str(paul.id), "message_id": said["id"], "emoji": emoji, "type": 0, "burst": False}
    fake._publish("MESSAGE_REACTION_ADD", liked)
    fake._publish("TYPING_START", {**where, "user_id": str(paul.id), "timestamp": 1})


async def test_an_open_question_hears_its_person_and_nobody_else(house: House) -> None:
    await house.say("mona", "/abonner", "hall")
    assert await house.say("lou", "Eau", "hall") is None
    assert await house.say("zoe", "Eau", "hall") is None
    assert "lou" not in await known(house, "scene")
    answered = await house.say("mona", "Eau", "hall")
    assert "Étape 2" in shown(answered)


async def test_what_a_member_says_to_others_is_no_act(house: House) -> None:
    async with house.store.begin() as tx:
        ana = await tx.people.find(Person("scene", "ana"), house.now)
    began = house.now
    house.now += timedelta(days=40)
    await house.say("ana", "bonjour à toutes et tous", "hall")
    async with house.store.read() as tx:
        assert await tx.people.last_act(ana.number) == began
    await house.say("ana", "/aide", "hall")
    async with house.store.read() as tx:
        assert await tx.people.last_act(ana.number) == house.now


# What was kept before


TRACES: Mapping[str, Callable[[int], tuple[Table, dict[str, Any]]]] = {
    "member": lambda n: (grant, {"person_id": n, "role": 1, "granted_at": NOW, "origin": "start"}),
    "configured": lambda n: (grant, {"person_id": n, "role": 0, "granted_at": NOW, "origin": "config"}),
    "subscriber": lambda n: (subscription, _subscription(person_id=n)),
    "reader": lambda n: (subscription, _subscription(place=f"id{n}")),
    "half": lambda n: (draft, _draft(n)),
    "errand": lambda n: (errand, _errand(n)),
    "asker": lambda n: (inquiry, _inquiry(person_id=n)),
    "answerer": lambda n: (inquiry, _inquiry(answered_by=n)),
    "proposer": lambda n: (proposal, _proposal(person_id=n)),
    "judge": lambda n: (proposal, _proposal(decided_by=n)),
    "author": lambda n: (faq_entry, _entry(author=n)),
    "second": lambda n: (faq_entry, _entry(author=0, decided_by=n)),
    "journal": lambda n: (journal, {"at": NOW, "person_id": n, "action": "a", "subject": "", "detail": {}}),
    "told": lambda n: (delivery, _delivery(f"id{n}")),
}


async def test_who_never_spoke_to_the_hub_goes_and_nobody_else(any_url: str) -> None:
    await make_database(any_url, "0009")
    engine = make_engine(make_url(any_url))
    names = [*TRACES, "agreed", "warned", *(f"stranger{n}" for n in range(50))]
    async with engine.begin() as connection:
        for number, name in enumerate(names, 100):
            dates = {"consent_at": NOW if name == "agreed" else None, "warned_at": NOW if name == "warned" else None}
            who = {"id": number, "name": name, "language": "fr", "met_at": NOW, "acted_at": NOW, **dates}
            await connection.execute(insert(person).values(**who))
            row = {"platform": "telegram", "ident": f"id{number}", "person_id": number}
            await connection.execute(insert(account).values(**row))
            if name in TRACES:
                table, values = TRACES[name](number)
                await connection.execute(insert(table).values(id=number, **values))
    await engine.dispose()

    store = await Store.open(any_url, migrate=True)
    async with store.engine.connect() as connection:
        left = set(await connection.scalars(select(person.c.name).where(person.c.id >= 100)))
        owners = set(await connection.scalars(select(account.c.person_id).where(account.c.person_id >= 100)))
        await connection.rollback()
    await store.close()
    assert left == {*TRACES, "agreed", "warned"}
    assert owners == {number for number, name in enumerate(names, 100) if name in left}


def _subscription(*, person_id: int | None = None, place: str = "-100") -> dict[str, Any]:
    when = {"schedule_id": 1, "watermark": NOW, "created_at": NOW}
    where = {"platform": "telegram", "place": place, "thread": "", "name": "", "theme": "", "topics": (), "regions": ()}
    return {"person_id": person_id, **where, **when, "paused": "", "origin": Origin.CHAT}


def _draft(number: int) -> dict[str, Any]:
    begun = {"begun_at": NOW, "touched_at": NOW, "active": True}
    return {"person_id": number, "place": "x", "route": "x", "given": {}, "asked": [], "step": 0, **begun}


def _errand(number: int) -> dict[str, Any]:
    when = {"asked_at": NOW, "not_before": NOW, "attempts": 0}
    return {"name": "x", "person_id": number, "granted": 0, "private": "telegram:1", "given": {}, **when}


def _inquiry(**more: object) -> dict[str, Any]:
    asked = {"private": "telegram:1", "question": "q", "department": "30", "places": [], "reminded": 0, "made_at": NOW}
    return {**asked, "state": "open", "answer": "", **more}


def _proposal(**more: object) -> dict[str, Any]:
    what = {"url": "u", "kind": SourceKind.FEED, "name": "n", "partner": "", "region": "", "sample": [], "reason": ""}
    return {"private": "", "state": "waiting", "made_at": NOW, **what, **more}


def _entry(**more: object) -> dict[str, Any]:
    what = {"question": "q", "variants": [], "answer": "a", "source": ["t", "u", "v"]}
    return {"state": "waiting", "made_at": NOW, **what, **more}


def _delivery(place: str) -> dict[str, Any]:
    flags = {"parts_sent": 0, "doubtful": False, "withdrawn": False, "attempts": 0, "priority": 1}
    what = {"dedup_key": place, "platform": "telegram", "place": place, "thread": "", "body_id": 1, "state": "sent"}
    return {**what, **flags, "error": "", "not_before": NOW, "put_at": NOW}
