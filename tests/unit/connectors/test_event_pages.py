"""Events on pages as sites really describe them: microdata, RDFa, h-event; JSON-LD that is damaged, listed, shared."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import Event, Harvest, Source, SourceKind
from connectors.sources.document import Document
from connectors.sources.json_repair import read_json
from connectors.sources.jsonld import parse_page
from connectors.sources.page import look

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
URL = "https://bailleur.example/agenda"
GOOD = {
    "@context": "https://schema.org",
    "@type": "Event",
    "name": "Visite du quartier",
    "startDate": "2026-12-10T14:00:00+01:00",
    "endDate": "2026-12-10T16:00:00+01:00",
    "location": {"@type": "Place", "name": "Salle des fêtes", "address": "Albi"},
}
TEXT = json.dumps(GOOD, ensure_ascii=False)


def read(body: str) -> Harvest:
    page = f"<!DOCTYPE html><html lang=fr><head><title>Agenda</title></head><body>{body}</body></html>"
    return parse_page(Document(page.encode(), URL, "text/html; charset=utf-8", NOW), Source("a", URL, SourceKind.PAGE))


def scripted(*blocks: str) -> str:
    return "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)


def only(body: str) -> Event:
    [found] = read(body).events
    return found


def is_the_visit(found: Event) -> bool:
    return (found.title, found.start, found.end) == (
        "Visite du quartier",
        datetime(2026, 12, 10, 14, tzinfo=PARIS),
        datetime(2026, 12, 10, 16, tzinfo=PARIS),
    )


@pytest.mark.parametrize(
    "block",
    [
        f"<!--\n{TEXT}\n-->",
        f"//<![CDATA[\n{TEXT}\n//]]>",
        f"<![CDATA[{TEXT}]]>",
        f"/* <![CDATA[ */ {TEXT} /* ]]> */",
        f"<!-- //<![CDATA[\n{TEXT}\n//]]> -->",
        f"{TEXT};",
        f"{TEXT};;\n",
        f"\ufeff{TEXT}",
        f"{TEXT},",
        f"[{TEXT},]",
        f"var data = {TEXT};",
        TEXT.replace("}}", "},}"),
        TEXT.replace(', "end', ',, "end'),
        "/* agenda */\n" + TEXT.replace(', "name"', ',\n// le titre\n"name"'),
        TEXT.replace('"', "&quot;"),
        TEXT.replace('"', "&#34;"),
        TEXT.replace("Albi", "L\\'Albigeois \\d"),
        TEXT.replace("Salle des", "Salle\ndes"),
        f"{TEXT}\n{json.dumps({'@type': 'WebSite', 'name': 'Site'})}",
        f"{TEXT} </p>",
        TEXT[:-2],
        TEXT.replace('"location"', '"description": "coupé en plein mili'),
    ],
)
def test_damaged_json_is_read(block: str) -> None:
    if "coupé" in block:
        block = block[: block.index("mili") + 4]
    assert is_the_visit(only(scripted(block)))


@pytest.mark.parametrize("broken", ["{", "{{{", "n’importe quoi", '{"@type": "Event", "name": }', "[1, 2", ""])
def test_one_broken_block_does_not_cost_the_others(broken: str) -> None:
    assert is_the_visit(only(scripted(broken, TEXT, broken)))


@pytest.mark.parametrize(
    "value",
    [
        [GOOD],
        {"@graph": [{"@type": "WebPage"}, GOOD]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": GOOD}]},
        {"@type": "ItemList", "itemListElement": [GOOD]},
        {"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": [{"item": GOOD}]}},
        {"@type": "WebPage", "mainEntity": GOOD},
        {"@type": "Organization", "event": [GOOD]},
        {"@type": "Place", "events": GOOD},
        {**GOOD, "@type": ["Event", "EducationEvent"]},
        {**GOOD, "@type": "https://schema.org/ExhibitionEvent"},
        {f"https://schema.org/{name}" if name[0] != "@" else name: part for name, part in GOOD.items()},
        {f"schema:{name}" if name[0] != "@" else name: part for name, part in GOOD.items()},
        {**GOOD, "startDate": {"@type": "DateTime", "@value": GOOD["startDate"]}},
        {**GOOD, "name": {"@value": "Visite du quartier", "@language": "fr"}},
        {**GOOD, "startDate": [GOOD["startDate"]]},
    ],
)
def test_events_wherever_they_stand(value: object) -> None:
    assert is_the_visit(only(scripted(json.dumps(value))))


def test_several_starts_are_several_dates() -> None:
    days = ["2026-12-10", "2026-12-11", "2026-12-12"]
    found = read(scripted(json.dumps({**GOOD, "startDate": days, "endDate": days}))).events
    assert [one.start for one in found] == [date(2026, 12, day) for day in (10, 11, 12)]
    assert len({one.identity for one in found}) == 3


def test_dates_within_an_event_share_what_it_says() -> None:
    parts = [{"@type": "Event", "startDate": f"2026-12-{day}T14:00:00+01:00"} for day in (10, 17)]
    whole = {name: part for name, part in GOOD.items() if name not in ("startDate", "endDate")}
    found = read(scripted(json.dumps({**whole, "subEvent": parts}))).events
    assert [(one.title, one.start.day, one.place) for one in found] == [
        ("Visite du quartier", day, "Salle des fêtes, Albi") for day in (10, 17)
    ]


def test_an_end_before_the_start_is_no_end() -> None:
    assert only(scripted(json.dumps({**GOOD, "endDate": "2026-12-09T10:00:00+01:00"}))).end is None


MICRODATA = """
<div itemscope itemtype="https://schema.org/Event">
 <h2 itemprop="name">Visite du quartier</h2>
 <time itemprop="startDate" datetime="2026-12-10T14:00:00+01:00">jeudi 10 décembre, 14 h</time>
 <meta itemprop="endDate" content="2026-12-10T16:00:00+01:00">
 <div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Salle des fêtes</span>
  <div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
   <span itemprop="streetAddress">1 rue des Prés</span> <span itemprop="addressLocality">Albi</span></div></div>
 <p itemprop="description">Une visite.</p><a itemprop="url" href="/visite">Lire</a>
