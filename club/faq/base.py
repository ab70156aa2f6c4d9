"""The knowledge base: one Markdown file an entry, refused in words when it is not fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import frontmatter
from yaml import YAMLError

from club.fold import fold, words
from club.refusal import Refused

FOLDER = Path(__file__).with_name("entries")
# Small talk and what the hub says of itself: nothing to cite, and no answer on the subject.
SMALL_TALK = "conversation"
LONGEST_QUESTION = 60  # a button's text
LONGEST_ANSWER = 700  # leaves room for the source under 900
FEWEST_VARIANTS = 2

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FACT = re.compile(r"F\d{3}")
_WEB = re.compile(r"https?://\S+")
_FIELDS = frozenset(
    {"id", "theme", "question", "variantes", "pas", "faits", "sources", "edition", "verifie_le", "revoir_avant"}
)
_SOURCE_FIELDS = frozenset({"titre", "url", "version", "consulte_le"})
# Words that make no difference between two titles.
_LITTLE = frozenset(
    words(
        "a au aux avec ce cette d dans de des du elle elles en est et il ils l la le les on ou par pour qu que qui s sa"
        " se ses son sont sur t un une y"
    )
)


@dataclass(frozen=True, slots=True)
class FaqSource:
    """Where an answer comes from: a page or a document, which version of it was read, and on which day."""

    title: str
    url: str
    version: str
    consulted: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A reviewed answer, the ways people ask for it, and what it rests on.

    `near_misses` are questions it must not answer; `facts` are numbers in the sheet of facts; `edition` is the code of
    what it was checked against, "" where a new edition would change nothing.
    """

    id: str
    theme: str
    question: str
    variants: tuple[str, ...]
    answer: str
    checked: date
    review_by: date
    near_misses: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    sources: tuple[FaqSource, ...] = ()
    edition: str = ""

    @property
    def phrasings(self) -> tuple[str, ...]:
        """Its question, then its variants."""
        return (self.question, *self.variants)

    def is_due(self, today: date, current: Collection[str]) -> bool:
        """Must it be checked again: past its review date, or tied to an edition that is not among the `current`?"""
        return today >= self.review_by or bool(self.edition and self.edition not in current)


def load_entries(folder: Path = FOLDER) -> tuple[Entry, ...]:
    """All entries under `folder` by id, each in its theme's folder under its id; Refused names the first fault."""
    entries = []
    for path in sorted(folder.rglob("*.md")):
        entry = read_entry(path.read_text("utf-8"), path.stem)
        if (entry.theme, entry.id) != (path.parent.name, path.stem):
            raise Refused("faq-entry-place", entry=path.stem, theme=entry.theme, id=entry.id)
        entries.append(entry)
    check_entries(entries)
    return tuple(sorted(entries, key=lambda entry: entry.id))


def read_entry(text: str, name: str) -> Entry:
    """The entry written in `text`; `name` stands for it in a Refused."""
    head, body = read_head(text, name)
    fields = _Fields(name, head, _FIELDS)
    entry = Entry(
        id=fields.text("id"),
        theme=fields.text("theme"),
        question=fields.text("question"),
        variants=fields.texts("variantes"),
        answer=body.strip(),
        checked=fields.day("verifie_le"),
        review_by=fields.day("revoir_avant"),
        near_misses=fields.texts("pas"),
        facts=fields.texts("faits"),
        sources=tuple(_read_source(name, found) for found in fields.rows("sources")),
        edition=fields.text("edition") if "edition" in head else "",
    )
    check_entry(entry)
    return entry


def read_head(text: str, name: str) -> tuple[Mapping[str, object], str]:
    """The fields that a file begins with, and what follows them; `name` stands for it in a Refused."""
    try:
        return frontmatter.parse(text)
    except (YAMLError, ValueError, RecursionError) as fault:
        raise Refused("faq-entry-unreadable", entry=name, fault=" ".join(str(fault).split())) from fault


