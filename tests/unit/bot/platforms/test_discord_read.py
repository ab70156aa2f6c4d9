"""What comes from Discord, read whatever it holds; the commands it shows; rights as Discord reckons them."""

from __future__ import annotations

import json
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.base import Malformed, TryLater, Unreachable
from bot.platforms.discord.calls import meaning, refusal
from bot.platforms.discord.menu import Menu, matching, same
from bot.platforms.discord.read import Pressed, filled, options, pressed, spoken
from bot.platforms.discord.rights import ASKED, NEEDED, invitation, missing_rights, rights
from club.dialogue import Blank, Choice, Command, Kind
from club.fold import fold
from tests.fakes.discord_spec import Spec

SPEC = Spec.load()
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


# --- presses


@pytest.mark.parametrize(
    ("custom_id", "values", "ticked", "what"),
    [
        ("b3:token", [], [], Pressed(("token",))),
        ("b0:a:b", [], [], Pressed(("a:b",))),
        ("s0:25", ["t"], [], Pressed(("t",))),
        ("s0:0", [], [], Pressed()),
        ("x0:0", ["b", "c"], ["a", "b"], Pressed(("c", "a"))),
        ("x0:0", ["a"], ["a"], Pressed()),
        ("f:again", [], [], Pressed(("again",), fill=True)),
        ("w:12:34", [], [], Pressed(person="12", message="34")),
        ("w:12:", [], [], Pressed(("w:12:",))),
        ("anything", [], [], Pressed(("anything",))),
        ("", [], [], Pressed(("",))),
    ],
)
def test_what_was_pressed(custom_id: str, values: list[str], ticked: list[str], what: Pressed) -> None:
    assert pressed(custom_id, values, ticked) == what


@given(st.text(max_size=100), st.lists(st.text(max_size=10), max_size=4), st.lists(st.text(max_size=10), max_size=4))
def test_any_press_is_read(custom_id: str, values: list[str], ticked: list[str]) -> None:
    what = pressed(custom_id, values, ticked)
    assert all(token in custom_id or token in values or token in ticked for token in what.tokens)


def test_a_window_that_was_sent() -> None:
    row = {"type": 18, "component": {"type": 4, "custom_id": "title", "value": "Îlot"}}
    several = {"type": 18, "component": {"type": 22, "custom_id": "topics", "values": ["1", "2"]}}
    none = {"type": 18, "component": {"type": 3, "custom_id": "region", "values": []}}
    file = {"type": 18, "component": {"type": 19, "custom_id": "photo", "values": ["7"]}}
    data = {
        "custom_id": "m:token",
        "components": [row, several, none, file, {"type": 10, "id": 5}],
        "resolved": {"attachments": {"7": {"url": "https://cdn.exemple.fr/a.png"}}},
    }
    form = filled(data)
    assert (form.token, form.partial) == ("token", False)
    assert form.values == {
        "title": "Îlot",
        "topics": "1,2",
        "region": "",
        "photo": "discord:https://cdn.exemple.fr/a.png",
    }
    assert filled({**data, "custom_id": "n:token"}).partial


def test_options_with_a_file() -> None:
    given_ = {"nom": {"type": 3, "value": "Îlot"}, "photo": {"type": 11, "value": "7"}, "vide": {"type": 3}}
    resolved = {"attachments": {"7": {"url": "https://cdn.exemple.fr/a.png"}}}
    assert options(given_, resolved) == {"nom": "Îlot", "photo": "discord:https://cdn.exemple.fr/a.png"}


@pytest.mark.parametrize(
    ("content", "words"),
    [("<@900> bonjour", "bonjour"), ("bonjour <@!900>", "bonjour"), ("<@901> et <@900>", "<@901> et"), ("<@900>", "")],
)
def test_the_mention_of_the_bot_is_no_word(content: str, words: str) -> None:
    assert spoken(content, 900) == (words, True)
    assert spoken("merci <@901>", 900) == ("merci <@901>", False)  # as in an answer to what the bot said


# --- the menu

COMMANDS = (
    Command("aide", "Ce que vous pouvez faire ici", (Blank("subject", Kind.LINE, "Sujet"),)),
    Command("source", "Les sources"),
    Command("source ajouter", "En proposer une", (Blank("doc", Kind.FILE, "Pièce à joindre"),)),
    Command("trop long", "x" * 200, (Blank("theme", Kind.CHOICE, "Thème", fixed=True),)),
)


def test_commands_as_discord_takes_them() -> None:
    menu = Menu(COMMANDS)
    many = {("trop long", "theme"): [Choice(str(n), f"Thème {n}") for n in range(26)]}
    bodies = menu.bodies(many)
    for body in bodies:
        assert SPEC.faults("ApplicationCommandUpdateRequest", body) == []
    source = next(body for body in bodies if body["name"] == "source")
    assert [one["name"] for one in source["options"]] == ["source", "ajouter"]
    assert [one["name"] for one in source["options"][1]["options"]] == ["piece-a-joindre"]
    [theme] = bodies[-1]["options"][0]["options"]
    assert (theme["autocomplete"], "choices" in theme) == (True, False)
    called = {"name": "source", "options": [{"type": 1, "name": "ajouter", "options": []}]}
    entry, given_ = menu.find(called)
    assert entry
    assert (entry.command.name, given_) == ("source ajouter", {})
    assert menu.find({"name": "inconnue"})[0] is None


