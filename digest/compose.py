"""From what was chosen to what is read: at most seven lines, every section heard, then the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from club.news import Edition, EditionLine, Section, Selection
from digest.sections import first_day

SIZE = 7
_DATED = frozenset({Section.DEADLINES, Section.EVENTS, Section.TRAININGS})
_ORDER = {section: place for place, section in enumerate(Section)}


def compose(
    selection: Selection,
    now: datetime,
    size: int = SIZE,
    *,
    since: datetime | None = None,
    regional_first: bool = False,
) -> Edition:
    """The edition of `selection`, at most `size` lines in reading order, then the rest; empty when nothing was chosen.

    No section starves: the sections take turns, in reading order, one line each, until `size` is reached; each gives
    its best lines first. Then dated sections are shown by date; `regional_first` is for a reader who chose regions:
    their gatherings come before the national ones.
    """
    waiting: dict[Section, list[EditionLine]] = {section: [] for section in Section}
    for line in selection.lines:
        waiting[line.section].append(line)
    chosen: list[EditionLine] = []
    while len(chosen) < size and any(waiting.values()):
        for queue in waiting.values():
            if queue and len(chosen) < size:
                chosen.append(queue.pop(0))
    rest = (line for queue in waiting.values() for line in queue)
    return Edition(_arrange(chosen, regional_first), _arrange(rest, regional_first), since=since, until=now)


def _arrange(lines: Iterable[EditionLine], regional_first: bool) -> tuple[EditionLine, ...]:
    # Stable: inside a section of news, best first stays.
    return tuple(sorted(lines, key=lambda line: _place(line, regional_first)))


def _place(line: EditionLine, regional_first: bool) -> tuple[int, bool, date]:
    apart = regional_first and line.section in (Section.EVENTS, Section.TRAININGS)
    day = first_day(line.news) if line.section in _DATED else date.min
    return _ORDER[line.section], apart and not line.news.regions, day
