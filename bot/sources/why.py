"""Why an entry is in a letter, or is not: stage by stage, by which rule or person. For chat and command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from club.dialogue import Message
from club.markup import Line
from club.news import Item, News
from club.regions import regions
from club.subscription import Subscription
from club.texts import Texts
from club.topics import topics
from connectors.sources.identity import known_by
from digest.classify import clues_of
from digest.compose import compose
from digest.curate import FRESH, curate
from digest.similarity import link_key
from storage.sources import SourceState
from storage.store import Transaction
from storage.traces import Trace

NEAR = 5  # entries of the same site that are named when the link is unknown
WORDS = 6  # that are quoted for a topic
JUST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: its name, and the text `key` with its values."""

    stage: str
    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def lines(self, texts: Texts) -> tuple[Line, ...]:
        """What people read."""
        return texts.lines(self.key, **self.values)


@dataclass(frozen=True, slots=True)
class Story:
    """An entry with its stages."""

    trace: Trace
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """What is known of a link: the entries that have it; else, step by step, what is near."""

    link: str
    stories: tuple[Story, ...]
    near: tuple[Step, ...] = ()


async def explain(tx: Transaction, link: str, orders: Sequence[Subscription], texts: Texts, now: datetime) -> Why:
    """The fate of what has this link, for each of these subscriptions. Links are compared without scheme, « www » and
    tracking."""
    key, host = link_key(link), (urlsplit(link).hostname or "").removeprefix("www.")
    traces = await tx.traces.of_host(host) if host else []
    same = [one for one in traces if link_key(one.news.link) == key] if key else []
    if not same:
        return Why(link, (), tuple(await _near(tx, host, traces, texts)))
    states = {state.source.id: state for state in await tx.sources.all(typed=True)}
    stories = []
    for one in same:
        steps = [*await _read(tx, one, states.get(one.source_id), texts), *await _filed(tx, one, texts)]
        steps += [await _fate(tx, one.news, order, texts, now) for order in orders if one.filed]
        stories.append(Story(one, tuple(steps)))
    return Why(link, tuple(stories))


async def _read(tx: Transaction, one: Trace, state: SourceState | None, texts: Texts) -> list[Step]:
    news = one.news
    steps = [Step("read", "why-read", {"title": news.title, "source": news.source, "at": one.seen_at})]
    if one.changed_at > one.seen_at:
        steps.append(Step("read", "why-changed", {"at": one.changed_at}))
    if state is not None and state.paused:
        who, at = await _who_paused(tx, one.source_id)
        by = {"who": who, "at": at} if who and at else {}
        key = "why-source-paused-by" if by else "why-source-paused"
        steps.append(Step("source", key, {"why": texts.plain(state.paused), **by}))
    way = "event" if news.is_event else known_by(_item(one))
    steps.append(Step("identity", f"why-known-{way or 'whole'}"))
    return steps


def _item(one: Trace) -> Item:
    news = one.news
    return Item(news.guid, one.identity, news.title, news.link, news.published, news.summary)


async def _who_paused(tx: Transaction, source: int) -> tuple[str, datetime | None]:
    line = await tx.journal.last_line("source.paused", f"source={source}")
    if line is None:
        return "", None
    names = await tx.people.names([line["person_id"] or 0])
    return names.get(line["person_id"] or 0, ""), line["at"]


async def _filed(tx: Transaction, one: Trace, texts: Texts) -> list[Step]:
    news = one.news
    steps = [_dated(news)]
    if not one.filed:
        return [*steps, Step("filed", "why-unfiled")]
    others = {other.source for other in await tx.traces.of_story(news.story) if other.id != news.id}
    steps.append(
        Step("story", "why-same", {"others": ", ".join(sorted(others))}) if others else Step("story", "why-alone")
    )
    clues = clues_of(news.title, news.summary, one.categories, topics())
    for number in news.topics:
        said = ", ".join(clues.get(number, ())[:WORDS])
        steps.append(Step("topics", "why-topic" if said else "why-topic-before", {"number": number, "words": said}))
    if not news.topics:
        steps.append(Step("topics", "why-no-topic"))
    names = ", ".join(regions().region(code).name for code in news.regions)
    key = "why-national" if not names else "why-region-source" if one.source_region else "why-region-said"
    return [*steps, Step("regions", key, {"regions": names} if names else {})]


