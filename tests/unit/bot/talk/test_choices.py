"""What people type for a choice: its name, its beginning, its position; never a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.letters.subscriptions import regions, topics
from bot.talk.choices import match
from club.dialogue import Choice
from club.refusal import Refused

CAKES = (
    Choice("tart", "Tarte aux pommes"),
    Choice("s1", "Tarte au citron", ("citron",)),
    Choice("s12", "Île flottante", ("île", "dessert du chef")),
    Choice("fig", "Figues", ("fruits",)),
)
NUMBERED = (Choice("75", "Île-de-France"), Choice("76", "Occitanie"), Choice("r", "Réunion"))
THEMES = tuple(Choice(theme.code, theme.name, theme.aliases) for theme in topics().themes)
REGIONS = tuple(Choice(region.code, region.name, region.aliases) for region in regions().regions)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("tart", "tart"),
        ("TART", "tart"),
        (" Tarte aux POMMES ", "tart"),
        ("tarte aux", "tart"),
        ("pommes", "tart"),
        ("citron", "s1"),
        ("ile flottante", "s12"),
        ("Ile", "s12"),
        ("chef", "s12"),
        ("fruits", "fig"),
        ("fig", "fig"),
    ],
)
@pytest.mark.parametrize("typed", [True, False])
def test_names(raw: str, code: str, typed: bool) -> None:
    assert match(raw, CAKES, typed=typed) == code


def test_positions_are_for_what_is_typed() -> None:
    assert [match(str(place), CAKES, typed=True) for place in range(1, 5)] == ["tart", "s1", "s12", "fig"]
    assert match("٢", CAKES, typed=True) == "s1"
    with pytest.raises(Refused):
        match("1", CAKES)


@pytest.mark.parametrize(
    "raw", ["0", "5", "0001", "-1", "1.5", "²", "", "   ", "*", "zzz", "arte", "\x00", "a" * 10_000]
)
def test_what_is_not_in_the_list(raw: str) -> None:
    with pytest.raises(Refused) as refused:
        match(raw, CAKES, typed=True)
    assert refused.value.key == "field-unknown-choice"
    assert len(str(refused.value.values["found"])) <= 60


def test_what_may_be_several_is_asked_again_with_their_names() -> None:
    with pytest.raises(Refused) as refused:
        match("tarte", CAKES)
    assert refused.value.key == "field-several-choices"
    assert refused.value.values["names"] == "Tarte aux pommes, Tarte au citron"


def test_a_code_that_has_left_the_list_is_no_beginning_of_another() -> None:
    with pytest.raises(Refused):
        match("s1", [choice for choice in CAKES if choice.value != "s1"])


def test_a_typed_number_is_refused_where_codes_are_numbers() -> None:
    for raw in ("76", "1"):
        with pytest.raises(Refused) as refused:
            match(raw, NUMBERED, typed=True)
        assert refused.value.key == "field-ambiguous-number"
    assert match("76", NUMBERED) == "76"


@pytest.mark.parametrize("choices", [THEMES, REGIONS], ids=["themes", "regions"])
def test_every_code_name_and_alias_means_its_choice(choices: tuple[Choice, ...]) -> None:
    for choice in choices:
        assert match(choice.value, choices) == choice.value
        for name in (choice.label, choice.label.upper(), *choice.aliases):
            assert match(name, choices, typed=True) == choice.value, name


@given(st.text(), st.booleans())
def test_any_text_is_a_code_of_the_list_or_refused(raw: str, typed: bool) -> None:
    for choices in (CAKES, NUMBERED, REGIONS, ()):
        try:
            found = match(raw, choices, typed=typed)
        except Refused:
            continue
        assert found in {choice.value for choice in choices}
