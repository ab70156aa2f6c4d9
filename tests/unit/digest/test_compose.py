"""Seven lines in reading order, every section heard."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from club.news import EditionLine, News, Section, Selection
from digest.compose import SIZE, compose

NOW = datetime(2027, 3, 9, 7, tzinfo=UTC)


def a_line(section: Section, id: int, **given: object) -> EditionLine:  # noqa: A002
    fields = {"id": id, "story": id, "source": "a", "partner": "", "trusted": False, "guid": "", "title": f"Titre {id}"}
    news = News(**fields | {"link": None, "published": NOW, "kept_at": NOW} | given)  # type: ignore[arg-type]
    return EditionLine(section, news)


def ids(lines: tuple[EditionLine, ...]) -> list[int]:
    return [line.news.id for line in lines]


def selected(*lines: EditionLine) -> Selection:
    return Selection(lines, ())


def test_nothing_chosen_nothing_to_send() -> None:
    edition = compose(selected(), NOW)
    assert edition.is_empty
    assert (edition.rest, edition.until, edition.since) == ((), NOW, None)
    assert compose(selected(), NOW, since=NOW - timedelta(days=7)).since == NOW - timedelta(days=7)


def test_sections_are_read_in_order() -> None:
    lines = [a_line(section, i) for i, section in enumerate(reversed(Section))]
    assert [line.section for line in compose(selected(*lines), NOW).lines] == list(Section)


def test_no_section_starves() -> None:
    events = [a_line(Section.EVENTS, n, start=NOW + timedelta(days=n)) for n in range(1, 21)]
    edition = compose(selected(*events, a_line(Section.NEWS, 30), a_line(Section.RESOURCES, 40)), NOW)
    assert ids(edition.lines) == [1, 2, 3, 4, 5, 30, 40]
    assert ids(edition.rest) == list(range(6, 21))


def test_each_section_gives_its_best_first() -> None:
    news = [a_line(Section.NEWS, n) for n in (9, 4, 7)]
    edition = compose(selected(*news), NOW, 2)
    assert (ids(edition.lines), ids(edition.rest)) == ([9, 4], [7])


def test_what_is_dated_is_shown_by_date_the_gatherings_of_the_chosen_regions_first() -> None:
    chosen = selected(
        a_line(Section.EVENTS, 1, start=NOW + timedelta(days=1)),
        a_line(Section.EVENTS, 2, start=NOW + timedelta(days=9), regions=("76",)),
        a_line(Section.EVENTS, 3, start=(NOW + timedelta(days=5)).date(), regions=("76",)),
        a_line(Section.DEADLINES, 4, title="Clôture le 14 mars", regions=("76",)),
        a_line(Section.DEADLINES, 5, title="Clôture le 12 mars"),
    )
    assert ids(compose(chosen, NOW).lines) == [5, 4, 1, 3, 2]
    assert ids(compose(chosen, NOW, regional_first=True).lines) == [5, 4, 3, 2, 1]
    assert ids(compose(chosen, NOW, 1, regional_first=True).rest) == [5, 3, 2, 1]


LINES = st.lists(
    st.builds(a_line, st.sampled_from(Section), st.integers(1, 99)), max_size=30, unique_by=lambda line: line.news.id
)


@given(LINES, st.integers(0, 10))
def test_lines_and_rest_are_all_that_was_chosen(lines: list[EditionLine], size: int) -> None:
    edition = compose(selected(*lines), NOW, size)
    assert sorted(ids(edition.lines + edition.rest)) == sorted(line.news.id for line in lines)
    assert len(edition.lines) == min(size, len(lines))
    sections = {line.section for line in lines}
    if len(sections) <= size:
        assert {line.section for line in edition.lines} == sections
    assert SIZE == 7