def _dated(news: News) -> Step:
    if news.is_event:
        return Step("date", "why-event")
    if news.published is None:
        return Step("date", "why-undated")
    late = news.kept_at - news.published > FRESH
    return Step("date", "why-old" if late else "why-dated", {"at": news.published})


async def _fate(tx: Transaction, news: News, order: Subscription, texts: Texts, now: datetime) -> Step:
    """What became of it in the letters of one subscription."""
    if order.person is None:
        who = texts.plain("why-channel", name=order.name or str(order.place))
    else:
        who = texts.plain("why-yours", number=order.id)
    key, values = await _reason(tx, news, order, now)
    if order.paused and news.kept_at > order.watermark:
        key, values = "why-order-paused", {"why": texts.plain(order.paused)}
    return Step("letter", "why-letter", {"who": who, "reason": texts.plain(key, **values)})


async def _reason(tx: Transaction, news: News, order: Subscription, now: datetime) -> tuple[str, Mapping[str, object]]:
    if news.kept_at > order.watermark:
        return await _next(tx, news, order, now)
    letter = await tx.traces.letter_after(order.id, news.kept_at)
    if letter is not None and _holds(letter.message, news):
        if letter.sent_at is None:
            return f"why-put-{letter.state}", {"at": letter.put_at}
        return "why-sent", {"at": letter.sent_at}
    if letter is not None and news.id in letter.rest:
        return "why-sent-rest", {"at": letter.put_at}
    until = letter.put_at if letter is not None else order.watermark
    since = news.kept_at - JUST
    chosen = curate(await tx.news.window(since, until), order.wish, since, until)
    verdict = next((one for one in chosen.verdicts if one.news.id == news.id), None)
    if verdict is None or verdict.kept:
        return "why-closed", {"at": until}
    return verdict.reason, verdict.values


async def _next(tx: Transaction, news: News, order: Subscription, now: datetime) -> tuple[str, Mapping[str, object]]:
    chosen = curate(await tx.news.window(order.watermark, now), order.wish, order.watermark, now)
    verdict = next((one for one in chosen.verdicts if one.news.id == news.id), None)
    if verdict is None:
        return "why-closed", {"at": now}
    if not verdict.kept:
        return verdict.reason, verdict.values
    edition = compose(chosen, now, since=order.watermark, regional_first=bool(order.wish.regions))
    shown = any(line.news.id == news.id for line in edition.lines)
    return ("why-next" if shown else "why-next-rest"), {}


def _holds(message: Message, news: News) -> bool:
    key = link_key(news.link)
    return any(link_key(span.link) == key for line in message.lines for span in line if span.link)


async def _near(tx: Transaction, host: str, traces: Iterable[Trace], texts: Texts) -> list[Step]:
    """What is known of the same site, and what to do."""
    if not host:
        return [Step("link", "why-no-link")]
    steps = [Step("link", "why-unknown", {"host": host})]
    for state in await tx.sources.all():
        if _host(state.source.url) == host:
            said = texts.plain(state.paused) if state.paused else texts.plain(f"why-health-{state.health}")
            steps.append(Step("source", "why-source-there", {"name": state.source.name, "state": said}))
    for refused in await tx.proposals.refused():
        if _host(refused.url) == host and refused.decided_at:
            names = await tx.people.names([refused.decided_by or 0])
            who = names.get(refused.decided_by or 0) or texts.plain("source-author-unknown")
            values = {"url": refused.url, "who": who, "at": refused.decided_at, "reason": refused.reason}
            steps.append(Step("source", "why-source-refused", values))
    steps += [
        Step("near", "why-near", {"title": one.news.title, "link": one.news.link or ""}) for one in list(traces)[:NEAR]
    ]
    return [*steps, Step("advice", "why-advice-known" if len(steps) > 1 else "why-advice-unknown")]


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
