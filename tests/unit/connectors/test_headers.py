from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.headers import MAX_WAIT, max_age, printable, retry_after

NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("86401", MAX_WAIT),
        ("9" * 5000, MAX_WAIT),
        ("Tue, 09 Mar 2027 09:10:00 GMT", 600),
        ("Tue, 09 Mar 2027 10:10:00 +0100", 600),
        ("Tue, 09 Mar 2027 09:10:00 -0000", 600),
        ("Tue, 09 Mar 2027 08:00:00 GMT", 0),
        ("Tue, 09 Mar 2099 09:00:00 GMT", MAX_WAIT),
        ("-5", None),
        ("1.5", None),
        ("bientôt", None),
        ("", None),
    ],
)
def test_retry_after(text: str, seconds: int | None) -> None:
    assert retry_after(text, NOW) == seconds


@given(st.text() | st.from_regex(r"\A[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{1,9} [-+A-Z0-9]{0,9}\Z"))
def test_retry_after_is_total(text: str) -> None:
    wait = retry_after(text, NOW)
    assert wait is None or 0 <= wait <= MAX_WAIT


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("max-age=600", 600),
        ("public, MAX-AGE = 600, s-maxage=3", 600),
        ('private,max-age="60"', 60),
        ("s-maxage=3", None),
        ("no-store", None),
        ("max-age=" + "9" * 12, None),
        ("max-age=-1", None),
        ("", None),
    ],
)
def test_max_age(text: str, seconds: int | None) -> None:
    assert max_age(text) == seconds


@given(st.text())
def test_what_is_kept_of_a_header_can_be_sent_back(text: str) -> None:
    kept = printable(text)
    assert kept in ("", text)
    assert "\n" not in kept and "\r" not in kept
    kept.encode()
