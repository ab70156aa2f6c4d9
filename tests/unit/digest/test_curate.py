"""What is chosen and why, story by story."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import News, Section, Selection, Status
from club.subscription import Wish
from club.texts import Texts
from digest.curate import Period, curate

NOW = datetime(2027, 3, 9, 7, tzinfo=UTC)
SINCE = NOW - timedelta(days=7)
ALL = Wish()


def an_item(id: int, **given: object) -> News:  # noqa: A002
    kept = given.pop("kept_at", NOW - timedelta(days=1))
    assert isinstance(kept, datetime)
    fields: dict[str, object] = {
        "id": id,
        "story": id,
        "source": f"source {id}",
        "partner": "",
        "trusted": False,
        "guid": str(id),
        "title": f"Nouvelle {id}",
        "link": None,
        "published": kept - timedelta(hours=1),
        "kept_at": kept,
    }
    return News(**fields | given)  # type: ignore[arg-type]


def an_event(id: int, **given: object) -> News:  # noqa: A002
    return an_item(id, **{"start": NOW + timedelta(days=10), "status": Status.CONFIRMED, "published": None} | given)


def told(selection: Selection) -> list[int]:
    return [line.news.id for line in selection.lines]


def reasons(selection: Selection) -> dict[int, str]:
    return {verdict.news.id: verdict.reason for verdict in selection.verdicts}


@pytest.mark.parametrize(
    ("news", "wish", "reason"),
    [
        (an_item(1), ALL, "reason-kept"),
        (an_item(1, topics=(19, 3)), Wish(topics=(3, 4)), "reason-kept"),
        (an_item(1, topics=(19,)), Wish(topics=(3,)), "reason-topic"),
        (an_item(1), Wish(topics=(3,)), "reason-topic"),
        (an_item(1, regions=("76", "84")), Wish(regions=("76",)), "reason-kept"),
        (an_item(1), Wish(regions=("76",)), "reason-kept"),
        (an_item(1, regions=("53",)), Wish(regions=("76",)), "reason-region"),
        (an_item(1, regions=("53",)), ALL, "reason-kept"),
        (an_item(1, kept_at=NOW), ALL, "reason-kept"),
        (an_item(1, kept_at=NOW + timedelta(seconds=1)), ALL, "reason-later"),
        (an_item(1, kept_at=SINCE), ALL, "reason-before"),
        (an_item(1, published=None), ALL, "reason-kept"),
        (an_item(1, published=NOW - timedelta(days=8)), ALL, "reason-kept"),
        (an_item(1, published=NOW - timedelta(days=8, seconds=1)), ALL, "reason-too-old"),
        (an_item(1, published=NOW + timedelta(days=1)), ALL, "reason-kept"),
        (an_event(1, published=NOW - timedelta(days=90)), ALL, "reason-kept"),
        (an_event(1, start=NOW, end=None), ALL, "reason-past"),
        (an_event(1, start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1)), ALL, "reason-kept"),
        (an_event(1, start=NOW - timedelta(hours=1), end=NOW), ALL, "reason-past"),
        (an_event(1, start=date(2027, 3, 9)), ALL, "reason-kept"),
        (an_event(1, start=date(2027, 3, 8)), ALL, "reason-past"),
        (an_event(1, start=date(2027, 3, 7), end=date(2027, 3, 9)), ALL, "reason-kept"),
        (an_event(1, status=Status.CANCELLED), ALL, "reason-kept-cancelled"),
        (an_event(1, status=Status.POSTPONED), ALL, "reason-kept"),
    ],
)
def test_one_piece_of_news(news: News, wish: Wish, reason: str) -> None:
    selection = curate([news], wish, SINCE, NOW)
    (verdict,) = selection.verdicts
    assert verdict.reason == reason
    assert verdict.kept == reason.startswith("reason-kept") == bool(selection.lines)
    assert Texts().plain(reason, **verdict.values)


def test_today_is_over_sooner_in_the_east() -> None:
    evening = datetime(2027, 3, 9, 21, tzinfo=UTC)  # already the tenth on La Réunion
    today = {"start": date(2027, 3, 9)}
    there, here = an_event(1, zone="Indian/Reunion", **today), an_event(2, **today)
    assert reasons(curate([there, here], ALL, SINCE, evening)) == {1: "reason-past", 2: "reason-kept"}


def test_the_first_visit_of_a_source_does_not_flood() -> None:
    archive = [an_item(n, source="a", published=NOW - timedelta(days=n)) for n in range(1, 30)]
    assert sorted(told(curate(archive, ALL, SINCE, NOW))) == list(range(1, 9))
    assert told(curate(archive, ALL, SINCE, NOW, fresh=timedelta(days=1))) == [1, 2]


def test_one_story_is_one_line_naming_its_sources() -> None:
    three = [
        an_item(1, partner="Ademe"),
        an_item(2, story=1, partner="Cerema", trusted=True),
        an_item(3, story=1, partner="Ademe", link="https://exemple.fr"),
        an_item(4, story=1, partner="Anru"),
        an_item(5, story=1, partner="Cerema"),
    ]
    selection = curate(three, ALL, SINCE, NOW)
    (line,) = selection.lines
    assert line.news.id == 2
    assert [news.id for news in line.relays] == [1, 4]
    assert reasons(selection) == dict.fromkeys((1, 3, 4, 5), "reason-double") | {2: "reason-kept"}
    assert selection.verdicts[0].values["teller"] == "Cerema"
    assert Texts().plain("reason-double", **selection.verdicts[0].values)


def test_a_relay_that_does_not_match_is_named_all_the_same() -> None:
    both = [an_item(1, topics=(19,)), an_item(2, story=1, topics=())]
    selection = curate(both, Wish(topics=(19,)), SINCE, NOW)
    assert [news.id for news in selection.lines[0].relays] == [2]
    assert reasons(selection) == {1: "reason-kept", 2: "reason-topic"}


@pytest.mark.parametrize(
    ("best", "other"),
    [
        ({"trusted": True}, {"published": NOW - timedelta(days=3)}),
        ({"published": NOW - timedelta(days=3)}, {"link": "https://exemple.fr"}),
        ({"link": "https://exemple.fr"}, {"summary": "Un résumé"}),
        ({"summary": "Un résumé"}, {}),
    ],
)
def test_who_tells_best(best: dict[str, object], other: dict[str, object]) -> None:
    assert told(curate([an_item(1, **other), an_item(2, story=1, **best)], ALL, SINCE, NOW)) == [2]


def test_occurrences_of_an_event_are_told_by_the_next_one() -> None:
    weekly = [an_event(n, story=1, source="a", start=NOW + timedelta(days=d)) for n, d in ((1, 20), (2, 6), (3, 13))]
    (line,) = curate(weekly, ALL, SINCE, NOW).lines
    assert (line.news.id, line.relays) == (2, ())


def test_a_story_already_told_is_left() -> None:
    before = an_item(1, kept_at=SINCE - timedelta(days=1), topics=(19,))
    relay = an_item(2, story=1, topics=(19,))
    assert reasons(curate([before, relay], ALL, SINCE, NOW)) == {1: "reason-before", 2: "reason-already"}
    assert reasons(curate([before, relay], Wish(topics=(19,)), SINCE, NOW))[2] == "reason-already"


@pytest.mark.parametrize(
    "before",
    [
        {"topics": (3,)},
        {"regions": ("53",)},
        {"published": SINCE - timedelta(days=30)},
    ],
)
def test_a_story_that_was_not_for_her_then_is_new(before: dict[str, object]) -> None:
    old = an_item(1, **{"kept_at": SINCE - timedelta(days=1), "topics": (19,)} | before)
    relay = an_item(2, story=1, topics=(19,), regions=("76",))
    assert told(curate([old, relay], Wish(topics=(19,), regions=("76",)), SINCE, NOW)) == [2]


@pytest.mark.parametrize("state", [Status.CANCELLED, Status.POSTPONED])
def test_a_change_of_state_is_news_once(state: Status) -> None:
    announced = an_event(1, kept_at=SINCE - timedelta(days=2))
    changed = an_event(2, story=1, status=state)
    selection = curate([announced, changed], ALL, SINCE, NOW)
    assert told(selection) == [2]
    later = an_event(3, story=1, status=state, kept_at=NOW + timedelta(days=1))
    assert told(curate([announced, changed, later], ALL, NOW, NOW + timedelta(days=7))) == []


def test_a_cancellation_tells_for_those_who_still_announce() -> None:
    both = [an_event(1, trusted=True), an_event(2, story=1, status=Status.CANCELLED)]
    (line,) = curate(both, ALL, SINCE, NOW).lines
    assert (line.news.id, [news.id for news in line.relays]) == (2, [1])


def test_no_source_drowns_the_others() -> None:
    loud = [an_item(n, source="loud", trusted=True) for n in range(1, 21)]
    quiet = [an_item(21, source="quiet"), an_item(22, source="shy"), an_item(23, source="quiet")]
    found = told(curate(loud + quiet, ALL, SINCE, NOW))
    assert set(found[:3]) >= {21, 22}
    assert 23 in found[3:5]
    assert len(found) == 23


def test_inside_a_section_what_many_relay_comes_first() -> None:
    relayed = [an_item(3), an_item(4, story=3)]
    assert told(curate([an_item(1), an_item(2, trusted=True), *relayed], ALL, SINCE, NOW)) == [3, 2, 1]


def test_gatherings_come_by_date_those_of_the_chosen_regions_first() -> None:
    events = [
        an_event(1, start=NOW + timedelta(days=2)),
        an_event(2, start=NOW + timedelta(days=9), regions=("76",)),
        an_event(3, start=NOW + timedelta(days=5), regions=("76",)),
    ]
    assert told(curate(events, ALL, SINCE, NOW)) == [1, 3, 2]
    assert told(curate(events, Wish(regions=("76",)), SINCE, NOW)) == [3, 2, 1]


def test_the_same_row_twice_counts_once() -> None:
    assert len(curate([an_item(1), an_item(1)], ALL, SINCE, NOW).verdicts) == 1


def days(low: int, high: int) -> st.SearchStrategy[datetime]:
    return st.integers(low * 24, high * 24).map(lambda hours: NOW + timedelta(hours=hours))


NEWS = st.builds(
    News,
    id=st.integers(1, 40),
    story=st.integers(1, 6),
    source=st.sampled_from("abc"),
    partner=st.sampled_from(["", "Cerema"]),
    trusted=st.booleans(),
    guid=st.just(""),
    title=st.sampled_from(
        ["Une nouvelle", "Un guide", "Formation", "Appel : clôture le 12 mars", "Retour d'expérience"]
    ),
    link=st.none(),
    published=st.one_of(st.none(), days(-20, 1)),
    kept_at=days(-15, 2),
    topics=st.lists(st.sampled_from([3, 19]), unique=True).map(tuple),
    regions=st.lists(st.sampled_from(["76", "53"]), unique=True).map(tuple),
    start=st.one_of(st.none(), days(-3, 30), days(-3, 30).map(datetime.date)),
    status=st.one_of(st.none(), st.sampled_from(Status)),
)
CANDIDATES = st.lists(NEWS, max_size=15, unique_by=lambda news: news.id)
WISHES = st.builds(Wish, topics=st.sampled_from([(), (3,), (3, 19)]), regions=st.sampled_from([(), ("76",)]))


@given(CANDIDATES, WISHES, st.randoms())
def test_the_order_of_the_candidates_changes_nothing(candidates: list[News], wish: Wish, chance: object) -> None:
    shuffled = list(candidates)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert curate(candidates, wish, SINCE, NOW) == curate(shuffled, wish, SINCE, NOW)


@given(CANDIDATES, WISHES)
def test_every_candidate_gets_its_reason_and_every_story_one_line(candidates: list[News], wish: Wish) -> None:
    selection = curate(candidates, wish, SINCE, NOW)
    assert [v.news.id for v in selection.verdicts] == sorted(news.id for news in candidates)
    assert {v.news.id for v in selection.verdicts if v.kept} == set(told(selection))
    assert len({line.news.story for line in selection.lines}) == len(selection.lines)
    for line in selection.lines:
        assert SINCE < line.news.kept_at <= NOW
        assert not wish.topics or set(wish.topics) & set(line.news.topics)
        assert all(relay.story == line.news.story for relay in line.relays)
    sections = [list(Section).index(line.section) for line in selection.lines]
    assert sections == sorted(sections)


@given(CANDIDATES, WISHES)
def test_nothing_is_told_twice(candidates: list[News], wish: Wish) -> None:
    """Two editions in a row, the second with the members of its stories that the first one had."""
    later = NOW + timedelta(days=7)
    first = curate(candidates, wish, SINCE, NOW)
    second = curate(candidates, wish, NOW, later)
    states = {(line.news.story, line.news.status) for line in first.lines}
    assert not {(line.news.story, line.news.status) for line in second.lines} & states


@given(CANDIDATES, st.lists(WISHES, max_size=4))
def test_a_period_serves_each_wish_as_if_it_were_the_only_one(candidates: list[News], wishes: list[Wish]) -> None:
    period = Period(candidates, SINCE, NOW)
    for wish in wishes:
        alone = curate(candidates, wish, SINCE, NOW)
        assert period.lines(wish) == alone.lines
        # What the wish is about is looked up; here it is read entry by entry.
        about = [
            n
            for n in candidates
            if (not wish.topics or set(wish.topics) & set(n.topics))
            and (not wish.regions or not n.regions or set(wish.regions) & set(n.regions))
        ]
        assert {line.news.id for line in alone.lines} <= {n.id for n in about}
