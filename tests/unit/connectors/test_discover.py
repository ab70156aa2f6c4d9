"""From a page to its feed: a real site on loopback, the real fetcher, the real child (promises 1–5, 9)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from club.news import Source, SourceKind, SourceTrouble
from connectors.address import Allowed
from connectors.discover import TRIES, Candidate, Discovery, discover, distinct, leads_elsewhere, rank, usual
from connectors.fetch import Fetcher
from connectors.reader import Reader
from connectors.sources.signs import Link, Signs, System
from tests.kit.partner import PartnerSite, ics, open_partner, rss

PAGES = Path(__file__).parents[2] / "pages" / "html"
NOW = datetime(2027, 3, 9, 9, tzinfo=UTC)
HOME = "https://exemple.fr/"


def page(name: str) -> bytes:
    return (PAGES / f"{name}.html").read_bytes()


def html(*links: str, lang: str = "fr") -> str:
    heads = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return f'<!DOCTYPE html><html lang="{lang}"><head><title>Accueil</title>{heads}</head><body></body></html>'


@pytest.fixture
async def site() -> AsyncIterator[PartnerSite]:
    async with open_partner() as here:
        yield here


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    child = Reader()
    yield child
    await child.close()


@pytest.fixture
async def fetcher(site: PartnerSite) -> AsyncIterator[Fetcher]:
    async with Fetcher(Allowed.parse([f"127.0.0.1:{site.port}"]), timeout=5) as fetcher:
        yield fetcher


@pytest.fixture
def look(site: PartnerSite, fetcher: Fetcher, reader: Reader) -> Look:
    return Look(site, fetcher, reader)


class Look:
    """Looks for the feed of a path of the site."""

    def __init__(self, site: PartnerSite, fetcher: Fetcher, reader: Reader) -> None:
        self.site, self.fetcher, self.reader = site, fetcher, reader

    async def at(self, path: str = "/", kind: SourceKind = SourceKind.AUTO) -> Discovery:
        url = self.site.url(path)
        return await discover(url, self.fetcher, self.reader, NOW, Source("essai", url, kind))

    async def fails_at(self, path: str = "/") -> SourceTrouble:
        with pytest.raises(SourceTrouble) as trouble:
            await self.at(path)
        return trouble.value


async def test_a_feed_s_own_address_is_read_as_it_is(look: Look) -> None:
    look.site.serves("/rss", rss("Une", title="La revue"))
    found = await look.at("/rss")
    assert (found.direct, found.found.url, found.found.title) == (True, look.site.url("/rss"), "La revue")
    assert [one.title for one in found.read.harvest.items] == ["Une"]
    assert look.site.asked == ["/rss"]


async def test_a_page_says_where_its_feed_is(look: Look) -> None:
    look.site.serves("/", page("wordpress"))
    look.site.serves("/feed/", rss("Une"))
    found = await look.at()
    assert (found.direct, found.found.url) == (False, look.site.url("/feed/"))
    assert look.site.asked == ["/", "/feed/"]  # and neither the comments, nor the other language, nor another site
    assert [(one.url.removeprefix(look.site.url("")), one.kind, one.language) for one in found.others] == [
        ("/actualites/eau/feed/", SourceKind.FEED, "fr"),
        ("/evenements/?ical=1", SourceKind.ICS, "fr"),
        ("http://exemple.fr/evenements/?ical=1", SourceKind.ICS, "fr"),
        ("/en/feed/", SourceKind.FEED, "en"),
    ]
    assert look.site.url("/feed/atom/") not in [one.url for one in found.others]  # the same feed in another format


async def test_french_comes_first_and_the_other_language_is_proposed(look: Look) -> None:
    look.site.serves("/", page("anglais-d-abord"))
    for path in ("/en/feed/", "/fr/feed/"):
        look.site.serves(path, rss("Une"))
    found = await look.at()
    assert (found.found.url, found.found.language) == (look.site.url("/fr/feed/"), "fr")
    assert found.others == (Candidate(look.site.url("/en/feed/"), SourceKind.FEED, "News", "en"),)


async def test_spip_is_asked_where_spip_keeps_its_feed(look: Look) -> None:
    look.site.serves("/", page("spip"))
    look.site.serves("/spip.php?page=backend", rss("Une"))
    assert (await look.at()).found.url == look.site.url("/spip.php?page=backend")
    assert look.site.asked == ["/", "/spip.php?page=backend"]


async def test_an_agenda_s_page_gives_its_calendar(look: Look) -> None:
    look.site.serves("/agenda/", html("/feed/") + '<a href="webcal://127.0.0.1/x">non</a>')
    look.site.serves("/agenda/?ical=1", ics("Visite"))
    look.site.serves("/feed/", rss("Une"))
    assert (await look.at("/agenda/")).found.kind is SourceKind.FEED  # it is linked to; the calendar is only a guess
    look.site.serves("/agenda/", f'<!DOCTYPE html><html><a href="{look.site.url("/agenda/?ical=1")}">iCal</a></html>')
    found = await look.at("/agenda/")
    assert (found.found.kind, [one.title for one in found.read.harvest.events]) == (SourceKind.ICS, ["Visite"])


async def test_the_events_calendar_is_asked_where_it_shows_its_agenda(look: Look) -> None:
    """Of a WordPress without news, from its home."""
    look.site.serves("/", '<!DOCTYPE html><html><meta name="generator" content="WordPress 6.5">')
    look.site.serves("/evenements/?ical=1", ics("Visite"))
    found = await look.at()
    assert (found.found.kind, found.found.url) == (SourceKind.ICS, look.site.url("/evenements/?ical=1"))
    assert look.site.asked == ["/", "/feed/", "/evenements/?ical=1"]
    look.site.serves("/feed/", rss("Une"))
    assert (await look.at()).found.url == look.site.url("/feed/")


async def test_a_page_that_describes_its_events_is_read_itself(look: Look) -> None:
    look.site.serves("/agenda/", page("agenda"))
    found = await look.at("/agenda/")
    assert (found.found.kind, found.found.url) == (SourceKind.PAGE, look.site.url("/agenda/"))
    assert len(found.read.harvest.events) == 3
    assert look.site.asked == ["/agenda/", "/agenda/?ical=1", "/agenda/ical/"]
    look.site.serves("/feed/", rss("Une"))  # what every page of the site links to is not what was asked for
    linked = b'<link rel="alternate" type="application/rss+xml" href="/feed/"></head>'
    look.site.serves("/agenda/", page("agenda").replace(b"</head>", linked))
    found = await look.at("/agenda/")
    assert (found.found.kind, [one.url for one in found.others]) == (SourceKind.PAGE, [look.site.url("/feed/")])
    look.site.serves("/", page("agenda").replace(b"</head>", linked))
    assert (await look.at("/")).found.url == look.site.url("/feed/")
    by_name = await look.at("/agenda/", SourceKind.PAGE)
    assert by_name.direct and len(by_name.read.harvest.events) == 3


async def test_a_handful_of_addresses_is_asked_at_most(look: Look) -> None:
    look.site.serves("/", html(*(f"/{n}/feed/" for n in range(30))))
    trouble = await look.fails_at()
    assert trouble.key == "trouble-no-feed"
    assert look.site.asked == ["/", *(f"/{n}/feed/" for n in range(TRIES))]


async def test_a_feed_that_is_linked_to_and_broken_is_told(look: Look) -> None:
    look.site.serves("/", html("/feed/"))
    look.site.serves("/feed/", "", status=503)
    assert (await look.fails_at()).key == "trouble-server"
    look.site.serves("/rss.xml", rss("Une"))
    assert (await look.at()).found.url == look.site.url("/rss.xml")


async def test_the_other_format_of_a_feed_that_is_gone_is_tried(look: Look) -> None:
    look.site.serves("/", html("/rss.xml", "/atom.xml"))
    look.site.serves("/atom.xml", rss("Une"))
    found = await look.at()
    assert (found.found.url, found.others) == (look.site.url("/atom.xml"), ())


async def test_a_page_that_leads_into_a_private_network_is_not_followed(look: Look) -> None:
    async with open_partner() as inside:
        inside.serves("/feed/", rss("Secret"))
        look.site.serves("/", html(inside.url("/feed/"), "file:///etc/passwd", "ftp://x.fr/feed/"))
        trouble = await look.fails_at()
        assert (trouble.key, trouble.blocked, inside.asked) == ("trouble-address", True, [])


@pytest.mark.parametrize(
    "start", ["<head><title>Accueil</title>", "Warning: mysql_connect() <html>", "<!-- x --><meta charset=utf-8>"]
)
async def test_a_page_that_begins_badly_is_a_page_all_the_same(look: Look, start: str) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/flux">'
    look.site.serves("/", start + link, Content_Type="text/html; charset=utf-8")
    look.site.serves("/flux", rss("Une"))
    assert (await look.at()).found.url == look.site.url("/flux")


async def test_another_kind_than_auto_is_not_looked_for(look: Look) -> None:
    look.site.serves("/", html("/feed/"))
    look.site.serves("/feed/", rss("Une"))
    with pytest.raises(SourceTrouble) as trouble:
        await look.at("/", SourceKind.FEED)
    assert (trouble.value.key, look.site.asked) == ("trouble-html", ["/"])


async def test_a_page_that_moved_for_good_says_so(look: Look) -> None:
    look.site.moves("/ancien", "/")
    look.site.serves("/", html("/feed/"))
    look.site.serves("/feed/", rss("Une"))
    assert (await look.at("/ancien")).moved == look.site.url("/")


async def test_a_parked_domain_gives_no_feed(look: Look) -> None:
    look.site.serves("/", page("a-vendre"))
    look.site.serves("/feed/", rss("Une"))
    assert (await look.fails_at()).key == "trouble-parked"


@pytest.mark.parametrize(
    ("asked", "found", "elsewhere"),
    [
        ("https://a.fr/feed/", "https://b.fr/", True),
        ("https://a.fr/?feed=rss2", "https://b.fr", True),
        ("https://a.fr/feed/", "https://www.a.fr/", False),
        ("https://a.fr/feed/", "https://b.fr/flux/", False),
        ("https://a.fr/", "https://b.fr/", False),
    ],
)
def test_another_site_s_home_is_no_answer(asked: str, found: str, *, elsewhere: bool) -> None:
    assert leads_elsewhere(asked, found) is elsewhere


def test_what_comes_first() -> None:
    links = (
        Link("https://autre.fr/feed/", SourceKind.FEED, "Ailleurs"),
        Link(HOME + "a.ics", SourceKind.ICS, "Agenda"),
        Link(HOME + "eau/feed/", SourceKind.FEED, "Eau"),
        Link("https://flux.example/x", SourceKind.FEED, "Ailleurs, pour les programmes", declared=True),
        Link(HOME + "rss.xml", SourceKind.FEED, "Site RSS 2.0", declared=True),
        Link(HOME + "atom.xml", SourceKind.FEED, "Site Atom 1.0", declared=True),
        Link(HOME + "?lang=en&page=backend", SourceKind.FEED, "News", declared=True),
    )
    signs = Signs(language="fr", links=links)
    order = ["rss.xml", "flux.example/x", "eau/feed/", "a.ics", "?lang=en&page=backend"]
    assert [one.url.removeprefix(HOME).removeprefix("https://") for one in distinct(rank(signs, HOME))] == order
    assert rank(signs, HOME + "agenda/")[0].kind is SourceKind.ICS


@pytest.mark.parametrize(
    ("system", "url", "first"),
    [
        (System.SPIP, HOME, "spip.php?page=backend"),
        (System.SPIP, HOME + "les-quartiers-r12.html", "spip.php?page=backend"),
        (System.WORDPRESS, HOME + "fr/", "fr/feed/"),
        (System.WORDPRESS, HOME + "evenements/", "evenements/?ical=1"),
        (System.DRUPAL, HOME + "fr/actualites", "fr/rss.xml"),
        (System.WAGTAIL, HOME + "blog/", "blog/rss/"),
        (System.WAGTAIL, HOME + "agenda", "agenda/ical/"),
        (System.UNKNOWN, HOME, "feed/"),
    ],
)
def test_usual_places(system: System, url: str, first: str) -> None:
    assert usual(Signs(system=system), url)[0].url == HOME + first


@pytest.mark.parametrize(("system", "asked"), [(System.WORDPRESS, "fr/evenements/?ical=1"), (System.SPIP, "")])
def test_a_calendar_is_looked_for_where_one_may_be(system: System, asked: str) -> None:
    calendars = [one.url for one in usual(Signs(system=system), HOME + "fr/") if one.kind is SourceKind.ICS]
    assert calendars[:1] == ([HOME + asked] if asked else [])
