"""What leaves for Discord: limits, escaping, buttons, lists and windows; nobody is ever mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord.show import (
    CHECKS,
    EPHEMERAL,
    INPUT,
    ROW,
    SELECT,
    UPLOAD,
    escape,
    forum_post,
    modal,
    post_name,
    show,
    suggestions,
)
from bot.platforms.text import utf16
from club.dialogue import Action, Blank, Choice, Form, Kind, Message
from club.markup import Span, as_text, plain, write
from club.texts import Texts
from club.visible import is_visible
from tests.fakes.discord_spec import Spec

TEXTS = Texts()
SPEC = Spec.load()
# What Discord's own reader gives back: an address as it stands, else a sign without the backslash before it.
ESCAPED = re.compile(r"(?<![0-9A-Za-z_])(https?://[^\s<]+)|\\([^0-9A-Za-z\s])", re.IGNORECASE)
FOREIGN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=80) | st.text(
    st.sampled_from("*_~`|\\[]()<>@#-+.:/! 1é🌿ahttps"), max_size=60
)


def unescape(text: str) -> str:
    return ESCAPED.sub(lambda found: found[1] or found[2], text)


def content(message: Message) -> str:
    return "\n".join(body["content"] for body in show(message, TEXTS))


def components(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in body["components"]:
        assert row["type"] == ROW
        yield from row["components"]


def check(message: Message) -> tuple[dict[str, Any], ...]:
    """The bodies, each accepted by the specification and within the limits that it does not tell."""
    bodies = show(message, TEXTS)
    for body in bodies:
        assert SPEC.faults("MessageCreateRequest", body) == []
        assert body["allowed_mentions"] == {"parse": []}
        assert 0 < utf16(body["content"]) <= 2000
        assert body["content"].strip()
        assert len(body["components"]) <= 5
        ids = [component["custom_id"] for component in components(body)]
        assert len(set(ids)) == len(ids)
        assert all(len(row["components"]) <= 5 for row in body["components"])
    return bodies


# --- text


@given(FOREIGN)
def test_what_is_escaped_reads_as_it_was_written(text: str) -> None:
    assert unescape(escape(text)) == text


@given(FOREIGN)
def test_no_mark_survives_outside_addresses(text: str) -> None:
    bare = ESCAPED.sub("·", escape(text))
    assert not re.search(r"[*_~`|\[\]\\]", bare)
    assert not re.search(r"<[@#:/a-z]|@(?:everyone|here)", bare, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    ["5 < 6 & 7 > 2", "R&D", "ana.b@club.fr", "11/03/2027 – 9 h 30 (Paris)", "a <- b", "https://ex.fr/a_b_c?x=*&y=~1"],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert content(Message(as_text(text))) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a_b_c", r"a\_b\_c"),
        ("@everyone @here", r"\@everyone \@here"),
        ("<@123> <@&4> <#5> <:x:6> <t:7>", r"\<@123> \<@&4> \<#5> \<:x:6> \<t:7>"),
        ("||caché||", r"\|\|caché\|\|"),
        ("# Titre", r"\# Titre"),
        ("-# petit", r"\-# petit"),
        ("> cité", r"\> cité"),
        (">>> cité", r"\>>> cité"),
        ("- un", r"\- un"),
        ("12. douze", r"12\. douze"),
        ("  # retrait", r"\# retrait"),
        ("-5 °C", "-5 °C"),
        ("[x](http://mal.example)", r"\[x\](http://mal.example)"),
        ("`code` ~~barré~~", r"\`code\` \~\~barré\~\~"),
    ],
)
def test_marks_of_discord_are_text(text: str, written: str) -> None:
    assert content(Message(as_text(text))).strip() == written
    assert unescape(written) == text.strip()


@given(st.lists(FOREIGN, max_size=5))
def test_lines_read_as_they_were_written(texts: list[str]) -> None:
    lines = tuple((Span(text),) for text in texts)
    got = unescape(content(Message(lines)))
    wanted = [text.strip() for text in texts if is_visible(text)] or ["(sans titre)"]
    if "xn--" not in got:  # hosts in mixed scripts stand in punycode
        assert [line.strip() for line in got.split("\n") if is_visible(line)] == wanted


def test_bold_and_links() -> None:
    link = "https://ex.fr/a(b)c"
    message = Message(write("*Titre* : [lire](\ue0001\ue001)\n*\ue0000\ue001*", ("a*b", link)))
    assert content(message) == "**Titre** : [lire](https://ex.fr/a%28b%29c)\n**a\\*b**"


def test_a_title_cannot_end_its_link() -> None:
    link = "https://bon.example/a"
    for title in ("[x](https://mal.example)", "a](https://mal.example)", "[[a", "]("):
        line = write("[\ue0000\ue001](\ue0001\ue001)", (title, link))
        shown = content(Message(line))
        targets = re.findall(r"\]\((\S+?)\)", re.sub(r"\\.", "", shown))
        assert set(targets) <= {link}, shown


def test_a_label_that_is_an_address_leads_there() -> None:
    line = (Span("https://banque.example", link="https://mal.example/x"),)
    shown = content(Message((line,)))
    assert "](https://mal.example" not in shown.partition("(")[0]
    assert shown == "https://banque.example ([mal.example](https://mal.example/x))"


def test_an_address_ends_where_it_ends() -> None:
    line = (Span("voir https://ex.fr"), Span("gras", bold=True))
    assert content(Message((line,))) == "voir https://ex.fr **gras**"


def test_nothing_to_see_is_said() -> None:
    assert content(Message(())) == "(sans titre)"
    assert content(Message(as_text("\u200b \u3164"))) == "(sans titre)"


def test_refused_as_drawn_goes_out_plain() -> None:
    message = Message(write("*Titre* [lire](https://ex.fr)"), (Action("Voir", "x", token="t"),), bare=True)
    [body] = check(message)
    assert body["content"] == "Titre lire (https://ex.fr)"
    assert body["components"] == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=3000), max_size=6))
def test_long_texts_go_in_parts(texts: list[str]) -> None:
    check(Message(tuple((Span(text, bold=len(text) % 2 == 1),) for text in texts)))


def test_parts_are_cut_between_lines() -> None:
    lines = [f"{n:04} " + "*" * 90 for n in range(60)]
    bodies = check(Message(as_text("\n".join(lines)), (Action("Fin", "x", token="t"),)))
    assert len(bodies) > 1
    assert unescape("\n".join(body["content"] for body in bodies)) == "\n".join(lines)
    assert [len(list(components(body))) for body in bodies] == [0] * (len(bodies) - 1) + [1]


def test_only_its_person_sees_it() -> None:
    assert all(body["flags"] & EPHEMERAL for body in show(Message(as_text("x")), TEXTS, ephemeral=True))
    assert not any(body["flags"] & EPHEMERAL for body in show(Message(as_text("x")), TEXTS))


# --- buttons and lists

LABELS = st.text(max_size=120)
ACTIONS = st.builds(
    Action,
    LABELS,
    st.sampled_from(["a", "b", "c"]),
    st.dictionaries(st.just("k"), LABELS, max_size=1),
    st.text(st.characters(max_codepoint=127), min_size=1, max_size=64),
    st.booleans(),
)


@given(st.lists(ACTIONS, max_size=140), st.booleans())
def test_every_action_can_be_reached(actions: list[Action], with_form: bool) -> None:
    form = Form("Titre", (), "Envoyer", Action("", "f", token="f")) if with_form else None
    again = Action("", "again", token="again") if with_form else None
    bodies = check(Message(as_text("x"), tuple(actions), form=form, again=again))
    tokens = set()
    for component in (component for body in bodies for component in components(body)):
        if component["type"] == SELECT:
            tokens |= {option["value"] for option in component["options"]}
            assert len({option["value"] for option in component["options"]}) == len(component["options"])
        else:
            tokens.add(component["custom_id"].partition(":")[2])
    assert tokens == {action.token for action in actions} | ({"again"} if with_form else set())


def test_few_choices_are_buttons_and_many_a_list() -> None:
    few = tuple(Action(f"C{n}", "choose", {"k": str(n)}, f"t{n}") for n in range(5))
    [body] = check(Message(as_text("?"), few))
    assert [one["label"] for one in components(body)] == ["C0", "C1", "C2", "C3", "C4"]
    many = tuple(Action(f"C{n}", "choose", {"k": str(n)}, f"t{n}") for n in range(30))
    [body] = check(Message(as_text("?"), (*many, Action("Annuler", "cancel", token="c"))))
    first, second, cancel = components(body)
    assert [len(first["options"]), len(second["options"]), cancel["label"]] == [25, 5, "Annuler"]
    assert second["placeholder"] == "De « C25 » à « C29 »"
    assert first["min_values"] == first["max_values"] == 1


def test_boxes_are_a_list_in_which_several_are_ticked() -> None:
    boxes = tuple(Action(name, "tick", {"k": name}, name, chosen=name == "Corse") for name in ("Corse", "Bretagne"))
    [body] = check(Message(as_text("?"), (*boxes, Action("Terminé", "done", token="d"))))
    box, done = components(body)
    assert [(one["label"], one["default"]) for one in box["options"]] == [("Corse", True), ("Bretagne", False)]
    assert (box["min_values"], box["max_values"], done["label"]) == (0, 2, "Terminé")


# --- windows

BLANKS = st.builds(
    Blank,
    st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=20),
    st.sampled_from(Kind),
    st.text(max_size=90),
    st.text(max_size=200),
    st.lists(st.builds(Choice, st.text(min_size=1, max_size=90), st.text(max_size=150)), max_size=40).map(tuple),
    st.booleans(),
    st.text(max_size=50),
    st.text(max_size=200),
)


@given(st.lists(BLANKS, min_size=1, max_size=12, unique_by=lambda blank: blank.name), st.text(max_size=90))
def test_windows_are_within_limits(blanks: list[Blank], title: str) -> None:
    at = len(blanks) // 2
    body = modal(Form(title, tuple(blanks), "Envoyer", Action("", "fill", token="t"), at), TEXTS)
    assert SPEC.faults("ModalInteractionCallbackRequestData", body) == []
    assert len(body["components"]) <= 5
    held = [part["component"]["custom_id"] for part in body["components"]]
    assert blanks[at].name in held
    assert body["custom_id"] == ("m:t" if len(blanks) <= 5 else "n:t")


def test_each_kind_has_its_control() -> None:
    choices = tuple(Choice(str(n), f"Choix {n}") for n in range(10))
    blanks = (
        Blank("title", Kind.LINE, "Titre", "Quel titre ?", value="Îlot"),
        Blank("story", Kind.PARAGRAPH, "Récit", fault="C’est trop court."),
        Blank("topics", Kind.CHOICES, "Thèmes", choices=choices, value="1,3", required=False),
        Blank("region", Kind.CHOICE, "Région", choices=choices * 2, value="2"),
        Blank("photo", Kind.FILE, "Photo", required=False),
    )
    body = modal(Form("Récit", blanks, "Envoyer", Action("", "fill", token="t")), TEXTS)
    title, story, topics, region, photo = (part["component"] for part in body["components"])
    assert (title["type"], title["style"], title["value"]) == (INPUT, 1, "Îlot")
    assert (story["type"], story["style"], "value" in story) == (INPUT, 2, False)
    assert [part.get("description") for part in body["components"][:2]] == ["Quel titre ?", "C’est trop court."]
    assert (topics["type"], topics["min_values"], topics["max_values"]) == (CHECKS, 0, 10)
    assert [one["value"] for one in topics["options"] if one["default"]] == ["1", "3"]
    assert (region["type"], region["max_values"], region["required"]) == (SELECT, 1, True)
    assert photo["type"] == UPLOAD


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_control_that_discord_takes(kind: Kind) -> None:
    choices = (Choice("yes", "oui"), Choice("no", "non")) if kind in (Kind.YES_NO, Kind.CHOICE, Kind.CHOICES) else ()
    blank = Blank("a", kind, "Champ", choices=choices, bounds=(3, 40))
    body = modal(Form("Récit", (blank,), "Envoyer", Action("", "fill", token="t")), TEXTS)
    expected = {Kind.YES_NO: SELECT, Kind.CHOICE: SELECT, Kind.CHOICES: CHECKS, Kind.FILE: UPLOAD}
    assert body["components"][0]["component"]["type"] == expected.get(kind, INPUT)
    assert SPEC.faults("ModalInteractionCallbackRequestData", body) == []


@pytest.mark.parametrize(
    ("value", "required", "bounds", "limits"),
    [
        ("", True, (3, 40), (3, 40)),
        ("", False, (3, 40), (None, 40)),
        ("", True, (1, 5000), (None, 4000)),
        ("", True, (0, 0), (None, 4000)),
        ("Îlot", True, (3, 40), (3, 40)),
        ("x", True, (3, 40), (None, 4000)),  # what was refused is shown to be corrected
        ("x" * 41, True, (3, 40), (None, 4000)),
    ],
)
def test_a_window_holds_text_to_its_bounds(
    value: str, required: bool, bounds: tuple[int, int], limits: tuple[int | None, int]
) -> None:
    blank = Blank("a", Kind.LINE, "Champ", required=required, value=value, bounds=bounds)
    body = modal(Form("Récit", (blank,), "Envoyer", Action("", "fill", token="t")), TEXTS)
    part = body["components"][0]["component"]
    assert (part.get("min_length"), part["max_length"], part.get("value", "")) == (*limits, value)


def test_help_too_long_for_a_window_keeps_whole_sentences() -> None:
    for told, shown in (
        (
            "Quelle région ? " + "Les nouvelles nationales en font partie. " * 3,
            "Quelle région ? Les nouvelles nationales en font partie. Les nouvelles nationales en font partie.",
        ),
        ("mot " * 40, "mot " * 24 + "mot…"),
    ):
        blank = Blank("region", Kind.CHOICE, "Région", told)
        body = modal(Form("Où", (blank,), "Envoyer", Action("", "fill", token="t")), TEXTS)
        assert body["components"][0]["description"] == shown


def test_a_list_too_long_for_a_window_is_typed() -> None:
    choices = tuple(Choice(str(n), f"Commune {n}") for n in range(26))
    blank = Blank("town", Kind.CHOICE, "Commune", choices=choices)
    body = modal(Form("Où", (blank,), "Envoyer", Action("", "fill", token="t")), TEXTS)
    assert body["components"][0]["component"]["type"] == INPUT


# --- posts in forums, suggestions


def test_a_post_bears_the_tags_it_names() -> None:
    tags = [("1", "Occitanie"), ("2", "Eau"), ("3", "Été")]
    message = Message(as_text("La lettre d’Occitanie\nl’été sera chaud"))
    [body] = show(message, TEXTS)
    post = forum_post(message, body, tags, must=False, texts=TEXTS)
    assert (post["name"], post["applied_tags"]) == ("La lettre d’Occitanie", ["1", "3"])
    assert post["message"]["allowed_mentions"] == {"parse": []}
    assert SPEC.faults("CreateForumThreadRequest", post) == []
    bare = forum_post(Message(as_text("rien")), body, tags, must=True, texts=TEXTS)
    assert bare["applied_tags"] == ["1"]


def test_the_name_of_a_post_is_its_first_words() -> None:
    assert post_name(Message(as_text("\n  \nUn titre")), TEXTS) == "Un titre"
    assert post_name(Message(()), TEXTS) == "(sans titre)"
    assert utf16(post_name(Message(as_text("🌿" * 200)), TEXTS)) <= 100


@given(st.lists(st.tuples(st.text(max_size=150), st.text(max_size=150)), max_size=60))
def test_suggestions_are_within_limits(choices: list[tuple[str, str]]) -> None:
    body = suggestions(choices)
    assert SPEC.faults("ApplicationCommandAutocompleteCallbackRequest", {"type": 8, "data": body}) == []
    assert len(body["choices"]) <= 25


def test_plain_text_is_complete() -> None:
    message = Message(write("[lire](https://ex.fr)"))
    assert plain(message.lines) == "lire (https://ex.fr)"
