"""How news and editions read in a chat: one line a story, with its date, its place, its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from club.dialogue import Message
from club.markup import Line
from club.news import Edition, EditionLine
from club.texts import Texts
from club.wording import relayed_by, said_by, title_of, when_moved

Draw = Callable[[EditionLine], Line]


def drawing(texts: Texts) -> Draw:
    """Shows each line once, however many editions it is in."""
    drawn: dict[tuple[object, ...], Line] = {}

    def draw(line: EditionLine) -> Line:
        key = (line.section, line.news.id, *(relay.id for relay in line.relays))
        if key not in drawn:
            drawn[key] = show_line(line, texts)
        return drawn[key]

    return draw


def show_edition(edition: Edition, texts: Texts, now: datetime, draw: Draw | None = None) -> Message:
    """The edition as one message: its title, at most seven lines, what is left."""
    draw = draw or drawing(texts)
    lines = [
        texts.line("edition-title", day=texts.day(texts.day_of(now))),
        *map(draw, edition.lines),
    ]
    if edition.rest:
        lines.append(texts.line("edition-rest", count=len(edition.rest)))
    return Message(tuple(lines))


def show_rest(lines: Sequence[EditionLine], begin: int, count: int, texts: Texts) -> Message:
    """Some of the `count` lines that did not fit, from the one at `begin` on."""
    part = len(lines) < count
    title = (
        texts.line("edition-rest-part", first=begin + 1, last=begin + len(lines), count=count)
        if part
        else texts.line("edition-rest-title")
    )
    return Message((title, *(show_line(line, texts) for line in lines)))


def show_line(line: EditionLine, texts: Texts) -> Line:
    """« Évènement · jeu. 11 mars, 9 h 30 · Titre — Cerema, aussi relayé par Ademe »."""
    news = line.news
    section = texts.plain(f"section-{line.section}")
    values = {"section": section, "title": title_of(news, texts), "link": news.link or "", "source": said_by(news)}
    if news.start is not None:
        dated = when_moved(news, texts)
        shown = texts.line("edition-event", when=_with_place(dated, news.place), **values)
    else:
        shown = texts.line("edition-item", **values)
    relays = relayed_by(line)
    return shown + (texts.line("edition-relays", names=", ".join(relays)) if relays else ())


def _with_place(dated: str, place: str) -> str:
    shown = place if len(place) <= 60 else f"{place[:59]}…"
    return f"{dated} · {shown}" if shown else dated
