"""Dates as sites write them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources import dates
from connectors.sources.dates import EARLIEST, believable, parse_date, zone_named

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2010-08-31T21:31:38Z", "2010-08-31T21:31:38Z"),
        ("2003-12-13T18:30:02+01:00", "2003-12-13T17:30:02Z"),
        ("2003-12-13T18:30:02.25-0500", "2003-12-13T23:30:02.250000Z"),
        ("2002-01-01 10:00:00", "2002-01-01T09:00:00Z"),  # older SPIP: no T, no zone, so Paris
        ("2023-07-16", "2023-07-15T22:00:00Z"),
        ("2003-12", "2003-11-30T23:00:00Z"),
        ("20260411T080900Z", "2026-04-11T08:09:00Z"),
        ("2021-03-05T24:00:00Z", "2021-03-06T00:00:00Z"),
        ("Mon, 06 Sep 2009 16:45:00 +0000 ", "2009-09-06T16:45:00Z"),
        ("Wed, 02 Oct 2002 15:00:00 +02:00", "2002-10-02T13:00:00Z"),
        ("Tue, 15 Nov 22 21:15 EST", "2022-11-16T02:15:00Z"),
        ("Tue, 15 Nov 2022 21:15:04 Z", "2022-11-15T21:15:04Z"),
        ("Tue, 15 Nov 2022 21:15:60 GMT", "2022-11-15T21:15:59Z"),
        ("Fri, 31-Dec-2021 10:00:00 GMT", "2021-12-31T10:00:00Z"),
        ("Sat, Dec 16 2023 02:02:33 PM", "2023-12-16T13:02:33Z"),
        ("December 16, 2023 at 12:05 am", "2023-12-15T23:05:00Z"),
        ("Mon Sep 20 14:00:00 2023", "2023-09-20T12:00:00Z"),
        ("Mon Sep 20 14:00:00 UTC 2023", "2023-09-20T14:00:00Z"),
        ("lun., 20 sept. 2023 14:00:00 +0200", "2023-09-20T12:00:00Z"),  # eZ Publish and its locale
        ("mar. 12 déc. 2023", "2023-12-11T23:00:00Z"),
        ("1er juin 2026", "2026-05-31T22:00:00Z"),
        # the year stands behind the hour
        ("Sun 29 Nov 04:00:00 CET 2026", "2026-11-29T03:00:00Z"),
        ("Sun, 29 Nov 04:00:00 +0000 2026", "2026-11-29T04:00:00Z"),
        ("Sun Nov 29 04:00:00 +0000 2026", "2026-11-29T04:00:00Z"),
        ("29 Nov 04:00:00 2026 GMT", "2026-11-29T04:00:00Z"),
        ("Sun, 29 Nov 26 04:00:00 +0100", "2026-11-29T03:00:00Z"),
        ("12 FÉVRIER 2024", "2024-02-11T23:00:00Z"),
        ("Mardi 12 décembre 2023 - 09:30", "2023-12-12T08:30:00Z"),
        ("jeudi 24 novembre 2022, de 9h30 à 17h", "2022-11-24T08:30:00Z"),
        ("12 août 2024 à 9 h 30", "2024-08-12T07:30:00Z"),
        ("12/12/2023", "2023-12-11T23:00:00Z"),
        ("12.12.23 14h", "2023-12-12T13:00:00Z"),
    ],
)
def test_a_date_is_read(text: str, instant: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "text",
    ["", "hier", "2024-02-30", "31 juin 2024", "12 brumaire 2024", "1970-01-01T00:00:00Z", "0000-00-00", "32/01/2024",
     "2024-01-01T25:00:00Z", "2024-01-01T10:00:00+99:00", "99999-01-01", "2024", "12 mars"],
)  # fmt: skip
def test_what_is_no_date_or_absurd_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_a_date_without_zone_is_read_in_the_source_s() -> None:
    assert parse_date("2026-03-01 10:00", "Indian/Reunion") == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert parse_date("2026-03-01 10:00", "Nulle/Part") == parse_date("2026-03-01 10:00", "Europe/Paris")
    assert zone_named("../etc/passwd") is None


def test_a_post_that_is_planned_has_no_date_yet() -> None:
    assert believable(NOW + timedelta(hours=48), NOW) == NOW + timedelta(hours=48)
    assert believable(NOW + timedelta(hours=48, seconds=1), NOW) is None
    assert believable(None, NOW) is None


@given(st.text(max_size=80) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9a-zéû]{1,9}[-/. T][0-9:+hZ ]{0,20}"))
def test_any_text_is_a_date_in_range_or_none(text: str) -> None:
    moment = parse_date(text)
    if moment is not None:
        assert moment >= EARLIEST
        assert moment.utcoffset() == timedelta()
        assert parse_date(moment.isoformat()) == moment


@given(st.datetimes(EARLIEST.replace(tzinfo=None), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_what_we_write_we_read(moment: datetime) -> None:
    assert parse_date(moment.isoformat()) == moment
    assert parse_date(moment.strftime("%a, %d %b %Y %H:%M:%S +0000")) == moment.replace(microsecond=0)


FIGURES = st.integers(0, 62).map("{:02}".format)
YEARS = st.integers(0, 9_999).map("{:04}".format)
OFFSETS = st.sampled_from(
    [
        "",
        "Z",
        "z",
        "+0100",
        "-1130",
        "+01:00",
        "-00:00",
        "+2500",
        "+99:99",
        " GMT",
        " UT",
        " CEST",
        " +0200",
        ".5Z",
        ".1234567Z",
    ]
)
MONTHS = st.sampled_from(["Mar", "mar", "févr", "Aoû", "May", "Foo", "sept"])
WRITTEN = st.one_of(
    st.tuples(YEARS, st.just("-"), FIGURES, st.just("-"), FIGURES, st.sampled_from(["T", " ", "t"])),
    st.tuples(
        st.sampled_from(["Mon, ", "lun., ", ""]), FIGURES, st.just(" "), MONTHS, st.just(" "), YEARS, st.just(" ")
    ),
)


@given(WRITTEN, FIGURES, FIGURES, FIGURES, OFFSETS)
def test_a_usual_date_is_read_as_any_other(
    day: tuple[str, ...], hour: str, minute: str, second: str, zone: str
) -> None:
    text = f"{''.join(day)}{hour}:{minute}:{second}{zone}"
    usual = parse_date(text, "Indian/Reunion")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_MAIL", "_INSTANT"):
            patch.setattr(dates, name, re.compile("(?!)"))
        assert parse_date(text, "Indian/Reunion") == usual


@pytest.mark.parametrize(
    "text",
    ["29 Nov 14h", "29 nov 14.30", "29 nov. 04:00", "29 novembre, 10 heures", "Nov 29 04:00", "Sun, 29 Nov",
     "29 Nov 04:00:00", "Sun, 29 Nov 04:00:00 +0000", "Sun Nov 29 04:00:00 CET", "29 Nov 10 pm"],
)  # fmt: skip
def test_an_hour_is_never_a_year(text: str) -> None:
    assert parse_date(text) is None
