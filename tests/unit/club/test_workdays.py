"""Working days in France: eleven public holidays a year, three of which move with Easter."""

from __future__ import annotations

from datetime import date

import pytest

from club.workdays import after_workdays, easter, holidays, is_workday


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2024, 3, 31), (2026, 4, 5), (2027, 3, 28), (2030, 4, 21), (2038, 4, 25), (2285, 3, 22)],
)
def test_easter(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_the_holidays_of_a_year() -> None:
    assert sorted(holidays(2027)) == [
        date(2027, 1, 1),
        date(2027, 3, 29),
        date(2027, 5, 1),
        date(2027, 5, 6),
        date(2027, 5, 8),
        date(2027, 5, 17),
        date(2027, 7, 14),
        date(2027, 8, 15),
        date(2027, 11, 1),
        date(2027, 11, 11),
        date(2027, 12, 25),
    ]


def test_weekends_and_holidays_do_not_count() -> None:
    assert not is_workday(date(2027, 3, 29))
    assert after_workdays(date(2027, 3, 25), 3) == date(2027, 3, 31)  # Friday, then past Easter Monday
    assert after_workdays(date(2027, 12, 30), 2) == date(2028, 1, 3)
    assert after_workdays(date(2027, 3, 9), 0) == date(2027, 3, 9)
