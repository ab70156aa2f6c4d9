"""Feeds that lxml reads by itself: it finds what feedparser finds, or leaves the document to it."""

import tomllib
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources.decode import decode, mend_xml
from connectors.sources.lenient import read_leniently
from connectors.sources.scan import ATTRIBUTES, ITEMS, TITLE
from connectors.sources.strict import read_strictly

PAGES = Path(__file__).parents[2] / "pages"
TABLES = sorted(path for path in PAGES.rglob("*.toml") if path.parent.name not in ("ics", "json"))
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "x": "https://exemple.fr/x",
}
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def rss(inside: str, root: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {DECLARED} {root}><channel>{inside}</channel></rss>'


def atom(inside: str, root: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {DECLARED} {root}>{inside}</feed>'


def rdf(channel: str, beside: str) -> str:
    return (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {DECLARED}>'
        f'<channel rdf:about="https://exemple.fr/">{channel}</channel>{beside}</rdf:RDF>'
    )


def agree(text: str) -> bool:
    """True when lxml read the document; then feedparser found the same in it."""
    feed = read_strictly(text)
    assert feed is None or feed == read_leniently(mend_xml(text))
    return feed is not None


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_documents_of_sites_are_read_alike(path: Path) -> None:
    wanted = tomllib.loads(path.read_text())
    text = decode(path.with_suffix("").read_bytes(), wanted.get("content_type", ""))
    agree(text)
    agree(mend_xml(text))


def test_most_documents_of_sites_are_written_as_the_standards_say() -> None:
    sites = [path.with_suffix("") for path in TABLES if path.parent.name in ("atom", "rdf", "rss")]
    assert sum(agree(mend_xml(decode(path.read_bytes()))) for path in sites) > len(sites) * 0.7


# --- A family of feeds ----------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["", " ", "Titre", "É\xa0!", "\xa0", "R&D", "<b>gras</b>", "https://exemple.fr/a?b=1&c=2", "/a", "2026-03-01",
     "Mon, 02 Mar 2026 10:00:00 +0100", "fr", "60", "hourly", "&amp;copy;", "a,b", "\x92"]
)  # fmt: skip
TEXTS = WORDS | st.text(st.characters(exclude_categories=("Cs", "Co", "Cc", "Cn")), max_size=6)
VALUES = {
    "isPermaLink": st.sampled_from(["true", "false", "True"]),
    "xml:lang": st.sampled_from(["fr", "en_US", ""]),
    "lang": st.sampled_from(["fr", ""]),
    "type": st.sampled_from(["text", "html", "text/html", "TEXT/PLAIN", "xhtml", "image/png", "application/rss+xml"]),
    "mode": st.sampled_from(["escaped", "base64"]),
    "rel": st.sampled_from(["alternate", "Alternate", "self", "enclosure", ""]),
    "href": TEXTS,
    "url": TEXTS,
    "domain": TEXTS,
    "term": TEXTS,
    "label": TEXTS,
    "scheme": TEXTS,
    "x:href": TEXTS,
}
ATTRIBUTES_OF = st.lists(st.sampled_from(sorted(VALUES)), max_size=2, unique=True)
NAMES = [
    "title", "link", "guid", "id", "description", "summary", "content", "category", "pubDate", "published", "updated",
    "issued", "modified", "created", "language", "author", "name", "uri", "source", "image", "url", "width",
    "enclosure", "comments", "rights", "subtitle", "generator", "ttl", "keywords", "tags", "date", "links", "info",
    "textInput", "x", "PubDate", "lastBuildDate", "content:encoded", "dc:title", "dc:date", "dc:creator", "dc:subject",
    "dc:description", "dc:language", "dc:rights", "dcterms:issued", "dcterms:modified", "dcterms:created",
    "itunes:summary",
    "itunes:subtitle", "itunes:keywords", "media:title", "media:description", "media:category", "media:group",
    "media:content", "media:thumbnail", "media:keywords", "slash:comments", "sy:updatePeriod", "sy:updateFrequency",
    "atom:link", "atom:id", "x:title", "x:y", "title_detail",
]  # fmt: skip
USUAL = ["title", "link", "guid", "description", "pubDate", "category", "content:encoded", "dc:date", "media:title"]


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    """Mostly what stands in feeds; the rest is what makes feedparser think, or lxml give way."""
    odd = draw(st.integers(0, 9))
    name = draw(st.sampled_from(NAMES if odd < 3 else USUAL))
    said = "".join(f' {key}="{escape(draw(VALUES[key]))}"' for key in draw(ATTRIBUTES_OF)) if odd in (2, 9) else ""
    text = draw(TEXTS)
    inside = f"<![CDATA[{text}]]>" if draw(st.booleans()) and "]]>" not in text else escape(text)
    if depth < 3 and (odd == 3 or ":gr" in name):
        inside += "".join(draw(st.lists(elements(depth + 1), max_size=3)))
        name = draw(st.sampled_from(["media:group", "media:content", "author", "x:y", name]))
    return f"<{name}{said}>{inside}</{name}>"


