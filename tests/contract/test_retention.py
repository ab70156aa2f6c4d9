"""What is forgotten, and when, on both databases, the clock given (promise 76)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.feature import Hub, Settings
from bot.features import FEATURES
from bot.people.retention import clean_up
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Action, Message, Request
from club.markup import plain
from club.people import Person, Place, Role
from club.retention import Retention, months_before
from club.texts import Texts
from storage.store import Store
from storage.tables import delivery, digest_body, draft
from tests.kit.memory import Clock, order, send
from tests.kit.memory import put as put_letters

DAY = timedelta(days=1)
ANA, HOME = Person("simulator", "ana", "Ana"), Place("simulator", "ana")
KEY = b"a key of the tests"


@dataclass
class House:
    store: Store
    clock: Clock
    retention: Retention
    ana: int = 0

    async def clean(self, **later: float) -> None:
        self.clock.jumps(**later)
        await clean_up(FEATURES, Hub(self.store, Texts(), Settings(retention=self.retention), self.clock))

    async def subscribe(self, *places: Place, paused: str = "") -> None:
        async with self.store.begin() as tx:
            self.ana = (await tx.people.meet(ANA, self.clock.now)).number
            await tx.people.give(self.ana, Role.MEMBER, self.clock.now, "chat")
            for place in places:
                wanted = order(str(place), since=self.clock.now, place=place, person=self.ana)
                number = await tx.subscriptions.add(wanted, self.clock.now)
                await tx.subscriptions.pause(number, paused)

    async def left(self) -> int:
        async with self.store.read() as tx:
            return len(await tx.subscriptions.of_person(self.ana))

    async def letters(self) -> Sequence[tuple[str, str]]:
        """Where letters wait, and what they say."""
        query = select(delivery.c.place, digest_body.c.message).join(digest_body).order_by(delivery.c.id)
        async with self.store.read() as tx:
            rows = (await tx.connection.execute(query)).all()
        return [(row.place, plain(Message.from_json(row.message).lines)) for row in rows]

    async def press(self, route: str) -> Message | None:
        seal = Seal(KEY)
        router = Router(self.store, Texts(), Settings(), seal, FEATURES, self.clock)
        return await router.answer(Request(ANA, HOME, private=True, token=seal.close(Action("", route), HOME)))


@pytest.fixture
def house(any_store: Store, now: datetime) -> House:
    return House(any_store, Clock(now), Retention())


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [
        ((2027, 3, 9), 12, (2026, 3, 9)),
        ((2027, 3, 31), 1, (2027, 2, 28)),
        ((2027, 1, 15), 1, (2026, 12, 15)),
        ((2028, 2, 29), 12, (2027, 2, 28)),
        ((2027, 3, 9), 36_500, (1, 7, 9)),
    ],
)
def test_months_are_those_of_the_calendar(
    moment: tuple[int, int, int], months: int, before: tuple[int, int, int]
) -> None:
    assert months_before(datetime(*moment, 9, 30, tzinfo=UTC), months) == datetime(*before, 9, 30, tzinfo=UTC)


# The journal


async def journal(house: House) -> list[tuple[int | None, str]]:
    async with house.store.read() as tx:
        return [(line["person_id"], line["subject"]) for line in reversed(await tx.journal.last(50))]


async def test_the_journal_forgets_who_and_then_what(house: House) -> None:
    async with house.store.begin() as tx:
        await tx.journal.note(house.clock.now, "digest.now", "person=7", 7)
        await tx.journal.note(house.clock.now, "button.refused", person=7)
        await tx.journal.note(house.clock.now, "digest.now", "person=8", 9)
        await tx.journal.note(house.clock.now, "letter.dead", "letter=7")
        await tx.journal.note(house.clock.now + 80 * DAY, "button.refused", person=7)
    await house.clean(days=91)
    assert (await journal(house))[0] == (7, "person=7")
    await house.clean(days=2)
    hidden = await journal(house)
    seven, eight, nine = hidden[0][0], hidden[2][1], hidden[2][0]
    assert seven and nine and seven < 0 and nine < 0 and seven != nine
    assert eight.startswith("person=-")
    assert hidden == [(seven, f"person={seven}"), (seven, ""), (nine, eight), (None, "letter=7"), (7, "")]
    await house.clean(days=90)  # the same person keeps the same name
    assert await journal(house) == [*hidden[:-1], (seven, "")]
    await house.clean(days=185)
    assert await journal(house) == [(seven, "")]


# Letters, drafts


async def test_deliveries_are_forgotten_after_their_days(house: House) -> None:
    house.retention = Retention(deliveries_days=10)
    await put_letters(house.store, house.clock.now, "partie")
    assert await send(house.store, house.clock.now) == "partie"
    await put_letters(house.store, house.clock.now, "attend")
    await house.clean(days=10)
    assert len(await house.letters()) == 2
    await house.clean(hours=1)
    assert [words for _, words in await house.letters()] == ["attend"]


async def test_drafts_are_forgotten_after_a_month(house: House) -> None:
    await house.subscribe()
    async with house.store.begin() as tx:
        await tx.drafts.begin(house.ana, str(HOME), "subscribe", {}, ("theme",), house.clock.now)

    async def drafts() -> int:
        async with house.store.read() as tx:
            return len((await tx.connection.execute(select(draft.c.id))).all())

    await house.clean(days=30)
    assert await drafts() == 1
    await house.clean(hours=1)
    assert await drafts() == 0


# Who gives no sign


async def test_who_gives_no_sign_is_warned_and_then_left_in_peace(house: House) -> None:
    discord = Place("discord", "5")
    await house.subscribe(HOME, HOME, discord)
    await house.clean(days=3 * 365 - 29)  # one of these years has a day more
    assert await house.letters() == []
    await house.clean(days=1)
    assert [place for place, _ in await house.letters()] == ["ana", "5"]
    _, words = (await house.letters())[0]
    assert words.startswith("Vous n’avez rien demandé au Club depuis le mardi 9 mars 2027.")
    assert "vos 3 abonnements s’arrêteront le dimanche 10 mars 2030" in words
    await house.clean(days=29)
    assert (await house.left(), len(await house.letters())) == (3, 2)
    await house.clean(days=1)
    assert await house.left() == 0
    async with house.store.read() as tx:
        assert [line["action"] for line in await tx.journal.last(3)] == ["subscription.expired"] * 3


async def test_one_press_keeps_everything(house: House) -> None:
    await house.subscribe(HOME)
    await house.clean(days=3 * 365 - 10)
    [(_, words)] = await house.letters()
    assert "votre abonnement s’arrêtera" in words and "le garder" in words
    house.clock.jumps(days=5)
    answer = await house.press("subscriptions.keep")
    assert answer and plain(answer.lines) == "C’est noté : vous continuez à recevoir les lettres du Club."
    await house.clean(days=3 * 365 - 40)
    assert (await house.left(), len(await house.letters())) == (1, 1)
    await house.clean(days=30)  # and they are warned again when it is time again
    assert (await house.left(), len(await house.letters())) == (1, 2)


async def test_any_act_is_a_sign(house: House) -> None:
    await house.subscribe(HOME)
    house.clock.jumps(days=3 * 365 - 60)
    await house.press("subscriptions")
    await house.clean(days=100)
    assert (await house.left(), await house.letters()) == (1, [])


async def test_nobody_is_left_without_a_warning_in_time(house: House) -> None:
    """The hub was down for years: the warning comes first, and its days are given."""
    await house.subscribe(HOME)
    await house.clean(days=5 * 365)
    assert (await house.left(), len(await house.letters())) == (1, 1)
    await house.clean(days=29)
    assert await house.left() == 1
    await house.clean(days=1)
    assert await house.left() == 0


async def test_who_cannot_be_written_to_is_not_written_to(house: House) -> None:
    await house.subscribe(HOME, paused="paused-unreachable")
    await house.clean(days=3 * 365)
    await house.clean(days=31)
    assert (await house.left(), await house.letters()) == (0, [])


async def test_a_channel_is_nobody(house: House) -> None:
    async with house.store.begin() as tx:
        number = await tx.subscriptions.add(order(since=house.clock.now), house.clock.now)
    await house.clean(days=4 * 365)
    async with house.store.read() as tx:
        assert await tx.subscriptions.get(number)
    assert await house.letters() == []
