"""What a web page says of its site's feeds: our own pages, and whatever else comes under the name of HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from club.news import SourceKind, SourceTrouble
from connectors.sources.document import Document
from connectors.sources.page import ELEMENTS, KEPT, LINKS, LOOKED_AT, is_parked, look, read_page
from connectors.sources.signs import Link, Signs, System
from connectors.sources.wire import signs_from_json, signs_to_json

PAGES = Path(__file__).parents[2] / "pages" / "html"
NOW = datetime(2027, 3, 9, 9, tzinfo=UTC)
HOME = "https://exemple.fr/"


def seen(html: str | bytes, url: str = HOME, content_type: str = "text/html") -> Signs:
    body = html if isinstance(html, bytes) else html.encode()
    return look(Document(body, url, content_type, NOW))


def page(name: str, url: str = HOME) -> Signs:
    return seen((PAGES / f"{name}.html").read_bytes(), url)


def test_a_wordpress_page() -> None:
    signs = page("wordpress")
    assert (signs.title, signs.language, signs.system) == (
        "Réseau des quartiers durables – Accueil",
        "fr-fr",
        System.WORDPRESS,
    )
    assert [(link.url, link.kind, link.declared, link.language) for link in signs.links] == [
        ("https://exemple.fr/feed/", SourceKind.FEED, True, ""),
        ("https://exemple.fr/feed/atom/", SourceKind.FEED, True, ""),
        ("https://exemple.fr/en/feed/", SourceKind.FEED, True, "en"),
        ("https://exemple.fr/evenements/?ical=1", SourceKind.ICS, True, ""),
        ("https://ailleurs.example/feed/", SourceKind.FEED, False, ""),
        ("https://exemple.fr/actualites/eau/feed/", SourceKind.FEED, False, ""),
    ]
    assert not signs.events


@pytest.mark.parametrize(
    ("html", "system"),
    [
        ('<meta name="Generator" content="SPIP 4.2.5">', System.SPIP),
        ('<a href="/les-quartiers-r12.html">', System.SPIP),
        ('<link rel="stylesheet" href="local/cache-css/x.css">', System.SPIP),
        ('<meta name="generator" content="Drupal 10 (https://www.drupal.org)">', System.DRUPAL),
        ('<img src="/sites/default/files/logo.png">', System.DRUPAL),
        ('<script src="/wp-content/themes/x.js"></script>', System.WORDPRESS),
        ('<link rel="https://api.w.org/" href="https://exemple.fr/wp-json/">', System.WORDPRESS),
        ('<link href="/static/dsfr/dist/dsfr.min.css" rel="stylesheet">', System.WAGTAIL),
        ('<meta name="generator" content="TYPO3 CMS">', System.UNKNOWN),
        ("<p>WordPress, SPIP ou Drupal ?</p>", System.UNKNOWN),
    ],
)
def test_systems_betray_themselves(html: str, system: System) -> None:
    assert seen(f"<html>{html}</html>").system is system


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<link rel=alternate type="application/rss+xml" href="/rss">', "https://exemple.fr/rss"),
        ("<link rel='ALTERNATE nofollow' type='Application/Atom+XML; charset=utf-8' href='a.xml'>", HOME + "a.xml"),
        ('<link rel="alternate" type="application/feed+json" href="/feed.json">', HOME + "feed.json"),
        ('<link rel="alternate" type="application/json" href="/feed.json">', HOME + "feed.json"),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">', ""),
        ('<link rel="stylesheet" type="application/rss+xml" href="/rss">', ""),
        (
            '<base href="https://autre.example/x/"><link rel=alternate type=text/calendar href=y>',
            "https://autre.example/x/y",
        ),
        ('<base href="javascript:alert(1)"><link rel=alternate type=text/calendar href=/y>', HOME + "y"),
        ('<a href="webcal://exemple.fr/a.ics">Agenda</a>', HOME + "a.ics"),
        ('<a href="webcals://exemple.fr/agenda">Agenda</a>', HOME + "agenda"),
        ('<a href="spip.php?page=backend&amp;id_rubrique=3">RSS</a>', HOME + "spip.php?page=backend&id_rubrique=3"),
        ('<a href="/flux/index.rdf">RSS</a>', HOME + "flux/index.rdf"),
        ('<a href="/?feed=rss2">RSS</a>', HOME + "?feed=rss2"),
        ('<a href="/evenements/?ical=1">', HOME + "evenements/?ical=1"),
        ('<a href="/agenda/ical/">', HOME + "agenda/ical/"),
        ('<a href="/blog/rss/#haut">', HOME + "blog/rss/"),
        ('<a href="/comments/feed/">', ""),
        ('<a href="/spip.php?page=backend-forum">', ""),
        ('<a href="/feed/">Flux des commentaires</a>', ""),
        ('<a href="/feedback">Votre avis</a>', ""),
        ('<a href="mailto:rss@exemple.fr?x=/feed/">', ""),
        ('<a href="javascript:rss()//feed/">', ""),
        ('<a href="http://[::1/feed/">', ""),
        ('<a href="https://u:p@exemple.fr/feed/">', ""),
        ('<a href="">', ""),
        ("<a>", ""),
    ],
)
def test_what_leads_to_a_feed(html: str, found: str) -> None:
    assert [link.url for link in seen(f"<html><body>{html}</body></html>").links] == ([found] if found else [])


def test_an_address_is_named_once_and_titles_are_clean() -> None:
    signs = seen(
        '<a href="/feed/">Le <b>flux</b>\n RSS</a><a href="/feed/">encore</a>'
        '<link rel="alternate" type="application/rss+xml" title="L&amp;#8217;eau <b>ici</b>" href="/eau/feed/">'
    )
    assert [link.title for link in signs.links] == ["Le flux RSS", "L’eau ici"]


def test_a_parked_domain_is_seen() -> None:
    assert is_parked((PAGES / "a-vendre.html").read_text())
    assert is_parked("<h1>This domain name exemple.fr is for sale!</h1>")
    assert not is_parked("<h1>Un domaine viticole est à vendre</h1>")
    assert not is_parked("<h1>This domain is for sale</h1>" + "<p>long</p>" * 20_000)


def test_pages_that_describe_events() -> None:
    assert page("agenda").events
    assert not seen('<script type="application/ld+json">{"@type": "WebPage"}</script>').events
    assert not seen('<script>{"@type": "Event"}</script>').events


def test_huge_pages_are_looked_at_as_far_as_is_worth_it() -> None:
    links = "".join(f'<a href="/{n}/feed/">x</a>' for n in range(LINKS + 100))
    assert len(seen(links).links) == KEPT
    assert len(read_page(links).links) == LINKS
    assert read_page("<b>" + "<p>" * (ELEMENTS + 50_000)).elements == ELEMENTS + 1
    assert read_page("<div>" * 100_000 + "<a href=/feed/>").elements
    assert sum(map(len, read_page("<script type='application/ld+json'>" + "x" * 5_000_000).blocks)) < LOOKED_AT


def test_signs_travel_between_the_processes() -> None:
    signs = page("wordpress")
    assert signs_from_json(signs_to_json(signs)) == signs
    assert signs_from_json(signs_to_json(Signs())) == Signs()
    assert Link("https://a.fr/", SourceKind.ICS) in Signs(links=(Link("https://a.fr/", SourceKind.ICS),)).links


_FRAGMENTS = st.sampled_from(
    ["<html>", "<a href='", "'>", "<link rel=alternate type='application/rss+xml' href=", ">", "</a>", "<base href=",
     "<script type='application/ld+json'>", "</script>", "<!--", "-->", "<![CDATA[", "\x00", "&amp;", "&#x0;", "/feed/",
     "webcal:", "http://", "[::", "é", "\ud800", "<title>", "<meta name=generator content=", "<?xml version='1.0'?>"]
)  # fmt: skip


@given(
    st.one_of(st.binary(max_size=2_000), st.lists(_FRAGMENTS, max_size=40).map("".join)), st.sampled_from([HOME, ""])
)
@example(b"", HOME)
@example(b"\xff\xfe<\x00", HOME)
def test_nothing_that_comes_as_a_page_breaks_the_reading(html: str | bytes, url: str) -> None:
    body = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    try:
        signs = seen(body, url)
    except SourceTrouble as trouble:
        assert trouble.key.startswith("trouble-")
        return
    assert all(link.url.startswith(("http://", "https://")) for link in signs.links)
    assert signs_from_json(signs_to_json(signs)) == signs
