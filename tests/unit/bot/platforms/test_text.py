"""Links that say where they lead, and long messages in parts that lose nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.text import ascii_link, honest, in_words, sayable, shorten, split, titled, utf16
from club.dialogue import Attachment, Message
from club.markup import Line, Span, as_text, plain, plain_line
from club.texts import Texts
from club.visible import is_visible, letters

SIGNS = st.sampled_from(
    [*"ab é.<&>_*", "👩‍👩‍👧", "🇫🇷", "🇧🇪", "e\u0301\u0323", "👍🏽", "각", "가", "\u200d", "नि", "❤️", "𝔸", "\u202e"]
)
TEXTS = st.lists(SIGNS, max_size=40).map("".join) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
LINKS = st.sampled_from([None, None, "https://exemple.fr/a?b=c"])
SPANS = st.builds(Span, TEXTS.filter(bool), st.booleans(), LINKS)
LINES = st.lists(st.lists(SPANS, max_size=6).map(tuple), max_size=8)


def size(span: Span) -> int:
    return utf16(span.text) + 4 * span.bold


def seen_in(lines: Sequence[Line]) -> str:
    """All that can be seen by itself; a part of which nothing can be seen may be left out."""
    return "".join(sign for line in lines for sign in plain_line(line) if is_visible(sign))


@given(LINES, st.integers(20, 200), st.integers(2, 10))
def test_parts_fit_and_lose_nothing_but_blanks(lines: list[Line], limit: int, marks: int) -> None:
    parts = split(lines, limit, size, marks)
    for part in parts:
        assert sum(size(span) for line in part for span in line) + max(len(part) - 1, 0) <= limit
        assert sum(span.bold + bool(span.link) for line in part for span in line) <= marks
    assert split(lines, limit, size, marks) == parts
    assert seen_in([line for part in parts for line in part]) == seen_in(lines)


@given(TEXTS, st.integers(20, 80))
def test_no_letter_is_cut(text: str, limit: int) -> None:
    whole = list(letters(text))
    assert "".join(whole) == text
    if any(utf16(letter) > limit for letter in whole):
        return
    parts = split([(Span(text),)], limit, size)
    cut = [letter for part in parts for line in part for letter in letters(plain_line(line)) if is_visible(letter)]
    assert cut == [letter for letter in whole if is_visible(letter)]


def test_lines_are_kept_whole_when_they_fit() -> None:
    lines = as_text("\n".join(f"ligne {n}" for n in range(10)))
    parts = split(lines, 40, size)
    assert [line for part in parts for line in part] == list(lines)
    assert len(parts) == 2


def test_words_are_kept_whole_when_a_line_does_not_fit() -> None:
    text = "une très longue ligne de texte " * 30
    for part in split([(Span(text),)], 100, size):
        assert all(word in text.split() for word in plain_line(part[0]).split())


def test_a_link_is_kept_whole_when_it_fits() -> None:
    link = Span("lire la suite de ce titre", link="https://exemple.fr/")
    parts = split([(Span("mot " * 20), link)], 90, size)
    assert [span for part in parts for line in part for span in line if span.link] == [link]


def test_an_address_longer_than_a_message_leaves_its_label() -> None:
    parts = split(
        [(Span("titre", link="https://exemple.fr/" + "a" * 300),)], 100, lambda s: len(s.text + (s.link or ""))
    )
    assert parts == (((Span("titre"),),),)


def test_a_letter_under_a_thousand_accents_does_not_stop_us() -> None:
    parts = split([(Span("e" + "\u0301" * 1000),)], 100, size)
    assert all(size(line[0]) <= 100 for part in parts for line in part)


@pytest.mark.parametrize(
    ("label", "link", "shown"),
    [
        ("Lire", "https://exemple.fr/a", [("Lire", "https://exemple.fr/a")]),
        ("ademe.fr", "https://www.ademe.fr/", [("ademe.fr", "https://www.ademe.fr/")]),
        ("www.ademe.fr/eau", "https://ademe.fr/eau?x=1", [("www.ademe.fr/eau", "https://ademe.fr/eau?x=1")]),
        (
            "https://impots.gouv.fr",
            "https://evil.example/x",
            [("https://impots.gouv.fr (", None), ("evil.example", "https://evil.example/x"), (")", None)],
        ),
        (
            "Voir www.impots.gouv.fr !",
            "https://evil.example/x",
            [("Voir www.impots.gouv.fr ! (", None), ("evil.example", "https://evil.example/x"), (")", None)],
        ),
        ("Rapport v2.finale", "https://exemple.fr/", [("Rapport v2.finale", "https://exemple.fr/")]),
        ("", "https://exemple.fr/", [("(", None), ("exemple.fr", "https://exemple.fr/"), (")", None)]),
        ("Lire", "javascript:alert(1)", [("Lire (", None), ("javascript:alert(1)", None), (")", None)]),
        ("аpple.com", "https://аpple.com/", [("xn--pple-43d.com", "https://xn--pple-43d.com/")]),
    ],
)
def test_links_say_where_they_lead(label: str, link: str, shown: list[tuple[str, str | None]]) -> None:
    assert [(span.text, span.link) for span in honest((Span(label, link=link),))] == shown


def test_ordinary_text_is_left_letter_for_letter() -> None:
    text = "5 < 6 & 7 > 2, a_b_c, R&D, M.Dupont, ana@exemple.fr, îlot.frais, 3.14, шум и вода"
    assert honest((Span(text),)) == (Span(text),)


@given(st.text())
def test_what_cannot_be_carried_is_replaced(text: str) -> None:
    said = sayable(text + "\ud800\x00")
    said.encode()
    assert len(said) == len(text) + 2


@given(TEXTS, st.integers(5, 50))
def test_shortened_text_fits(text: str, limit: int) -> None:
    short = shorten(text, limit, utf16)
    assert utf16(short) <= limit
    assert short == text or short.endswith("…")


@given(st.text(), st.sampled_from(["https://exemple.fr/", "http://", "https://é.fr/", "https://[::1"]))
def test_links_are_read_whatever_they_are(text: str, start: str) -> None:
    honest((Span(text, link=start + text),))
    ascii_link(start + text)


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b\u2060", "\u3164", "\u2800\u00a0", "\u0301", "\ufe0f\u200d", "\u202e"]
)
def test_what_cannot_be_seen(text: str) -> None:
    assert not is_visible(text)


@pytest.mark.parametrize("text", ["a", "…", "👍", "é", "ا", "1", "+"])
def test_what_can_be_seen(text: str) -> None:
    assert is_visible(text)


@pytest.mark.parametrize("label", ["ademe．fr", "ademe。fr", "ademe｡fr", "Voir ademe.bank/login", "ademe.fr"])
def test_a_label_that_a_reader_takes_for_an_address_does_not_lead_elsewhere(label: str) -> None:
    shown = honest((Span(label, link="https://evil.example/x"),))
    assert shown[0].link is None
    assert [span.text for span in shown if span.link] == ["evil.example"]


def test_a_dot_in_a_title_is_no_address() -> None:
    assert (
        honest((Span("Le rapport v2.finale de M.Dupont", link="https://ademe.fr/r"),))[0].link == "https://ademe.fr/r"
    )


@pytest.mark.parametrize(
    "label",
    [
        "contact@impots.gouv.fr",
        "Écrire à contact＠impots.gouv.fr",
        "impots․gouv․fr",
        "impots﹒gouv﹒fr",
        "impots·gouv·fr",
        "impôts•fr",
        "impots\u200b.gouv.fr",
        "https://impots.gouv.fr@elsewhere.example/",
    ],
)
def test_what_looks_like_an_address_says_where_it_leads(label: str) -> None:
    shown = honest((Span(label, link="https://elsewhere.example/piege"),))
    assert [span.text for span in shown if span.link] == ["elsewhere.example"]


@pytest.mark.parametrize("label", ["Les adhérent·es", "Chercheur·euse·s, par M.Dupont", "impots․gouv․fr"])
def test_what_does_not_or_leads_there_stays_a_link(label: str) -> None:
    shown = honest((Span(label, link="https://impots.gouv.fr/avis"),))
    assert [span.text for span in shown if span.link] == [label]


def test_what_could_not_be_sent_is_said_in_words() -> None:
    listed, chart = Attachment("a.csv", "text/csv", bytes(1025)), Attachment("b.png", "image/png", b"x", "Deux <b>")
    message = Message(as_text("Voici"), attachments=(listed, chart))
    assert titled(listed, Texts()) == "a.csv (2 ko)"
    without = in_words(message, Texts())
    assert without.attachments == ()
    assert plain(without.lines).startswith("Voici\n\nLa pièce jointe a.csv (2 ko) n’a pas pu être envoyée ici.")
    assert plain(without.lines).endswith("\nImage qui n’a pas pu être affichée ici : Deux <b>")
    assert in_words(message, Texts(), [chart]).attachments == (listed,)
    assert in_words(message, Texts(), []) == message
    assert in_words(Message(as_text("a")), Texts()) == Message(as_text("a"))