PARTS = st.lists(elements(), max_size=6).map("".join)
LANGUAGE = st.sampled_from(["", "", "", 'xml:lang="fr-FR"', 'lang="en"', 'href="https://exemple.fr/"'])


@st.composite
def feeds(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["rss", "atom", "rdf"]))
    name = "entry" if kind == "atom" else "item"
    about = draw(st.sampled_from(["", ' rdf:about="https://exemple.fr/b"'])) if kind == "rdf" else ""
    entries = [
        f"<{name}{about} {draw(LANGUAGE)}>{parts}</{name}>" for parts in draw(st.lists(PARTS, min_size=1, max_size=3))
    ]
    head = draw(PARTS) if draw(st.integers(0, 3)) == 0 else "<title>Flux</title><link>https://exemple.fr/</link>"
    if kind == "rdf":
        return rdf(head, "".join(entries))
    root = draw(LANGUAGE)
    inside = "".join(draw(st.permutations([head, *entries])))
    return rss(inside, root) if kind == "rss" else atom(inside, root)


@given(feeds())
def test_any_feed_is_read_alike_or_left_to_feedparser(text: str) -> None:
    agree(text)
    agree(mend_xml(text))


# --- Which documents it reads ---------------------------------------------------------------------------------------

ITEM = "<item><title>Titre</title></item>"
BODY = "<item><title>{}</title><link>https://exemple.fr/1</link></item>"


@pytest.mark.parametrize(
    "text",
    [
        "\n " + rss(ITEM),
        rss(ITEM, 'xml:lang="fr"'),
        rss("<image><url>/l.png</url><title>Logo</title><link>/</link></image>" + ITEM),
        rss("<textInput><title>Chercher</title><name>q</name></textInput>" + ITEM),
        rss('<atom:link rel="self" href="https://exemple.fr/flux"/>' + ITEM),
        rss("<item><title>a<!-- b -->c<?d e?></title></item>"),
        rss("<item><title><![CDATA[R&D]]></title><content:encoded><![CDATA[<p>x</p>]]></content:encoded></item>"),
        rss('<item><guid isPermaLink="false">1</guid><comments>/c</comments><slash:comments>0</slash:comments></item>'),
        rss("<item><title>x</title><post-id xmlns='com-wordpress:feed-additions:1'>7</post-id></item>"),
        rss(
            '<item><title>x</title><media:content url="/i.png"><media:title>Photo</media:title></media:content></item>'
        ),
        rss("<item><title>x</title><media:category>eau</media:category><category domain='/a'>air</category></item>"),
        rss(
            "<item><title>x</title><category/><category label='Sol'/><category>terre</category><image>/i</image></item>"
        ),
        rss("<item><title>x</title><rights><x:y/></rights><x:a><x:b><title>z</title></x:b></x:a></item>"),
        atom("<id>u</id><entry><title>x</title><author><name>A</name></author></entry>"),
        atom('<entry><title type="html">&lt;b&gt;x</title><source><id>a</id><title>b</title></source></entry>'),
        rdf(
            "<title>x</title><items><rdf:Seq><rdf:li/></rdf:Seq></items>",
            "<item rdf:about='/1'><title>x</title></item>",
        ),
    ],
)
def test_what_is_written_as_the_standards_say_is_read(text: str) -> None:
    assert agree(text)


