"""The Référentiel as data: complete, consistent, and found under the names people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.fold import fold
from club.refusal import Refused
from club.texts import Texts
from club.topics import Framework, Theme, Topics

TOPICS = Topics.load()


@pytest.mark.parametrize("framework", TOPICS.frameworks, ids=lambda framework: framework.code)
def test_four_dimensions_of_five_commitments(framework: Framework) -> None:
    assert [len(dimension.commitments) for dimension in framework.dimensions] == [5, 5, 5, 5]
    assert [commitment.number for commitment in framework.commitments] == list(range(1, 21))
    assert all(fold(c.label) and c.fact.startswith("F") for c in framework.commitments)


def test_what_was_not_read_again_is_marked() -> None:
    assert [c.number for c in TOPICS.current.commitments if not c.unverified] == [1, 2, 3]


def test_the_renumbered_commitments_differ() -> None:
    old, new = TOPICS.frameworks
    assert new == TOPICS.current
    assert all(old.commitments[n].label != new.commitments[n].label for n in (1, 2, 3))
    assert TOPICS.theme("participation").commitments == {"2017": (2, 4), "2024": (3,)}
    assert TOPICS.theme("cout-global").commitments == {"2017": (3,), "2024": (4,)}


def test_themes_cover_the_commitments_and_fit_a_list_of_25() -> None:
    assert len(TOPICS.themes) <= 25
    assert {n for theme in TOPICS.themes for n in TOPICS.commitments_of(theme)} == set(range(1, 21))
    for theme in TOPICS.themes:
        assert theme.code.isascii()
        assert theme.commitments.keys() == {framework.code for framework in TOPICS.frameworks}
        assert all(theme.commitments.values())
        assert theme.clues


def test_no_name_means_two_themes() -> None:
    seen: dict[str, Theme] = {}
    for theme in TOPICS.themes:
        for name in (theme.code, theme.name, *theme.aliases):
            assert seen.setdefault(fold(name), theme) is theme, name


def test_no_clue_says_two_things_of_one_theme() -> None:
    for theme in TOPICS.themes:
        clues = [clue.words for clue in theme.clues]
        assert len(clues) == len(set(clues)), (theme.code, [c for c in clues if clues.count(c) > 1])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((name, theme.code) for theme in TOPICS.themes for name in (theme.code, theme.name, *theme.aliases)),
        ("VÉLO", "mobilites"),
        ("cout global", "cout-global"),
        ("eaux-pluviales", "eau"),
    ],
)
def test_find_theme(text: str, code: str) -> None:
    assert TOPICS.find_theme(text) == TOPICS.theme(code)


@pytest.mark.parametrize(
    ("text", "key"), [("biodivercité", "theme-unknown-near"), ("plomberie", "theme-unknown"), ("", "theme-unknown")]
)
def test_an_unknown_theme_is_said(text: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        TOPICS.find_theme(text)
    assert refused.value.key == key
    assert text in Texts().plain(key, **refused.value.values)


def test_numbers_and_themes_mixed() -> None:
    assert TOPICS.read_topics([]) == ()
    assert TOPICS.read_topics(["Eau", 3, "14", "reemploi", 14]) == (3, 13, 14, 18, 19)
    for wrong in (0, 21, "21", "019", "²"):
        with pytest.raises(Refused) as refused:
            TOPICS.read_topics(["eau", wrong])
        assert str(wrong) in Texts().plain(refused.value.key, **refused.value.values)
    with pytest.raises(Refused):
        TOPICS.read_topics(["plomberie"])


def test_commitment() -> None:
    assert TOPICS.commitment(19).dimension == "Environnement et climat"
    for missing in (0, 21):
        with pytest.raises(KeyError):
            TOPICS.commitment(missing)
    with pytest.raises(KeyError):
        TOPICS.theme("plomberie")


@given(st.text())
def test_whatever_is_typed(text: str) -> None:
    try:
        assert TOPICS.find_theme(text) in TOPICS.themes
    except Refused as refused:
        assert refused.key in Texts()
