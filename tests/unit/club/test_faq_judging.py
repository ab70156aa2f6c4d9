from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from club.faq.verdicts import MOST_NEAR, THRESHOLDS, Outcome, Ranking, Sureness, judge
from tests.kit.faq import CLUB, COST, ENTRIES, HELLO, TRAINING

BASE = {entry.id: entry for entry in ENTRIES}
AT = Sureness((1.0,), 0.0, direct=0.5, near=0.1)


def test_a_likely_entry_answers_and_the_others_are_near() -> None:
    verdict = judge(Ranking(("cout", "club", "bonjour"), 0.5), BASE, AT)
    assert (verdict.outcome, verdict.entry, verdict.chance, verdict.near) == (Outcome.ANSWER, COST, 0.5, (CLUB,))


def test_below_the_threshold_nothing_is_asserted() -> None:
    verdict = judge(Ranking(("cout", "club", "formation"), 0.49), BASE, AT)
    assert (verdict.outcome, verdict.entry, verdict.near) == (Outcome.NEAR, None, (COST, CLUB, TRAINING))


def test_what_is_near_nothing_is_not_known() -> None:
    verdict = judge(Ranking(("cout", "club"), 0.09), BASE, AT)
    assert (verdict.outcome, verdict.near) == (Outcome.UNKNOWN, ())


def test_small_talk_is_no_answer_on_the_subject_and_no_neighbour() -> None:
    talk = judge(Ranking(("bonjour", "club"), 0.9), BASE, AT)
    assert (talk.outcome, talk.entry, talk.near) == (Outcome.TALK, HELLO, (CLUB,))
    assert judge(Ranking(("bonjour", "club"), 0.4), BASE, AT).near == (CLUB,)
    assert judge(Ranking(("bonjour",), 0.4), BASE, AT).outcome is Outcome.UNKNOWN


def test_word_for_word_is_an_answer_whatever_its_chance() -> None:
    assert judge(Ranking(("club",), 0.2, exact=True), BASE, AT).entry is CLUB


def test_an_entry_that_went_away_does_not_count() -> None:
    gone = judge(Ranking(("ancienne", "club"), 0.9), BASE, AT)
    assert (gone.entry, gone.near) == (None, (CLUB,))
    assert judge(Ranking(("ancienne",), 0.9), BASE, AT).outcome is Outcome.UNKNOWN


@given(st.lists(st.sampled_from([*BASE, "ancienne"]), max_size=6, unique=True), st.floats(0, 1), st.booleans())
def test_an_answer_is_never_among_its_neighbours(likely: list[str], chance: float, exact: bool) -> None:
    verdict = judge(Ranking(tuple(likely), chance, exact), BASE, AT)
    assert verdict.entry not in verdict.near
    assert len(verdict.near) <= MOST_NEAR
    assert (verdict.entry is not None) == (verdict.outcome in (Outcome.ANSWER, Outcome.TALK))
    assert verdict.entry is None or exact or chance >= AT.direct


def test_a_chance_follows_its_signs_and_stays_one() -> None:
    sure = Sureness((2.0, 1.0), -1.0, 0.5, 0.1)
    assert sure.of((0.5, 0.0)) == 0.5
    assert sure.of((1e9, 0.0)) == 1.0
    assert sure.of((-1e9, 0.0)) == 0.0


def test_thresholds_exist_for_every_kind_of_meaning() -> None:
    for kind in ("use", "e5", "http", "none"):
        found = Sureness.load(kind)
        assert 0 < found.near < found.direct < 1


def test_a_measure_takes_the_place_of_the_former_one_only(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.toml"
    new = Sureness((1.5, -2.0), 0.25, 0.75, 0.125)
    new.save("use", path)
    assert Sureness.load("use", path) == new
    for kind in ("e5", "http", "none"):
        assert Sureness.load(kind, path) == Sureness.load(kind)
    newer = Sureness((1.0,), 0.0, 0.5, 0.1)
    newer.save("none", path)
    assert (Sureness.load("none", path), Sureness.load("use", path)) == (newer, new)
    assert path.read_text("utf-8").startswith(THRESHOLDS.read_text("utf-8").split("\n")[0])
