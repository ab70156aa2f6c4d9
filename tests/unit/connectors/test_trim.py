"""One part never decides for the rest of a feed: junk around it, a title without end, ten thousand entries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import Harvest, Source, SourceKind
from connectors.sources.document import Document
from connectors.sources.parsers import parse, sniff
from connectors.sources.trim import keep_newest, shorten_titles, strip_junk

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WARNING = '<br />\n<b>Warning</b>:  Undefined array key "page" in <b>/srv/site/flux.php</b> on line <b>88</b><br />\n'
PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n'


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>Un bailleur</title>{"".join(items)}</channel></rss>'


def atom(*entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Un bailleur</title>{"".join(entries)}</feed>'


def item(title: str, number: int = 1, date: str = "Mon, 23 Nov 2026 10:00:00 +0100") -> str:
    link = f"https://bailleur.example/{number}"
    return (
        f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate><description>x</description></item>"
    )


def read(text: str, kind: SourceKind = SourceKind.AUTO) -> Harvest:
    url = "https://bailleur.example/rss"
    return parse(Document(text.encode(), url, "application/rss+xml", NOW), Source("essai", url, kind))


@pytest.mark.parametrize("before", ["\n\n", WARNING, "Notice: x\n", "\ufeff\n" + WARNING, "<!-- cache -->\n" + WARNING])
@pytest.mark.parametrize("prolog", [PROLOG, ""])
@pytest.mark.parametrize("after", ["", "\n\n", "\n" + WARNING, "<!-- servi en 0,2 s -->", "\n<script>x()</script>"])
def test_what_is_printed_around_a_feed_is_left_out(before: str, prolog: str, after: str) -> None:
    for body in (rss(item("Une ferme urbaine")), atom("<entry><title>Une ferme urbaine</title><id>1</id></entry>")):
        assert [one.title for one in read(before + prolog + body + after).items] == ["Une ferme urbaine"]


def test_junk_is_noted() -> None:
    assert "source-note-junk" in read(WARNING + PROLOG + rss(item("a"))).notes
    assert read(PROLOG + rss(item("a"))).notes == ()
    assert read("\n" + PROLOG + rss(item("a")) + "\n").notes == ()


def test_a_page_behind_a_warning_is_a_page() -> None:
    page = Document(f"{WARNING}<!DOCTYPE html><html><body>{rss()}</body></html>".encode(), "https://a.example", "", NOW)
    assert sniff(page) is SourceKind.PAGE


def test_a_calendar_behind_a_warning_is_a_calendar() -> None:
    event = "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Visite\r\nDTSTART:20261210T100000Z\r\nEND:VEVENT\r\n"
    found = read(f"{WARNING}BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n{WARNING}")
    assert [one.title for one in found.events] == ["Visite"]


@pytest.mark.parametrize("long", ["é" * 1_000_000, f"<![CDATA[{'mot ' * 250_000}]]>", "a" * 100_001])
def test_a_title_without_end_costs_its_item_alone(long: str) -> None:
    harvest = read(rss(item("avant", 1), item(long, 2), item("après", 3)))
    assert [one.title for one in harvest.items] == ["avant", "après"]
    assert harvest.skipped == 1


def test_the_newest_of_ten_thousand_entries_are_read() -> None:
    first = datetime(2016, 1, 1, 10, tzinfo=UTC)
    dates = [first + timedelta(hours=9 * n) for n in range(10_000)]  # the oldest first, as some sites have it
    harvest = read(rss(*(item(f"n° {n}", n, f"{at:%a, %d %b %Y %H:%M:%S} +0000") for n, at in enumerate(dates))))
    assert len(harvest.items) == 500
    assert min(one.published for one in harvest.items if one.published) == dates[-500]


def test_of_many_entries_without_a_date_the_first_are_read() -> None:
    entries = "".join(f"<entry><title>n° {n}</title><id>urn:{n}</id></entry>" for n in range(6_000))
    assert [one.title for one in read(atom(entries)).items[:2]] == ["n° 0", "n° 1"]


@given(st.text("<>/?!xmlrsfeditn -\n", max_size=80))
def test_any_text_is_trimmed_and_trimming_it_again_changes_nothing(text: str) -> None:
    for trim in (strip_junk, shorten_titles, keep_newest):
        once = trim(text)
        assert trim(once) == once


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        ("Une ferme urbaine ouvre au pied des tours.", "Une ferme urbaine ouvre au pied des tours."),
        ("<p>Première ligne</p><p>Seconde</p>", "Première ligne"),
        ("mot " * 60, ("mot " * 20).rstrip()[:75].rstrip() + "…"),
        ("", ""),
    ],
)
def test_an_item_without_a_title_is_called_by_its_first_words(about: str, shown: str) -> None:
    text = about.replace("<", "&lt;").replace(">", "&gt;")
    body = rss(f"<item><link>https://a.example/1</link><description>{text}</description></item>")
    [found] = read(body).items
    assert found.title.startswith(shown[:70])
    assert len(found.title) <= 80
    assert bool(found.title) is bool(shown)
