"""Whatever is said, Telegram accepts it and shows it as it was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.telegram.show import ALERT, TelegramText, alert, keyboards, show, turned
from bot.platforms.text import utf16
from club.dialogue import Action, Message
from club.markup import Line, Span, as_text, plain_line, write
from club.visible import is_visible, letters

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.sampled_from(
    [
        "5 < 6 & 7 > 2",
        "a_b_c *d* `e`",
        "<b>",
        "</a>",
        "&lt;",
        "👩‍👩‍👧" * 30,
        "R&D",
        "@everyone",
        "\u202eabc",
        '" onclick="',
        "é" * 5000,
    ]
)
LINKS = st.sampled_from([None, "https://exemple.fr/?a=1&b=2", 'https://exemple.fr/"><b>', "https://exemple.fr/é"])
SPANS = st.builds(Span, WORDS.filter(bool), st.booleans(), LINKS)
LINES = st.lists(st.lists(SPANS, max_size=4).map(tuple), max_size=8)
TOKENS = st.text(min_size=1, max_size=12)
ACTIONS = st.builds(Action, WORDS, st.sampled_from(["a", "b"]), st.just({"k": "1"}), TOKENS, st.booleans())


@dataclass
class Read(HTMLParser):
    """The HTML that Telegram takes, read strictly; anything else fails."""

    text: str = ""
    entities: list[tuple[str, str]] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=False)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "a")
        names = [name for name, _ in attrs]
        assert names == (["href"] if tag == "a" else [])
        self.stack.append(tag)
        self.entities.append((tag, str(attrs[0][1]) if attrs else ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        assert not re.search("[<>&]", data)
        self.text += data

    def handle_entityref(self, name: str) -> None:
        self.text += {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[name]

    def handle_charref(self, name: str) -> None:
        self.text += {"x27": "'"}[name]

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment  # type: ignore[assignment]


def read(sheet: TelegramText) -> Read:
    reader = Read()
    reader.feed(sheet.text)
    reader.close()
    assert not reader.stack
    return reader


def seen(text: str) -> str:
    return "".join(sign for sign in text if is_visible(sign))


@given(LINES, st.lists(ACTIONS, max_size=4))
def test_every_sheet_is_accepted(lines: list[Line], actions: list[Action]) -> None:
    message = Message(tuple(lines), tuple(actions))
    sheets = show(message)
    assert sheets == show(message)
    for sheet in sheets:
        found = read(sheet)
        assert 1 <= utf16(found.text) <= 4096
        assert found.text.strip()
        assert len(found.entities) <= 100
        assert sheet.body()["parse_mode"] == "HTML"
        sheet.text.encode()
        for row in sheet.rows:
            assert all(key.label.strip() and len(key.data.encode()) <= 64 for key in row)
    assert sum(len(row) for sheet in sheets for row in sheet.rows) == len(actions)


@given(st.lists(st.builds(Span, WORDS.filter(bool), st.booleans()).map(lambda span: (span,)), min_size=1, max_size=8))
def test_the_text_is_said_letter_for_letter(lines: list[Line]) -> None:
    said = "".join(seen(read(sheet).text) for sheet in show(Message(tuple(lines))))
    meant = "".join(seen(plain_line(line)) for line in lines)
    if "." not in meant:  # a name with a dot may be an address, which is shown as machines write it
        assert said == (meant or "…")


@given(st.integers(0, 40))
def test_no_letter_is_cut(shift: int) -> None:
    family = "👩‍👩‍👧"
    sheets = show(Message(as_text("a" * shift + family * 1200)))
    assert len(sheets) > 1
    for sheet in sheets:
        assert set(letters(sheet.text)) <= {"a", family}


def test_marks_become_tags_and_values_stay_text() -> None:
    lines = write("*Titre* : [\ue0000\ue001](\ue0001\ue001) & fin", ("<b>*x*</b>", "https://exemple.fr/?a&b"))
    [sheet] = show(Message(lines))
    assert sheet.text == ('<b>Titre</b> : <a href="https://exemple.fr/?a&amp;b">&lt;b&gt;*x*&lt;/b&gt;</a> &amp; fin')
    assert sheet.body()["link_preview_options"] == {"is_disabled": True}


def test_a_long_text_is_cut_between_lines_with_the_buttons_below() -> None:
    lines = as_text("\n".join(f"ligne {n} " + "x" * 90 for n in range(100)))
    sheets = show(Message(lines, (Action("Valider", "x", token="t"),)))
    assert [len(sheet.rows) for sheet in sheets] == [0] * (len(sheets) - 1) + [1]
    assert "\n".join(sheet.text for sheet in sheets) == "\n".join(map(plain_line, lines))


def test_more_entities_than_telegram_keeps_are_cut() -> None:
    sheets = show(Message(tuple((Span(f"{n}", bold=True, link="https://exemple.fr/"),) for n in range(120))))
    assert [len(read(sheet).entities) for sheet in sheets] == [100, 100, 40]


def test_the_items_of_a_letter_stand_apart() -> None:
    item = f"*Actualité* · {'x' * 60}"
    lines = write("\n".join(["*La lettre*", item, item, "… et 2 autres"]))
    [sheet] = show(Message(lines))
    assert [bool(line) for line in sheet.text.split("\n")] == [True, False, True, False, True, False, True]


def test_nothing_to_see_is_still_a_message() -> None:
    [sheet] = show(Message(as_text("\u3164")))
    assert sheet.text == "…"


def test_what_was_refused_is_plain() -> None:
    lines = write("*Titre* & [lire](https://exemple.fr/)")
    [sheet] = show(Message(lines, bare=True))
    assert sheet.text == "Titre & lire (https://exemple.fr/)"
    assert "parse_mode" not in sheet.body()


def test_plain_sheets_are_as_many_as_those_that_were_refused() -> None:
    lines = tuple(write(f"*Titre* [{'x' * 60}](https://exemple.fr/{'y' * 100})")[0] for _ in range(200))
    drawn, bare = show(Message(lines)), show(Message(lines, bare=True))
    assert len(drawn) == len(bare)
    assert all(utf16(sheet.text) <= 4096 for sheet in bare)


def choices(count: int, *, again: str = "token-again", label: str = "Provence-Alpes-Côte d’Azur") -> Message:
    listed = tuple(Action(f"{label} {n}", "draft.choose", {"k": str(n)}, f"t{n}") for n in range(count))
    ways = (Action("Retour", "draft.go", {"k": ""}, "back"), Action("Annuler", "draft.cancel", {"k": ""}, "cancel"))
    return Message(as_text("?"), (*listed, *ways), again=Action("", "draft.go", {"k": ""}, again))


def test_a_long_list_has_pages() -> None:
    message = choices(18)
    for page, count in ((0, 8), (1, 8), (2, 2), (3, 8)):
        [board] = keyboards(message, page)
        *rows, turn, ways = board
        assert [len(row) for row in rows] == [1] * count
        assert [key.label for key in turn] == ["◀", f"{page % 3 + 1}/3", "▶"]
        assert [key.label for key in ways] == ["Retour", "Annuler"]
        assert [turned(key.data) for key in turn] == [
            ((page - 1) % 3, "token-again"),
            (page % 3, "token-again"),
            ((page + 1) % 3, "token-again"),
        ]


def test_every_choice_stands_on_a_page_once() -> None:
    message = choices(25)
    shown = [key.data for page in range(4) for row in keyboards(message, page)[0] for key in row]
    assert [data for data in shown if re.fullmatch(r"t\d+", data)] == [f"t{n}" for n in range(25)]


def test_eight_choices_have_no_pages() -> None:
    [board] = keyboards(choices(8))
    assert len(board) == 9
    assert not any(turned(key.data)[0] >= 0 for row in board for key in row)


@pytest.mark.parametrize("again", ["", "x" * 62])
def test_a_list_that_cannot_be_turned_is_shown_whole(again: str) -> None:
    message = choices(250, again=again)
    boards = keyboards(message)
    assert sum(len(row) for board in boards for row in board) == 252
    assert all(sum(map(len, board)) <= 100 for board in boards)
    assert len(show(message)) == len(boards)


def test_boxes_say_whether_they_are_ticked() -> None:
    boxes = tuple(Action(name, "tick", {"c": name}, name, chosen=name == "Corse") for name in ("Corse", "Bretagne"))
    [board] = keyboards(Message((), (*boxes, Action("Terminé", "done", token="d"))))
    assert [key.label for row in board for key in row] == ["☑ Corse", "☐ Bretagne", "Terminé"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("=2=tok", (2, "tok")),
        ("tok", (-1, "tok")),
        ("=x=tok", (-1, "=x=tok")),
        ("=", (-1, "=")),
        ("=123=t", (-1, "=123=t")),
    ],
)
def test_keys_of_pages(data: str, found: tuple[int, str]) -> None:
    assert turned(data) == found


@given(WORDS)
def test_an_alert_fits_or_is_none(text: str) -> None:
    said = alert(Message(as_text(text)))
    assert utf16(said) <= ALERT
    assert not alert(Message(as_text("x"), (Action("b", "r"),)))
