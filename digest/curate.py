"""What is chosen for one wish, best first, and for each candidate the reason why it was kept or left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, zip_longest

from club.agenda import number_of_uid
from club.news import EditionLine, News, Reason, Section, Selection, Status
from club.subscription import Wish
from digest.sections import first_day, is_over, section_of

FRESH = timedelta(days=7)
_ORDER = {section: place for place, section in enumerate(Section)}


def curate(
    candidates: Sequence[News], wish: Wish, since: datetime, now: datetime, *, fresh: timedelta = FRESH
) -> Selection:
    """The stories that are new for `wish` between `since` (excluded) and `now` (included), best first.

    `candidates` holds the entries kept in that window and the older members of their stories: a story that an older
    matching member already told is left. Each candidate gets one verdict. The order of the candidates changes nothing.

    No source drowns the others: inside a section, every source's best line comes before any source's second.
    """
    return Period(candidates, since, now, fresh=fresh).judge(wish)


class Period:
    """The candidates of one window, read once: many wishes choose from them."""

    def __init__(self, candidates: Iterable[News], since: datetime, now: datetime, *, fresh: timedelta = FRESH) -> None:
        self._now = now
        self._entries = sorted({news.id: news for news in candidates}.values(), key=lambda news: news.id)
        self._reasons = {news.id: _refuse(news, since, now, fresh) for news in self._entries}
        self._told_before = {
            news.id
            for news in self._entries
            if self._reasons[news.id] == "reason-before" and not _refuse_alone(news, news.kept_at, fresh)
        }
        self._members: dict[int, list[News]] = {}
        for news in self._entries:
            self._members.setdefault(news.story, []).append(news)
        shared = (news for news in self._entries if len(self._members[news.story]) > 1)
        self._shared = _Index(enumerate(shared))
        self._lines: dict[int, EditionLine] = {}  # by teller
        alone = {story for story, members in self._members.items() if len(members) == 1}
        lines = [self._line(news) for news in self._entries if not self._reasons[news.id]]
        self._order = {regional_first: _Order(lines, regional_first, alone) for regional_first in (False, True)}

    def lines(self, wish: Wish) -> tuple[EditionLine, ...]:
        """What is chosen for the wish, best first."""
        order = self._order[bool(wish.regions)]
        told = (order.ranks[line.news.id] for line, _ in self._shared_stories(wish) if line)
        return order.take_turns(order.alone.of(wish).union(told))

    def judge(self, wish: Wish) -> Selection:
        """What is chosen for the wish, and the verdict on every candidate."""
        verdicts = {news.id: Reason(news, kept=False, reason=self._reason(news, wish)) for news in self._entries}
        alone = ((self._line(news), [news]) for news in self._order[bool(wish.regions)].alone.entries_of(wish))
        for line, members in chain(alone, self._shared_stories(wish)):
            for news in members:
                verdicts[news.id] = _judge(news, line.news) if line else _leave(news, "reason-already")
        told = (replace(verdict, values=_values(verdict.news) | verdict.values) for verdict in verdicts.values())
        return Selection(self.lines(wish), tuple(told))

    def _reason(self, news: News, wish: Wish) -> str:
        """Why `news` alone is left, "" when nothing speaks against it: when, then what and where."""
        reason = self._reasons[news.id]
        if reason in ("reason-later", "reason-before"):
            return reason
        if wish.topics and not set(wish.topics) & set(news.topics):
            return "reason-topic"
        if wish.regions and news.regions and not set(wish.regions) & set(news.regions):
            return "reason-region"
        return reason

    def _shared_stories(self, wish: Wish) -> Iterator[tuple[EditionLine | None, list[News]]]:
        """Each story of several entries that the wish is about with those who tell it, and its line, None when it was
        told before."""
        stories: dict[int, list[News]] = {}
        told: set[tuple[int, str | None]] = set()
        for news in self._shared.entries_of(wish):
            if not self._reasons[news.id]:
                stories.setdefault(news.story, []).append(news)
            elif news.id in self._told_before:
                told |= {(news.story, None), (news.story, _state(news))}
        for story, members in stories.items():
            state = _strongest(members)
            teller = min((n for n in members if _state(n) == state), key=_telling) if len(members) > 1 else members[0]
            yield None if (story, state) in told else self._line(teller), members

    def _line(self, teller: News) -> EditionLine:
        if teller.id not in self._lines:
            relays = _relays(teller, (n for n in self._members[teller.story] if n.kept_at <= self._now))
            self._lines[teller.id] = EditionLine(section_of(teller, self._now), teller, relays)
        return self._lines[teller.id]


class _Index:
    """Entries by what they speak of, known by numbers: many wishes compare these, not entries."""

    def __init__(self, entries: Iterable[tuple[int, News]]) -> None:
        self._entries = dict(entries)
        self._all = set(self._entries)
        self._topics: dict[int, set[int]] = {}
        self._regions: dict[str, set[int]] = {}  # "" = national
        for number, news in self._entries.items():
            for topic in news.topics:
                self._topics.setdefault(topic, set()).add(number)
            for region in news.regions or ("",):
                self._regions.setdefault(region, set()).add(number)

    def of(self, wish: Wish) -> set[int]:
        """The numbers of the entries of its topics and regions."""
        found = self._all
        if wish.topics:
            found = set().union(*(self._topics.get(topic, ()) for topic in wish.topics))
        if wish.regions:
            found = set().union(*(found & self._regions.get(region, set()) for region in ("", *wish.regions)))
        return found

    def entries_of(self, wish: Wish) -> list[News]:
        """These entries, in the order of their numbers."""
        return [self._entries[number] for number in sorted(self.of(wish))]


class _Order:
    """All lines that can be chosen, best first; `ranks` are their places by teller, `alone` those of stories that one
    entry tells."""

    def __init__(self, lines: Iterable[EditionLine], regional_first: bool, alone: Container[int]) -> None:
        self._lines = sorted(lines, key=lambda line: _rank(line, regional_first))
        self._queues = [(_ORDER[line.section], line.news.source) for line in self._lines]
        self.ranks = {line.news.id: rank for rank, line in enumerate(self._lines)}
        self.alone = _Index((rank, line.news) for rank, line in enumerate(self._lines) if line.news.story in alone)

    def take_turns(self, ranks: Iterable[int]) -> tuple[EditionLine, ...]:
        """Section by section, the sources take turns: all first lines, best first, then all second ones…"""
        queues: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for rank in sorted(ranks):
            queues[self._queues[rank]].append(rank)
        sections: defaultdict[int, list[list[int]]] = defaultdict(list)
        for (section, _), queue in queues.items():
            sections[section].append(queue)
        nobody = len(self._lines)
        rounds = (turn for section in sorted(sections) for turn in zip_longest(*sections[section], fillvalue=nobody))
        return tuple(self._lines[rank] for turn in rounds for rank in sorted(turn) if rank != nobody)


def _refuse(news: News, since: datetime, now: datetime, fresh: timedelta) -> str:
    """The reason why `news` is left whatever is wished, "" when nothing speaks against it."""
    if news.kept_at > now:
        return "reason-later"
    if news.kept_at <= since:
        return "reason-before"
    return _refuse_alone(news, now, fresh)


def _refuse_alone(news: News, now: datetime, fresh: timedelta) -> str:
    if number_of_uid(news.guid):
        return "reason-echo"
    if news.is_event:
        return "reason-past" if is_over(news, now) else ""
    # First visit of a source, or its come-back: what was old when it was found is never sent (choice A11).
    return "reason-too-old" if news.published and news.kept_at - news.published > fresh else ""


def _leave(news: News, reason: str) -> Reason:
    return Reason(news, kept=False, reason=reason)


def _judge(news: News, teller: News) -> Reason:
    if news == teller:
        reason = "reason-kept-cancelled" if news.status is Status.CANCELLED else "reason-kept"
        return Reason(news, kept=True, reason=reason)
    return Reason(news, kept=False, reason="reason-double", values={"teller": _name(teller)})


def _values(news: News) -> dict[str, object]:
    return {"source": _name(news), "kept": news.kept_at, "published": news.published or news.kept_at}


def _name(news: News) -> str:
    return news.partner or news.source


def _state(news: News) -> str | None:
    """None for what takes place as it was told; that it does not, later, or at another hour, is news of its own."""
    if news.status in (Status.CANCELLED, Status.POSTPONED):
        return news.status.value
    return None if news.was is None else f"{news.start}"


def _strongest(members: Iterable[News]) -> str | None:
    states = {_state(news) for news in members}
    moved = max((state for state in states if state), default=None)
    return next((state for state in (Status.CANCELLED.value, Status.POSTPONED.value) if state in states), moved)


def _telling(news: News) -> tuple[object, ...]:
    """Best teller first: trusted, coming soonest (occurrences of one event), earliest, with a link, with a summary."""
    return (
        not news.trusted,
        first_day(news) if news.is_event else date.min,
        news.published or news.kept_at,
        not news.link,
        not news.summary,
        news.id,
    )


def _relays(teller: News, members: Iterable[News]) -> tuple[News, ...]:
    """One entry for each other partner of the story, earliest first."""
    relays: dict[str, News] = {}
    for news in sorted(members, key=lambda n: (n.published or n.kept_at, n.id)):
        if _name(news) != _name(teller) and not number_of_uid(news.guid):
            relays.setdefault(_name(news), news)
    return tuple(relays.values())


def _rank(line: EditionLine, regional_first: bool) -> tuple[object, ...]:
    """Inside a section: what is dated by date, the chosen regions first if any; else what most partners relay,
    trusted, latest."""
    news = line.news
    dated = line.section in (Section.DEADLINES, Section.EVENTS, Section.TRAININGS)
    return (
        regional_first and line.section in (Section.EVENTS, Section.TRAININGS) and not news.regions,
        first_day(news).toordinal() if dated else 0,
        -len(line.relays),
        not news.trusted,
        -(news.published or news.kept_at).timestamp(),
        news.id,
    )
