"""What people type after a slash: names, aliases, words in any order, `field:value`; anything at all is bearable."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import fields
from bot.feature import Desk, Route, Settings
from bot.features import FEATURES
from bot.talk.choices import Values
from bot.talk.commands import Commands, Filled, Typed
from club.dialogue import Choice, Field, Kind, Message, Request
from club.people import Person, Place
from club.refusal import Refused
from club.texts import Texts
from storage.store import Store
from tests.conftest import NOW

TEXTS = Texts()
ROUTES = [route for feature in FEATURES for route in feature.routes]
LISTS = {name: lister for feature in FEATURES for name, lister in feature.lists.items()}
COMMANDS = Commands(ROUTES, TEXTS)


def found(words: str) -> str:
    """The name of the route that is found, with its group; the near name after a tilde."""
    typed = COMMANDS.find(words)
    if isinstance(typed, str):
        return f"~{typed}"
    return " ".join(typed.group) or typed.route.name


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("abonner", "subscribe"),
        ("ABONNER eau", "subscribe"),
        ("  abonner", "subscribe"),
        ("abonne", "subscribe"),
        ("désabonner", "unsubscribe"),
        ("desabonner 2", "unsubscribe"),
        ("désabonner", "unsubscribe"),
        ("digest aperçu", "digest.preview"),
        ("digest   APERCU", "digest.preview"),
        ("apercu", "digest.preview"),
        ("mes abonnements", "subscriptions"),
        ("digest", "digest apercu digest maintenant"),
        ("digest n'importe quoi", "digest apercu digest maintenant"),
        ("abonnerr", "~abonner"),
        ("aid", "~aide"),
        ("zzzzz", "~"),
        ("", "~"),
        ("   ", "~"),
        ("…", "~"),
        ("{0.__class__}", "~"),
        ("__import__('os')", "~"),
        ("subscription.pause", "~"),
        ("pause", "~"),
        ("digest suite", "digest apercu digest maintenant"),
    ],
)
def test_finding(words: str, route: str) -> None:
    assert found(words) == route


@given(st.text() | st.text(alphabet="abcdeinorst: é/!{}", max_size=30))
def test_any_words_are_a_command_or_a_near_name(words: str) -> None:
    typed = COMMANDS.find(words)
    if isinstance(typed, Typed):
        assert typed.route.listed
    else:
        assert not typed or COMMANDS.route(typed).listed


def test_an_endless_command_is_answered() -> None:
    assert found("a" * 100_000) == "~"
    assert found("abonner " + "eau " * 10_000) == "subscribe"


def test_every_listed_route_is_found_by_its_names() -> None:
    for route in ROUTES:
        if route.listed:
            name = COMMANDS.name(route)
            assert name.isascii()
            assert name == name.lower()
            for spelling in (name, *TEXTS.words(f"route-{route.name.replace('.', '-')}.aliases")):
                assert found(spelling) == route.name


def _twin() -> Route:
    return next(route for route in ROUTES if route.name == "subscribe")


def test_the_menu() -> None:
    menu = {command.name: command for command in COMMANDS.listed}
    assert "digest suite" not in menu
    assert [blank.label for blank in menu["abonner"].fields] == ["Thème", "Région", "Rythme"]
    assert COMMANDS.usage(_twin()) == "/abonner [thème] [région] [rythme]"
    assert all(command.summary for command in menu.values())


# Words → values.


async def fruits(request: Request, desk: Desk) -> Sequence[Choice]:
    return (Choice("apple", "Pomme"), Choice("pear", "Poire"), Choice("fig", "Figue de Barbarie"))


@pytest.fixture
async def values(store: Store) -> AsyncIterator[Values]:
    async with store.begin() as tx:
        request = Request(await tx.people.meet(Person("scene", "ana"), NOW), Place("scene", "ana"))
        yield Values(request, Desk(tx, TEXTS, NOW, Settings()), LISTS | {"fruits": fruits})


async def fill(words: str, values: Values) -> tuple[dict[str, str], str]:
    typed = COMMANDS.find(f"abonner {words}")
    assert isinstance(typed, Typed)
    filled = await typed.fill(values, {}, {})
    assert not filled.faults
    return filled.given, filled.over


@pytest.mark.parametrize(
    "words",
    [
        "eau occitanie hebdo",
        "hebdo occitanie eau",
        "Occitanie   EAU\nhebdo",
        "theme:eau region:Occitanie frequency:hebdo",
        "Thème:eau Région : Occitanie rythme: chaque semaine",
        "RYTHME:hebdo eau occitanie",
        "hebdo region:occitanie eau",
        "theme:eau hebdo region:occitanie",
        "region:occitanie hebdo theme:eau",
    ],
)
async def test_words_in_any_order_and_by_name(words: str, values: Values) -> None:
    assert await fill(words, values) == ({"theme": "eau", "region": "76", "frequency": "weekly"}, "")


@pytest.mark.parametrize(
    ("words", "filled", "over"),
    [
        ("", {}, ""),
        ("theme:", {"theme": ""}, ""),
        ("theme: region:bretagne", {"theme": "", "region": "53"}, ""),
        ("theme: frequence:hebdo", {"theme": "", "frequency": "weekly"}, ""),
        ("Fréquence : hebdo", {"frequency": "weekly"}, ""),
        ("region:76", {"region": "76"}, ""),
        ("region:76 hebdo", {"region": "76", "frequency": "weekly"}, ""),
        ("19", {"theme": "eau"}, ""),
        ("theme:01 occitanie", {"theme": "territoire", "region": "76"}, ""),
        ("pays de la loire", {"region": "52"}, ""),
        ("mensuel pays de la loire", {"frequency": "monthly", "region": "52"}, ""),
        ("region:pays de la loire", {"region": "52"}, ""),
        ("eau occitanie hebdo et puis", {"theme": "eau", "region": "76", "frequency": "weekly"}, "et puis"),
    ],
)
async def test_what_fits_nowhere_is_left(words: str, filled: dict[str, str], over: str, values: Values) -> None:
    assert await fill(words, values) == (filled, over)


@pytest.mark.parametrize(
    ("words", "given", "faults"),
    [
        ("theme:atlantide", {}, {"theme": "field-unknown-choice"}),
        ("rythme:eau", {}, {"frequency": "field-unknown-choice"}),
        ("eau region:atlantide", {"theme": "eau"}, {"region": "field-unknown-choice"}),
        (
            "theme:eauu region:Bretane",
            {},
            {"theme": "field-unknown-choice-near", "region": "field-unknown-choice-near"},
        ),
        ("xyz", {}, {"theme": "field-unknown-choice"}),
        ("{zut} hebdo", {}, {"theme": "field-unknown-choice"}),
        ("couleur:bleu", {}, {"theme": "field-unknown-choice"}),
        ("hebdo Bretane", {"frequency": "weekly"}, {"region": "field-unknown-choice-near"}),
        ("eau eau", {"theme": "eau"}, {"region": "field-unknown-choice"}),
        ("76", {}, {"region": "field-ambiguous-number"}),
        ("theme:21", {}, {"theme": "commitment-unknown"}),
        ("7", {}, {"theme": "field-several-choices"}),
    ],
)
async def test_what_cannot_be_read_says_for_which_field_and_why(
    words: str, given: dict[str, str], faults: dict[str, str], values: Values
) -> None:
    typed = COMMANDS.find(f"abonner {words}")
    assert isinstance(typed, Typed)
    filled = await typed.fill(values, {}, {})
    assert filled.given == given
    assert {name: refusal.key for name, refusal in filled.faults.items()} == faults
    assert filled.over == ""


async def test_a_menu_that_sends_what_is_none_keeps_the_rest(values: Values) -> None:
    typed = COMMANDS.find("abonner")
    assert isinstance(typed, Typed)
    filled = await typed.fill(values, {"theme": "eauu", "region": "76"}, {})
    assert (filled.given, list(filled.faults)) == ({"region": "76"}, ["theme"])


@given(st.text(alphabet="eauhbdo :;,\n'é{}%$", max_size=40) | st.text(max_size=40))
async def test_any_words_fill_or_are_refused(words: str) -> None:
    values = Values(Request(Person("scene", "ana"), Place("scene", "ana")), _paper_desk(), LISTS)
    typed = COMMANDS.find(f"abonner {words}")
    assert isinstance(typed, Typed)
    filled = await typed.fill(values, {}, {})
    assert filled.given.keys() | filled.faults.keys() <= {"theme", "region", "frequency"}
    assert not filled.given.keys() & filled.faults.keys()
    assert len(filled.over) <= len(words)


def _paper_desk() -> Desk:
    """A desk without a transaction: themes, regions and rhythms need none."""
    return Desk(None, TEXTS, NOW, Settings())  # type: ignore[arg-type]


async def test_an_endless_list_of_words_is_read_in_bounded_tries(values: Values) -> None:
    _, over = await fill("bretagne hebdo " + "eau " * 5_000, values)
    assert over


WORDS = Field("wish", fields.line(2, 20))
FRUITS = Field("fruits", fields.code, Kind.CHOICES, "fruits")
COUNT = Field("count", fields.number)
LINE = Field("line", fields.line(0, 50))
PARAGRAPH = Field("paragraph", fields.paragraph(0, 50), Kind.PARAGRAPH)


async def take(words: str, values: Values, *asked: Field[object]) -> tuple[dict[str, str], str]:
    async def nothing(request: Request, desk: Desk) -> Message:
        return Message(())

    filled = await Typed(Route("x", nothing, asked), words).fill(values, {}, {})
    return filled.given, filled.over


async def test_kinds_of_fields(values: Values) -> None:
    assert await take("pomme, figue encore", values, FRUITS, WORDS) == ({"fruits": "apple,fig", "wish": "encore"}, "")
    assert await take("1 3", values, FRUITS) == ({"fruits": "apple,fig"}, "")
    assert await take("12 mots libres", values, Field("count", fields.number, Kind.MOMENT), WORDS) == (
        {"count": "12", "wish": "mots libres"},
        "",
    )
    with pytest.raises(Refused, match="field-no-number"):
        await take("douze", values, COUNT)
    with pytest.raises(Refused, match="field-too-long"):
        await take("x" * 21, values, WORDS)


async def test_what_a_button_seals_is_a_code_or_refused(values: Values) -> None:
    typed = COMMANDS.find("abonner")
    assert isinstance(typed, Typed)
    filled = await typed.fill(values, {"theme": "sols", "region": "Occitanie"}, {"theme": "eau"})
    assert filled == Filled({"theme": "eau", "region": "76"}, {})
    with pytest.raises(Refused, match="field-choice-gone"):
        await typed.fill(values, {}, {"theme": "Eau"})


@pytest.mark.parametrize(
    "typed", ["", "x", "1.5", "1_000", "0x10", "9" * 10, "9" * 5_000, "١" * 10, "²", "- 1", "1\n2"]
)
async def test_numbers_that_are_none(typed: str, values: Values) -> None:
    with pytest.raises(Refused) as refused:
        await values.read(COUNT, typed)
    assert len(TEXTS.plain(refused.value.key, **refused.value.values)) < 150


async def test_numbers(values: Values) -> None:
    assert [await values.read(COUNT, typed) for typed in ("12", " -3 ", "+4", "٢", "999999999")] == [
        12,
        -3,
        4,
        2,
        999999999,
    ]


@given(st.text())
async def test_lines_and_paragraphs_are_bounded_and_on_their_lines(typed: str) -> None:
    values = Values(Request(Person("scene", "ana"), Place("scene", "ana")), _paper_desk(), {})
    for one in (LINE, PARAGRAPH):
        try:
            read = str(await values.read(one, typed))
        except Refused as refused:
            assert refused.key in {"field-too-long", "field-empty"}
            continue
        assert len(read) <= 50
        assert read == read.strip()
        assert one is PARAGRAPH or len(read.splitlines()) < 2


def test_two_commands_of_one_name_are_a_fault(tmp_path: Path) -> None:
    """An alias that another command has already is a fault, accents aside."""
    folder = tmp_path / "fr"
    folder.mkdir()
    (folder / "a.ftl").write_text(
        "route-a = un\n    .help = x\nroute-b = deux\n    .help = x\n    .aliases = ùn\n", encoding="utf-8"
    )

    async def nothing(request: Request, desk: Desk) -> Message:
        return Message(())

    with pytest.raises(ValueError, match="two commands are called ùn"):
        Commands([Route("a", nothing, listed=True), Route("b", nothing, listed=True)], Texts(folders=(tmp_path,)))
