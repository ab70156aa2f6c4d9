"""Visits to a real site on loopback, read by the real child, kept on both databases (promises 8, 12, 13)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from sqlalchemy import event, text

from club.news import Health, News, SourceKind
from connectors.address import Allowed
from connectors.fetch import Fetcher
from connectors.harvest import Pass, visit_due
from connectors.reader import Reader
from connectors.rhythm import UNKNOWN, USUAL
from storage.sources import CLAIM, SourceState
from storage.store import Store
from tests.kit.memory import Clock, file_alone, source, until

HOUR = timedelta(hours=1)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//essai//FR
BEGIN:VEVENT
UID:visite@club
DTSTART;TZID=Europe/Paris:20270402T093000
SUMMARY:Visite du quartier
END:VEVENT
END:VCALENDAR
"""


def feed(*titles: str) -> str:
    items = "".join(
        f"<item><title>{title}</title><guid>{title}</guid><pubDate>Mon, 08 Mar 2027 09:00:00 +0100</pubDate></item>"
        for title in titles
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Flux</title>{items}</channel></rss>'


@dataclass
class Site:
    """A partner's site: verbs set what it serves, `asked` is what it was asked."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def serves(self, name: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        said = {key.replace("_", "-"): value for key, value in headers.items()}
        raw = body.encode() if isinstance(body, str) else body

        async def answer(request: web.Request) -> web.Response:
            if status == 200 and "ETag" in said and request.headers.get("If-None-Match") == said["ETag"]:
                return web.Response(status=304)
            return web.Response(body=raw, status=status, headers=said)

        self.answers[name] = answer

    def hangs(self, name: str) -> asyncio.Event:
        """It answers nothing; the event tells that it was asked."""
        asked = asyncio.Event()

        async def answer(request: web.Request) -> web.Response:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

        self.answers[name] = answer
        return asked

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        known = self.answers.get(request.path.strip("/"))
        return web.Response(status=404) if known is None else await known(request)

    def paths(self) -> list[str]:
        return sorted(request.path.strip("/") for request in self.asked)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    here = Site()
    app = web.Application()
    app.router.add_get("/{name}", here.answer)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here.port = runner.addresses[0][1]
    yield here
    await runner.cleanup()


@dataclass
class Collector:
    """What visits the site's sources into a store."""

    store: Store
    site: Site
    fetcher: Fetcher
    reader: Reader
    clock: Clock

    async def follows(self, *names: str, kind: SourceKind = SourceKind.AUTO) -> None:
        async with self.store.begin() as tx:
            wanted = [source(name, self.site.url(name), kind) for name in names]
            await tx.sources.follow_config(wanted, self.clock())

    async def visits(self, *, everything: bool = False, every: timedelta = USUAL) -> Pass:
        return await visit_due(
            self.store,
            self.fetcher,
            self.reader,
            self.clock,
            everything=everything,
            every=every,
            chance=lambda: 0.0,
        )

    async def state(self, name: str) -> SourceState:
        async with self.store.read() as tx:
            state = await tx.sources.get(name)
        assert state
        return state

    async def entries(self) -> list[News]:
        async with self.store.read() as tx:
            return await tx.news.entries(None)


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    child = Reader()
    yield child
    await child.close()


@pytest.fixture
async def fetcher(site: Site) -> AsyncIterator[Fetcher]:
    async with Fetcher(Allowed.parse([f"127.0.0.1:{site.port}"]), timeout=10) as fetcher:
        yield fetcher


@pytest.fixture
def collector(store: Store, site: Site, fetcher: Fetcher, reader: Reader, now: datetime) -> Collector:
    return Collector(store, site, fetcher, reader, Clock(now))


async def test_one_broken_source_disturbs_no_other(
    any_store: Store, site: Site, fetcher: Fetcher, now: datetime
) -> None:
    reader = Reader(deadline=1.0)
    collector = Collector(any_store, site, fetcher, reader, Clock(now))
    good = [f"good{n}" for n in range(25)]
    for name in good:
        site.serves(name, feed(f"Nouvelle de {name}"))
    site.serves("broken", "<rss><channel><item><title>Sans fin")
    site.serves("down", "", status=500)
    site.serves("empty", "")
    site.serves("page", "<!DOCTYPE html><html><body>Bonjour</body></html>")
    site.serves("deep", "<rss>" + "<a>" * 5000)
    await collector.follows(*good, "broken", "down", "empty", "page", "deep")
    try:
        done = await collector.visits()
    finally:
        await reader.close()
    assert done.visited == 30
    assert done.new == 25 + len([one for one in await collector.entries() if one.source == "broken"])
    for name in good:
        assert (await collector.state(name)).health is Health.OK
    for name in ("down", "empty", "page", "deep"):
        state = await collector.state(name)
        assert (state.health, state.failures) == (Health.ERROR, 1)
        assert state.trouble.startswith("trouble-")
    # Each asked once; on the page's site also the places where a feed usually is.
    assert [path for path in site.paths() if path in site.answers] == sorted(site.answers)


async def test_the_child_reads(collector: Collector, now: datetime) -> None:
    collector.site.serves("agenda", CALENDAR, Content_Type="text/calendar")
    await collector.follows("agenda")
    assert (await collector.visits()).new == 1
    [event] = await collector.entries()
    assert (event.title, event.is_event, event.zone) == ("Visite du quartier", True, "Europe/Paris")
    assert collector.reader._child is not None and collector.reader._child.returncode is None


async def test_an_unchanged_site_is_asked_with_what_it_said(collector: Collector) -> None:
    collector.site.serves("a", feed("Une"), ETag='"v1"', Last_Modified="Mon, 08 Mar 2027 08:00:00 GMT")
    await collector.follows("a")
    assert (await collector.visits()).new == 1
    collector.clock.jumps(hours=3)
    done = await collector.visits()
    assert (done.visited, done.unchanged, done.new) == (1, 1, 0)
    first, second = collector.site.asked
    assert "If-None-Match" not in first.headers
    assert second.headers["If-None-Match"] == '"v1"'
    assert second.headers["If-Modified-Since"] == "Mon, 08 Mar 2027 08:00:00 GMT"
    # A window that moves wants the document again now and then, changed or not.
    collector.clock.jumps(days=7)
    assert (await collector.visits()).unchanged == 0
    assert "If-None-Match" not in collector.site.asked[2].headers


async def test_an_unchanged_body_is_not_read_again(collector: Collector) -> None:
    collector.site.serves("a", feed("Une"))
    await collector.follows("a")
    await collector.visits()
    await collector.reader.close()
    collector.clock.jumps(hours=5)
    done = await collector.visits()
    assert (done.unchanged, collector.reader._child) == (1, None)  # nobody was started to read it
    collector.site.serves("a", feed("Une", "Deux"))
    collector.clock.jumps(hours=5)
    assert (await collector.visits()).new == 1


async def test_a_new_address_is_not_asked_with_the_old_ones_words(collector: Collector) -> None:
    collector.site.serves("a", feed("Une"), ETag='"v1"')
    collector.site.serves("b", feed("Une"), ETag='"v1"')
    await collector.follows("a")
    await collector.visits()
    async with collector.store.begin() as tx:
        await tx.sources.follow_config([source("a", collector.site.url("b"))], collector.clock())
    assert (await collector.visits()).visited == 1
    assert "If-None-Match" not in collector.site.asked[1].headers


async def test_who_asks_to_wait_is_left_alone(collector: Collector) -> None:
    collector.site.serves("a", "", status=429, Retry_After="7200")
    await collector.follows("a")
    assert (await collector.visits()).failed == 1
    assert (await collector.state("a")).trouble == "trouble-busy"
    collector.clock.jumps(seconds=7199)
    for everything in (False, True):
        assert (await collector.visits(everything=everything)).visited == 0
    collector.clock.jumps(seconds=1)
    assert (await collector.visits()).visited == 1
    assert len(collector.site.asked) == 2


async def test_failures_are_tried_less_and_less(collector: Collector) -> None:
    collector.site.serves("a", "", status=500)
    await collector.follows("a")
    waits = []
    for _ in range(9):
        await collector.visits()
        state = await collector.state("a")
        waits.append(state.visit_at - collector.clock())
        collector.clock.now = state.visit_at
    assert waits[:4] == [USUAL, 2 * USUAL, 4 * USUAL, 8 * USUAL]
    assert waits[-1] == timedelta(hours=24)
    collector.site.serves("a", feed("Une"))
    await collector.visits()
    state = await collector.state("a")
    assert state.failures == 0
    assert UNKNOWN <= state.visit_at - collector.clock() < timedelta(hours=24)


async def test_a_publisher_may_ask_to_be_visited_less(collector: Collector) -> None:
    collector.site.serves("a", feed("Une"), Cache_Control="max-age=7200")
    collector.site.serves("b", feed("Une"), Cache_Control="max-age=9999999")
    await collector.follows("a", "b")
    await collector.visits()
    assert (await collector.state("a")).visit_at == collector.clock() + 2 * HOUR
    assert (await collector.state("b")).visit_at == collector.clock() + 24 * HOUR


async def test_410_three_times_is_the_end(collector: Collector) -> None:
    collector.site.serves("a", "", status=410)
    await collector.follows("a")
    for _ in range(5):
        await collector.visits()
        collector.clock.jumps(days=2)
    assert len(collector.site.asked) == 3
    assert (await collector.state("a")).paused == "paused-gone"


async def test_two_passes_at_once_visit_each_source_once(
    any_store: Store, site: Site, fetcher: Fetcher, reader: Reader, now: datetime
) -> None:
    collector = Collector(any_store, site, fetcher, reader, Clock(now))
    names = [f"s{n}" for n in range(12)]
    for name in names:
        site.serves(name, feed(f"Nouvelle de {name}"))
    await collector.follows(*names)
    passes = await asyncio.gather(*(collector.visits() for _ in range(3)))
    assert sum(done.visited for done in passes) == 12
    assert site.paths() == sorted(names)
    assert len(await collector.entries()) == 12


async def test_more_sources_than_visitors(collector: Collector) -> None:
    names = [f"s{n:03}" for n in range(120)]
    for name in names:
        collector.site.serves(name, feed("Une"))
    await collector.follows(*names)
    done = await collector.visits(every=timedelta(seconds=0))
    assert (done.visited, done.new) == (120, 120)
    assert collector.site.paths() == names  # due again at once, yet once a pass


@asynccontextmanager
async def visiting(collector: Collector, slow: str, quick: str) -> AsyncIterator[asyncio.Task[Pass]]:
    """A pass in which one source hangs and the other is kept already; killed with the block."""
    asked = collector.site.hangs(slow)
    collector.site.serves(quick, feed("Une"))
    await collector.follows(slow, quick)
    task = asyncio.create_task(collector.visits())
    await asyncio.wait_for(asked.wait(), 30)

    async def is_kept() -> bool:
        return (await collector.state(quick)).visited_at is not None

    await until(is_kept)
    yield task
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_killed_visitors_claims_end_by_themselves(collector: Collector) -> None:
    async with visiting(collector, "a", "b"):
        pass
    collector.site.serves("a", feed("Deux"))
    assert (await collector.visits()).visited == 0
    collector.clock.now += CLAIM
    assert (await collector.visits()).visited == 1
    assert sorted(one.title for one in await collector.entries()) == ["Deux", "Une"]


async def test_a_permanent_move_is_noted(collector: Collector) -> None:
    async def away(request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently("/b")

    collector.site.answers["a"] = away
    collector.site.serves("b", feed("Une"))
    await collector.follows("a")
    await collector.visits()
    state = await collector.state("a")
    assert (state.moved_to, state.source.url) == (collector.site.url("b"), collector.site.url("a"))


async def test_what_the_database_refuses_costs_that_source_only(
    collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    names = ("a", "b", "c")
    for name in names:
        collector.site.serves(name, feed(f"Nouvelle de {name}"))
    await collector.follows(*names)
    refused = """CREATE TRIGGER refuse BEFORE INSERT ON entry WHEN new.title = 'Nouvelle de b'
    BEGIN SELECT RAISE(ABORT, 'refused'); END"""
    async with collector.store.begin() as tx:
        await tx.connection.execute(text(refused))
    done = await collector.visits()
    assert (done.visited, done.failed, done.new) == (3, 1, 2)
    assert [(await collector.state(name)).health for name in names] == [Health.OK, Health.ERROR, Health.OK]
    assert sorted(one.title for one in await collector.entries()) == ["Nouvelle de a", "Nouvelle de c"]
    assert caplog.text.count("visit not kept") == 1


async def test_a_slow_source_keeps_the_others_waiting_no_longer_than_a_second(collector: Collector) -> None:
    async with visiting(collector, "slow", "quick") as task:
        assert not task.done()


async def test_sources_are_stored_together(collector: Collector) -> None:
    names = [f"s{n:02}" for n in range(60)]
    for name in names:
        collector.site.serves(name, feed("Une"))
    await collector.follows(*names)
    commits: list[object] = []
    event.listen(collector.store.engine.sync_engine, "commit", commits.append)
    assert (await collector.visits()).new == 60
    assert len(commits) < 30  # one each would be twice as many, with those of the claims four times


async def test_many_entries_are_stored_in_several_transactions(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.harvest.ENTRIES", 1)
    names = [f"s{n:02}" for n in range(10)]
    for name in names:
        collector.site.serves(name, feed("Une"))
    await collector.follows(*names)
    batches: list[int] = []
    done = await visit_due(
        collector.store,
        collector.fetcher,
        collector.reader,
        collector.clock,
        on_visit=lambda done: batches.append(done.visited),
    )
    assert (batches, done.new) == (list(range(1, 11)), 10)


async def test_the_first_visit_keeps_everything(collector: Collector) -> None:
    old = feed("Vieille").replace("08 Mar 2027", "07 Jan 2025")
    collector.site.serves("a", old)
    await collector.follows("a")
    assert (await collector.visits()).new == 1
    async with collector.store.begin() as tx:
        await file_alone(tx, collector.clock())
    [news] = await collector.entries()
    assert news.published and news.kept_at - news.published > timedelta(days=7)  # kept, and too old to be sent


async def test_progress_is_told(collector: Collector) -> None:
    collector.site.serves("a", feed("Une"))
    await collector.follows("a")
    seen: list[int] = []
    await visit_due(
        collector.store,
        collector.fetcher,
        collector.reader,
        collector.clock,
        on_visit=lambda done: seen.append(done.visited),
    )
    assert seen == [1]