def check_entry(entry: Entry) -> None:
    """Refused when the entry alone is not fit to be shown."""
    if not _ID.fullmatch(entry.id):
        raise Refused("faq-entry-field", entry=entry.id, field="id")
    if not all(map(_FACT.fullmatch, entry.facts)):
        raise Refused("faq-entry-field", entry=entry.id, field="faits")
    if entry.review_by <= entry.checked:
        raise Refused("faq-entry-field", entry=entry.id, field="revoir_avant")
    if not entry.sources and entry.theme != SMALL_TALK:
        raise Refused("faq-entry-no-source", entry=entry.id)
    if len(set(map(fold, entry.variants))) < FEWEST_VARIANTS:
        raise Refused("faq-entry-few-variants", entry=entry.id, least=FEWEST_VARIANTS)
    if len(entry.question) > LONGEST_QUESTION:
        raise Refused("faq-entry-long-question", entry=entry.id, length=len(entry.question), most=LONGEST_QUESTION)
    if not entry.answer:
        raise Refused("faq-entry-no-answer", entry=entry.id)
    if len(entry.answer) > LONGEST_ANSWER:
        raise Refused("faq-entry-long-answer", entry=entry.id, length=len(entry.answer), most=LONGEST_ANSWER)
    own = set(map(fold, entry.phrasings))
    for question in entry.near_misses:
        if fold(question) in own:
            raise Refused("faq-entry-own-near-miss", entry=entry.id, question=question)


def check_entries(entries: Iterable[Entry]) -> None:
    """Refused when two entries cannot be told apart: an id, a way of asking or nearly the same title twice."""
    ids: set[str] = set()
    asked: dict[str, str] = {}
    titles: dict[frozenset[str], str] = {}
    for entry in entries:
        if entry.id in ids:
            raise Refused("faq-entry-twice", entry=entry.id)
        ids.add(entry.id)
        for question in entry.phrasings:
            if other := asked.get(fold(question)):
                raise Refused("faq-entry-same-question", entry=entry.id, other=other, question=question)
            asked[fold(question)] = entry.id
        if (other := titles.setdefault(_gist(entry.question), entry.id)) != entry.id:
            raise Refused("faq-entry-near-title", entry=entry.id, other=other, question=entry.question)


def _gist(question: str) -> frozenset[str]:
    """What a title says, little words, order and plurals aside."""
    told = words(question)
    return frozenset(word.rstrip("sx") if len(word) > 3 else word for word in told if word not in _LITTLE) or frozenset(
        told
    )


def _read_source(name: str, found: Mapping[str, object]) -> FaqSource:
    fields = _Fields(name, found, _SOURCE_FIELDS)
    source = FaqSource(fields.text("titre"), fields.text("url"), fields.text("version"), fields.day("consulte_le"))
    if not _WEB.fullmatch(source.url):
        raise Refused("faq-entry-field", entry=name, field="url")
    return source


@dataclass(frozen=True, slots=True)
class _Fields:
    """What a mapping of YAML holds, read as what it should be, else Refused."""

    name: str
    found: Mapping[str, object]
    known: frozenset[str]

    def __post_init__(self) -> None:
        for field in self.found:
            if field not in self.known:
                raise Refused("faq-entry-unknown-field", entry=self.name, field=str(field))

    def text(self, field: str) -> str:
        value = self._value(field)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(field)
        return value.strip()

    def day(self, field: str) -> date:
        value = self._value(field)
        if type(value) is not date:  # a datetime is one too
            raise self._wrong(field)
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        values = self._list(field)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self._wrong(field)
        return tuple(str(value).strip() for value in values)

    def rows(self, field: str) -> tuple[Mapping[str, object], ...]:
        rows = tuple(value for value in self._list(field) if isinstance(value, Mapping))
        if len(rows) < len(self._list(field)):
            raise self._wrong(field)
        return rows

    def _list(self, field: str) -> Sequence[object]:
        value = self.found.get(field) or ()
        if not isinstance(value, list | tuple):
            raise self._wrong(field)
        return value

    def _value(self, field: str) -> object:
        if field not in self.found:
            raise Refused("faq-entry-missing", entry=self.name, field=field)
        return self.found[field]

    def _wrong(self, field: str) -> Refused:
        return Refused("faq-entry-field", entry=self.name, field=field)