</div>"""
RDFA = """
<div vocab="https://schema.org/" typeof="Event"><h2 property="name">Visite du quartier</h2>
 <span property="startDate" content="2026-12-10T14:00:00+01:00">jeudi</span>
 <span property="endDate" content="2026-12-10T16:00:00+01:00"></span>
 <div property="location" typeof="Place"><span property="name">Salle des fêtes</span></div></div>"""
H_EVENT = """
<article class="h-event"><h2 class="p-name">Visite du quartier</h2>
 <time class="dt-start" datetime="2026-12-10T14:00:00+01:00">14 h</time>
 <time class="dt-end" datetime="2026-12-10T16:00:00+01:00">16 h</time>
 <span class="p-location">Salle des fêtes</span> <a class="u-url" href="/visite">Lire</a></article>"""
HCALENDAR = """
<div class="vevent"><span class="summary">Visite du quartier</span>
 <abbr class="dtstart" title="2026-12-10T14:00:00+01:00">14 h</abbr>
 <abbr class="dtend" title="2026-12-10T16:00:00+01:00">16 h</abbr><span class="location">Salle des fêtes</span></div>"""


@pytest.mark.parametrize("body", [MICRODATA, RDFA, H_EVENT, HCALENDAR], ids=["microdata", "rdfa", "h-event", "vevent"])
def test_events_in_the_markup(body: str) -> None:
    found = only(body)
    assert is_the_visit(found)
    assert found.place.startswith("Salle des fêtes")


def test_microdata_says_the_rest_too() -> None:
    found = only(MICRODATA)
    assert (found.place, found.link, found.summary) == (
        "Salle des fêtes, 1 rue des Prés, Albi", "https://bailleur.example/visite", "Une visite."
    )  # fmt: skip


def test_several_events_in_the_markup_are_told_apart() -> None:
    other = MICRODATA.replace("Visite du", "Fête du").replace("/visite", "/fete").replace("12-10", "12-12")
    assert [one.title for one in read(MICRODATA + other).events] == ["Visite du quartier", "Fête du quartier"]


def test_one_event_told_twice_in_two_ways_is_one() -> None:
    assert is_the_visit(only(scripted(TEXT) + MICRODATA))


@pytest.mark.parametrize("body", [MICRODATA, RDFA, H_EVENT, HCALENDAR, scripted(TEXT)])
def test_a_page_with_events_is_known_as_one(body: str) -> None:
    assert look(Document(f"<html><body>{body}</body></html>".encode(), URL, "text/html", NOW)).events


def test_a_page_without_any_says_so() -> None:
    harvest = read("<p>Rendez-vous bientôt, salle des fêtes.</p>")
    assert (harvest.events, harvest.notes) == ((), ("source-note-no-events",))


def test_deep_markup_ends() -> None:
    deep = '<div itemscope itemtype="https://schema.org/Event"><div itemprop="location" itemscope>' * 3_000
    assert read(deep).events == ()


@given(st.text('{}[]",:\\ \n/*<!->&;naé', max_size=60))
def test_any_block_is_read_or_left(block: str) -> None:
    assert isinstance(read_json(block), list)


@given(st.recursive(st.none() | st.text(max_size=5) | st.integers(), lambda inner: st.lists(inner, max_size=3) |
                    st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8))  # fmt: skip
def test_what_is_well_formed_is_read_as_it_is(value: object) -> None:
    assert read_json(json.dumps(value)) == [value]
