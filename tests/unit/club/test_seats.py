"""Places of a gathering: never more people than places, nobody skipped."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from club.gathering import Approval, Gathering, Terms
from club.news import Status
from club.organisation import Family
from club.seats import Seat, Signup, are_released, place_in_line, to_promote

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
VISIT = Gathering(
    1,
    "Visite",
    datetime(2027, 3, 11, 9, 30, tzinfo=ZoneInfo("Europe/Paris")),
    terms=Terms(quotas={Family.AUTHORITY: 2, Family.HOUSING: 1}, release_on=date(2027, 3, 5)),
    approval=Approval.PUBLISHED,
)


def waiting(*families: Family) -> list[Signup]:
    return [Signup(rank, 1, rank, family, Seat.WAITING, rank) for rank, family in enumerate(families, 1)]


def test_places_are_kept_for_families_until_they_are_released() -> None:
    line = waiting(Family.HOUSING, Family.HOUSING, Family.STATE, Family.AUTHORITY)
    assert [one.rank for one in to_promote(VISIT, line, NOW)] == [1, 4]
    assert place_in_line(line, line[1], VISIT.terms, released=False) == 2
    released = datetime(2027, 3, 4, 23, 30, tzinfo=UTC)  # past midnight in Paris
    assert are_released(VISIT, released)
    assert not are_released(VISIT, datetime(2027, 3, 4, 22, 30, tzinfo=UTC))
    assert [one.rank for one in to_promote(VISIT, line, released)] == [1, 2, 3]
    assert place_in_line(line, line[3], VISIT.terms, released=True) == 4


def test_without_a_limit_everybody_comes() -> None:
    line = waiting(*[Family.OTHER] * 30)
    assert len(to_promote(replace(VISIT, terms=Terms()), line, NOW)) == 30
    assert len(to_promote(replace(VISIT, terms=Terms(capacity=7)), line, NOW)) == 7
    assert to_promote(replace(VISIT, terms=Terms(capacity=0)), line, NOW) == []


families = st.sampled_from(Family)
quotas = st.dictionaries(families, st.integers(0, 4))


people_of = st.lists(st.tuples(families, st.sampled_from(Seat)))


@given(people_of, quotas, st.one_of(st.none(), st.integers(0, 9)), st.booleans())
def test_never_more_than_the_places_and_nobody_skipped(
    people: list[tuple[Family, Seat]], kept: dict[Family, int], capacity: int | None, released: bool
) -> None:
    terms = Terms(capacity=capacity, quotas=kept, release_on=date(2027, 2, 1) if released else None)
    gathering = replace(VISIT, terms=terms)
    line = [Signup(n, 1, n, family, seat, n) for n, (family, seat) in enumerate(people, 1)]
    promoted = {one.id for one in to_promote(gathering, line, NOW)}
    taken = Counter(one.family for one in line if one.seat is Seat.TAKEN)
    after = taken + Counter(one.family for one in line if one.id in promoted)
    by_family = bool(kept) and not released
    for family in Family:
        if by_family:
            assert after[family] <= max(taken[family], kept.get(family, 0))
    most = capacity if capacity is not None else sum(kept.values()) or None
    if not by_family and most is not None:
        assert sum(after.values()) <= max(sum(taken.values()), most)
    # Who waits behind somebody of the same line was not taken before them.
    left = [one for one in line if one.seat is Seat.WAITING and one.id not in promoted]
    for one in left:
        later = (other for other in line if other.id in promoted and other.rank > one.rank)
        assert not any(other.family is one.family or not by_family for other in later)


def test_why_nobody_can_sign_up_is_said() -> None:
    cases = {
        "": VISIT,
        "signup-not-published": replace(VISIT, approval=Approval.WAITING),
        "signup-cancelled": replace(VISIT, status=Status.CANCELLED),
        "signup-elsewhere": replace(VISIT, terms=Terms(page="https://a.example/")),
        "signup-none": replace(VISIT, terms=Terms(opened=False)),
        "signup-closed": replace(VISIT, terms=Terms(closes_at=NOW)),
    }
    assert {key: one.takes(NOW) for key, one in cases.items()} == {key: key for key in cases}
    assert VISIT.takes(datetime(2027, 3, 12, tzinfo=UTC)) == "signup-over"
