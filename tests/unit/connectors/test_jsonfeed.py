"""JSON Feed: what is of the wrong type costs its entry, never the others (promise 22)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import Harvest, Source, SourceTrouble
from connectors.sources.document import Document
from connectors.sources.jsonfeed import parse_jsonfeed

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
URL = "https://www.site.fr/feed.json"


def read(feed: Any, body: bytes = b"") -> Harvest:
    document = Document(body or json.dumps(feed).encode(), URL, "", NOW)
    return parse_jsonfeed(document, Source("essai", URL))


def items(*entries: Any, **feed: Any) -> Harvest:
    return read({"version": "https://jsonfeed.org/version/1.1", "items": list(entries), **feed})


def test_an_entry_is_read() -> None:
    (item,) = items(
        {"id": "1", "url": "/a?utm_source=x", "title": "R&amp;D", "content_html": "<p>Un</p><p>Deux</p>",
         "tags": ["Eau", "Eau"], "date_published": "2026-03-01T10:00:00+01:00", "authors": [{"name": "Jean Dupont"}]},
        language="fr", home_page_url="https://a.fr/",
    ).items  # fmt: skip
    assert (item.guid, item.title, item.link) == ("1", "R&D", "https://a.fr/a")
    assert item.published == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert (item.summary, item.categories, item.language) == ("Un\nDeux", ("Eau",), "fr")
    assert "Dupont" not in repr(item)


@pytest.mark.parametrize(
    "wrong",
    [{"title": ["x"]}, {"url": 1.5}, {"id": {}}, {"id": True}, {"summary": True}, {"content_text": {}}],
)
def test_a_wrong_type_costs_its_entry_only(wrong: dict[str, Any]) -> None:
    good = {"id": "1", "title": "bon", "summary": "texte"}
    harvest = items({**good, **wrong}, good, "pas une entrée", None)
    assert [item.title for item in harvest.items] == ["bon"]
    assert harvest.skipped == 3


@pytest.mark.parametrize(
    "wrong",
    [{"tags": "eau"}, {"tags": [1, None, {"a": 1}]}, {"date_published": 5}, {"language": []}, {"authors": "Jean"},
     {"author": []}, {"authors": [1]}, {"attachments": "x"}, {"image": 3}, {"banner_image": {}}],
)  # fmt: skip
def test_a_wrong_type_beside_what_is_told_costs_nothing(wrong: dict[str, Any]) -> None:
    harvest = items({"id": "1", "title": "bon", "summary": "texte", **wrong})
    assert [item.title for item in harvest.items] == ["bon"]
    assert harvest.skipped == 0


def test_of_ten_thousand_entries_the_newest_are_read() -> None:
    many = [
        {"id": str(n), "title": f"n° {n}", "date_published": f"2026-0{1 + n % 2}-{1 + n % 28:02}T10:00:00Z"}
        for n in range(10_000)
    ]
    harvest = items(*many)
    assert len(harvest.items) == 500
    assert min(item.published for item in harvest.items if item.published) >= datetime(2026, 2, 25, tzinfo=UTC)


@pytest.mark.parametrize("junk", ["<br />\n<b>Notice</b>: x\n", "\n\n", ")]}',\n"])
def test_what_stands_around_the_document_is_left_out(junk: str) -> None:
    body = junk + '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "bon"}]}' + junk
    assert [item.title for item in read(None, body.encode()).items] == ["bon"]


def test_the_feed_s_own_wrong_types_cost_nothing() -> None:
    harvest = items({"id": 3.5, "title": "bon", "url": None}, title=["x"], home_page_url={}, language=1, authors="x")
    assert [(item.guid, item.title) for item in harvest.items] == [("3.5", "bon")]


def test_a_date_that_cannot_be_read_or_believed_is_none() -> None:
    first, second, third = items(
        {"title": "a", "date_published": "demain", "date_modified": "2026-03-01T00:00:00Z"},
        {"title": "b", "date_published": "2027-01-01T00:00:00Z"},
        {"title": "c"},
    ).items
    assert (first.published, second.published, third.published) == (datetime(2026, 3, 1, tzinfo=UTC), None, None)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"{}", "trouble-not-jsonfeed"),
        (b'{"items": {}}', "trouble-not-jsonfeed"),
        (b"[]", "trouble-not-jsonfeed"),
        (b'{"items": [', "trouble-json"),
        (b'{"items":' + b"[" * 100_000, "trouble-deep"),
        (b'{"items": [' + b"9" * 5000 + b"]}", "trouble-json"),
    ],
)
def test_what_is_no_json_feed_is_said(body: bytes, key: str) -> None:
    with pytest.raises(SourceTrouble) as trouble:
        read(None, body)
    assert trouble.value.key == key


def test_a_fault_names_its_line() -> None:
    with pytest.raises(SourceTrouble) as trouble:
        read(None, b'{\n"items": [\n}')
    assert trouble.value.values == {"line": 3}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
ENTRIES = st.dictionaries(
    st.sampled_from(["id", "url", "title", "summary", "content_text", "content_html", "date_published", "tags"]), JSON
)


@given(st.lists(ENTRIES | JSON, max_size=5))
def test_every_entry_is_read_or_counted(entries: list[Any]) -> None:
    harvest = items(*entries)
    alike = len(entries) - harvest.skipped - len(harvest.items)
    assert alike >= 0
    assert all(item.identity and (item.title or item.link or item.summary) for item in harvest.items)
    assert items(*entries, {"id": "témoin", "title": "bon"}).items[-1].title == "bon"
