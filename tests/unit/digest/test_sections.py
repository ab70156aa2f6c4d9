"""Where a piece of news stands in an edition."""

from datetime import UTC, date, datetime, timedelta

import pytest

from club.news import News, Section
from digest.sections import closing_of, first_day, is_over, section_of

NOW = datetime(2027, 3, 9, 7, tzinfo=UTC)


def some_news(title: str, **given: object) -> News:
    fields = {"id": 1, "story": 1, "source": "a", "partner": "", "trusted": False, "guid": "", "link": None}
    dated = {"published": NOW - timedelta(days=5), "kept_at": NOW - timedelta(days=1)}
    return News(title=title, **fields | dated | given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Appel à candidatures : dossiers jusqu'au 15 mars", Section.DEADLINES),
        ("Appel à candidatures : dossiers jusqu'au 9 mars", Section.DEADLINES),
        ("Appel à candidatures : dossiers jusqu'au 16 mars", Section.DEADLINES),
        ("Appel à candidatures : dossiers jusqu'au 17 mars", Section.NEWS),
        ("Appel à candidatures : dossiers jusqu'au 8 mars", Section.NEWS),
        ("Formation à l'aménagement durable", Section.TRAININGS),
        ("Webinaire de formation sur les sols", Section.TRAININGS),
        ("Le cycle PNF reprend", Section.TRAININGS),
        ("Former vos équipes au réemploi", Section.TRAININGS),
        ("Plateforme d'information sur la transformation des bureaux", Section.NEWS),
        ("Un centre de formation sobre", Section.NEWS),
        ("Retour d'expérience : une rue apaisée", Section.EXPERIENCES),
        ("Un guide des sols", Section.RESOURCES),
        ("Rapport sur les friches", Section.RESOURCES),
        ("Le plan-guide d'un quartier", Section.NEWS),
        ("Un bureau d'études recrute", Section.NEWS),
        ("Une place redevient un salon", Section.NEWS),
    ],
)
def test_section_of_an_article(title: str, section: Section) -> None:
    assert section_of(some_news(title), NOW) is section


def test_section_of_a_gathering() -> None:
    start = {"start": NOW + timedelta(days=3)}
    assert section_of(some_news("Visite, inscriptions avant le 12 mars", **start), NOW) is Section.EVENTS
    assert section_of(some_news("Formation au réemploi", **start), NOW) is Section.TRAININGS


def test_a_closing_date_in_the_summary_and_the_year_it_is_in() -> None:
    news = some_news("Un appel", summary="Clôture le 12 mars.")
    assert closing_of(news) == date(2027, 3, 12)
    assert closing_of(some_news("Un appel", summary="mot " * 200 + "clôture le 12 mars")) is None
    december = datetime(2026, 12, 20, tzinfo=UTC)
    assert closing_of(some_news("Clôture le 8 janvier", published=december)) == date(2027, 1, 8)
    assert closing_of(some_news("Clôture le 8 mars", published=None)) == date(2027, 3, 8)


def test_the_day_to_sort_by() -> None:
    assert first_day(some_news("x", start=NOW)) == date(2027, 3, 9)
    assert first_day(some_news("x", start=date(2027, 3, 10))) == date(2027, 3, 10)
    assert first_day(some_news("clôture le 12 mars")) == date(2027, 3, 12)
    assert first_day(some_news("x")) == date.max


def test_an_article_is_never_over() -> None:
    assert not is_over(some_news("x"), NOW)
