"""Calendars that repeat without end, in zones that are none (promises 20, 21)."""

from __future__ import annotations

from datetime import timedelta

from tests.hostile.case import Case, read, trouble
from tests.hostile.cases.pages import NOW, SOON, calendar, event
from tests.hostile.server import Answer, says

ICS = "text/calendar"
DAY = f"{SOON:%Y%m%d}"
MANY = range(1, 201)


def given(*events: str, said: str = "") -> Answer:
    return says(calendar(*events, said=said), type=ICS)


def rule(name: str, written: str, kept: range | int = 0, *more: str, start: str = f"DTSTART:{DAY}T090000Z") -> Case:
    """A good event beside a series."""
    return read(
        f"ics-{name}",
        given(event("bon"), event("série", f"RRULE:{written}", *more, start=start)),
        range(kept + 1, kept + 2) if isinstance(kept, int) else range(kept.start + 1, kept.stop + 1),
        titles=("bon",),
    )


RULES: tuple[Case, ...] = (
    rule("secondly", "FREQ=SECONDLY"),
    rule("secondly-spaced", "INTERVAL=86400;FREQ=SECONDLY"),
    rule("secondly-folded", "FREQ=SEC\r\n ONDLY"),
    rule("secondly-lower-case", "freq=secondly"),
    rule("minutely", "FREQ=MINUTELY;COUNT=1000000000"),
    rule("hourly", "FREQ=HOURLY", MANY),
    rule("daily-a-billion-times", "FREQ=DAILY;COUNT=1000000000", MANY),
    rule("daily-since-1900", "FREQ=DAILY", MANY, start="DTSTART:19000101T090000Z"),
    rule("hourly-since-0001", "FREQ=HOURLY", 0, start="DTSTART:00010101T090000Z"),
    rule(
        "every-second-of-a-day",
        "FREQ=DAILY;BYHOUR="
        + ",".join(map(str, range(24)))
        + ";BYMINUTE="
        + ",".join(map(str, range(60)))
        + ";BYSECOND="
        + ",".join(map(str, range(60))),
    ),
    rule("by-every-day-of-year", "FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 367))), MANY),
    rule("by-set-position", "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-366,366,1", range(5)),
    rule("never", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    rule("never-by-position", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=50", range(2)),
    rule("never-by-week", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO", range(2)),
    rule("never-by-day-of-year", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", range(2)),
    rule("never-hourly", "FREQ=HOURLY;BYHOUR=25", range(2)),
    rule("interval-zero", "FREQ=DAILY;INTERVAL=0"),
    rule("interval-below-zero", "FREQ=DAILY;INTERVAL=-1", range(2)),
    rule("interval-enormous", "FREQ=DAILY;INTERVAL=99999999999999999999", range(2)),
    rule("count-zero", "FREQ=DAILY;COUNT=0", range(2)),
    rule("until-before", "FREQ=DAILY;UNTIL=19700101T000000Z", range(2)),
    rule("until-9999", "FREQ=WEEKLY;UNTIL=99991231T235959Z", range(50, 70)),
    rule("of-words", "FREQ=SOUVENT;BYDAY=LUNDI", range(2)),
    rule("of-nothing", "", range(2)),
    rule("two-rules", "FREQ=DAILY;COUNT=3", range(2, 8), "RRULE:FREQ=HOURLY;COUNT=4"),
    rule("excluded-by-rule", "FREQ=DAILY;COUNT=3", range(4), "EXRULE:FREQ=SECONDLY"),
    rule(
        "excluded-by-thousands",
        "FREQ=DAILY;COUNT=500",
        range(201),
        *(f"EXDATE:{NOW + timedelta(days=n):%Y%m%d}T090000Z" for n in range(3_000)),
    ),
    rule(
        "dates-by-thousands",
        "FREQ=YEARLY;COUNT=1",
        range(202),
        "RDATE:" + ",".join(f"{SOON + timedelta(minutes=n):%Y%m%dT%H%M00Z}" for n in range(4_000)),
    ),
    rule(
        "lines-of-dates",
        "FREQ=YEARLY;COUNT=1",
        range(202),
        *(f"RDATE:{SOON + timedelta(minutes=n):%Y%m%dT%H%M00Z}" for n in range(4_000)),
    ),
    rule(
        "dates-of-periods",
        "FREQ=YEARLY;COUNT=1",
        range(4),
        f"RDATE;VALUE=PERIOD:{DAY}T100000Z/PT1H,{DAY}T120000Z/P-9D,x",
    ),
    Case(
        "ics-series-by-thousands",
        given(*(event(f"s {n}", "RRULE:FREQ=DAILY", uid=str(n)) for n in range(2_000))),
        ("trouble-parse-slow", "trouble-heavy"),
        kept=0,
    ),
    read(
        "ics-moved-by-thousands",
        given(
            event("s", "RRULE:FREQ=DAILY;COUNT=50", uid="1"),
            *(event(f"m {n}", f"RECURRENCE-ID:{DAY}T0900{n % 60:02}Z", uid="1") for n in range(1_000)),
        ),
        range(501),
    ),
)


def one(
    name: str,
    *lines: str,
    start: str | None = f"DTSTART:{DAY}T090000Z",
    kept: range | int = 2,
    said: str = "",
    **more: object,
) -> Case:
    """A good event beside an odd one."""
    return read(
        f"ics-{name}",
        given(event("bon"), event("étrange", *lines, start=start), said=said),
        kept,
        titles=("bon",),
        **more,
    )


EVENTS: tuple[Case, ...] = (
    one("zone-unknown", start=f"DTSTART;TZID=Lune/Copernic:{DAY}T090000"),
    one("zone-of-a-path", start=f"DTSTART;TZID=../../../etc/passwd:{DAY}T090000"),
    one("zone-of-another-system", start=f"DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Paris:{DAY}T090000"),
    one("zone-endless", start=f"DTSTART;TZID={'Z' * 50_000}:{DAY}T090000"),
    one("zone-with-a-nul", start=f"DTSTART;TZID=a\0b:{DAY}T090000", kept=range(1, 3)),
    one("zone-of-99-hours", start=f"DTSTART;TZID=UTC+99:{DAY}T090000"),
    one(
        "zone-that-changes-each-second",
        start=f"DTSTART;TZID=Folle:{DAY}T090000",
        said=(
            "BEGIN:VTIMEZONE\r\nTZID:Folle\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\n"
            "TZOFFSETTO:+0200\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE"
        ),
    ),
    one(
        "zone-that-changes-by-thousands",
        start=f"DTSTART;TZID=Folle:{DAY}T090000",
        said=(
            "BEGIN:VTIMEZONE\r\nTZID:Folle\r\n" + "BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\n"
            "TZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY\r\nEND:STANDARD\r\n" * 2_000 + "END:VTIMEZONE"
        ),
    ),
    one("date-of-month-13", start="DTSTART:20261332T256199Z", kept=1),
    one("date-missing", start=None, kept=1),
    one("date-9999", start="DTSTART:99991231T235959Z", kept=1),
    one("date-0001", start="DTSTART:00010101T000000Z", kept=1),
    one("end-before-start", f"DTEND:{NOW - timedelta(days=900):%Y%m%dT%H%M%SZ}"),
    one("end-in-9999", "DTEND:99991231T235959Z"),
    one("duration-enormous", "DURATION:P99999999999D", kept=range(1, 3)),
    one("duration-below-zero", "DURATION:-P9D"),
    one("description-of-ten-megabytes", "DESCRIPTION:" + "mot " * 2_300_000),
    one("description-in-a-million-folds", "DESCRIPTION:" + "a\r\n " * 500_000),
    one("fold-in-a-letter", "LOCATION:Mairie d’\r\n Évry"),
    one(
        "alarms-by-thousands",
        "\r\n".join(
            ["BEGIN:VALARM\r\nTRIGGER:-PT1M\r\nACTION:AUDIO\r\nATTACH:http://127.0.0.1:9/\r\nEND:VALARM"] * 3_000
        ),
    ),
    one("attendees-by-thousands", *["ATTENDEE;CN=x:mailto:x@exemple.fr"] * 20_000),
    one("parameters-by-thousands", "X-A" + ";B=c" * 30_000 + ":d"),
    one("quotes-without-end", 'X-A;B="' + "c" * 60_000 + ":d"),
    one("sequence-enormous", "SEQUENCE:" + "9" * 5_000),
    one("sequence-superscript", "SEQUENCE:²"),
    one("link-javascript", "URL:javascript:alert(1)", links=(None,)),
    one("markup", "LOCATION:<script>x</script>Mairie @everyone", "DESCRIPTION:<b>gras</b>", lacks=("<script", "<b>")),
    one(
        "attachments",
        "ATTACH:file:///etc/passwd",
        "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "QUFB" * 200_000,
        lacks=("root:",),
    ),
    one("status-of-words", "STATUS:" + "ANNULÉ" * 1_000),
    one("class-private", "CLASS:CONFIDENTIAL", kept=2),
    one("nested-events", "BEGIN:VEVENT\r\n" * 2_000, kept=range(1, 4)),
    one("ends-by-thousands", "END:VEVENT\r\n" * 20_000, kept=range(1, 3)),
    read("ics-many-events", given(*["BEGIN:VEVENT\r\nEND:VEVENT"] * 6_000), 0),
    read(
        "ics-calendars-in-calendars",
        says("BEGIN:VCALENDAR\r\n" * 10_000 + event("bon") + "\r\nEND:VCALENDAR", type=ICS),
        range(2),
    ),
    read("ics-cut", says(calendar(event("bon"), event("coupé"))[:-60], type=ICS), range(1, 3)),
    read("ics-bare-lines", says(calendar(event("bon")).replace("\r\n", "\r"), type=ICS), 1),
    read(
        "ics-line-of-megabytes",
        says(lambda: calendar(event("bon"), "X-" + "A" * 5_000_000 + ":b").encode(), type=ICS),
        1,
    ),
    read(
        "ics-one-uid-for-all",
        given(
            *(event(f"e {n}", uid="1", start=f"DTSTART:{SOON + timedelta(days=n):%Y%m%dT%H%M%SZ}") for n in range(20))
        ),
        20,
    ),
    read("ics-in-utf-16", says(calendar(event("bon")).encode("utf-16"), type=ICS), 1),
    trouble("ics-todo-only", says("BEGIN:VTODO\r\nSUMMARY:x\r\nEND:VTODO", type=ICS), "trouble-not-calendar"),
)

CASES = (*RULES, *EVENTS)
