"""What is chosen for one wish, best first, and for each candidate the reason why it was kept or left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from club.news import EditionLine, News, Section, Selection, Status, Verdict
from club.subscription import Wish
from digest.sections import first_day, is_over, section_of

FRESH = timedelta(days=7)


def curate(
    candidates: Sequence[News], wish: Wish, since: datetime, now: datetime, *, fresh: timedelta = FRESH
) -> Selection:
    """The stories that are new for `wish` between `since` (excluded) and `now` (included), best first.

    `candidates` holds the entries kept in that window and the older members of their stories: a story that an older
    matching member already told is left. Each candidate gets one verdict. The order of the candidates changes nothing.

    No source drowns the others: inside a section, every source's best line comes before any source's second.
    """
    entries = sorted({news.id: news for news in candidates}.values(), key=lambda news: news.id)
    verdicts: dict[int, Verdict] = {}
    stories: dict[int, list[News]] = {}
    told: set[tuple[int, Status | None]] = set()
    for news in entries:
        reason = _refuse(news, wish, since, now, fresh)
        if not reason:
            stories.setdefault(news.story, []).append(news)
            continue
        verdicts[news.id] = Verdict(news, kept=False, reason=reason, values=_values(news))
        if reason == "reason-before" and not _refuse(news, wish, news.kept_at - fresh, news.kept_at, fresh):
            told |= {(news.story, None), (news.story, _state(news))}
    lines: list[EditionLine] = []
    for story, members in stories.items():
        state = _strongest(members)
        if (story, state) in told:
            verdicts |= {n.id: Verdict(n, kept=False, reason="reason-already", values=_values(n)) for n in members}
            continue
        teller = min((n for n in members if _state(n) == state), key=_telling)
        for news in members:
            verdicts[news.id] = _judge(news, teller)
        relays = _relays(teller, (n for n in entries if n.story == story and n.kept_at <= now))
        lines.append(EditionLine(section_of(teller, now), teller, relays))
    return Selection(_take_turns(lines, bool(wish.regions)), tuple(verdicts[news.id] for news in entries))


def _refuse(news: News, wish: Wish, since: datetime, now: datetime, fresh: timedelta) -> str:
    """The reason why `news` alone is left, "" when nothing speaks against it."""
    if news.kept_at > now:
        return "reason-later"
    if news.kept_at <= since:
        return "reason-before"
    if wish.topics and not set(wish.topics) & set(news.topics):
        return "reason-topic"
    if wish.regions and news.regions and not set(wish.regions) & set(news.regions):
        return "reason-region"
    if news.is_event:
        return "reason-past" if is_over(news, now) else ""
    # First visit of a source, or its come-back: what was old when it was found is never sent (settled.md A11).
    return "reason-too-old" if news.published and news.kept_at - news.published > fresh else ""


def _judge(news: News, teller: News) -> Verdict:
    if news == teller:
        reason = "reason-kept-cancelled" if news.status is Status.CANCELLED else "reason-kept"
        return Verdict(news, kept=True, reason=reason, values=_values(news))
    return Verdict(news, kept=False, reason="reason-double", values=_values(news) | {"teller": _name(teller)})


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


def _take_turns(lines: Iterable[EditionLine], regional_first: bool) -> tuple[EditionLine, ...]:
    """Section by section, the sources take turns: all first lines, best first, then all second ones…"""
    turns: dict[tuple[Section, str], int] = {}
    placed: list[tuple[int, int, tuple[object, ...], EditionLine]] = []
    order = list(Section)
    for rank, line in sorted(((_rank(line, regional_first), line) for line in lines), key=lambda ranked: ranked[0]):
        key = (line.section, line.news.source)
        turns[key] = turns.get(key, 0) + 1
        placed.append((order.index(line.section), turns[key], rank, line))
    return tuple(line for *_, line in sorted(placed, key=lambda p: p[:3]))


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
