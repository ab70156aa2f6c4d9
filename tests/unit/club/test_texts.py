"""Texts: every message formats, values stay values, dates and numbers as French writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor
from hypothesis import given
from hypothesis import strategies as st

from club.markup import Span, plain_line, token
from club.texts import FOLDER, LANGUAGES, MissingText, Texts


class Size(StrEnum):
    SMALL = "small"
    BIG = "big"


SAMPLE = """
hello = Bonjour *{ $name }*, [voir]({ $link })
things = { $n ->
        [0] rien
        [one] { $n } chose
       *[other] { $n } choses
    }
size = { $size ->
        [small] petit
       *[big] grand
    }
two = Une ligne
    et *deux*
    .label = Étiquette { $n }
    .aliases = un, deux mots ,, trois
same = { two }
"""

FRENCH = Texts()


def written(folder: Path, **files: str) -> Path:
    (folder / "fr").mkdir(parents=True)
    for name, text in files.items():
        (folder / "fr" / f"{name}.ftl").write_text(text, "utf-8")
    return folder


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    return Texts(folders=(written(tmp_path / "texts", sample=SAMPLE),))


class Variables(Visitor):
    """The values a text wants; those that select a variant apart."""

    def __init__(self) -> None:
        self.shown: set[str] = set()
        self.selecting: set[str] = set()

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 — the library's name
        if isinstance(node.selector, ast.VariableReference):
            self.selecting.add(node.selector.id.name)
        self.generic_visit(node)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 — the library's name
        self.shown.add(node.id.name)


def patterns() -> Iterator[tuple[str, str, Variables]]:
    for language in LANGUAGES:
        for path in sorted((FOLDER / language).glob("*.ftl")):
            for message in FluentParser().parse(path.read_text("utf-8")).body:
                if isinstance(message, ast.Message):
                    parts = {"": message.value} | {f".{one.id.name}": one.value for one in message.attributes}
                    for name, pattern in parts.items():
                        if pattern is not None:
                            variables = Variables()
                            variables.visit(pattern)
                            yield language, message.id.name + name, variables


def test_every_text_says_all_its_values_and_fails_without_one() -> None:
    count, known = 0, {"fr": FRENCH}
    for language, key, variables in patterns():
        texts = known.setdefault(language, Texts(language))
        values = {name: 2 if name in variables.selecting else f"<{name} *x*>" for name in variables.shown}
        said = texts.plain(key, **values)
        assert said.strip(), key
        count += 1
        for name in variables.shown - variables.selecting:
            lines = texts.lines(key, **values)
            spans = [span for line in lines for span in line]
            if not any(f"<{name} *x*>" in span.text for span in spans):
                web = texts.lines(key, **{**values, name: "https://a.fr/"})
                assert any(span.link == "https://a.fr/" for line in web for span in line), f"{key}: {name}"
        for name in variables.shown:
            with pytest.raises(MissingText):
                texts.lines(key, **{other: value for other, value in values.items() if other != name})
    assert count > 100


# Hostile values: what is typed or fetched is never a mark, a line or a stand-in.


@given(st.text() | st.sampled_from(["*a*", "[x](http://evil)", token(0), token(1), "{ $link }", "a\nb", "a\u2028b"]))
def test_a_value_is_said_letter_for_letter(name: str) -> None:
    said = FRENCH.line("subscribed", what=name, first="demain")
    assert plain_line(said) == f"C’est noté : {' '.join(name.splitlines())}."
    assert not any(span.link for span in said)


def test_a_text_that_is_said_again_shows_its_new_values(texts: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("club.texts._REMEMBERED", 2)  # and what is forgotten is worked out again
    counts = [0, 1, 2, 1, 0, 3]
    words = ["rien", "1 chose", "2 choses", "1 chose", "rien", "3 choses"]
    assert [texts.plain("things", n=n) for n in counts] == words
    assert [texts.plain("size", size=size) for size in (Size.BIG, Size.SMALL, Size.BIG)] == ["grand", "petit", "grand"]
    for name, link in (("A", "https://a.fr/"), ("B", "https://b.fr/"), ("A", "pas une adresse")):
        said = texts.line("hello", name=name, link=link)
        assert (said[1].text, said[-1].link) == (name, link if link.startswith("https") else None)


def test_an_address_is_one_link(texts: Texts) -> None:
    address = "https://a.fr/*b*(c)?d=[e](f)"
    assert texts.line("hello", name="A", link=address)[-1] == Span("voir", link=address)


def test_marks_around_a_value_hold_and_marks_in_it_do_not(texts: Texts) -> None:
    assert texts.line("hello", name="A *b*", link="https://a.fr")[1] == Span("A *b*", bold=True)


def test_a_line_may_be_a_value(texts: Texts) -> None:
    names = (Span("Ana", link="https://a.fr"), Span(" et Paul"))
    assert texts.line("hello", name=names, link="x")[1:3] == (
        Span("Ana", bold=True, link="https://a.fr"),
        Span(" et Paul", bold=True),
    )


# Faults of the program are never silent.


def test_a_key_that_is_nowhere(texts: Texts) -> None:
    for key in ("nothing", "two.nothing", "", "."):
        with pytest.raises(MissingText):
            texts.lines(key)
        assert key not in texts


@pytest.mark.parametrize("values", [{}, {"name": "A"}, {"nom": "A", "link": "x"}])
def test_a_missing_value(texts: Texts, values: dict[str, str]) -> None:
    with pytest.raises(MissingText):
        texts.lines("hello", **values)


@pytest.mark.parametrize("value", [None, True, False])
def test_a_value_that_no_text_can_show(texts: Texts, value: object) -> None:
    with pytest.raises(MissingText):
        texts.lines("things", n=value)


def test_a_key_in_two_files(tmp_path: Path) -> None:
    folder = written(tmp_path / "one", a="hello = a", b="hello = b")
    with pytest.raises(MissingText, match=r"hello stands in a\.ftl and b\.ftl"):
        Texts(folders=(folder,))


def test_a_key_in_two_folders(tmp_path: Path) -> None:
    with pytest.raises(MissingText, match="hello"):
        Texts(folders=(written(tmp_path / "one", a="hello = a"), written(tmp_path / "two", b="hello = b")))


def test_a_key_twice_in_one_file(tmp_path: Path) -> None:
    with pytest.raises(MissingText, match="hello"):
        Texts(folders=(written(tmp_path / "one", a="hello = a\nhello = b"),))


# Variants and parts.


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "rien"),
        (1, "1 chose"),
        (1.5, "1,5 chose"),
        (2, "2 choses"),
        (1000, "1\u202f000 choses"),
        (1_234_567, "1\u202f234\u202f567 choses"),
    ],
)
def test_counts(texts: Texts, count: float, said: str) -> None:
    assert texts.plain("things", n=count) == said


def test_enumerations_select_and_plain_strings_do_not(texts: Texts) -> None:
    assert [texts.plain("size", size=size) for size in Size] == ["petit", "grand"]
    assert texts.plain("size", size="small") == "grand"


def test_lines_labels_and_words(texts: Texts) -> None:
    assert [plain_line(line) for line in texts.lines("two")] == ["Une ligne", "et deux"]
    assert texts.plain("same") == "Une ligne\net deux"
    assert texts.plain("two.label", n=3) == "Étiquette 3"
    assert texts.words("two.aliases") == ("un", "deux mots", "trois")
    assert texts.words("hello.aliases") == ()
    assert set(texts) == {"hello", "things", "size", "two", "same"}


# Dates.


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2027, 3, 1), "lundi 1er mars 2027", "lun. 1er mars"),
        (date(2027, 3, 11), "jeudi 11 mars 2027", "jeu. 11 mars"),
        (date(2027, 8, 21), "samedi 21 août 2027", "sam. 21 août"),
        (date(2026, 1, 1), "jeudi 1er janvier 2026", "jeu. 1er janv."),
    ],
)
def test_days(day: date, long: str, short: str) -> None:
    texts = Texts()
    assert (texts.day(day), texts.short_day(day)) == (long, short)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_the_first_of_a_month_alone_is_an_ordinal(day: date) -> None:
    texts = Texts()
    for said in (texts.day(day), texts.short_day(day)):
        assert ("1er " in said) is (day.day == 1)
        assert f" {day.day}" in said


def test_hours_do_not_break() -> None:
    texts = Texts()
    said = [texts.hour(time(hour, minute)) for hour, minute in ((9, 0), (9, 5), (0, 0), (23, 30))]
    assert said == ["9\u00a0h", "9\u00a0h\u00a005", "0\u00a0h", "23\u00a0h\u00a030"]


def test_instants_are_said_in_the_clubs_zone() -> None:
    instant = datetime(2026, 11, 24, 13, 3, tzinfo=UTC)
    assert Texts().moment(instant) == "mardi 24 novembre 2026 à 14\u00a0h\u00a003"
    assert Texts(zone="Indian/Reunion").moment(instant) == "mardi 24 novembre 2026 à 17\u00a0h\u00a003"
    assert Texts().moment(instant, ZoneInfo("America/Cayenne")).endswith("à 10\u00a0h\u00a003")


@pytest.mark.parametrize(
    ("instant", "hour"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "1\u00a0h\u00a030"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "3\u00a0h\u00a030"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2\u00a0h\u00a030"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "2\u00a0h\u00a030"),
    ],
)
def test_the_nights_when_clocks_change(instant: datetime, hour: str) -> None:
    assert Texts().moment(instant).endswith(f"à {hour}")


def test_dates_are_values(texts: Texts) -> None:
    assert plain_line(texts.line("hello", name=date(2027, 3, 1), link="x")).startswith("Bonjour lundi 1er mars 2027,")
    moment = datetime(2027, 3, 1, 8, tzinfo=UTC)
    assert "lundi 1er mars 2027 à 9\u00a0h" in plain_line(texts.line("hello", name=moment, link="x"))
