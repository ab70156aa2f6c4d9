"""From what was chosen to what is read: at most seven lines, every section heard, then the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import chain

from club.news import Edition, EditionLine, Section, Selection
from digest.sections import first_day

SIZE = 7
_DATED = frozenset({Section.DEADLINES, Section.EVENTS, Section.TRAININGS})


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
    chosen: dict[Section, list[EditionLine]] = {section: [] for section in Section}
    left = min(size, len(selection.lines))
    while left:
        for section, queue in waiting.items():
            if queue and left:
                chosen[section].append(queue.pop(0))
                left -= 1
    return Edition(_arrange(chosen, regional_first), _arrange(waiting, regional_first), since=since, until=now)


def _arrange(lines: Mapping[Section, Sequence[EditionLine]], regional_first: bool) -> tuple[EditionLine, ...]:
    # Inside a section of news, best first stays.
    arranged = (
        sorted(some, key=lambda line: _place(line, regional_first)) if section in _DATED else some
        for section, some in lines.items()
    )
    return tuple(chain.from_iterable(arranged))


def _place(line: EditionLine, regional_first: bool) -> tuple[bool, date]:
    apart = regional_first and line.section in (Section.EVENTS, Section.TRAININGS)
    return apart and not line.news.regions, first_day(line.news)
