"""What people are told of ill sources, on both databases, the clock given: once, and their return once (choice A12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.feature import Hub, Settings
from bot.sources.alerts import watch
from club.news import Health, Origin, Source
from club.people import Person, Place, Role
from club.texts import Texts
from storage.sources import Sources, SourceState, failure, success
from storage.store import Store
from storage.tables import delivery, digest_body, grant, source
from tests.kit.memory import Clock

DAY = timedelta(days=1)
TEN = datetime(2027, 3, 9, 9, tzinfo=UTC)  # Tuesday, 10:00 in Paris
TEAM = Place("simulator", "moderation")


class Ward:
    """Sources, who cares for them, and what was written to whom."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = Clock(TEN)
        self.hub = Hub(store, Texts(), Settings(moderators=(TEAM,), networks=("simulator",)), self.clock)
        self.read: set[int] = set()

    async def follows(
        self, *names: str, partner: str = "", origin: Origin = Origin.CONFIG, read: datetime | None = TEN - DAY
    ) -> None:
        async with self.store.begin() as tx:
            for name in names:
                await tx.sources.add(Source(name, f"https://{name}.fr/rss", partner=partner, origin=origin), TEN)
        for name in names:
            await self.notes(name, succeeded_at=read)

    async def knows(self, ident: str, role: Role, organisation: str = "", network: str = "simulator") -> None:
        async with self.store.begin() as tx:
            met = await tx.people.meet(Person(network, ident, ident.title()), TEN)
            await tx.people.give(met.number, role, TEN, "test")
            await tx.connection.execute(
                update(grant).where(grant.c.person_id == met.number).values(organisation=organisation)
            )

    async def fails(self, *names: str, key: str = "trouble-forbidden", gone: bool = False, **values: object) -> None:
        async with self.store.begin() as tx:
            for name in names:
                before = await _state(tx.sources, name)
                after = self.clock() + timedelta(hours=5)
                await tx.sources.note(
                    {
                        before.source.id: failure(
                            before, self.clock(), after, Health.ERROR, key, values, gone=gone, deadly=False
                        )
                    }
                )

    async def recovers(self, *names: str) -> None:
        async with self.store.begin() as tx:
            for name in names:
                state = await _state(tx.sources, name)
                await tx.sources.note({state.source.id: success(self.clock(), self.clock() + timedelta(hours=3))})

    async def notes(self, name: str, **values: object) -> None:
        async with self.store.begin() as tx:
            await tx.connection.execute(update(source).where(source.c.name == name).values(**values))

    async def watches(self, after: timedelta = timedelta(0)) -> list[tuple[str, str]]:
        """What is written to whom since the last look: place, words."""
        self.clock.now += after
        await watch(self.hub)
        async with self.store.read() as tx:
            query = select(delivery.c.id, delivery.c.place, digest_body.c.message).join(digest_body)
            rows = (await tx.connection.execute(query.order_by(delivery.c.id))).all()
        new = [row for row in rows if row.id not in self.read]
        self.read |= {row.id for row in new}
        return [(row.place, _words(row.message)) for row in new]

    async def due(self) -> list[datetime]:
        async with self.store.read() as tx:
            return list(await tx.connection.scalars(select(delivery.c.not_before).order_by(delivery.c.id)))


async def _state(sources: Sources, name: str) -> SourceState:
    state = await sources.get(name)
    assert state
    return state


def _words(message: dict[str, list[list[list[str]]]]) -> str:
    said = "\n".join("".join(span[0] for span in line) for line in message["lines"])
    return said.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def ward(any_store: Store) -> Ward:
    return Ward(any_store)


async def test_a_source_that_was_never_read_is_told_so(ward: Ward) -> None:
    await ward.follows("ademe", read=None)
    await ward.knows("ada", Role.ADMIN)
    await ward.fails("ademe")
    ward.clock.jumps(days=1, minutes=30)
    await ward.fails("ademe")
    told = dict(await ward.watches())
    assert "ademe n’a encore jamais pu être lue ; premier essai le mardi 9 mars 2027 à 10 h." in told[TEAM.id]
    assert "ademe, jamais lue depuis le premier essai, le mardi 9 mars 2027 à 10 h" in told["ada"]
    assert "ne se lit plus" not in told[TEAM.id]


