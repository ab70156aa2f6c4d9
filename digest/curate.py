"""What is chosen for one wish, best first, and for each candidate the reason why it was kept or left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import itemgetter

from club.news import EditionLine, News, Section, Selection, Status, Verdict
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
        # Where entries of a topic, or of a region ("" = national), stand in the list.
        self._topics: dict[int, set[int]] = {}
        self._regions: dict[str, set[int]] = {}
        for place, news in enumerate(self._entries):
            self._members.setdefault(news.story, []).append(news)
            for topic in news.topics:
                self._topics.setdefault(topic, set()).add(place)
            for region in news.regions or ("",):
                self._regions.setdefault(region, set()).add(place)
        self._lines: dict[int, EditionLine] = {}  # by teller
        self._ranks: dict[bool, Mapping[int, int]] = {}

    def lines(self, wish: Wish) -> tuple[EditionLine, ...]:
        """What is chosen for the wish, best first."""
        return self._take_turns([line for line, _ in self._stories(wish) if line], bool(wish.regions))

    def judge(self, wish: Wish) -> Selection:
        """What is chosen for the wish, and the verdict on every candidate."""
        verdicts = {news.id: Verdict(news, kept=False, reason=self._reason(news, wish)) for news in self._entries}
        for line, members in self._stories(wish):
            for news in members:
                verdicts[news.id] = _judge(news, line.news) if line else _leave(news, "reason-already")
        told = (replace(verdict, values=_values(verdict.news) | verdict.values) for verdict in verdicts.values())
        return Selection(self.lines(wish), tuple(told))

    def _matching(self, wish: Wish) -> list[News]:
        """The entries of the wish's topics and regions, oldest first."""
        standing: list[set[int]] = []
        if wish.topics:
            standing.append(set().union(*(self._topics.get(topic, ()) for topic in wish.topics)))
        if wish.regions:
            standing.append(set().union(*(self._regions.get(region, ()) for region in ("", *wish.regions))))
        if not standing:
            return self._entries
        return [self._entries[place] for place in sorted(set.intersection(*standing))]

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

    def _stories(self, wish: Wish) -> Iterator[tuple[EditionLine | None, list[News]]]:
        """Each story that the wish is about with those who tell it, and its line, None when it was told before."""
        stories: dict[int, list[News]] = {}
        told: set[tuple[int, Status | None]] = set()
        for news in self._matching(wish):
            if not self._reasons[news.id] and len(self._members[news.story]) == 1:
                yield self._line(news), [news]
            elif not self._reasons[news.id]:
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

    def _take_turns(self, lines: Sequence[EditionLine], regional_first: bool) -> tuple[EditionLine, ...]:
        """Section by section, the sources take turns: all first lines, best first, then all second ones…"""
        turns: dict[tuple[Section, str], int] = {}
        placed: list[tuple[int, int, int, EditionLine]] = []
        ranks = self._ranks_of(regional_first)
        for rank, line in sorted(((ranks[line.news.id], line) for line in lines), key=itemgetter(0)):
            key = (line.section, line.news.source)
            turns[key] = turns.get(key, 0) + 1
            placed.append((_ORDER[line.section], turns[key], rank, line))
        return tuple(line for *_, line in sorted(placed, key=itemgetter(0, 1, 2)))

    def _ranks_of(self, regional_first: bool) -> Mapping[int, int]:
        """The place of every possible teller among all, by its number: many wishes compare places, not lines."""
        if regional_first not in self._ranks:
            lines = [self._line(news) for news in self._entries if not self._reasons[news.id]]
            lines.sort(key=lambda line: _rank(line, regional_first))
            self._ranks[regional_first] = {line.news.id: place for place, line in enumerate(lines)}
        return self._ranks[regional_first]


def _refuse(news: News, since: datetime, now: datetime, fresh: timedelta) -> str:
    """The reason why `news` is left whatever is wished, "" when nothing speaks against it."""
    if news.kept_at > now:
        return "reason-later"
    if news.kept_at <= since:
        return "reason-before"
    return _refuse_alone(news, now, fresh)


def _refuse_alone(news: News, now: datetime, fresh: timedelta) -> str:
    if news.is_event:
        return "reason-past" if is_over(news, now) else ""
    # First visit of a source, or its come-back: what was old when it was found is never sent (settled.md A11).
    return "reason-too-old" if news.published and news.kept_at - news.published > fresh else ""


def _leave(news: News, reason: str) -> Verdict:
    return Verdict(news, kept=False, reason=reason)


def _judge(news: News, teller: News) -> Verdict:
    if news == teller:
        reason = "reason-kept-cancelled" if news.status is Status.CANCELLED else "reason-kept"
        return Verdict(news, kept=True, reason=reason)
    return Verdict(news, kept=False, reason="reason-double", values={"teller": _name(teller)})


def _values(news: News) -> dict[str, object]:
    return {"source": _name(news), "kept": news.kept_at, "published": news.published or news.kept_at}


def _name(news: News) -> str:
    return news.partner or news.source


def _state(news: News) -> Status | None:
    """None for what takes place; that it does not, or later, is news of its own."""
    return news.status if news.status in (Status.CANCELLED, Status.POSTPONED) else None


def _strongest(members: Iterable[News]) -> Status | None:
    states = {_state(news) for news in members}
    return next((state for state in (Status.CANCELLED, Status.POSTPONED) if state in states), None)


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
        if _name(news) != _name(teller):
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
