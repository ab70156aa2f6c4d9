"""Marks: read in the hub's own text only; whatever a value holds, it stays text on one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.markup import Line, Span, as_text, plain, plain_line, token, write

# Pieces of text that would like to be more than text.
TEMPTING = st.sampled_from(
    [
        "*",
        "**",
        "[x](http://evil)",
        "](",
        ")",
        "\n",
        "\r\n",
        "\x85",
        "\u2028",
        "\u2029",
        "\x0b",
        token(0),
        token(1),
        token(99),
    ]
)
HOSTILE = st.lists(TEMPTING | st.text(max_size=5), max_size=6).map("".join)
ADDRESSES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=20).map(
    "https://".__add__
)


def flat(value: str) -> str:
    return " ".join(value.splitlines())


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("simple", (Span("simple"),)),
        ("un *mot* gras", (Span("un "), Span("mot", bold=True), Span(" gras"))),
        ("[ici](https://a.fr/?b=c) !", (Span("ici", link="https://a.fr/?b=c"), Span(" !"))),
        ("5 * 3 ne fait rien", (Span("5 * 3 ne fait rien"),)),
        ("[ici]()", (Span("[ici]()"),)),
        ("[ici](javascript:alert(1))", (Span("ici)"),)),
        ("[ici](HTTPS://A.fr)", (Span("ici", link="HTTPS://A.fr"),)),
    ],
)
def test_marks_are_read(text: str, spans: Line) -> None:
    assert write(text) == (spans,)


def test_each_line_is_a_line() -> None:
    assert write("a\n\n*b*") == ((Span("a"),), (), (Span("b", bold=True),))


@given(HOSTILE, HOSTILE, HOSTILE, ADDRESSES)
def test_a_value_stays_what_it_is(bold: str, label: str, bare: str, address: str) -> None:
    text = f"*{token(0)}* : [{token(1)}]({token(3)}){token(2)}"
    lines = write(text, (bold, label, bare, address))
    assert len(lines) == 1
    assert plain_line(lines[0]) == f"{flat(bold)} : {flat(label)}{flat(bare)}"
    assert "".join(span.text for span in lines[0] if span.bold) == flat(bold)
    assert "".join(span.text for span in lines[0] if span.link) == flat(label)
    assert {span.link for span in lines[0]} <= {None, address}
    assert all(len(span.text.splitlines()) == 1 for span in lines[0])


@given(HOSTILE.filter(lambda text: not text.lower().startswith("http")))
def test_only_web_addresses_become_links(address: str) -> None:
    assert write(f"[ici]({token(0)})", (address,)) == ((Span("ici"),),)


@pytest.mark.parametrize("address", ["http://a.fr/*b*(c)/d_(e)?f=[g](h)", "https://xn--e-ifa.fr/%20#*"])
def test_an_address_with_marks_in_it_is_one_link(address: str) -> None:
    assert write(f"[ici]({token(0)}).", (address,)) == ((Span("ici", link=address), Span(".")),)


@pytest.mark.parametrize("address", ["", "http://a b", "http://a\nhttp://b", "mailto:a@b.fr", "//a.fr", " http://a.fr"])
def test_what_is_no_address_leaves_its_label(address: str) -> None:
    assert write(f"[ici]({token(0)})", (address,)) == ((Span("ici"),),)


def test_a_forged_stand_in_stays_text() -> None:
    assert write(f"{token(0)} {token(1)}", (token(1), "secret")) == ((Span(f"{token(1)} secret"),),)


def test_a_line_as_value_keeps_its_marks_and_takes_those_around_it() -> None:
    names: Line = (Span("Ademe", link="https://ademe.fr"), Span(" et "), Span("Cerema", bold=True))
    assert write(f"par {token(0)}", (names,)) == ((Span("par "), *names),)
    assert write(f"*{token(0)}*", (names,)) == (
        (Span("Ademe", bold=True, link="https://ademe.fr"), Span(" et Cerema", bold=True)),
    )
    assert write(f"[{token(0)}](https://a.fr)", ((Span("b", bold=True), Span("c")),)) == (
        (Span("b", bold=True, link="https://a.fr"), Span("c", link="https://a.fr")),
    )


def test_a_line_as_value_is_one_line() -> None:
    assert write(token(0), ((Span("a\nb\u2028c"),),)) == ((Span("a b c"),),)


def test_runs_alike_are_one() -> None:
    assert write(f"a{token(0)}*b**{token(0)}*", ("c",)) == ((Span("ac"), Span("bc", bold=True)),)


@given(HOSTILE)
def test_text_as_it_stands(text: str) -> None:
    lines = as_text(text)
    assert [plain_line(line) for line in lines] == (text.splitlines() or [""])
    assert not any(span.bold or span.link for line in lines for span in line)


def test_plain_says_where_a_link_leads() -> None:
    lines = write("*a* [b](https://c.fr) [https://d.fr](https://d.fr)\nfin")
    assert plain(lines) == "a b (https://c.fr) https://d.fr\nfin"
