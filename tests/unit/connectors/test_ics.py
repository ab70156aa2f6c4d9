"""Calendars: one event an occurrence, every time with its zone (promises 20 and 21)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from club.news import Event, Harvest, Source, SourceTrouble, Status
from connectors.sources import agenda
from connectors.sources.agenda import AFTER, BEFORE, OCCURRENCES
from connectors.sources.document import Document
from connectors.sources.ics import parse_ics

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
URL = "https://www.site.fr/agenda.ics"
PARIS = ZoneInfo("Europe/Paris")


def read(body: str | bytes, now: datetime = NOW, zone: str = "Europe/Paris", content_type: str = "") -> Harvest:
    body = body.encode() if isinstance(body, str) else body
    return parse_ics(Document(body, URL, content_type, now), Source("essai", URL, zone=zone))


def calendar(*events: str, said: str = "") -> str:
    blocks = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{said}{blocks}END:VCALENDAR\n"


def only(event: str, said: str = "", zone: str = "Europe/Paris") -> Event:
    (found,) = read(calendar(event, said=said), zone=zone).events
    return found


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def test_an_event_is_read() -> None:
    event = only(
        "UID:1@site\nSUMMARY:Visite\\, puis débat\nDTSTART;TZID=Europe/Paris:20260411T080900\n"
        "DTEND;TZID=Europe/Paris:20260411T100900\n"
        "LOCATION:Hôtel de ville\\nRennes\nURL:/e/1?utm_source=x\nDESCRIPTION:<p>Un</p>\\n<p>Deux &amp\\; trois</p>\n"
        "CATEGORIES:Eau,Climat\nSEQUENCE:3\nORGANIZER;CN=Jean Dupont:mailto:jean@site.fr\nX-ALT-DESC:non"
    )
    assert (event.uid, event.title, event.place) == ("1@site", "Visite, puis débat", "Hôtel de ville Rennes")
    assert (event.start, event.end, event.zone) == (
        paris("2026-04-11 08:09"),
        paris("2026-04-11 10:09"),
        "Europe/Paris",
    )
    assert (event.link, event.summary) == ("https://www.site.fr/e/1", "Un\nDeux & trois")
    assert (event.categories, event.sequence, event.status) == (("Eau", "Climat"), 3, Status.CONFIRMED)
    assert "jean" not in repr(event).lower()


@pytest.mark.parametrize(
    ("start", "instant", "zone"),
    [
        ("DTSTART:20260401T100000Z", "2026-04-01T10:00:00Z", "Europe/Paris"),
        ("DTSTART:20260401T100000", "2026-04-01T08:00:00Z", "Europe/Paris"),
        ("DTSTART;TZID=America/Martinique:20260401T100000", "2026-04-01T14:00:00Z", "America/Martinique"),
        ("DTSTART;TZID=Romance Standard Time:20260401T100000", "2026-04-01T08:00:00Z", "Europe/Paris"),
        ('DTSTART;TZID="W. Europe Standard Time":20260401T100000', "2026-04-01T08:00:00Z", "Europe/Berlin"),
        (
            "DTSTART;TZID=/freeassociation.sourceforge.net/Indian/Reunion:20260401T100000",
            "2026-04-01T06:00:00Z",
            "Indian/Reunion",
        ),
        ("DTSTART;TZID=UTC+2:20260401T100000", "2026-04-01T08:00:00Z", "Europe/Paris"),
        ("DTSTART;TZID=GMT-03:00:20260401T100000", "2026-04-01T13:00:00Z", "Etc/GMT+3"),
        ("DTSTART;TZID=Etc/UTC:20260401T100000", "2026-04-01T10:00:00Z", "Europe/Paris"),
        ("DTSTART;;TZID=Europe/Paris:20260401T100000", "2026-04-01T08:00:00Z", "Europe/Paris"),
    ],
)
def test_a_time_is_read_in_its_zone(start: str, instant: str, zone: str) -> None:
    harvest = read(calendar(f"UID:1\nSUMMARY:x\n{start}"))
    assert [(event.start, event.zone) for event in harvest.events] == [(datetime.fromisoformat(instant), zone)]
    assert harvest.notes == ()


def test_an_unknown_zone_is_paris_and_told() -> None:
    harvest = read(calendar("UID:1\nDTSTART;TZID=Ma zone:20260401T100000"))
    assert [event.start for event in harvest.events] == [paris("2026-04-01 10:00")]
    assert harvest.notes == ("source-note-zone",)


def test_a_floating_time_is_of_the_source_s_region() -> None:
    event = only("UID:1\nDTSTART:20260401T100000\nDTEND:20260401T110000", zone="Indian/Reunion")
    assert event.start == datetime(2026, 4, 1, 6, tzinfo=UTC)
    assert event.zone == "Indian/Reunion"


OWN_ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Chez nous\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0500\nTZOFFSETTO:+0400\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:19700329T020000\nTZOFFSETFROM:+0400\n"
    "TZOFFSETTO:+0500\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)


def test_a_zone_defined_in_the_file_counts_for_that_file_only() -> None:
    event = "UID:1\nDTSTART;TZID=Chez nous:20260310T100000\nRRULE:FREQ=MONTHLY;COUNT=2"
    harvest = read(calendar(event, said=OWN_ZONE))
    assert [event.start.astimezone(UTC).hour for event in harvest.events] == [6, 5]
    assert harvest.notes == ()
    assert read(calendar(event)).notes == ("source-note-zone",)


def test_a_zone_that_changes_without_end_is_not_believed() -> None:
    hostile = OWN_ZONE.replace("FREQ=YEARLY", "FREQ=SECONDLY")
    assert read(calendar("UID:1\nDTSTART;TZID=Chez nous:20260310T100000", said=hostile)).notes == ("source-note-zone",)


@pytest.mark.parametrize(
    ("times", "start", "end"),
    [
        ("DTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260403", date(2026, 4, 1), date(2026, 4, 2)),
        ("DTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260402", date(2026, 4, 1), date(2026, 4, 1)),
        ("DTSTART:20260401\nDTEND:20260401", date(2026, 4, 1), date(2026, 4, 1)),
        ("DTSTART;VALUE=DATE:20260401", date(2026, 4, 1), date(2026, 4, 1)),
        ("DTSTART;VALUE=DATE:20260401\nDURATION:P2D", date(2026, 4, 1), date(2026, 4, 2)),
        ("DTSTART;VALUE=DATE:20260401\nDTEND:20260403T100000", date(2026, 4, 1), date(2026, 4, 2)),
        (
            "DTSTART:20260401T000000\nDTEND:20260403T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            date(2026, 4, 1),
            date(2026, 4, 2),
        ),
        ("DTSTART:20260401T100000\nDURATION:PT90M", paris("2026-04-01 10:00"), paris("2026-04-01 11:30")),
        ("DTSTART:20260401T100000\nDTEND:20260401T090000", paris("2026-04-01 10:00"), None),
        ("DTSTART:20260401T100000\nDTEND:20260401T100000", paris("2026-04-01 10:00"), None),
        ("DTSTART:20260401T100000", paris("2026-04-01 10:00"), None),
        ("DTSTART:20260401T100000\nDTEND;VALUE=DATE:20260402", paris("2026-04-01 10:00"), paris("2026-04-02 00:00")),
        ("DTSTART:20260401T100000\nDTEND:bientôt", paris("2026-04-01 10:00"), None),
    ],
)
def test_how_long_it_lasts(times: str, start: date, end: date | None) -> None:
    event = only(f"UID:1\n{times}")
    assert (event.start, event.end) == (start, end)
    assert isinstance(event.start, datetime) is isinstance(start, datetime)


WEEKLY = "UID:7\nSUMMARY:Atelier\nDTSTART;TZID=Europe/Paris:20260316T093000\nDTEND;TZID=Europe/Paris:20260316T110000\n"


def test_a_weekly_event_keeps_its_hour_over_the_change() -> None:
    harvest = read(calendar(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=4"))
    starts = [event.start for event in harvest.events]
    assert starts == [paris(f"2026-{day} 09:30") for day in ("03-16", "03-23", "03-30", "04-06")]
    assert {event.end - event.start for event in harvest.events} == {timedelta(minutes=90)}
    assert len({event.identity for event in harvest.events}) == 4


def test_dates_left_out_moved_cancelled_and_added() -> None:
    moved = (
        "UID:7\nSUMMARY:Atelier déplacé\nRECURRENCE-ID;TZID=Europe/Paris:20260330T093000\n"
        "DTSTART;TZID=Europe/Paris:20260331T140000\nDTEND;TZID=Europe/Paris:20260331T150000"
    )
    gone = "UID:7\nSUMMARY:Atelier\nRECURRENCE-ID:20260406T073000Z\nDTSTART:20260406T073000Z\nSTATUS:CANCELLED"
    rule = (
        "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Paris:20260323T093000\nRDATE;TZID=Europe/Paris:20260501T180000"
    )
    harvest = read(calendar(moved, WEEKLY + rule, gone))
    assert [(event.start, event.title, event.status) for event in harvest.events] == [
        (paris("2026-03-16 09:30"), "Atelier", Status.CONFIRMED),
        (paris("2026-03-31 14:00"), "Atelier déplacé", Status.CONFIRMED),
        (paris("2026-04-06 09:30"), "Atelier", Status.CANCELLED),
        (paris("2026-05-01 18:00"), "Atelier", Status.CONFIRMED),
    ]
    before = read(calendar(WEEKLY + rule)).events
    assert [event.identity for event in harvest.events] == [event.identity for event in before]


def test_an_event_that_moves_stays_the_same_event() -> None:
    one = only("UID:7\nDTSTART:20260401T100000Z\nSEQUENCE:1")
    other = only("UID:7\nDTSTART:20260402T100000Z\nSEQUENCE:2")
    assert one.identity == other.identity
    assert only("UID:8\nDTSTART:20260401T100000Z").identity != one.identity


def test_the_latest_version_counts() -> None:
    old = "UID:7\nSUMMARY:ancien\nDTSTART:20260401T100000Z\nSEQUENCE:1\nLAST-MODIFIED:20260301T000000Z"
    new = "UID:7\nSUMMARY:nouveau\nDTSTART:20260402T100000Z\nSEQUENCE:2\nLAST-MODIFIED:20260101T000000Z"
    newer = new.replace("20260101", "20260102").replace("nouveau", "dernier")
    for blocks in ((old, new, newer), (newer, new, old)):
        assert [event.title for event in read(calendar(*blocks)).events] == ["dernier"]


def test_events_that_only_share_a_uid_are_all_kept() -> None:
    events = read(calendar(*(f"UID:1\nSUMMARY:{day}\nDTSTART:202604{day}T100000Z" for day in (10, 11, 12)))).events
    assert [event.title for event in events] == ["10", "11", "12"]
    assert len({event.identity for event in events}) == 3


def test_without_uid_title_and_start_make_the_identity() -> None:
    one, two = "SUMMARY:a\nDTSTART:20260401T100000Z", "SUMMARY:b\nDTSTART:20260401T100000Z"
    events = read(calendar(one, two)).events
    assert [event.uid for event in events] == ["", ""]
    assert len({event.identity for event in events}) == 2
    assert only(one).identity == events[0].identity


@pytest.mark.parametrize(
    ("said", "status", "read_"),
    [
        ("", "STATUS:CANCELLED", Status.CANCELLED),
        ("", "STATUS:Tentative", Status.CONFIRMED),
        ("", "STATUS:POSTPONED", Status.POSTPONED),
        ("METHOD:CANCEL\n", "", Status.CANCELLED),
        ("METHOD:PUBLISH\n", "", Status.CONFIRMED),
    ],
)
def test_whether_it_takes_place(said: str, status: str, read_: Status) -> None:
    assert only(f"UID:1\nDTSTART:20260401T100000Z\n{status}", said=said).status is read_


def test_the_window_is_from_yesterday_to_400_days_ahead() -> None:
    edges = (NOW - BEFORE - timedelta(seconds=1), NOW - BEFORE, NOW + AFTER, NOW + AFTER + timedelta(seconds=1))
    harvest = read(calendar(*(f"UID:{i}\nDTSTART:{at:%Y%m%dT%H%M%SZ}" for i, at in enumerate(edges))))
    assert [event.start for event in harvest.events] == list(edges[1:3])
    assert harvest.skipped == 0
    days = read(calendar(*(f"UID:{day}\nDTSTART;VALUE=DATE:202603{day}" for day in ("01", "02", "03")))).events
    assert [event.start for event in days] == [date(2026, 3, 2), date(2026, 3, 3)]


def test_no_event_has_more_than_200_dates() -> None:
    harvest = read(calendar("UID:1\nDTSTART:20200101T100000Z\nRRULE:FREQ=DAILY", "UID:2\nDTSTART:20260401T100000Z"))
    assert len(harvest.events) == OCCURRENCES + 1
    assert harvest.events[0].start == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert harvest.notes == ("source-note-many",)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=3", "freq=secondly", "COUNT=2;FREQ=MINUTELY", "FREQ=DAILY;INTERVAL=0",
     "FREQ=DAILY;BYHOUR=8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30,31"],
)  # fmt: skip
def test_a_rule_without_measure_costs_its_event_only(rule: str) -> None:
    harvest = read(calendar(f"UID:1\nDTSTART:20260401T100000Z\nRRULE:{rule}", "UID:2\nDTSTART:20260401T100000Z"))
    assert [event.uid for event in harvest.events] == ["2"]
    assert (harvest.skipped, harvest.notes) == (1, ("source-note-rhythm",))


def test_a_bad_event_costs_itself() -> None:
    bad = (
        "UID:1",
        "UID:2\nDTSTART:hier",
        "UID:3\nDTSTART:20260401T100000Z\nRRULE:FREQ=PARFOIS",
        "UID:4\nDTSTART:20260231",
    )
    harvest = read(calendar(*bad, "UID:5\nDTSTART:20260401T100000Z\nX-BROKEN\nATTENDEE;;=\nEXDATE:jamais"))
    assert [event.uid for event in harvest.events] == ["3", "5"]
    assert harvest.skipped == len(bad) - 1


@pytest.mark.parametrize("zone", ["Europe/Paris", "UTC"])
@pytest.mark.parametrize(("day", "utc"), [("20260329", "2026-03-29T01:30:00Z"), ("20261025", "2026-10-25T00:30:00Z")])
def test_half_past_two_on_the_days_of_the_change_is_one_instant(day: str, utc: str, zone: str) -> None:
    event = only(f"UID:1\nDTSTART;TZID=Europe/Paris:{day}T023000", zone=zone)
    assert isinstance(event.start, datetime)
    assert event.start.astimezone(UTC) == datetime.fromisoformat(utc)
    assert datetime.fromisoformat(event.start.isoformat()) == event.start


def test_google_s_utc_repeats_at_the_calendar_s_hour() -> None:
    event = "UID:1\nDTSTART:20260323T080000Z\nRRULE:FREQ=WEEKLY;COUNT=2"
    harvest = read(calendar(event, said="X-WR-TIMEZONE:Europe/Paris\nX-WR-CALNAME:Agenda\\, visites\n"))
    assert [event.start for event in harvest.events] == [paris("2026-03-23 09:00"), paris("2026-03-30 09:00")]
    assert harvest.title == "Agenda, visites"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    text = calendar("UID:1\nSUMMARY:Été à l’îlot\nDTSTART:20260401T100000Z").replace("\n", end)
    (event,) = read(text.encode(encoding)).events
    assert event.title == "Été à l’îlot"


def test_a_fold_may_cut_a_letter() -> None:
    body = calendar("UID:1\nSUMMARY:écoquartier\nDTSTART:20260401T100000Z").encode()
    body = body.replace("é".encode(), "é".encode()[:1] + b"\r\n " + "é".encode()[1:])
    assert read(body).events[0].title == "écoquartier"


def test_line_ends_that_were_not_escaped_do_not_lose_the_text() -> None:
    event = only("UID:1\nDESCRIPTION:Un\n\ndeux trois\n- quatre\nLOCATION:None\nDTSTART:20260401T100000Z")
    assert (event.summary, event.place) == ("Un\ndeux trois\n- quatre", "")


def test_a_cut_file_gives_what_was_whole() -> None:
    whole = calendar("UID:1\nDTSTART:20260401T100000Z\nSUMMARY:a", "UID:2\nDTSTART:20260402T100000Z\nSUMMARY:b")
    harvest = read(whole[: whole.index("T100000Z\nSUMMARY:b")])
    assert [event.uid for event in harvest.events] == ["1"]
    assert (harvest.skipped, harvest.notes) == (1, ("source-note-cut",))
    missing_end = whole.replace("END:VEVENT\n", "", 1)
    assert [event.uid for event in read(missing_end).events] == ["1", "2"]


def test_reminders_and_tasks_are_not_the_event() -> None:
    event = only(
        "UID:1\nDTSTART:20260401T100000Z\nBEGIN:VALARM\nTRIGGER:-PT30M\nDESCRIPTION:rappel\nEND:VALARM\nSUMMARY:x",
        said="BEGIN:VTODO\nUID:9\nDTSTART:20260401T100000Z\nEND:VTODO\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\n",
    )
    assert (event.title, event.summary) == ("x", "")


def test_what_the_calendar_asks_to_wait() -> None:
    assert read(calendar(said="REFRESH-INTERVAL;VALUE=DURATION:PT12H\n")).ttl == 720
    assert read(calendar(said="X-PUBLISHED-TTL:PT1H\n")).ttl == 60
    assert read(calendar(said="X-PUBLISHED-TTL:souvent\n")).ttl is None
    assert read(calendar()).events == ()


def test_what_is_no_calendar_is_said() -> None:
    for body in ("", "bonjour", "BEGIN:VTODO\nEND:VTODO"):
        with pytest.raises(SourceTrouble) as trouble:
            read(body)
        assert trouble.value.key == "trouble-not-calendar"


def test_of_ten_thousand_events_those_that_come_are_read() -> None:
    def event(number: int, day: str) -> str:
        return f"UID:{number}\nSUMMARY:x\nDTSTART:{day}T100000Z"

    past = [event(n, f"2015{1 + n % 12:02}{1 + n % 28:02}") for n in range(9_900)]
    harvest = read(calendar(*past, *(event(10_000 + n, f"202604{1 + n % 28:02}") for n in range(100))))
    assert len(harvest.events) == 100
    assert "source-note-many" in harvest.notes


GOOD = "UID:bon\nSUMMARY:bon\nDTSTART:20260401T100000Z"


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        ("UID:1\nDTSTART:20260401T100000Z\nSEQUENCE:" + "9" * 5_000, 2),
        ("UID:1\nDTSTART:20260401T100000Z\nDTEND:99991231T235959Z", 2),
        ("UID:1\nDTSTART:00010101T100000Z\nRRULE:FREQ=HOURLY", 1),
        ("UID:1\nDTSTART:19000101T100000Z\nRRULE:FREQ=DAILY;COUNT=1000000", 1 + OCCURRENCES),
    ],
)
def test_an_absurd_event_costs_no_other(odd: str, kept: int) -> None:
    harvest = read(calendar(GOOD, odd))
    assert len(harvest.events) == kept
    assert all(event.end is None or event.end.year < 2030 for event in harvest.events)


def test_a_zone_of_a_thousand_rules_is_not_followed() -> None:
    times = "DTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY"
    part = f"BEGIN:STANDARD\n{times}\nEND:STANDARD\n"
    zone = f"BEGIN:VTIMEZONE\nTZID:Folle\n{part * 1_000}END:VTIMEZONE\n"
    harvest = read(calendar("UID:1\nDTSTART;TZID=Folle:20260401T100000", said=zone))
    assert [event.start for event in harvest.events] == [paris("2026-04-01 10:00")]
    assert harvest.notes == ("source-note-zone",)


RULES = st.builds(
    ";".join,
    st.tuples(
        st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"]),
        st.integers(1, 40).map("INTERVAL={}".format),
    ).flatmap(
        lambda parts: st.sampled_from(
            ["COUNT=5", "COUNT=400", "UNTIL=20260901T000000Z", "WKST=SU", "BYDAY=MO,FR", "BYMONTHDAY=-1"]
        ).map(lambda last: (*parts, last))
    ),
)


@given(RULES, st.datetimes(datetime(2019, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(microsecond=0)))
def test_dates_are_within_the_window_sorted_and_the_same_when_it_slides(rule: str, start: datetime) -> None:
    body = calendar(f"UID:1\nDTSTART;TZID=Europe/Paris:{start:%Y%m%dT%H%M%S}\nRRULE:{rule}")
    events = read(body).events
    starts = [event.start for event in events]
    assert starts == sorted(starts)
    assert len(starts) <= OCCURRENCES
    assert all(NOW - BEFORE <= at <= NOW + AFTER for at in starts)
    later = read(body, NOW + timedelta(days=90)).events
    common = NOW - BEFORE + timedelta(days=90)
    if len(events) < OCCURRENCES > len(later):
        assert [e.identity for e in events if e.start >= common] == [
            e.identity for e in later if e.start <= NOW + AFTER
        ]


def test_a_change_at_no_date_costs_nothing() -> None:
    assert only('UID:1\nSUMMARY:x\nDTSTART:20260401T100000Z\nLAST-MODIFIED;X-A="b":20260230').title == "x"


NAMES = st.sampled_from(
    ["UID", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS", "SEQUENCE", "CATEGORIES", "DTSTART", "DTEND",
     "dtend", "LAST-MODIFIED", "X-MICROSOFT-CDO-ALLDAYEVENT", "DTSTAMP", "ATTENDEE", "DURATION", "RECURRENCE-ID",
     "EXDATE", "X-A"]
)  # fmt: skip
PARAMETERS = st.sampled_from(
    ["", "", "", ";VALUE=DATE", ";VALUE=DATE-TIME", ";VALUE=TEXT", ";VALUE=URI", ";VALUE=BINARY", ";LANGUAGE=fr",
     ";X-B=", ";TZID=Europe/Paris", ";TZID=Nulle/Part", ';tzid="Indian/Reunion"', ";TZID=GMT-03:00", ";A=b,c", ";A=%41",
     ";a", ';ALTREP="x:y"', ";VALUE=DATE;VALUE=DATE", ";ENCODING=BASE64"]
)  # fmt: skip
VALUES = st.sampled_from(
    ["20260401T100000", "20260401T120000Z", "20260402", "20260230", "20260401T250000", "20260329T023000", "PT2H", "1",
     "", "a", r"Un\, deux\; trois\n\\", r"a,b\,c", "https://exemple.fr/?a=1:2", "CANCELLED", "TRUE", " 2", "%2C", r"\:",
     "é  x", 'x:"y']
)  # fmt: skip
LINES = st.lists(st.builds("{}{}:{}".format, NAMES, PARAMETERS, VALUES), max_size=5).map("\n".join)
HEADS = st.sampled_from(
    ["UID:1\nDTSTART:20260401T100000\n", "UID:1\n", "DTSTART;TZID=Europe/Paris:20260401T100000\n", ""]
)


MOVED = ["UID:1\nDTSTART:20260401T100000\nSUMMARY:x", "UID:1\nRECURRENCE-ID:20260401T100000\nDTSTART:20260402T100000"]


@example(MOVED, "")
@given(
    st.lists(st.builds("{}SUMMARY:x\n{}".format, HEADS, LINES), max_size=3), st.sampled_from(["", "METHOD:CANCEL\n"])
)
def test_a_plain_event_is_read_as_icalendar_reads_it(events: list[str], said: str) -> None:
    body = calendar(*events, said=said)
    plain = read(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agenda, "read_once", lambda _: None)
        assert read(body) == plain