async def test_a_dead_source_is_told_once_and_its_return_once(ward: Ward) -> None:
    await ward.follows("ademe")
    await ward.notes("ademe", news_at=TEN - 6 * DAY)
    await ward.fails("ademe")
    assert await ward.watches() == []
    await ward.watches(timedelta(hours=23))
    await ward.fails("ademe")
    assert await ward.watches() == []
    ward.clock.jumps(hours=1)
    await ward.fails("ademe")
    [(place, words)] = await ward.watches()
    assert place == TEAM.id
    assert "ademe ne se lit plus depuis le mardi 9 mars 2027 à 10 h." in words
    assert "Le site refuse l’accès au Club (code 403). Demandez au partenaire de l’autoriser." in words
    assert "Prochain essai : mercredi 10 mars 2027 à 15 h." in words
    assert "Dernier article reçu : mercredi 3 mars 2027." in words
    for _ in range(3):
        ward.clock.jumps(hours=20)
        await ward.fails("ademe")
        assert await ward.watches() == []
    await ward.recovers("ademe")
    [(place, words)] = await ward.watches()
    assert "ademe se lit de nouveau. La panne durait depuis le mardi 9 mars 2027 à 10 h." in words
    assert await ward.watches(DAY) == []
    # Another bad time is another episode.
    await ward.fails("ademe")
    ward.clock.jumps(days=2)
    await ward.fails("ademe")
    assert len(await ward.watches()) == 1


async def test_after_a_day_waiting_is_no_advice(ward: Ward) -> None:
    await ward.follows("ush", partner="USH")
    await ward.follows("ademe")
    await ward.knows("paul", Role.PARTNER, "USH")
    for hours in (0, 25):
        ward.clock.jumps(hours=hours)
        await ward.fails("ush", key="trouble-server", code=500)
    told = dict(await ward.watches())
    assert "Prévenez le partenaire ; le Club réessaie de lui-même." in told[TEAM.id]
    assert "Votre site est en panne (code 500). Signalez-le à la personne qui le gère" in told["paul"]


async def test_the_partner_is_told_of_their_own_sources(ward: Ward) -> None:
    await ward.follows("ademe", partner="Ademe")
    await ward.follows("cerema", partner="Cerema")
    await ward.knows("paul", Role.PARTNER, "ADEME")
    await ward.knows("lea", Role.PARTNER, "Cerema")
    await ward.knows("max", Role.PARTNER, "Ademe", network="telegram")  # a network that is off
    await ward.fails("ademe", "cerema")
    ward.clock.jumps(days=1)
    await ward.fails("ademe")
    told = dict(await ward.watches())
    assert set(told) == {TEAM.id, "paul"}
    assert "ademe ne se lit plus" in told["paul"]
    assert "Votre site refuse l’accès au Club (code 403)." in told["paul"] and "partenaire" not in told["paul"]
    assert "Demandez au partenaire de l’autoriser." in told[TEAM.id]
    await ward.fails("cerema")
    told = dict(await ward.watches())
    assert set(told) == {TEAM.id, "lea"} and "ademe" not in told["lea"]
    await ward.recovers("ademe", "cerema")
    told = dict(await ward.watches())
    assert set(told) == {TEAM.id, "paul", "lea"}
    assert "ademe se lit de nouveau" in told["paul"] and "cerema" not in told["paul"]


async def test_operators_have_one_message_a_day_for_all(ward: Ward) -> None:
    await ward.knows("ada", Role.ADMIN)
    await ward.follows("ademe", "cerema", "anru")
    ward.clock.now = TEN.replace(hour=6)
    await ward.fails("ademe", "cerema", "anru")
    ward.clock.jumps(minutes=40)
    await ward.fails("ademe", "cerema", key="trouble-server", code=503)
    assert await ward.watches() == []  # 7:40 in Paris
    ward.clock.now = TEN.replace(hour=8, minute=1)
    [(place, words)] = await ward.watches()
    assert place == "ada"
    assert words.startswith("L’état des sources, mardi 9 mars 2027")
    assert "ademe, en panne depuis" in words and "cerema, en panne depuis" in words and "code 503" in words
    assert "anru" not in words  # once is no news
    for _ in range(5):
        ward.clock.jumps(hours=1)
        await ward.fails("ademe", "cerema", "anru")
        assert await ward.watches() == []
    ward.clock.now = TEN + DAY
    assert [place for place, _ in await ward.watches() if place == "ada"] == ["ada"]
    await ward.recovers("ademe", "cerema", "anru")
    ward.clock.now = TEN + 2 * DAY
    assert "ada" not in dict(await ward.watches())  # all is well: nothing is said


