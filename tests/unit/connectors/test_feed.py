"""RSS, Atom and RDF with the habits of French sites."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import Harvest, Item, Source, SourceKind, SourceTrouble
from connectors.sources.document import Document
from connectors.sources.identity import KEPT
from connectors.sources.parsers import parse

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
URL = "https://www.site.fr/flux/rss"
PAGES = Path(__file__).parents[2] / "pages"


def read(body: str | bytes, content_type: str = "", **source: str) -> Harvest:
    body = body.encode() if isinstance(body, str) else body
    return parse(Document(body, URL, content_type, NOW), Source("essai", URL, **source))


def rss(inside: str, link: str = "https://www.site.fr/actualites/", root: str = "") -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:content="http://purl.org/rss/1.0/modules/content/" {root}>'
        f"<channel><title>Flux</title><link>{link}</link>{inside}</channel></rss>"
    )


def only(inside: str, **channel: str) -> Item:
    (item,) = read(rss(f"<item>{inside}</item>", **channel)).items
    return item


def trouble(body: str | bytes) -> SourceTrouble:
    with pytest.raises(SourceTrouble) as caught:
        read(body)
    return caught.value


def test_spip() -> None:
    item = only(
        '<title>Syst&#232;me &#171; durable &#187;</title><guid isPermaLink="true">http://www.dreal.fr/a-a118.html</guid>'
        "<link>http://www.dreal.fr/a-a118.html?var_mode=calcul</link>"
        "<dc:date>2026-02-28T21:31:38Z</dc:date><dc:format>text/html</dc:format><dc:language>fr</dc:language>"
        "<dc:creator>prenom.nom@dreal.fr</dc:creator>"
        '<description>Le texte (...)\n-\n&lt;a href="x" rel="directory"&gt;Am&#233;nagement&lt;/a&gt;</description>'
    )
    assert item.title == "Système « durable »"
    assert item.link == "http://www.dreal.fr/a-a118.html"
    assert item.published == datetime(2026, 2, 28, 21, 31, 38, tzinfo=UTC)
    assert item.summary == "Le texte (...)"
    assert item.categories == ("Aménagement",)
    assert item.language == "fr"
    assert "prenom" not in repr(item)


def test_spip_dates_of_old_templates_are_of_paris() -> None:
    assert only("<title>x</title><dc:date>2002-01-01 10:00:00</dc:date>").published == datetime(
        2002, 1, 1, 9, tzinfo=UTC
    )


def test_wordpress() -> None:
    item = only(
        '<title>L&amp;rsquo;habitat, R&amp;amp;amp;D</title><guid isPermaLink="false">https://site.fr/?p=12</guid>'
        "<link>https://site.fr/article/?utm_source=rss&amp;utm_medium=rss</link>"
        "<category><![CDATA[Eau & climat]]></category><category>Eau &amp; climat</category>"
        "<description><![CDATA[<p>Un extrait [&#8230;]</p><p>L’article <a href='x'>L’habitat</a>"
        " est apparu en premier sur <a href='y'>Site</a>.</p>]]></description>"
        "<content:encoded><![CDATA[[et_pb_section a='b']tout[/et_pb_section]]]></content:encoded>"
    )
    assert item.title == "L’habitat, R&D"
    assert (item.guid, item.link) == ("https://site.fr/?p=12", "https://site.fr/article/")
    assert item.summary == "Un extrait…"
    assert item.categories == ("Eau & climat",)


def test_the_whole_text_serves_when_there_is_no_excerpt() -> None:
    item = only(
        "<title>x</title><description></description><content:encoded><![CDATA[[vc_row][vc_column width='1/2']"
        "<p>Bravo <img class='wp-smiley' alt='🙂'></p>[/vc_column][/vc_row]<p>[liste] The post appeared first on "
        "Site.</p>]]></content:encoded>"
    )
    assert item.summary.startswith("Bravo 🙂\n[liste]")


def test_drupal() -> None:
    item = only(
        '<title>Titre</title><guid isPermaLink="false">1234 at https://site.fr</guid><dc:creator>jdupont</dc:creator>'
        "<description>&lt;div class=&quot;field&quot;&gt;&lt;div class=&quot;field-label&quot;&gt;Date&amp;nbsp;:"
        "&lt;/div&gt;"
        "&lt;div&gt;Mardi 12 décembre 2023&lt;/div&gt;&lt;/div&gt;</description>"
    )
    assert item.summary == "Date\xa0:\nMardi 12 décembre 2023"
    again = only('<title>Titre</title><guid isPermaLink="false">1234 at http://www.site.fr</guid>')
    assert again.identity == item.identity
    assert "jdupont" not in repr(item)


def test_dates_with_french_names_and_dates_that_mean_nothing() -> None:
    at = "<title>x</title><pubDate>{}</pubDate>"
    assert only(at.format("lun., 02 mars 2026 10:00:00 +0100")).published == datetime(2026, 3, 2, 9, tzinfo=UTC)
    for absurd in ("Fri, 06 Mar 2026 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "bientôt", ""):
        assert only(at.format(absurd)).published is None
    # A date that cannot be read leaves the word to the next one; one that cannot be believed does not.
    modified = "<dc:date>2026-03-01T00:00:00Z</dc:date>"
    assert only(at.format("bientôt") + modified).published == datetime(2026, 3, 1, tzinfo=UTC)
    assert only(at.format("Fri, 06 Mar 2026 10:00:00 GMT") + modified).published is None


@pytest.mark.parametrize(
    ("link", "channel", "root", "stored"),
    [
        ("/a/x", "https://a.fr/actu/", "", "https://a.fr/a/x"),
        ("x", "https://a.fr/actu/", "", "https://a.fr/actu/x"),
        ("x", "/actu/", "", "https://www.site.fr/actu/x"),
        ("x", "", "", "https://www.site.fr/flux/x"),
        ("x", "https://a.fr/actu/", 'xml:base="https://b.fr/c/"', "https://b.fr/c/x"),
        ("x", "https://a.fr/actu/", 'xml:base="/c/"', "https://a.fr/c/x"),
        ("javascript:alert(1)", "", "", None),
        ("https://user:word@a.fr/", "", "", None),
    ],
)
def test_links(link: str, channel: str, root: str, stored: str | None) -> None:
    assert only(f"<title>x</title><link>{link}</link>", link=channel, root=root).link == stored


@pytest.mark.parametrize(
    ("guid", "link"),
    [
        ("<guid>https://a.fr/1</guid>", "https://a.fr/1"),
        ('<guid isPermaLink="false">https://a.fr/1</guid>', None),
        ("<guid>abc</guid>", None),
        ("<guid>https://a.fr/1</guid><link>https://a.fr/2</link>", "https://a.fr/2"),
        ("<link>https://a.fr/2</link><guid>https://a.fr/1</guid>", "https://a.fr/2"),
        ("<link/><guid>https://a.fr/1</guid>", "https://a.fr/1"),
    ],
)
def test_a_guid_stands_for_a_missing_link_when_it_is_an_address(guid: str, link: str | None) -> None:
    assert only(f"<title>x</title>{guid}").link == link


def test_typography_survives_the_library_s_own_repairs() -> None:
    # Read as Latin-1, « É » and a no-break blank are one letter of UTF-8.
    assert only("<title>MOBILITÉ\xa0: le guide</title>").title == "MOBILITÉ\xa0: le guide"
    assert only("<title>Cité\xa0»</title><description>n°\xa02</description>").summary == "n°\xa02"
    assert only("<title>x</title><category>É\xa0!</category><guid>É\xa0!</guid>").categories == ("É\xa0!",)


def test_atom() -> None:
    harvest = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-FR" xml:base="https://a.fr/b/"><title>Flux</title>'
        '<entry><id>urn:x</id><title type="html">&lt;b&gt;R&amp;amp;D&lt;/b&gt;</title>'
        '<link rel="enclosure" href="son.mp3"/><link href="page"/><author><name>Jean Dupont</name></author>'
        "<updated>2026-03-02T00:00:00Z</updated><published>2026-03-01T00:00:00Z</published>"
        '<category term="eau" label="L’eau"/>'
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un</p><p>Deux</p></div></content></entry>'
        '<entry xml:lang="en"><id>urn:y</id><title type="text">5 &lt; 6</title>'
        "<updated>2026-03-02T00:00:00Z</updated></entry>"
        "</feed>"
    )
    first, second = harvest.items
    assert (first.title, first.link, first.summary) == ("R&D", "https://a.fr/b/page", "Un\nDeux")
    assert first.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert (first.categories, first.language) == (("L’eau",), "fr-fr")
    assert "Dupont" not in repr(first)
    assert (second.title, second.link, second.language) == ("5 < 6", None, "en")


def test_faults_of_xml_are_survived_and_told() -> None:
    harvest = read(rss("<item><title>&eacute;t&eacute; R&D\x0b</title><description>un<br>deux</description></item>"))
    assert [(item.title, item.summary) for item in harvest.items] == [("été R&D", "un\ndeux")]
    assert harvest.notes == ("source-note-illformed",)
    assert read(rss("<item><title>été</title></item>")).notes == ()


def test_a_cut_document_gives_what_came() -> None:
    whole = rss("".join(f"<item><title>Titre {number}</title><guid>{number}</guid></item>" for number in range(9)))
    harvest = read(whole[: whole.index("Titre 5")])
    assert [item.title for item in harvest.items] == [f"Titre {number}" for number in range(5)]
    assert harvest.notes == ("source-note-illformed",)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("", "trouble-empty"),
        ("  \n ", "trouble-empty"),
        ("<!-- rien -->", "trouble-empty"),
        ("<!DOCTYPE html><html><body>Bonjour", "trouble-html"),
        ("\n<!-- x --><HTML lang='fr'>", "trouble-html"),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "trouble-html"),
        ("<note/>", "trouble-not-feed"),
        ("Bonjour", "trouble-not-feed"),
        ("<rss><channel><item><title", "trouble-xml"),
        ("[1, 2]", "trouble-not-jsonfeed"),
        ("{", "trouble-json"),
    ],
)
def test_what_is_no_feed_is_said(body: str, key: str) -> None:
    assert trouble(body).key == key


def test_a_fault_names_its_line() -> None:
    assert trouble("<?xml version='1.0'?>\n<rss>\n<channel>\n</rss>").values == {"line": 4}


def test_an_empty_feed_is_no_trouble_and_an_empty_entry_is_counted() -> None:
    assert read(rss("")) == Harvest(SourceKind.FEED, title="Flux")
    assert read(rss("<item><guid>1</guid></item><item><title>x</title></item>")).skipped == 1


def test_entities_are_never_expanded_and_nothing_is_fetched() -> None:
    secret = Path(__file__).as_uri()
    dtd = f'<!DOCTYPE rss [<!ENTITY a "boum"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "{secret}">]>'
    (item,) = read(dtd + rss("<item><title>&b; &c;</title></item>").partition("?>")[2]).items
    assert item.title == "&b; &c;"


def test_what_a_source_was_said_to_be_counts_less_than_what_it_is() -> None:
    assert read(rss(""), kind="ics").kind is SourceKind.FEED
    assert read('{"items": []}', kind="feed").kind is SourceKind.JSONFEED
    assert read("BEGIN:VCALENDAR\nEND:VCALENDAR", kind="feed").kind is SourceKind.ICS
    assert read("Warning: deprecated\n" + rss("")).kind is SourceKind.FEED


def test_the_newest_of_a_long_feed_are_kept() -> None:
    days = [NOW - timedelta(hours=number) for number in range(KEPT + 50)]
    rows = "".join(
        f"<item><title>{i}</title><dc:date>{at.isoformat()}</dc:date></item>" for i, at in enumerate(days[::-1])
    )
    items = read(rss(rows)).items
    assert len(items) == KEPT
    assert {item.published for item in items} == set(days[:KEPT])


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [
        ("<ttl>60</ttl>", 60),
        ("<ttl>souvent</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 30),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 1440),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 1440),
    ],
)
def test_how_long_to_wait(asked: str, minutes: int | None) -> None:
    root = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    assert read(rss(asked, root=root)).ttl == minutes


GOOD = [PAGES / name for name in ("fr/partenaire_ok_rss.xml", "rdf/feedrs_spec_1.xml", "atom/feedrs_atom_spec_1.xml",
        "fr/partenaire_ok_feed.json", "ics/icalendar_timezoned.ics", "rss/feedrs_relurl_1.xml")]  # fmt: skip


@given(st.sampled_from(GOOD), st.data())
def test_a_damaged_document_gives_a_harvest_or_a_trouble(path: Path, data: st.DataObject) -> None:
    body = bytearray(path.read_bytes()[:6_000])
    for _ in range(data.draw(st.integers(0, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del body[data.draw(st.integers(0, len(body))) :]
    harvest = quietly(
        lambda: read(bytes(body), data.draw(st.sampled_from(["", "text/xml; charset=utf-16", "text/html"])))
    )
    for item in harvest.items if harvest else ():
        assert item.identity
        assert item.title or item.link or item.summary


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_a_harvest_or_a_trouble(body: bytes) -> None:
    quietly(lambda: read(body))
    quietly(lambda: read(b"<rss><channel><item>" + body))
    quietly(lambda: read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260401T100000Z\n" + body))


def quietly(reading: Callable[[], Harvest]) -> Harvest | None:
    try:
        return reading()
    except SourceTrouble:
        return None
