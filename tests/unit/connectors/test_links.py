"""Addresses of entries: what is stored, and when two are one page."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors.sources import links as module
from connectors.sources.links import LINK, absolute, link_key, normalise_link, page_and_place

HOSTS = st.from_regex(r"[a-z]{1,8}(\.[a-z]{2,8}){1,2}", fullmatch=True)
PATHS = st.from_regex(r"(/[a-zA-Z0-9éà_~-]{1,8}){0,3}", fullmatch=True)
QUERIES = st.lists(st.from_regex(r"[bcfhij][a-z]{0,4}=[a-z0-9%éà]{0,5}", fullmatch=True), max_size=3).map("&".join)
TRACKING = st.sampled_from(
    ["utm_source=rss", "pk_campaign=Flux%20RSS", "mtm_x=1", "at_medium=RSS", "xtor=RSS-1", "fbclid=a", "gclid=b",
     "cHash=0f", "PHPSESSID=1", "var_mode=calcul", "debut_actualites=4"]
)  # fmt: skip


@st.composite
def links(draw: st.DrawFn) -> str:
    query = draw(QUERIES)
    return f"https://{draw(HOSTS)}{draw(PATHS)}" + (f"?{query}" if query else "")


@pytest.mark.parametrize(
    ("given_", "stored"),
    [
        ("https://site.fr/a?id=2&b=é", "https://site.fr/a?id=2&b=é"),
        (" HTTP://WWW.Site.fr:80/A b?utm_source=x&id=2#xtor=RSS-1 ", "http://www.site.fr/A%20b?id=2"),
        ("https://site.fr/?a=1&amp;amp;b=2", "https://site.fr/?a=1&b=2"),
        ("https://site.fr/?a=1&section=2", "https://site.fr/?a=1&section=2"),
        ("https://site.fr:8443/a#ancre", "https://site.fr:8443/a#ancre"),
        ("https://site.fr?utm_source=x", "https://site.fr"),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
        ('https://site.fr/"><b>', "https://site.fr/%22%3E%3Cb%3E"),
    ],
)
def test_an_address_is_stored_without_what_tracks(given_: str, stored: str) -> None:
    assert normalise_link(given_) == stored


@pytest.mark.parametrize(
    "link",
    ["", "x", "/a", "//site.fr/a", "javascript:alert(1)", "data:text/html,x", "ftp://site.fr/", "mailto:a@b.fr", "file:///etc",
     "https://", "https:///a", "https://user:word@site.fr/", "https://site.fr\\@evil.fr/", "https://a b.fr/",
     "https://site.fr:99999/", "https://[::1/", "https://%73ite.fr/", "https://site.fr/" + "a" * LINK],
)  # fmt: skip
def test_what_leads_nowhere_or_lures_is_none(link: str) -> None:
    assert normalise_link(link) is None
    assert link_key(link) == ""


@given(st.text() | st.from_regex(r"https?://[^/]{0,20}/.{0,40}"))
def test_any_text_gives_a_plain_web_address_or_none(text: str) -> None:
    stored = normalise_link(text)
    if stored is not None:
        parts = urlsplit(stored)
        assert normalise_link(stored) == stored
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert "@" not in parts.netloc
        assert len(stored) <= LINK
        assert not set(stored) & set(' \n\t"<>\u202e')


@given(links(), TRACKING)
def test_spellings_of_one_page_have_one_key(link: str, tracking: str) -> None:
    sign = "&" if "?" in link else "?"
    host = urlsplit(link).netloc
    assume(not host.startswith("www."))
    for other in (
        f"{link}{sign}{tracking}",
        link.replace("https:", "http:", 1),
        link.replace("https://", "https://www.", 1),
        link.replace(host, f"{host.upper()}:443", 1),
        f"{link}#suite",
        link + "/" * ("?" not in link),
    ):
        assert link_key(other) == link_key(link), other
    assert normalise_link(f"{link}{sign}{tracking}") == normalise_link(link)


@given(links(), links())
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assume(one.rstrip("/").replace("www.", "") != other.rstrip("/").replace("www.", ""))
    assume(set(urlsplit(one).query.split("&")) != set(urlsplit(other).query.split("&")) or urlsplit(one).query == "")
    assert link_key(one) != link_key(other)


def test_sites_that_answer_under_two_spellings() -> None:
    assert link_key("http://www.isere.gouv.fr/index.php/Actualites/a") == link_key(
        "https://isere.gouv.fr/Actualites/a/"
    )
    assert link_key("https://écoquartier.fr/%7Ea%c3%a9") == link_key("https://xn--coquartier-96a.fr/~aé")
    assert link_key("https://site.fr/a%2Fb") != link_key("https://site.fr/a/b")


def test_a_relative_link_is_seen_from_the_nearest_base() -> None:
    assert absolute("/x", "https://a.fr/actu/", "https://b.fr/flux") == "https://a.fr/x"
    assert absolute("x", "/actu/", "https://b.fr/flux") == "https://b.fr/actu/x"
    assert absolute("", "https://a.fr/") == ""
    assert absolute("x", "http://[", "https://b.fr/") == "https://b.fr/x"


ODDITIES = st.sampled_from(
    ["http://", "https://", "HTTP://", "www.", "a.fr", "écoquartier.fr", "localhost", "[::1]", "1.2.3.4", "/", "//",
     "index.php/", "%41", "b%C3%A9", "?", "&", "&amp;", "x=1", "utm_source=z", "#", ":80", ":8080", "@", ".", "..", "é",
     " ", "\n", "\u200b"]
)  # fmt: skip


@given(st.lists(ODDITIES | st.text(max_size=2), max_size=8).map("".join), st.sampled_from(["", "https://b.fr/c/", "x"]))
def test_a_plain_address_is_read_as_any_other(link: str, base: str) -> None:
    def read() -> tuple[object, ...]:
        seen = absolute(link, base, "https://www.site.fr/flux/")
        return normalise_link(link), normalise_link(seen), page_and_place(link), page_and_place(seen)

    plain = read()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_PLAIN", "_WITH_HOST"):
            patch.setattr(module, name, re.compile("(?!)"))
        assert read() == plain
