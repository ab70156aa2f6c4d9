"""What the same words may ask for: the forks that ship fit the entries, and nobody is answered about the other way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.faq.base import load_entries
from club.faq.forks import Fork, Forks
from club.faq.verdicts import MOST_NEAR, Outcome, Ranking, Sureness, Verdict, Way, judge
from tests.kit.faq import CLUB, COST, ENTRIES, PARTNERS, PROJECT, entry

FORKS = Forks.load()
KNOWN = {one.id: one for one in load_entries()}
BASE = {one.id: one for one in ENTRIES}
WAYS = (Way("La charte des partenaires", PARTNERS), Way("La charte d’un projet", PROJECT))
ASKED = "à quoi s’engage-t-on en signant la charte ?"


def answer(*likely: str, chance: float = 0.9) -> Verdict:
    return judge(Ranking(likely, chance), BASE, Sureness((1.0,), 0.0, direct=0.5, near=0.1))


@pytest.mark.parametrize("fork", FORKS.forks, ids=lambda fork: fork.asks)
def test_each_fork_leads_to_entries_that_name_their_way(fork: Fork) -> None:
    assert len(fork.ways) <= MOST_NEAR  # that many buttons, and as many neighbours in JSON
    assert len(fork.said) == len(fork.ways) == len(set(fork.ways))
    assert fork.usual in ("", *fork.ways)
    for row in fork.rows:
        assert len(row) == len(fork.ways)
        for way, name in zip(fork.ways, row, strict=True):
            named = fork.named(KNOWN[name].question)
            assert named == (way,) or (way == fork.usual and not named), name


def test_an_entry_stands_at_one_fork() -> None:
    for name in KNOWN:
        assert len([fork for fork in FORKS.forks if fork.ways_of(name, KNOWN)]) <= 1


def test_who_names_no_way_is_asked_which() -> None:
    for sure in (0.9, 0.2):
        verdict = FORKS.weigh(ASKED, answer(PROJECT.id, PARTNERS.id, "club", chance=sure), BASE)
        assert (verdict.outcome, verdict.entry, verdict.chance) == (Outcome.WHICH, None, sure)
        assert verdict.ways == WAYS
        assert verdict.near == (PARTNERS, PROJECT)
        assert verdict.asks == "Il y a deux chartes. De laquelle parlez-vous ?"


@pytest.mark.parametrize("question", ["À quoi s’engage un PARTENAIRE ?", "notre commune signe, et ensuite ?"])
def test_who_names_one_is_answered(question: str) -> None:
    sure = answer(PROJECT.id, PARTNERS.id)
    assert FORKS.weigh(question, sure, BASE) is sure


def test_a_way_that_is_not_likely_asks_nothing_back() -> None:
    apart = PROJECT.id, "club", PARTNERS.id
    assert FORKS.weigh(ASKED, answer(*apart), BASE).outcome is Outcome.WHICH
    for one in (
        answer(*apart, chance=0.4),
        answer(PROJECT.id, "club"),
        answer("club", PROJECT.id, PARTNERS.id),
        answer(PROJECT.id, chance=0),
    ):
        assert FORKS.weigh(ASKED, one, BASE) is one


def test_a_way_whose_entry_went_away_asks_nothing_back() -> None:
    sure = answer(PROJECT.id, "club")
    assert FORKS.weigh(ASKED, sure, {PROJECT.id: PROJECT, "club": CLUB}) is sure


def test_the_usual_way_is_answered_and_the_other_is_a_button() -> None:
    now, before = entry("qui-decide", "Qui décide ?", "a", "b"), entry("decision-ancienne", "Qui décidait ?", "c", "d")
    base = {**BASE, now.id: now, before.id: before}
    sure = Verdict(Outcome.ANSWER, now, 0.9, (COST, before, CLUB))
    verdict = FORKS.weigh("qui décide du label ?", sure, base)
    assert (verdict.outcome, verdict.entry, verdict.asks) == (Outcome.ANSWER, now, "")
    assert verdict.ways == (Way("Avant 2023", before),)
    assert verdict.near == (before, COST, CLUB)
    other = FORKS.weigh("qui décide du label ?", Verdict(Outcome.ANSWER, before, 0.9, (now,)), base)
    assert (other.outcome, other.near) == (Outcome.WHICH, (now, before))


@given(st.text(max_size=80), st.lists(st.sampled_from([*BASE]), max_size=4, unique=True), st.floats(0, 1))
def test_whatever_is_asked(question: str, likely: list[str], chance: float) -> None:
    before = answer(*likely, chance=chance)
    verdict = FORKS.weigh(question, before, BASE)
    assert verdict is before or verdict.outcome is Outcome.WHICH
    assert bool(verdict.asks) == (verdict.outcome is Outcome.WHICH)
    assert len(verdict.near) <= MOST_NEAR
