"""What calendars and sites are given is read back the same, by our readers and by an independent library."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from club.agenda import Filter, Occasion, number_of_uid
from club.gathering import Mode
from club.news import Event, Harvest, Source, Status
from connectors.outlets.agenda import agenda_json, json_ld, script_of
from connectors.outlets.ics import Named, calendar
from connectors.sources.document import Document
from connectors.sources.ics import parse_ics
from connectors.sources.jsonld import parse_page

NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
CHANGED = datetime(2027, 2, 1, 8, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
NAMED = Named("Agenda du Club", lambda one: f"https://hub.example/evenements/{one.number}")
VISIT = Occasion(
    12,
    "Visite ; de l’été, au quartier des Prés",
    datetime(2027, 3, 11, 9, 30, tzinfo=PARIS),
    datetime(2027, 3, 11, 12, 0, tzinfo=PARIS),
    "Europe/Paris",
    CHANGED,
    place="Salle des fêtes, 12 rue de l’Église, Rennes",
    link="https://ush.example/visite?a=1&b=2",
    description="On marche.\nPuis on mange : c’est prêt.",
    organiser="USH",
    sequence=3,
    topics=(19,),
    regions=("53",),
)
ZONES = {
    "Europe/Paris": "Europe/Paris",
    "Saint-Denis de La Réunion": "Indian/Reunion",
    "Fort-de-France": "America/Martinique",
    "Cayenne": "America/Cayenne",
    "Mamoudzou": "Indian/Mayotte",
    "Nouméa": "Pacific/Noumea",
    "Miquelon": "America/Miquelon",
}


def read(body: bytes, zone: str = "Europe/Paris") -> Harvest:
    document = Document(body, "https://hub.example/agenda.ics", "text/calendar; charset=utf-8", now=NOW)
    return parse_ics(document, Source("hub", "https://hub.example/agenda.ics", zone=zone))


def told(event: Event) -> tuple[object, ...]:
    return event.uid, event.title, event.start, event.end, event.place, event.status, event.sequence


def test_a_calendar_is_read_back_the_same() -> None:
    days = replace(VISIT, number=13, start=date(2027, 6, 17), end=date(2027, 6, 21), status=Status.CANCELLED)
    found = read(calendar([days, VISIT], NAMED))
    assert found.title == "Agenda du Club"
    assert [told(one) for one in found.events] == [
        ("evt-12@ecohub", VISIT.title, VISIT.start, VISIT.end, VISIT.place, Status.CONFIRMED, 3),
        ("evt-13@ecohub", VISIT.title, days.start, days.end, VISIT.place, Status.CANCELLED, 3),
    ]


@pytest.mark.parametrize("zone", ZONES.values(), ids=ZONES)
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_hour_in_every_zone(zone: str, month: int) -> None:
    local = datetime(2027, month, 14, 14, tzinfo=ZoneInfo(zone))
    one = replace(VISIT, start=local, end=local + timedelta(hours=2), zone=zone)
    body = calendar([one], NAMED)
    parsed = icalendar.Calendar.from_ical(body)
    (event,) = recurring_ical_events.of(parsed).between((2027, 1, 1), (2028, 1, 1))
    assert event["DTSTART"].dt == local
    assert event["DTSTART"].dt.utcoffset() == local.utcoffset()
    assert _by_its_own_zone(parsed) == local.astimezone(UTC)


def _by_its_own_zone(parsed: icalendar.Calendar) -> datetime:
    """The instant as a program that only believes the VTIMEZONE of the file finds it."""
    (zone,) = parsed.walk("VTIMEZONE")
    (event,) = parsed.walk("VEVENT")
    return event["DTSTART"].dt.replace(tzinfo=zone.to_tz(lookup_tzid=False)).astimezone(UTC)


def test_the_nights_of_the_change_of_hour_keep_their_instant() -> None:
    for instant in (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)):
        for at in (instant, instant + timedelta(hours=1)):
            one = replace(VISIT, start=at.astimezone(PARIS), end=None)
            (event,) = icalendar.Calendar.from_ical(calendar([one], NAMED)).walk("VEVENT")
            assert event["DTSTART"].dt.astimezone(UTC) == at


def test_nothing_moves_while_nothing_changes() -> None:
    assert calendar([VISIT], NAMED) == calendar([VISIT], NAMED)
    assert b"DTSTAMP:20270201T083000Z" in calendar([VISIT], NAMED)
    assert calendar([], NAMED).startswith(b"BEGIN:VCALENDAR\r\n")


hostile = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\r\n,;:\\\"'<>&"), max_size=200)


@given(hostile, hostile, hostile)
def test_no_text_makes_a_property_or_a_long_line(title: str, place: str, description: str) -> None:
    one = replace(VISIT, title=title, place=place, description=description, organiser=title)
    body = calendar([one], NAMED)
    lines = body.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines)  # no letter is cut
    unfolded = body.replace(b"\r\n ", b"").split(b"\r\n")
    names = [line.split(b":")[0].split(b";")[0] for line in unfolded if line]
    assert names.count(b"BEGIN") == names.count(b"END")
    assert names.count(b"UID") == 1
    assert b"\n" not in body.replace(b"\r\n", b"")
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert str(event["SUMMARY"]) == title.replace("\r\n", "\n").replace("\r", "\n")


def test_json_has_the_fields_of_entries_with_page_and_change() -> None:
    days = replace(VISIT, number=13, start=date(2027, 6, 17), end=date(2027, 6, 21), link=None)
    first, second = json.loads(agenda_json([VISIT, days], NAMED))["events"]
    assert first["start"] == "2027-03-11T09:30:00+01:00"
    assert first["url"] == "https://hub.example/evenements/12"
    assert first["updated"] == "2027-02-01T08:30:00+00:00"
    assert (second["start"], second["end"], second["link"]) == ("2027-06-17", "2027-06-21", None)


@pytest.mark.parametrize(
    "one",
    [
        VISIT,
        replace(VISIT, start=date(2027, 6, 17), end=date(2027, 6, 21)),
        replace(VISIT, status=Status.CANCELLED, mode=Mode.HYBRID, online="https://visio.example/"),
        replace(VISIT, status=Status.POSTPONED, title="</script><script>alert(1)</script> & R&D < 5"),
    ],
)
def test_our_own_reader_reads_the_page_back_the_same(one: Occasion) -> None:
    page = f'<!doctype html><title>x</title><script type="application/ld+json">{script_of(json_ld(one))}</script>'
    document = Document(page.encode(), "https://hub.example/evenements/12", "text/html; charset=utf-8", now=NOW)
    (event,) = parse_page(document, Source("hub", "https://hub.example/")).events
    assert (event.start, event.end, event.status) == (one.start, one.end, one.status)
    assert event.link == one.link
    assert event.place.startswith("Salle des fêtes, 12 rue de l’Église, Rennes")
    assert event.summary.split() == one.description.split()


def test_a_uid_of_ours_is_known_and_no_other() -> None:
    assert number_of_uid(VISIT.uid) == 12
    for other in (
        "evt-12@ailleurs",
        "12@ecohub",
        "evt-@ecohub",
        "evt--1@ecohub",
        "",
        "evt-²@ecohub",
        f"evt-{'9' * 40}@ecohub",
    ):
        assert number_of_uid(other) == 0


def test_an_outlet_gives_what_is_asked_for() -> None:
    national = replace(VISIT, number=2, regions=(), topics=(), organiser="Cerema", relays=("Métropole de l’Est",))
    both = [VISIT, national]
    assert Filter().of(both) == both
    assert Filter(regions=("53",)).of(both) == both  # what is for the whole country is for each region
    assert Filter(regions=("76",)).of(both) == [national]
    assert Filter(topics=(19, 5)).of(both) == [VISIT]
    assert Filter(partner="métropole de l'est").of(both) == [national]
    assert Filter(partner="ush").of(both) == [VISIT]
