"""The knowledge base: what is refused at load, and that its entries are sourced, dated, careful and well written."""

import re
import tomllib
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.faq.base import FOLDER, SMALL_TALK, Entry, check_entries, load_entries, read_entry
from club.fold import fold
from club.refusal import Refused
from club.texts import Texts

DATA = Path(__file__).parents[2] / "data"
FACTS = tomllib.loads((DATA / "faits.toml").read_text("utf-8"))
EDITIONS = tomllib.loads(FOLDER.with_name("editions.toml").read_text("utf-8"))
MARK = {number: mark for mark in "ABC" for number in FACTS[mark]}
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
UNKNOWN = "pas cette information vérifiée"
CAREFUL = re.compile(r"d’après|à confirmer|à vérifier|sous réserve|pas cette information vérifiée", re.IGNORECASE)
LEAST_ENTRIES = 220


@cache
def base() -> tuple[Entry, ...]:
    return load_entries()


def where(wrong: Counter[str] | list[str]) -> str:
    return ", ".join(sorted(wrong))


# --- the base as it ships


def test_all_entries_load_and_there_are_enough() -> None:
    assert len(base()) >= LEAST_ENTRIES


def test_each_sure_fact_has_its_entry() -> None:
    told = {fact for entry in base() for fact in entry.facts}
    assert not set(FACTS["A"]) - told
    assert not told - MARK.keys()


def test_what_is_not_verified_is_not_asserted() -> None:
    for entry in base():
        marks = {MARK[fact] for fact in entry.facts}
        if "C" in marks and "A" not in marks and "B" not in marks:
            assert UNKNOWN in entry.answer, entry.id
        if "B" in marks and "A" not in marks:
            assert CAREFUL.search(entry.answer), entry.id


def test_who_does_not_know_says_where_to_ask() -> None:
    asks = re.compile(
        r"correspondant|DDT|DREAL|CVRH|plateforme|USH|AD4|écrivez|demandez|adressez|voyez|consultez", re.I
    )
    unsure = [entry for entry in base() if UNKNOWN in entry.answer]
    assert unsure
    assert not where([entry.id for entry in unsure if not asks.search(entry.answer)])


def test_a_fact_that_changes_is_dated_in_the_answer() -> None:
    dated = set(FACTS["dated"])
    assert not where([e.id for e in base() if dated & set(e.facts) and not YEAR.search(e.answer)])


def test_an_acronym_nobody_could_verify_stays_closed() -> None:
    assert not [entry.id for entry in base() if "accession sociale" in entry.answer]


def test_each_entry_rests_on_facts_and_sources() -> None:
    for entry in base():
        if entry.theme == SMALL_TALK:
            assert not entry.sources, entry.id
        else:
            assert entry.sources, entry.id
            assert entry.facts or entry.theme == "hub", entry.id  # the hub's own rules are no facts of the sheet
            assert all(source.version and source.url.startswith("http") for source in entry.sources), entry.id
            assert all(date(2026, 11, 1) <= source.consulted <= entry.checked for source in entry.sources), entry.id


def test_each_edition_is_known_and_in_force() -> None:
    assert {entry.edition for entry in base()} - {""} == {code for code, told in EDITIONS.items() if told["current"]}


def test_four_to_six_variants_each() -> None:
    assert not where([entry.id for entry in base() if not 4 <= len(entry.variants) <= 6])


def test_variants_are_other_words_not_the_same_in_another_order() -> None:
    for entry in base():
        said = [frozenset(fold(phrasing).split()) for phrasing in entry.phrasings]
        assert len(set(said)) == len(said), entry.id


def test_near_misses_lead_nowhere_else_than_to_their_own_entry() -> None:
    """A near miss may be another entry's question; it is never its own."""
    assert sum(bool(entry.near_misses) for entry in base()) >= 60
    for entry in base():
        assert not set(map(fold, entry.near_misses)) & set(map(fold, entry.phrasings)), entry.id


def test_the_larger_entries_of_the_development_questions_have_their_equivalents() -> None:
    known = {entry.id for entry in base()}
    equivalents = tomllib.loads((DATA / "faq_equivalents.toml").read_text("utf-8"))
    assert not {name for larger, others in equivalents.items() for name in (larger, *others)} - known


