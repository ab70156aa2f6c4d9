"""Questions are looked up in time, those before them are remembered for a while, and nobody else's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.platforms.discord.menu import matching
from bot.questions.show import show_entry
from club.faq import knowledge
from club.faq.base import LONGEST_QUESTION, load_entries
from club.faq.editions import LabelEditions
from club.faq.knowledge import Knowledge, NotReady
from club.faq.seasons import MOST, Seasons
from club.faq.verdicts import Outcome, Verdict
from club.markup import plain
from club.people import Role
from club.texts import Texts
from tests.kit.faq import CLUB, COST, ENTRIES
from tests.kit.stage import House

NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)


async def find(question: str) -> Verdict:
    if question == "later":
        raise NotReady
    entry = CLUB if "club" in question else COST
    return Verdict(Outcome.ANSWER, entry, 0.9, ())


async def test_a_question_that_goes_on_is_asked_with_the_one_before() -> None:
    clock = [NOW]
    known = Knowledge(find, lambda: clock[0])
    known.remember("le label ?", "a:1", "a:1", "cout", ())
    found = await known.seek("et pour le club ?", "a:1", "a:1")
    assert found is not None
    assert (found.before, found.subject) == ("le label ?", "cout")
    for account, place in (("a:2", "a:1"), ("a:1", "a:9")):
        other = await known.seek("et pour le club ?", account, place)
        assert other is not None
        assert not other.before
    clock[0] += timedelta(minutes=11)
    late = await known.seek("et pour le club ?", "a:1", "a:1")
    assert late is not None
    assert not late.before


async def test_what_was_asked_is_recalled_for_its_person_and_forgotten_in_the_end() -> None:
    known = Knowledge(find, lambda: NOW)
    number = known.remember("le label ?", "a:1", "a:1", "cout", ("club",))
    asked = known.recall(number, "a:1")
    assert asked is not None
    assert (asked.question, asked.near) == ("le label ?", ("club",))
    assert known.recall(number, "a:2") is None
    for _ in range(2000):
        known.remember("autre", "a:3", "a:3", "", ())
    assert known.recall(number, "a:1") is None


async def test_nobody_waits_long_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "WITHIN", 0.0)
    held = asyncio.Event()

    async def slow(question: str) -> Verdict:
        await held.wait()
        return await find(question)

    known = Knowledge(slow)
    found = await known.seek("le label ?", "a:1", "a:1")
    assert found is not None
    assert found.verdict is None
    held.set()
    not_ready = await Knowledge(find).seek("later", "a:1", "a:1")
    assert not_ready is not None
    assert not_ready.verdict is None
    assert await Knowledge().seek("le label ?", "a:1", "a:1") is None


def test_every_answer_and_its_source_fit_in_nine_hundred_characters() -> None:
    texts, editions = Texts(), LabelEditions.load()
    for entry in load_entries():
        for day in (entry.checked, entry.review_by):
            shown = show_entry(entry, texts, day, editions)
            said = "\n".join("".join(span.text for span in line) for line in shown.lines)
            assert len(said) <= 900, entry.id
            assert ("à revérifier" in plain(shown.lines)) is (day == entry.review_by), entry.id


def test_eight_questions_for_each_role_and_month() -> None:
    seasons, known = Seasons.load(), {entry.id for entry in load_entries()}
    named = {name for ids in (*seasons.months.values(), *seasons.roles.values()) for name in ids}
    assert named <= known
    for role in Role:
        for month in range(1, 13):
            useful = seasons.useful(role, NOW.date().replace(month=month), known)
            assert len(set(useful)) == MOST
    assert "calendrier" in seasons.useful(Role.MEMBER, NOW.date(), known)
    assert seasons.useful(Role.MEMBER, NOW.date(), {"cout-label"}) == ("cout-label",)
    assert max(len(entry.question) for entry in ENTRIES) <= LONGEST_QUESTION


async def test_known_questions_are_proposed_while_one_types(tmp_path: Path) -> None:
    house = House(tmp_path / "hub.sqlite3")
    known = Knowledge(find, lambda: NOW)
    known.know(ENTRIES)
    house.settings = replace(house.settings, knowledge=known)
    await house.open()
    try:
        offered = await house.router.suggest(replace(house.request("zoe"), words="/faq"), "question")
    finally:
        await house.close()
    assert [name for name, _ in matching(offered, "frais", several=False)] == ["Le label est-il payant ?"]
    assert "Bonjour" not in [one.label for one in offered]
    faq = next(one for one in house.router.commands if one.name == "faq")
    assert [blank.suggested for blank in faq.fields] == [True]
