"""Events that pages describe: forms of places, statuses, days and times, doubles, broken JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import Event, Harvest, Source, SourceKind, SourceTrouble, Status
from connectors.sources.document import Document
from connectors.sources.parsers import parse
from connectors.sources.wire import harvest_from_json, harvest_to_json

PAGES = Path(__file__).parents[2] / "pages" / "html"
NOW = datetime(2027, 3, 9, 9, tzinfo=UTC)
URL = "https://exemple.fr/agenda/"


def read(html: str | bytes, zone: str = "Europe/Paris") -> Harvest:
    body = html if isinstance(html, bytes) else html.encode("utf-8", "surrogatepass")
    return parse(Document(body, URL, "text/html", NOW), Source("Agenda", URL, SourceKind.PAGE, zone=zone))


def described(*values: Any) -> str:
    blocks = "".join(f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values)
    return f"<html><head><title>Agenda</title>{blocks}</head></html>"


def one(**said: Any) -> Event:
    [event] = read(described({"@type": "Event", "name": "Visite", "startDate": "2027-04-02", **said})).events
    return event


def test_the_page_of_an_agenda() -> None:
    harvest = read((PAGES / "agenda.html").read_bytes())
    assert (harvest.kind, harvest.title, harvest.notes) == (SourceKind.PAGE, "Agenda du réseau", ())
    assert harvest.skipped == 2  # a block cut short, an event without a date
    webinar, visit, course = harvest.events
    assert (visit.title, visit.start, visit.end) == (
        "Visite de l’écoquartier",
        datetime(2027, 4, 2, 7, 30, tzinfo=UTC),
        datetime(2027, 4, 2, 10, 0, tzinfo=UTC),
    )
    assert (visit.link, visit.status) == ("https://exemple.fr/agenda/visite/", Status.CONFIRMED)
    assert visit.place == "Maison du projet, 3 rue des Tanneurs, 31000 Toulouse"
    assert visit.summary == "Une visite guidée\npar ses habitants."
    assert (course.start, course.end, course.status) == (date(2027, 5, 10), date(2027, 5, 12), Status.CANCELLED)
    assert course.place == "Lyon"
    assert (webinar.status, webinar.link) == (Status.POSTPONED, "https://exemple.fr/webinaire")
    assert (webinar.place, webinar.categories) == ("https://visio.exemple.fr/1", ("eau", "climat"))


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2027-04-02", date(2027, 4, 2)),
        ("2027-04-02T09:30", datetime(2027, 4, 2, 7, 30, tzinfo=UTC)),
        ("2027-04-02T09:30:00+02:00", datetime(2027, 4, 2, 7, 30, tzinfo=UTC)),
        ("2027-04-02T07:30:00Z", datetime(2027, 4, 2, 7, 30, tzinfo=UTC)),
        ("2027-04-02 09:30", datetime(2027, 4, 2, 7, 30, tzinfo=UTC)),
        ("2 avril 2027 à 9h30", datetime(2027, 4, 2, 7, 30, tzinfo=UTC)),
        ("2 avril 2027", date(2027, 4, 2)),
        (["2027-04-02"], date(2027, 4, 2)),
        ({"@type": "Date", "@value": "2027-04-02"}, date(2027, 4, 2)),
    ],
)
def test_days_and_times(written: object, start: date) -> None:
    assert one(startDate=written).start == start


@pytest.mark.parametrize("written", ["", "bientôt", 12, None, [], {}, "0001-01-01", "9999-99-99", True])
def test_a_date_that_cannot_be_read_costs_the_event(written: object) -> None:
    event = {"@type": "Event", "name": "x", "startDate": written}
    good = {"@type": "Event", "name": "y", "startDate": "2027-04-02"}
    harvest = read(described([event, good]))
    assert ([one.title for one in harvest.events], harvest.skipped) == (["y"], 1)


def test_a_time_without_zone_is_that_of_the_region() -> None:
    html = described({"@type": "Event", "name": "x", "startDate": "2027-04-02T09:30"})
    [event] = read(html, "Indian/Reunion").events
    assert (event.start, event.zone) == (datetime(2027, 4, 2, 5, 30, tzinfo=UTC), "Indian/Reunion")


def test_only_what_is_near_is_kept() -> None:
    dates = ["2027-03-07", "2027-03-08", "2028-04-12", "2028-04-14"]
    harvest = read(described([{"@type": "Event", "name": day, "startDate": day} for day in dates]))
    assert [one.title for one in harvest.events] == ["2027-03-08", "2028-04-12"]
    assert harvest.notes == ()


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("2027-04-02", "2027-04-01", None),
        ("2027-04-02", "2027-04-02T18:00", date(2027, 4, 2)),
        ("2027-04-02T09:00", "2027-04-02", None),
        ("2027-04-02T09:00", "2027-04-02T08:00", None),
        ("2027-04-02", None, None),
    ],
)
def test_ends_that_fit(start: str, end: str | None, kept: date | None) -> None:
    assert one(startDate=start, endDate=end).end == kept


def test_one_event_told_twice_is_one_and_what_moves_stays_itself() -> None:
    event = {"@type": "Event", "@id": "https://exemple.fr/e/1", "name": "x", "startDate": "2027-04-02"}
    [first] = read(described(event, {**event, "name": "", "location": "Lyon"})).events
    assert first.place == "Lyon"
    [moved] = read(described({**event, "startDate": "2027-04-09"})).events
    assert moved.identity == first.identity
    # Dates that only share an address are several events.
    days = [{"@type": "Event", "url": URL, "name": "x", "startDate": f"2027-04-0{n}"} for n in (1, 2)]
    assert len({one.identity for one in read(described(days)).events}) == 2


def test_events_in_lists_of_lists_and_of_every_type() -> None:
    outer = {"@type": "Event", "name": "f", "startDate": "2027-04-02"}
    inner = {"@type": "https://schema.org/MusicEvent", "name": "g", "startDate": "2027-04-03", "superEvent": outer}
    festival = {**outer, "@type": "schema:Festival", "subEvent": inner}
    listed = {"@type": "ItemList", "itemListElement": [{"item": festival}]}
    assert [one.title for one in read(described(listed)).events] == ["f", "g"]


@pytest.mark.parametrize(
    "block",
    [
        '<!--{"@type":"Event","name":"x","startDate":"2027-04-02"}-->',
        '//<![CDATA[\n{"@type":"Event","name":"x","startDate":"2027-04-02"}\n//]]>',
        '{"@type":"Event","name":"x","startDate":"2027-04-02",}',
        '[{"@type":"Event","name":"x","description":"a, ]","startDate":"2027-04-02",},]',
        '{"@type":"Event","name":"x","description":"ligne\nsuivante","startDate":"2027-04-02"}',
        "{&quot;@type&quot;:&quot;Event&quot;,&quot;name&quot;:&quot;x&quot;,&quot;startDate&quot;:&quot;2027-04-02&quot;}",
    ],
)
def test_json_that_is_plainly_broken_is_mended(block: str) -> None:
    harvest = read(f"<html><script type='application/ld+json'>{block}</script></html>")
    assert ([one.title for one in harvest.events], harvest.skipped) == (["x"], 0)


def test_a_page_without_events_says_so_and_is_no_trouble() -> None:
    assert read("<html><body>Rien</body></html>").notes == ("source-note-no-events",)
    old = described({"@type": "Event", "name": "x", "startDate": "2026-04-02"})
    assert (read(old).events, read(old).notes) == ((), ())


def test_deep_and_broad_values_end() -> None:
    deep = "<html><script type='application/ld+json'>" + "[" * 100_000 + "</script></html>"
    assert read(deep).skipped == 1
    many = [{"@type": "Event", "name": f"e{n}", "startDate": "2027-04-02"} for n in range(3_000)]
    harvest = read(described(many))
    assert (len(harvest.events), harvest.notes) == (500, ("source-note-many",))


def test_mending_costs_no_more_than_reading() -> None:
    for block in ('\\"' * 500_000, '{"a": ' * 200_000, "," * 1_000_000, '"' * 999_999, "-->" * 300_000):
        assert read(f"<html><script type='application/ld+json'>{block}</script></html>").skipped == 1


def test_a_parked_domain_is_told() -> None:
    with pytest.raises(SourceTrouble) as refused:
        read((PAGES / "a-vendre.html").read_bytes())
    assert refused.value.key == "trouble-parked"


_KEYS = st.sampled_from(
    ["@type", "@id", "@graph", "name", "startDate", "endDate", "location", "address", "url", "eventStatus",
     "description", "keywords", "subEvent", "@value"]
)  # fmt: skip
_WORDS = st.one_of(
    st.sampled_from(
        ["Event", "Place", "VirtualLocation", "2027-04-02", "2027-04-02T09:30", "http://[", "EventCancelled"]
    ),
    st.text(max_size=20),
)
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEYS, inner, max_size=6)),
    max_leaves=25,
)


@given(st.dictionaries(_KEYS, _JSON, max_size=8))
def test_no_value_breaks_the_reading(value: dict[str, Any]) -> None:
    harvest = read(described({"startDate": "2027-04-02", "name": "x", **value, "@type": "Event"}))
    for event in harvest.events:
        assert event.identity and event.title
        instant = event.start if isinstance(event.start, datetime) else None
        assert instant is None or NOW - timedelta(days=1) <= instant <= NOW + timedelta(days=400)
    assert harvest_from_json(harvest_to_json(harvest)) == harvest


@given(st.text(alphabet='{}[]",:\\@typeEvnsarD2027-04T \n<!->&quot;', max_size=200))
def test_no_block_breaks_the_reading(block: str) -> None:
    read(f"<html><script type='application/ld+json'>{block}</script></html>")