@pytest.mark.parametrize(
    "text",
    [
        rss(""),
        rss("<item><title>x</item>"),
        rss("<item><title>x &eacute;</title></item>"),
        rss("<item><title>x\x0b</title></item>"),
        "<!DOCTYPE rss [<!ENTITY a 'boum'>]>" + rss(ITEM).partition("?>")[2],
        rss(ITEM, 'xml:base="https://exemple.fr/"'),
        rss('<item base="/x/"><title>x</title></item>'),
        rss(BODY.format("un <b>mot</b>")),
        rss("<item><link>/a<i/></link></item>"),
        rss("<item><guid>a<i/></guid></item>"),
        rss("<item><link>http:///exemple.fr/</link></item>"),
        rss("<item><link>/?a&amp;copy;</link></item>"),
        rss('<item><title x:type="html">x</title></item>'),
        rss('<item href="/a"><title>x</title></item>'),
        rss("<item><date>2026-03-01</date></item>"),
        rss("<item><item/></item>"),
        rss("<item><source url='/a'>b</source><title>c</title><title>d</title></item>"),
        rss("<item><rights><title>x</title></rights></item>"),
        rss("<item><title xmlns='urn:x'>x</title></item>"),
        rss("<title>un</title><title>deux</title>" + ITEM),
        rss("<itunes:summary>x</itunes:summary>" + ITEM),
        rss("<image><url>/l.png</url><name>Logo</name></image>" + ITEM),
        rss("<y><title>x</title></y>" + ITEM),
        rss("<ttl y='z'>60<link>/a</link></ttl>" + ITEM),
        rss(ITEM).replace(NAMESPACES["dc"], "urn:dc"),
        rss("<item><a:b xmlns:a='urn:1'/><a:b xmlns:a='urn:2'/></item>"),
        rss(ITEM).replace("<channel>", "<channel/><channel>"),
        rss(ITEM).replace("rss", "RSS"),
        atom('<entry><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">x</div></content></entry>'),
        atom('<entry><content type="image/png">eA==</content></entry>'),
        atom('<entry><content mode="base64">eA==</content></entry>'),
        atom("<entry><x:a><x:b><x:c><x:d><x:e><x:f><x:g><x:h><x:i><x:j/></x:i></x:h></x:g></x:f></x:e></x:d></x:c></x:b></x:a>"
             "</entry>"),
        rdf("", "<title>x</title><item/>"),
        rdf("", "<item/>").replace("channel", "kanal"),
        rss(BODY.format("x" * (TITLE + 1))),
        rss(ITEM * (ITEMS + 1)),
        f'<a:feed xmlns:a="{NAMESPACES["atom"]}">{"<a:entry/>" * (ITEMS + 1)}</a:feed>',
        rss("<item><a " + " ".join(f"a{n}=''" for n in range(ATTRIBUTES + 1)) + "/></item>"),
        rss(ITEM + "<a/>" * 100_000),
        "bonjour",
        "",
    ],
)  # fmt: skip
def test_everything_else_is_left_to_feedparser(text: str) -> None:
    assert read_strictly(text) is None


def test_carriage_returns_written_as_references_are_blanks_for_both() -> None:
    text = rss("<item><title>a&#13;&#10;b</title></item>")
    feed = read_strictly(text)
    assert feed is not None
    assert feed.entries[0].title.split() == read_leniently(mend_xml(text)).entries[0].title.split() == ["a", "b"]
