"""Dates in French prose, and what only looks like one."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.dates import When, read_closing, read_when

TODAY = date(2027, 3, 9)


def day(year: int, month: int, number: int) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("12 décembre 2023", When(day(2023, 12, 12))),
        ("Publié le 1er juin 2026", When(day(2026, 6, 1))),
        ("mar. 12 déc. 2023", When(day(2023, 12, 12), weekday=1)),
        ("12 DÉC 2023", When(day(2023, 12, 12))),
        ("12/12/2023", When(day(2023, 12, 12))),
        ("12.12.23", When(day(2023, 12, 12))),
        ("12-12-1987", When(day(1987, 12, 12))),
        ("3/4/87", When(day(1987, 4, 3))),
        ("2027-03-11", When(day(2027, 3, 11))),
        ("31/08", When(day(2027, 8, 31))),
        ("08/03", When(day(2028, 3, 8))),
        ("09/03", When(day(2027, 3, 9))),
        ("15 avril", When(day(2027, 4, 15))),
        ("15 févr.", When(day(2028, 2, 15))),
        ("29 février", When(day(2028, 2, 29))),
        ("du 17 au 21 juin 2019", When(day(2019, 6, 17), day(2019, 6, 21))),
        ("du lundi 17 au vendredi 21 juin 2019", When(day(2019, 6, 17), day(2019, 6, 21), weekday=0)),
        ("les 5 et 6 février 2020", When(day(2020, 2, 5), day(2020, 2, 6))),
        ("les 5, 6 et 7 février 2020", When(day(2020, 2, 5), day(2020, 2, 7))),
        ("du 28 mai au 3 juin 2028", When(day(2028, 5, 28), day(2028, 6, 3))),
        ("du 28 décembre au 3 janvier", When(day(2027, 12, 28), day(2028, 1, 3))),
        ("du 1er au 12 mars", When(day(2027, 3, 1), day(2027, 3, 12))),
        ("28 décembre 2026 – 3 janvier 2027", When(day(2026, 12, 28), day(2027, 1, 3))),
        ("du 12 décembre 2026 au 5 janvier", When(day(2026, 12, 12), day(2027, 1, 5))),
        ("du 17/06/2019 au 21/06/2019", When(day(2019, 6, 17), day(2019, 6, 21))),
        ("du 21/06/2019 au 17/06/2019", When(day(2019, 6, 21))),
        ("du 28/05/2027 au 31/06/2027", When(day(2027, 5, 28))),
        ("21 au 17 juin 2019", None),
        ("jeudi 24 novembre, de 9h30 à 17h", When(day(2027, 11, 24), None, time(9, 30), time(17), 3)),
        ("jeudi 11 mars 9h30-12h", When(day(2027, 3, 11), None, time(9, 30), time(12), 3)),
        ("11/03/2027 9h30", When(day(2027, 3, 11), None, time(9, 30))),
        ("mercredi 8 avril – 14:30", When(day(2027, 4, 8), None, time(14, 30), None, 2)),
        ("le 3 avril à 9 h 30", When(day(2027, 4, 3), None, time(9, 30))),
        ("de 14h à 16h30 (heure de Paris) le 4 mai", When(day(2027, 5, 4), None, time(14), time(16, 30))),
        ("4 mai, 18 heures", When(day(2027, 5, 4), None, time(18))),
        ("4 mai à 25h", When(day(2027, 5, 4))),
        ("4 mai à 25h, puis 10h", When(day(2027, 5, 4), None, time(10))),
        ("30 février 2027, non : 2 mars 2027", When(day(2027, 3, 2))),
        ("30 février", None),
        ("32 mai 2027", None),
        ("12/13/2027", None),
        ("0000-01-01", None),
        ("tél. 01.02.03.04.05 ou 01/02/03/04/05", None),
        ("240 logements, 24/7, 1/2", None),
        ("juin 2026", None),
        ("n° 12 maisons", None),
        ("", None),
    ],
)
def test_read_when(text: str, when: When | None) -> None:
    assert read_when(text, TODAY) == when


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("Candidatures avant le 18 mai 2027", day(2027, 5, 18)),
        ("jusqu’au 15 avril", day(2027, 4, 15)),
        ("Clôture des dépôts : 3/12/2027 à midi", day(2027, 12, 3)),
        ("Date limite de candidature : vendredi 12 mars", day(2027, 3, 12)),
        ("au plus tard le 12 mars", day(2027, 3, 12)),
        ("inscriptions closes le 12 mars ; clôture le 14 mars, limite de dépôt le 13 mars", day(2027, 3, 13)),
        ("jusqu'au 9 mars", day(2027, 3, 9)),
        ("avant le 8 mars 2027", None),
        ("avant le 8 mars 2027 puis avant le 10 mars 2027", day(2027, 3, 8 + 2)),
        ("ouvert du 1er au 12 mars", None),
        ("avant de partir, la ville, ses rues et ses places, ses écoles et ses parcs, le 12 mars", None),
        ("un enclos le 12 mars", None),
    ],
)
def test_read_closing(text: str, closing: date | None) -> None:
    assert read_closing(text, TODAY) == closing


MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin")
MONTHS += ("juillet", "août", "septembre", "octobre", "novembre", "décembre")


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_date_is_read_back(wanted: date) -> None:
    written = f"{wanted.day}{'er' if wanted.day == 1 else ''} {MONTHS[wanted.month - 1]} {wanted.year}"
    for text in (written, wanted.isoformat(), f"{wanted:%d/%m/%Y}", f"{wanted:%d.%m.%y}", f"Le {written.upper()} !"):
        assert read_when(text, TODAY) == When(wanted)


@given(st.dates(), st.dates(max_value=date(9990, 1, 1)))
def test_without_a_year_it_is_the_next_one(wanted: date, today: date) -> None:
    when = read_when(f"{wanted.day} {MONTHS[wanted.month - 1]}", today)
    assert when is not None
    found = when.day
    assert (found.month, found.day) == (wanted.month, wanted.day)
    assert today <= found
    assert (found - today).days <= 8 * 366


PIECES = st.sampled_from(
    [*MONTHS, "du", "au", "et", "le", "12", "31", "1er", "2027", "/", ".", "-", "9h", "mar.", "avant"]
)


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)), st.dates())
def test_whatever_is_written(text: str, today: date) -> None:
    when = read_when(text, today)
    if when:
        assert when.last is None or when.day < when.last
    closing = read_closing(text, today)
    assert closing is None or closing >= today
