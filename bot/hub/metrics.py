"""`/metrics`: what a Prometheus reads of the hub (promise 87), made anew at each visit from what is stored; no name of
a person, no address, no key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.feature import Desk, Feature, Page
from connectors.outlets.sheet import PageRequest, Sheet
from storage.sources import SourceState

TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Kept(Collector):
    """Hands over what was measured."""

    def __init__(self, measured: Iterable[GaugeMetricFamily]) -> None:
        self._measured = tuple(measured)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The measures, in their order."""
        yield from self._measured


async def metrics(visit: PageRequest, desk: Desk) -> Sheet:
    """The measures, as text."""
    registry = CollectorRegistry()
    registry.register(_Kept([*await _sources(desk), *await _letters(desk), *await _waiting(desk)]))
    return Sheet(generate_latest(registry), TYPE)


def _gauge(name: str, about: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"ecohub_{name}", about, labels=labels)


async def _sources(desk: Desk) -> list[GaugeMetricFamily]:
    states = await desk.tx.sources.all()
    counts = _gauge("sources", "Sources by state", "state")
    for state, count in sorted(Counter(map(_state, states)).items()):
        counts.add_metric([state], count)
    last = _gauge("source_last_success_timestamp_seconds", "When each source was last read well", "source")
    failures = _gauge("source_failures", "Failed visits of each source in a row", "source")
    for one in states:
        failures.add_metric([one.source.name], one.failures)
        if one.succeeded_at:
            last.add_metric([one.source.name], one.succeeded_at.timestamp())
    visits = _gauge("last_visit_timestamp_seconds", "When a source was last visited")
    if visited := max((one.visited_at for one in states if one.visited_at), default=None):
        visits.add_metric([], visited.timestamp())
    return [counts, last, failures, visits]


def _state(one: SourceState) -> str:
    if one.paused:
        return "paused"
    return one.health.value if one.visited_at else "untried"


async def _letters(desk: Desk) -> list[GaugeMetricFamily]:
    waiting = _gauge("letters_waiting", "Letters that wait, by network", "network")
    oldest = _gauge("letters_oldest_seconds", "How long the oldest letter has waited, by network", "network")
    last = _gauge("letters_last_sent_timestamp_seconds", "When the last letter left, by network", "network")
    for queue in await desk.tx.queues.all():
        waiting.add_metric([queue.platform], queue.waiting)
        oldest.add_metric([queue.platform], _age(queue.oldest, desk))
        if queue.last:
            last.add_metric([queue.platform], queue.last.timestamp())
    states = _gauge("letters", "Letters that are kept, by state", "state")
    for state, count in sorted((await desk.tx.outbox.counts()).items()):
        states.add_metric([state], count)
    opened = _gauge("network_open", "Whether a network listens", "network")
    for name in desk.settings.networks:
        opened.add_metric([name], float(name not in desk.settings.closed))
    return [waiting, oldest, last, states, opened]


async def _waiting(desk: Desk) -> list[GaugeMetricFamily]:
    """What waits for a moderator."""
    count = _gauge("moderation_waiting", "What waits for a moderator, by kind", "kind")
    age = _gauge("moderation_oldest_seconds", "How long the oldest has waited, by kind", "kind")
    made: dict[str, list[datetime]] = {
        "source": [one.made_at for one in await desk.tx.proposals.waiting() if one.made_at],
        "question": [one.made_at for one in await desk.tx.inquiries.open() if one.made_at],
        "event": [one.made_at for one in await desk.tx.gatherings.waiting() if one.made_at],
    }
    for kind, times in made.items():
        count.add_metric([kind], len(times))
        age.add_metric([kind], _age(min(times, default=None), desk))
    return [count, age]


def _age(since: datetime | None, desk: Desk) -> float:
    return max((desk.now - since).total_seconds(), 0.0) if since else 0.0


FEATURE = Feature(pages=(Page("/metrics", metrics),))