def test_what_is_registered_is_recognised() -> None:
    ours = Menu(COMMANDS).bodies({})
    theirs = [
        {**body, "id": "1", "version": "2", "default_member_permissions": None, "nsfw": False, "dm_permission": True}
        for body in reversed(ours)
    ]
    assert same(ours, theirs)
    assert not same(ours, theirs[1:])
    assert not same(ours, [{**theirs[0], "description": "autre"}, *theirs[1:]])
    fewer = {key: value for key, value in theirs[-1].items() if key != "options"}
    assert not same(ours, [*theirs[:-1], fewer])


@given(st.lists(st.text(max_size=20), max_size=8), st.text(max_size=12), st.booleans())
def test_suggestions_hold_what_was_typed(labels: list[str], typed: str, several: bool) -> None:
    choices = [Choice(str(n), label) for n, label in enumerate(labels)]
    wanted = fold(typed.rpartition(",")[2] if several else typed)
    found = matching(choices, typed, several=several)
    assert {value.rpartition(",")[2] for _, value in found} == {
        choice.value for choice in choices if wanted in fold(choice.label)
    }


OPTIONS: dict[Kind, dict[str, Any]] = {
    Kind.LINE: {"type": 3, "min_length": 3, "max_length": 40},
    Kind.PARAGRAPH: {"type": 3, "min_length": 3, "max_length": 40},
    Kind.CHOICE: {"type": 3, "choices": [{"name": "Eau", "value": "water"}]},
    Kind.CHOICES: {"type": 3, "autocomplete": True},
    Kind.NUMBER: {"type": 4, "min_value": -999_999_999, "max_value": 999_999_999},
    Kind.YES_NO: {"type": 5},
    Kind.MOMENT: {"type": 3},
    Kind.FILE: {"type": 11},
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_field_has_its_option(kind: Kind) -> None:
    bounds = (3, 40) if kind in (Kind.LINE, Kind.PARAGRAPH) else (0, 0)
    menu = Menu([Command("x", "X", (Blank("a", kind, "Champ", fixed=True, bounds=bounds),))])
    [body] = menu.bodies({("x", "a"): (Choice("water", "Eau"),)})
    assert body["options"] == [{"name": "champ", "description": "Champ", **OPTIONS[kind]}]
    assert SPEC.faults("ApplicationCommandCreateRequest", body) == []
    assert not same([body], menu.bodies({}) if kind is Kind.CHOICE else [{**body, "options": []}])


@pytest.mark.parametrize(
    "choices", [(), tuple(Choice(str(n), str(n)) for n in range(26)), (Choice("x" * 101, "Long"),)]
)
def test_choices_that_do_not_fit_are_completed(choices: tuple[Choice, ...]) -> None:
    [body] = Menu([Command("x", "X", (Blank("a", Kind.CHOICE, "Champ"),))]).bodies({("x", "a"): choices})
    assert body["options"] == [{"type": 3, "name": "champ", "description": "Champ", "autocomplete": True}]


def test_values_come_as_words() -> None:
    given = {"n": {"type": 4, "value": -3}, "b": {"type": 5, "value": True}, "c": {"type": 5, "value": False}}
    assert options(given, {}) == {"n": "-3", "b": "yes", "c": "no"}
    file = {"f": {"type": 11, "value": "7"}, "g": {"type": 11, "value": "8"}, "h": {"type": 3}}
    resolved = {"attachments": {"7": {"url": "https://cdn.exemple.fr/a.png"}}}
    assert options(file, resolved) == {"f": "discord:https://cdn.exemple.fr/a.png", "g": ""}


# --- refusals


@given(st.sampled_from([400, 401, 403, 404, 429, 500, 502, 503]), JSON | st.text(max_size=20))
def test_every_refusal_means_something(status: int, said: object) -> None:
    text = said if isinstance(said, str) else json.dumps(said)
    assert isinstance(meaning(refusal(status, text, {})), TryLater | Unreachable | Malformed)


def test_a_gate_before_discord_closes_nothing() -> None:
    wait = meaning(refusal(403, "<html>blocked</html>", {"Retry-After": "30"}))
    assert isinstance(wait, TryLater)
    assert (wait.after, wait.told) == (30, True)


# --- rights


def test_rights_follow_overwrites() -> None:
    guild = {
        "id": "5",
        "owner_id": "1",
        "roles": [{"id": "5", "permissions": str(1 << 10)}, {"id": "6", "permissions": str(1 << 11)}],
    }
    member = {"user": {"id": "9"}, "roles": ["6"]}
    assert rights(guild, member, {}).value == (1 << 10) | (1 << 11)
    over = [{"id": "5", "allow": "0", "deny": str(1 << 10)}, {"id": "6", "allow": str(1 << 10), "deny": "0"}]
    assert rights(guild, member, {"permission_overwrites": over}).view_channel
    own = [*over, {"id": "9", "allow": "0", "deny": str(1 << 10)}]
    assert not rights(guild, member, {"permission_overwrites": own}).view_channel
    assert rights({**guild, "owner_id": "9"}, member, {"permission_overwrites": own}) == discord.Permissions.all()
    chief = {**guild, "roles": [*guild["roles"], {"id": "7", "permissions": str(1 << 3)}]}
    assert rights(chief, {**member, "roles": ["7"]}, {"permission_overwrites": own}).manage_guild


def test_what_is_asked_for_is_what_is_needed() -> None:
    for kind in (0, 5, 11, 15):
        assert missing_rights(NEEDED, kind) == []
        assert missing_rights(discord.Permissions.none(), kind)
    assert invitation("900").endswith(f"client_id=900&scope=bot+applications.commands&permissions={ASKED.value}")
