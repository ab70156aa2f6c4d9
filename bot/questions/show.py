"""How an entry of the knowledge base reads in a chat: its answer, where it comes from, whether it must be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from club.dialogue import Action, Message
from club.faq.base import Entry
from club.faq.editions import LabelEditions
from club.faq.passages import Passage
from club.faq.verdicts import Way
from club.markup import Line, Span
from club.texts import Texts


def show_entry(entry: Entry, texts: Texts, today: date, editions: LabelEditions) -> Message:
    """Question, answer, source: at most 900 characters."""
    lines = [*texts.lines("faq-question", question=entry.question), *_paragraphs(entry.answer)]
    if entry.is_due(today, editions.current):
        lines += texts.lines("faq-due")
    return Message((*lines, *_source(entry, texts)))


def show_talk(entry: Entry) -> Message:
    """A word of politeness: nothing to cite."""
    return Message(tuple(_paragraphs(entry.answer)))


def show_sources(entry: Entry, texts: Texts, editions: LabelEditions) -> Message:
    """All that the answer rests on."""
    lines = list(texts.lines("faq-sources", question=entry.question))
    for source in entry.sources:
        values = {"title": source.title, "url": source.url, "version": source.version}
        lines.append(texts.line("faq-sources-line", **values, day=source.consulted))
    if entry.edition in editions.names:
        lines += texts.lines("faq-sources-edition", name=editions.names[entry.edition])
    return Message((*lines, *texts.lines("faq-sources-review", checked=entry.checked, review=entry.review_by)))


def show_extracts(extracts: Sequence[Passage], texts: Texts) -> tuple[Line, ...]:
    """What other texts say, and where that stands; () when nothing was found."""
    lines = list(texts.lines("faq-extracts")) if extracts else []
    for one in extracts:
        day = texts.day(one.day) if one.day else ""
        where = " · ".join(filter(None, (one.title, one.heading, one.version, day)))
        lines += [*texts.lines("faq-extract", text=one.text), (Span("— "), Span(where, link=one.url or None))]
    return tuple(lines)


def choices_of(entries: Iterable[Entry], number: int) -> tuple[Action, ...]:
    """Their questions as buttons; `number` is that of the question that was asked, 0 = none."""
    return tuple(_pick(entry.question, entry, number) for entry in entries)


def ways_of(ways: Iterable[Way], number: int) -> tuple[Action, ...]:
    """What a question may ask for as buttons, by their names."""
    return tuple(_pick(way.name, way.entry, number) for way in ways)


def _pick(label: str, entry: Entry, number: int) -> Action:
    return Action(label, "faq.pick", {"e": entry.id, **({"q": str(number)} if number else {})})


def _paragraphs(text: str) -> list[Line]:
    return [(Span(line),) for line in text.splitlines() if line.strip()]


def _source(entry: Entry, texts: Texts) -> tuple[Line, ...]:
    if not entry.sources:
        return ()
    first, others = entry.sources[0], len(entry.sources) - 1
    values = {"title": first.title, "url": first.url, "version": first.version, "checked": entry.checked}
    return texts.lines("faq-source", **values, others=others)