def written(entry: Entry) -> tuple[str, ...]:
    sources = tuple(f"{source.title} {source.version}" for source in entry.sources)
    return (*entry.phrasings, *entry.near_misses, entry.answer, *sources)


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("straight apostrophe or quote", r"['\"“”]"),
        ("two spaces, or a space where none goes", r"  |\s[,.)]|\(\s|\s$|^\s"),
        ("mark without its space", r"[^\s  ][?!;»](?!\w)|«(?!\s)|\S:\s"),
        ("no space between sentences", r"[a-zé][.!?][A-ZÉÀ]"),
        ("three dots", r"\.\.\."),
        ("capital accents", r"\bEcoQuartier|\bEtat\b|\bA (?:quoi|qui)\b"),
        ("ASCII ligature", r"\boeuvre|\bcoeur\b"),
    ],
)
def test_french_typography(fault: str, pattern: str) -> None:
    bad = re.compile(pattern)
    found = [
        (entry.id, match[0], text)
        for entry in base()
        for text in written(entry)
        if (match := bad.search(re.sub(r"https?://\S+", "", text)))
    ]
    assert not found, fault


def test_answers_are_sentences() -> None:
    assert not where([entry.id for entry in base() if not re.match(r"[A-ZÉÀÊÎÇ«0-9]", entry.answer)])
    assert not where([entry.id for entry in base() if not re.search(r"[.!?]$", entry.answer)])
    assert not where([entry.id for entry in base() if re.search(r"\b(?:tu|ton|ta|tes|toi)\b", entry.answer)])


# --- what is refused


HEAD = """id: essai
theme: club
question: Une question ?
variantes: [Une autre façon ?, Une troisième ?]
pas: [Tout autre chose ?]
faits: [F001]
sources: [{titre: Page, url: "https://exemple.test/", version: v1, consulte_le: 2026-11-01}]
verifie_le: 2026-11-02
revoir_avant: 2027-06-01"""


def document(head: str = HEAD, answer: str = "Une réponse.") -> str:
    return f"---\n{head}\n---\n{answer}\n"


def test_an_entry_as_it_is_written() -> None:
    entry = read_entry(document(), "essai")
    assert (entry.id, entry.theme, entry.answer, entry.edition) == ("essai", "club", "Une réponse.", "")
    assert entry.phrasings == ("Une question ?", "Une autre façon ?", "Une troisième ?")
    assert entry.near_misses == ("Tout autre chose ?",)
    assert (entry.checked, entry.review_by) == (date(2026, 11, 2), date(2027, 6, 1))
    assert (entry.sources[0].url, entry.sources[0].consulted) == ("https://exemple.test/", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("question: Une question ?\n", "", "faq-entry-missing"),
        ("verifie_le: 2026-11-02\n", "", "faq-entry-missing"),
        ("theme: club", "theme: club\nthéme: club", "faq-entry-unknown-field"),
        ("titre: Page", "titre: Page, auteur: X", "faq-entry-unknown-field"),
        ("question: Une question ?", "question: 2030", "faq-entry-field"),
        ("verifie_le: 2026-11-02", "verifie_le: novembre", "faq-entry-field"),
        ("revoir_avant: 2027-06-01", "revoir_avant: 2026-11-02", "faq-entry-field"),
        ("faits: [F001]", "faits: [1]", "faq-entry-field"),
        ("faits: [F001]", "faits: [F1]", "faq-entry-field"),
        ("id: essai", "id: Essai 1", "faq-entry-field"),
        ("https://exemple.test/", "exemple.test", "faq-entry-field"),
        ("[{titre: Page", "[texte, {titre: Page", "faq-entry-field"),
        ("variantes: [Une autre façon ?, Une troisième ?]", "variantes: Une autre ?", "faq-entry-field"),
        ("variantes: [Une autre façon ?, Une troisième ?]", "variantes: [Une autre ?]", "faq-entry-few-variants"),
        ("[Une autre façon ?, Une troisième ?]", "[Une autre ?, UNE AUTRE]", "faq-entry-few-variants"),
        ("pas: [Tout autre chose ?]", "pas: [une autre facon]", "faq-entry-own-near-miss"),
        (
            "Une question ?",
            "Une question dont la longueur dépasse celle d’un bouton, assez nettement ?",
            "faq-entry-long-question",
        ),
        (
            '[{titre: Page, url: "https://exemple.test/", version: v1, consulte_le: 2026-11-01}]',
            "[]",
            "faq-entry-no-source",
        ),
        ("id: essai", "id: [essai", "faq-entry-unreadable"),
        ("id: essai", "- id", "faq-entry-unreadable"),
    ],
)
def test_what_is_refused_is_said(old: str, new: str, key: str) -> None:
    assert old in HEAD
    with pytest.raises(Refused) as refused:
        read_entry(document(HEAD.replace(old, new)), "essai")
    assert refused.value.key == key
    assert "essai" in Texts().plain(key, **refused.value.values).casefold()