async def test_operators_hear_of_moves_silence_and_lost_names_with_what_to_do(ward: Ward) -> None:
    await ward.knows("ada", Role.ADMIN)
    await ward.follows("ademe", "anru", "cd2e")
    await ward.follows("cerema", origin=Origin.CHAT)
    moved = {"moved_since": TEN - 4 * DAY, "moved_visits": 9}
    for name in ("ademe", "cerema"):
        await ward.notes(name, **moved, moved_to=f"https://neuf.fr/{name}")
        await ward.recovers(name)
    await ward.recovers("anru")
    await ward.notes("anru", news_at=TEN - 40 * DAY, rhythm=1440)
    ward.clock.now = TEN - 8 * DAY
    await ward.fails("cd2e", key="trouble-unreachable-dns", host="cd2e.fr")
    ward.clock.now = TEN
    await ward.fails("cd2e", key="trouble-unreachable-dns", host="cd2e.fr")
    words = dict(await ward.watches())["ada"]
    assert 'remplacez : url = "https://ademe.fr/rss" par : url = "https://neuf.fr/ademe"' in words
    assert "Ajoutez la nouvelle adresse, https://neuf.fr/cerema, puis mettez l’ancienne en pause." in words
    assert "anru ne publie plus rien depuis le jeudi 28 janvier 2027" in words
    assert "Ce nom n’existe plus depuis 8 jours" in words
    words = dict(await ward.watches(DAY))["ada"]
    assert "ademe" not in words and "anru" not in words and "cd2e" in words  # told; on Mondays all again
    ward.clock.now = TEN + 6 * DAY
    words = dict(await ward.watches())["ada"]
    assert "neuf.fr/ademe" in words and "anru ne publie plus rien" in words


async def test_a_source_that_was_retired_is_told(ward: Ward) -> None:
    await ward.follows("ademe")
    for _ in range(3):
        await ward.fails("ademe", key="trouble-gone", gone=True)
        ward.clock.jumps(hours=1)
    [(_, words)] = await ward.watches()
    assert "ademe a été retirée par le partenaire (code 410, trois fois de suite)" in words
    assert await ward.watches(DAY) == []


async def test_nobody_is_written_to_at_night(ward: Ward) -> None:
    await ward.follows("ademe")
    ward.clock.now = datetime(2027, 3, 8, 21, tzinfo=UTC)
    await ward.fails("ademe")
    ward.clock.jumps(days=1)
    await ward.fails("ademe")
    assert len(await ward.watches()) == 1
    assert await ward.due() == [datetime(2027, 3, 10, 6, 30, tzinfo=UTC)]


async def test_when_everything_fails_nobody_is_troubled_before_it_is_known_who_is_dead(ward: Ward) -> None:
    await ward.knows("ada", Role.ADMIN)
    names = [f"s{n}" for n in range(6)]
    await ward.follows(*names, partner="Ademe")
    await ward.knows("paul", Role.PARTNER, "Ademe")
    await ward.fails(*names)
    ward.clock.jumps(days=1)
    await ward.fails(*names)
    told = dict(await ward.watches())
    assert set(told) == {"ada"} and "la panne est sans doute de notre côté" in told["ada"]
    await ward.recovers(*names[1:])
    told = dict(await ward.watches())
    assert set(told) == {TEAM.id, "paul"}
    assert "s0 ne se lit plus" in told["paul"] and "s1" not in told["paul"]  # the others were never told of


async def test_two_looks_at_once_tell_it_once(ward: Ward) -> None:
    import asyncio

    await ward.follows("ademe")
    await ward.fails("ademe")
    ward.clock.jumps(days=1)
    await ward.fails("ademe")
    await asyncio.gather(*(watch(ward.hub) for _ in range(4)))
    assert len(await ward.watches()) == 1


async def test_what_the_operator_changes_ends_an_episode_without_a_word(ward: Ward) -> None:
    wanted = Source("ademe", "https://ademe.fr/rss")
    async with ward.store.begin() as tx:
        await tx.sources.follow_config([wanted], TEN)
    await ward.fails("ademe")
    ward.clock.jumps(days=1)
    await ward.fails("ademe")
    assert len(await ward.watches()) == 1
    async with ward.store.begin() as tx:
        await tx.sources.follow_config([replace(wanted, url="https://ademe.fr/feed")], ward.clock())
    assert await ward.watches() == []
    async with ward.store.read() as tx:
        assert await tx.episodes.lasting() == []


async def test_many_deaths_are_one_letter(ward: Ward) -> None:
    await ward.follows(*(f"s{n:02}" for n in range(30)))
    dead = [f"s{n:02}" for n in range(12)]
    await ward.fails(*dead)
    ward.clock.jumps(days=1)
    await ward.fails(*dead)
    [(_, words)] = await ward.watches()
    assert words.count("ne se lit plus") == 8
    assert "… et 4 autres sources." in words


@pytest.mark.parametrize("key", [key for key in Texts() if key.startswith("trouble-") and "opml" not in key])
def test_no_partner_is_told_to_ask_the_partner(key: str) -> None:
    from club.texts import MissingText

    texts, values = Texts(), {"host": "a.fr", "megabytes": 1, "line": 1, "limit": 1, "code": 500}
    try:
        told = texts.plain(f"{key}.partner", **values)
    except MissingText:
        told = texts.plain(key, **values)
    assert "partenaire" not in told
