"""Sources over many visits: feeds found on pages, redirects that last, feeds that end or empty themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from club.news import Health, News, Source, SourceKind
from connectors.address import Allowed
from connectors.fetch import Fetcher
from connectors.harvest import Pass, visit_due
from connectors.reader import Reader
from connectors.visit import EMPTY
from storage.sources import SourceState
from storage.store import Store
from tests.kit.memory import Clock
from tests.kit.partner import PartnerSite, ics, open_partner, rss

PAGES = Path(__file__).parents[2] / "pages" / "html"
DAY = timedelta(days=1)


def html(*links: str) -> str:
    heads = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return f"<!DOCTYPE html><html lang='fr'><head><title>Accueil</title>{heads}</head><body></body></html>"


@pytest.fixture
async def site() -> AsyncIterator[PartnerSite]:
    async with open_partner() as here:
        yield here


class Follower:
    """Follows one source of the site, and moves the clock."""

    def __init__(self, store: Store, site: PartnerSite, fetcher: Fetcher, reader: Reader, clock: Clock) -> None:
        self.store, self.site, self.fetcher, self.reader, self.clock = store, site, fetcher, reader, clock

    async def follows(self, path: str, kind: SourceKind = SourceKind.AUTO) -> None:
        async with self.store.begin() as tx:
            await tx.sources.follow_config([Source("a", self.site.url(path), kind)], self.clock())

    async def visits(self, *, after: timedelta = timedelta(0)) -> Pass:
        """A visit, so much later."""
        self.clock.now += after
        self.site.asked.clear()
        self.site.headers.clear()
        return await visit_due(self.store, self.fetcher, self.reader, self.clock, everything=True, chance=lambda: 0.0)

    async def state(self) -> SourceState:
        async with self.store.read() as tx:
            state = await tx.sources.get("a")
        assert state
        return state

    async def entries(self) -> list[News]:
        async with self.store.read() as tx:
            return await tx.news.entries(None)


@pytest.fixture
async def follower(store: Store, site: PartnerSite, now: datetime) -> AsyncIterator[Follower]:
    reader = Reader()
    async with Fetcher(Allowed.parse([f"127.0.0.1:{site.port}"]), timeout=10) as fetcher:
        yield Follower(store, site, fetcher, reader, Clock(now))
    await reader.close()


async def test_a_page_is_searched_once_and_its_feed_is_remembered(follower: Follower) -> None:
    site = follower.site
    site.serves("/", html("/feed/"))
    site.serves("/feed/", rss("Une"), ETag='"v1"')
    await follower.follows("/")
    assert (await follower.visits()).new == 1
    state = await follower.state()
    assert (state.source.url, state.feed_url, state.feed_kind) == (site.url("/"), site.url("/feed/"), SourceKind.FEED)
    done = await follower.visits(after=DAY)
    assert (done.unchanged, site.asked) == (1, ["/feed/"])
    assert site.headers[0]["If-None-Match"] == '"v1"'  # what the feed said, not the page
    site.serves("/feed/", rss("Une", "Deux"), ETag='"v2"')
    assert (await follower.visits(after=DAY)).new == 1


async def test_a_feed_that_ends_is_looked_for_again_once_a_day(follower: Follower) -> None:
    site = follower.site
    site.serves("/", html("/feed/"))
    site.serves("/feed/", rss("Une"))
    await follower.follows("/")
    await follower.visits()
    site.serves("/feed/", "<!DOCTYPE html><html>Page introuvable</html>")
    site.serves("/", html("/feed/", "/flux.xml"))
    site.serves("/flux.xml", rss("Une", "Deux"))
    assert (await follower.visits(after=2 * DAY)).new == 1
    assert site.asked == ["/feed/", "/", "/flux.xml"]  # the dead one was not asked twice
    assert (await follower.state()).feed_url == site.url("/flux.xml")
    assert sorted(one.title for one in await follower.entries()) == ["Deux", "Une"]
    # A second end within the day is only noted; the day after, the page is asked, and names nothing else.
    del site.pages["/flux.xml"]
    await follower.visits(after=timedelta(hours=3))
    assert (site.asked, (await follower.state()).trouble) == (["/flux.xml"], "trouble-not-found")
    await follower.visits(after=DAY)
    assert site.asked[:2] == ["/flux.xml", "/"]
    assert ((await follower.state()).trouble, (await follower.state()).feed_url) == (
        "trouble-not-found",
        site.url("/flux.xml"),
    )


async def test_a_page_without_a_feed_is_left_alone_for_a_day(follower: Follower) -> None:
    follower.site.serves("/", html())
    await follower.follows("/")
    await follower.visits()
    state = await follower.state()
    assert (state.trouble, state.visit_at) == ("trouble-no-feed", follower.clock() + DAY)
    asked = len(follower.site.asked)
    await follower.visits(after=timedelta(hours=1))  # asked for by hand: the page only
    assert (asked > 1, follower.site.asked, (await follower.state()).trouble) == (True, ["/"], "trouble-no-feed")
    follower.site.serves("/", html("/feed/"))
    follower.site.serves("/feed/", rss("Une"))
    assert (await follower.visits(after=DAY)).new == 1


async def test_a_feed_under_repair_is_waited_for(follower: Follower) -> None:
    site = follower.site
    site.serves("/feed/", rss("Une"))
    await follower.follows("/feed/")
    await follower.visits()
    site.serves("/feed/", html("/autre/"))
    site.serves("/autre/", rss("Autre"))
    for _ in range(3):
        assert (await follower.visits(after=DAY)).failed == 1
        assert (site.asked, (await follower.state()).trouble) == (["/feed/"], "trouble-html")
    assert (await follower.visits(after=DAY)).new == 1  # it lasts: the page is taken for what it is
    assert (await follower.state()).feed_url == site.url("/autre/")


async def test_a_page_that_describes_events_is_read_again_as_a_page(follower: Follower) -> None:
    site = follower.site
    site.serves("/agenda/", (PAGES / "agenda.html").read_bytes())
    await follower.follows("/agenda/")
    assert (await follower.visits()).new == 3
    assert (await follower.state()).feed_kind is SourceKind.PAGE
    site.serves("/agenda/", (PAGES / "agenda.html").read_bytes().replace(b"Lyon", b"Metz"))
    done = await follower.visits(after=timedelta(hours=3))
    assert (done.changed, site.asked) == (1, ["/agenda/"])


async def test_a_redirect_that_lasts_is_counted_and_never_stored_as_the_address(follower: Follower) -> None:
    site = follower.site
    site.moves("/ancien", "/nouveau")
    site.serves("/nouveau", rss("Une"), ETag='"v1"')
    await follower.follows("/ancien")
    first = follower.clock()
    for visits in (1, 2, 3):
        await follower.visits(after=DAY)
        state = await follower.state()
        assert (state.moved_to, state.moved_visits) == (site.url("/nouveau"), visits)
        assert (state.moved_since, state.source.url) == (first + DAY, site.url("/ancien"))
    assert site.asked == ["/ancien", "/nouveau"]  # and a document that did not change counts too
    site.serves("/ancien", rss("Une"))
    await follower.visits(after=DAY)
    state = await follower.state()
    assert (state.moved_to, state.moved_since, state.moved_visits) == (None, None, 0)


async def test_a_feed_that_empties_itself_is_a_fault(follower: Follower) -> None:
    site = follower.site
    site.serves("/feed/", rss("Une"))
    await follower.follows("/feed/")
    await follower.visits()
    site.serves("/feed/", rss())
    for _ in range(EMPTY - 1):
        assert (await follower.visits(after=DAY)).failed == 0
    for _ in range(2):
        assert (await follower.visits(after=DAY)).failed == 1
        assert (await follower.state()).trouble == "trouble-emptied"
    site.serves("/feed/", rss("Deux"))
    assert (await follower.visits(after=DAY)).new == 1
    state = await follower.state()
    assert (state.health, state.empties) == (Health.OK, 0)


async def test_an_agenda_may_be_empty_and_a_new_feed_too(follower: Follower) -> None:
    site = follower.site
    site.serves("/agenda", ics("Visite"))
    await follower.follows("/agenda")
    await follower.visits()
    site.serves("/agenda", ics())
    for _ in range(EMPTY + 1):
        assert (await follower.visits(after=DAY)).failed == 0
    site.serves("/neuf", rss())
    await follower.follows("/neuf")
    for _ in range(EMPTY + 1):
        assert (await follower.visits(after=DAY)).failed == 0


async def test_another_site_s_home_is_told(follower: Follower) -> None:
    async with (
        open_partner() as other,
        Fetcher(Allowed.parse([f"127.0.0.1:{follower.site.port}", f"127.0.0.1:{other.port}"])) as follower.fetcher,
    ):
        other.serves("/", html("/feed/"))
        other.serves("/feed/", rss("Une"))
        follower.site.moves("/actualites", other.url("/"))
        await follower.follows("/actualites")
        await follower.visits()
        state = await follower.state()
        assert (state.trouble, state.trouble_values) == ("trouble-elsewhere", {"host": "127.0.0.1"})
        assert other.asked == ["/"]


async def test_the_rhythm_of_a_source_is_learned(follower: Follower) -> None:
    items = "".join(
        f"<item><title>{day}</title><pubDate>{day:02} Mar 2027 08:00:00 +0000</pubDate></item>" for day in range(1, 9)
    )
    follower.site.serves("/feed/", f"<rss version='2.0'><channel>{items}</channel></rss>")
    await follower.follows("/feed/")
    await follower.visits()
    state = await follower.state()
    assert state.rhythm == 24 * 60
    assert state.news_at == datetime.fromisoformat("2027-03-08T08:00:00+00:00")
    assert state.visit_at == follower.clock() + timedelta(hours=3)