@pytest.mark.parametrize(("answer", "key"), [("", "faq-entry-no-answer"), ("x" * 701, "faq-entry-long-answer")])
def test_the_answer_has_a_length(answer: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        read_entry(document(answer=answer), "essai")
    assert refused.value.key == key
    assert Texts().plain(key, **refused.value.values)


def test_small_talk_needs_no_source() -> None:
    head = re.sub(r"(?m)^(?:sources|faits|pas):.*\n", "", HEAD).replace("theme: club", f"theme: {SMALL_TALK}")
    assert read_entry(document(head), "essai").sources == ()


@pytest.mark.parametrize(
    ("other", "key"),
    [
        (HEAD, "faq-entry-twice"),
        (
            HEAD.replace("id: essai", "id: autre").replace("Une question", "Tout à fait nouveau"),
            "faq-entry-same-question",
        ),
        (HEAD.replace("id: essai", "id: autre").replace("Une question ?", "troisieme, une"), "faq-entry-same-question"),
        (
            HEAD.replace("id: essai", "id: autre")
            .replace("Une question ?", "Quelles questions ?")
            .replace("[Une autre façon ?, Une troisième ?]", "[Autrement dit ?, Dit encore autrement ?]"),
            "faq-entry-near-title",
        ),
    ],
)
def test_two_entries_that_cannot_be_told_apart(other: str, key: str) -> None:
    one = HEAD.replace("Une question ?", "Quelle question ?") if key == "faq-entry-near-title" else HEAD
    with pytest.raises(Refused) as refused:
        check_entries([read_entry(document(one), "essai"), read_entry(document(other), "autre")])
    assert refused.value.key == key
    assert Texts().plain(key, **refused.value.values)


def test_a_file_stands_in_its_theme_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "club").mkdir()
    (tmp_path / "club" / "essai.md").write_text(document(), "utf-8")
    assert [entry.id for entry in load_entries(tmp_path)] == ["essai"]
    (tmp_path / "club" / "essai.md").rename(tmp_path / "club" / "autre.md")
    with pytest.raises(Refused) as refused:
        load_entries(tmp_path)
    assert refused.value.key == "faq-entry-place"
    assert "club/essai.md" in Texts().plain("faq-entry-place", **refused.value.values)


def test_when_an_entry_must_be_checked_again() -> None:
    entry = read_entry(document(f"{HEAD}\nedition: v1"), "essai")
    assert not entry.is_due(entry.review_by - timedelta(days=1), {"v1", "v2"})
    assert entry.is_due(entry.review_by, {"v1"})
    assert entry.is_due(entry.checked, {"v2"})
    assert not read_entry(document(), "essai").is_due(entry.checked, {"v2"})


@given(st.text() | st.text().map(lambda head: f"---\n{head}\n---\nx") | st.builds(document, answer=st.text()))
def test_whatever_a_file_holds(text: str) -> None:
    try:
        entry = read_entry(text, "essai")
    except Refused as refused:
        assert Texts().plain(refused.key, **refused.values)
    else:
        assert entry.id == "essai"
