"""Lists of sources: what other readers write, what is hostile, and back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from club.news import Source, SourceKind, SourceTrouble
from connectors.opml import DEEPEST, LARGEST, MOST, Outline, read_opml, write_opml
from connectors.sources.clean import clean_text
from connectors.sources.parsers import PARSERS


def opml(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f"{head}<opml version='2.0'><head/><body>{body}</body></opml>".encode()


def refusal(body: bytes) -> str:
    with pytest.raises(SourceTrouble) as caught:
        read_opml(body)
    return caught.value.key


def test_names_come_from_text_then_title_then_host() -> None:
    found = read_opml(
        opml(
            '<outline text="Cerema" title="Autre" xmlUrl="https://a.fr/rss"/>'
            '<outline title="Ademe &amp; Cie" xmlUrl=" https://b.fr/rss "/>'
            '<outline xmlUrl="https://c.fr:8080/rss"/>'
        )
    )
    assert [(one.name, one.url) for one in found] == [
        ("Cerema", "https://a.fr/rss"),
        ("Ademe & Cie", "https://b.fr/rss"),
        ("c.fr", "https://c.fr:8080/rss"),
    ]


def test_the_nearest_folder_is_the_partner() -> None:
    found = read_opml(
        opml(
            '<outline text="État"><outline text="DREAL"><outline text="a" xmlUrl="http://a.fr/"/></outline>'
            '<outline><outline text="b" xmlUrl="http://b.fr/"/></outline></outline>'
            '<outline text="c" xmlUrl="http://c.fr/"/>'
        )
    )
    assert [(one.name, one.partner) for one in found] == [("a", "DREAL"), ("b", "État"), ("c", "")]


def test_kinds_and_regions() -> None:
    found = read_opml(
        opml(
            '<outline text="a" type="ics" category="/region/76" xmlUrl="http://a.fr/"/>'
            '<outline text="b" type="rss" category="/Boston/Weather,/region/11" xmlUrl="http://b.fr/"/>'
            '<outline text="c" type="atom" xmlUrl="http://c.fr/"/>'
        )
    )
    assert [(one.kind, one.region) for one in found] == [
        (SourceKind.ICS, "76"),
        (SourceKind.AUTO, "11"),
        (SourceKind.AUTO, ""),
    ]


def test_upper_case_and_a_byte_order_mark_are_read() -> None:
    body = b"\xef\xbb\xbf<OPML><BODY><OUTLINE TEXT='\xc3\xa9' XMLURL='http://a.fr/'/></BODY></OPML>"
    assert read_opml(body) == (Outline("é", "http://a.fr/"),)


def test_a_wrong_encoding_loses_no_accent() -> None:
    text = '<?xml version="1.0" encoding="utf-8"?><opml><body><outline text="Évènement" xmlUrl="http://a.fr/"/></body></opml>'
    assert read_opml(text.encode("latin-1"))[0].name == "Évènement"


def test_what_was_complete_is_read_from_a_list_that_was_cut() -> None:
    whole = opml('<outline text="a" xmlUrl="http://a.fr/"/><outline text="b" xmlUrl="http://b.fr/"/>')
    assert [one.name for one in read_opml(whole[: whole.index(b"http://b.fr")])] == ["a"]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"", "trouble-opml"),
        (b"\x00\x01\x02", "trouble-opml"),
        (b"<rss><channel/></rss>", "trouble-opml"),
        (b"<html><body>404</body></html>", "trouble-opml"),
        (opml(""), "trouble-opml-empty"),
        (opml("<outline text='a' xmlUrl='  '/>"), "trouble-opml-empty"),
        (b" " * (LARGEST + 1), "trouble-opml-big"),
    ],
)
def test_what_is_no_list_says_why(body: bytes, key: str) -> None:
    assert refusal(body) == key


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY b "bbbbbbbb"><!ENTITY a "&b;&b;&b;&b;">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;',
    ],
)
def test_entities_are_refused(declared: str) -> None:
    body = opml('<outline text="&a;" xmlUrl="http://a.fr/"/>', f"<!DOCTYPE opml [{declared}]>")
    assert refusal(body) == "trouble-opml-entity"
    assert refusal(body.decode().encode("utf-16")) == "trouble-opml-entity"


def test_depth_and_number_are_bounded() -> None:
    deep = DEEPEST + 1
    assert refusal(opml("<outline text='x'>" * deep + "</outline>" * deep)) == "trouble-deep"
    assert refusal(opml("<outline xmlUrl='http://a.fr/'/>" * (MOST + 1))) == "trouble-many"
    assert len(read_opml(opml("<outline xmlUrl='http://a.fr/'/>" * MOST))) == MOST


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(opml)))
@example(opml("<outline xmlUrl='http://[::1'/>"))
@example(opml("<!-- --><?pi?><outline text='\U0010ffff' xmlUrl='x'/>"))
def test_foreign_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        found = read_opml(body)
    except SourceTrouble:
        return
    assert all(one.name and one.url and "\n" not in one.name for one in found)


NAMES = st.text(max_size=60).map(clean_text).filter(bool)
SOURCES = st.builds(
    Source,
    name=NAMES,
    url=st.sampled_from(["http://a.fr/rss?x=1&y=<2>", "https://é.fr/«flux»", "http://c.fr/'\""]),
    kind=st.sampled_from(SourceKind),
    partner=st.one_of(st.just(""), NAMES),
    region=st.sampled_from(["", "76", "11"]),
    trusted=st.booleans(),
)


@given(st.lists(SOURCES, min_size=1, max_size=5))
def test_what_is_written_is_read_again(sources: list[Source]) -> None:
    read = read_opml(write_opml(sources, "Sources"))
    plain = (SourceKind.FEED, SourceKind.AUTO)
    wanted = [
        Outline(one.name, one.url, one.partner, SourceKind.AUTO if one.kind in plain else one.kind, one.region)
        for one in sources
    ]
    assert sorted(read, key=repr) == sorted(wanted, key=repr)


def test_a_feed_that_was_found_on_a_page_travels_with_its_page() -> None:
    page, feed = "https://a.fr/actualites/", "https://a.fr/feed/"
    body = write_opml([Source("a", page), Source("b", "https://b.fr/rss")], "Sources", {page: feed})
    assert f'xmlUrl="{feed}"'.encode() in body  # what another reader takes
    assert [(one.url, one.kind) for one in read_opml(body)] == [
        (page, SourceKind.AUTO),
        ("https://b.fr/rss", SourceKind.AUTO),
    ]


@pytest.mark.parametrize(
    ("written", "name", "url"),
    [
        (
            'text="Eau & sols" xmlUrl="https://e.example/spip.php?page=backend&id_rubrique=12&lang=fr"',
            "Eau & sols",
            "https://e.example/spip.php?page=backend&id_rubrique=12&lang=fr",
        ),
        ('text="Sols < eaux" xmlUrl="https://e.example/?a=1&b=2"', "Sols < eaux", "https://e.example/?a=1&b=2"),
        ('text="A &eacute; B" xmlUrl="https://e.example/"', "A é B", "https://e.example/"),
        ('text="A" text="B" xmlUrl="https://e.example/?x=1&copy=2"', "B", "https://e.example/?x=1&copy=2"),
        ('text="A" xmlUrl="https://e.example/?x=1&amp;y=2" bold', "A", "https://e.example/?x=1&y=2"),
        ("text='L\"eau' xmlUrl='https://e.example/?a=1&reg=2'", 'L"eau', "https://e.example/?a=1&reg=2"),
    ],
)
def test_an_ill_formed_list_is_read_with_the_addresses_that_are_written(written: str, name: str, url: str) -> None:
    [found] = read_opml(f"<opml version='1.0'><body><outline {written}/></body></opml>".encode())
    assert (found.name, found.url) == (name, url)


def test_a_list_behind_a_warning_and_without_its_end_is_read() -> None:
    folder = "<outline text='Ademe'><outline text='Eau' xmlUrl='https://a.fr/'/>"
    text = f"Notice: x\n<?xml version='1.0'?>\n<opml><body>{folder}"
    [found] = read_opml(text.encode())
    assert (found.name, found.url, found.partner) == ("Eau", "https://a.fr/", "Ademe")


@pytest.mark.parametrize("kind", SourceKind)
def test_every_kind_is_read_again_and_has_its_parser(kind: SourceKind) -> None:
    [read] = read_opml(write_opml([Source("Un", "https://un.test/", kind)], "Liste"))
    # For other readers every feed is « rss », and ours looks at the document again.
    assert read.kind is (SourceKind.AUTO if kind is SourceKind.FEED else kind)
    assert (kind in PARSERS) is (kind is not SourceKind.AUTO)
