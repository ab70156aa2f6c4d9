"""Two notices of one story, or not: a table made by hand, and what must hold whatever the titles."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.news import News
from digest.similarity import Notice, Stories, link_key, same_story

MARCH = datetime(2027, 3, 8, 9, tzinfo=UTC)

# Titles of two partners, published the same week.
SAME = [
    ("Le Club ÉcoQuartier ouvre sa saison 2027", "Le club écoquartier ouvre sa saison 2027"),
    ("Un éco-quartier livré à Fougères après dix ans", "Un ÉcoQuartier livré à Fougères après dix ans"),
    ("Eco quartier de la Fraternité : les premiers habitants", "ÉcoQuartier de la Fraternité : les premiers habitants"),
    (
        "Îlots de chaleur : un guide pour les communes",
        "Ilots de chaleur : un guide pour les communes - Ministère de la Transition écologique",
    ),
    ("Le fonds vert reconduit pour les friches", "Le fonds vert reconduit pour les friches | Localtis"),
    (
        "Eaux pluviales : ce que change le nouvel arrêté",
        "Eaux pluviales : ce que change le nouvel arrêté – Banque des Territoires",
    ),
    ("Communiqué de presse : 42 opérations labellisées en France", "42 opérations labellisées en France"),
    ("[club-eq] Re: Atelier sur la gestion des eaux pluviales", "Atelier sur la gestion des eaux pluviales"),
    (
        "Le Cerema publie un guide sur la gestion des sols vivants",
        "Guide sur la gestion des sols vivants : le Cerema le met en ligne",
    ),
    ("Publication du guide des mobilités actives en ville moyenne", "Un guide des mobilités actives en ville moyenne"),
    (
        "L'Anru lance un appel à projets pour la résilience des quartiers",
        "L’ANRU lance un appel à projets pour la résilience des quartiers",
    ),
    (
        "Vingt-quatre institutions signent la charte des partenaires",
        "Vingt-quatre institutions signent la Charte des partenaires des ÉcoQuartiers",
    ),
    (
        "Réhabilitation de 240 logements sociaux à Lanester",
        "Réhabilitation de 240 logements sociaux à Lanester - Union sociale pour l'habitat",
    ),
    ("Réemploi des matériaux : un marché inauguré à Lille", "Réemploi de matériaux : un marché inauguré à Lille"),
    (
        "Concertation numérique : les leçons de douze écoquartiers",
        "Concertations numériques : les leçons de douze éco-quartiers",
    ),
    (
        "Appel à manifestation d'intérêt sur la sobriété foncière",
        "Appel à manifestation d’interêt sur la sobriété fonciére",
    ),
    (
        "Précarité énergétique : les résultats de l'enquête nationale",
        "Précarité énergétique : les resultats de l'enquète nationale",
    ),
    ("ŒUVRER POUR LA NATURE EN VILLE AVEC LES HABITANTS", "Oeuvrer pour la nature en ville avec les habitants"),
    ("Inauguration de l'écoquartier des Tanneries à Vitré", "L'écoquartier des Tanneries inauguré à Vitré"),
    ("Les toitures de la halle deviennent un jardin partagé", "Les toitures de la halles devienent un jardin partagé"),
    (
        "Le référentiel de l'évaluation des quartiers durables est disponible",
        "Référentiel de l'évaluation des quartiers durables",
    ),
    ("Trame noire : la Ville de Rennes éteint ses parcs la nuit", "Trame noire : Rennes éteint ses parcs la nuit"),
    ("Bilan de la campagne de labellisation 2027", "Bilan de la campagne de labellisation"),
    (
        "Une chaufferie biomasse pour le réseau de chaleur de Vitré",
        "Vitré : une chaufferie biomasse pour le réseau de chaleur de Vitré",
    ),
]
DIFFERENT = [
    ("La lettre du Club ÉcoQuartier n° 12", "La lettre du Club ÉcoQuartier n° 13"),
    ("La lettre du Club ÉcoQuartier, numéro 12", "La lettre du Club ÉcoQuartier"),
    (
        "Nature en ville, acte 1 : les sols vivants du quartier",
        "Nature en ville, acte 2 : les sols vivants du quartier",
    ),
    ("Forum des aménageurs durables, acte I", "Forum des aménageurs durables, acte II"),
    ("Deuxième rencontre du réseau des aménageurs durables", "Troisième rencontre du réseau des aménageurs durables"),
    ("2e rencontre du réseau des aménageurs durables", "3e rencontre du réseau des aménageurs durables"),
    ("Journée du Club ÉcoQuartier à Lyon", "Journée du Club ÉcoQuartier à Nantes"),
    ("Lyon : un écoquartier livré sur une friche", "Nantes : un écoquartier livré sur une friche"),
    ("Saint-Nazaire : un écoquartier livré sur une friche", "Saint-Malo : un écoquartier livré sur une friche"),
    ("Appel à candidatures pour la labellisation 2026", "Appel à candidatures pour la labellisation 2027"),
    ("Appel à candidatures pour la labellisation", "Appel à candidatures pour la labellisation en Bretagne"),
    ("Ouverture de la campagne de labellisation", "Clôture de la campagne de labellisation"),
    ("Journée d'échanges « nature en ville »", "Annulation de la journée d'échanges « nature en ville »"),
    ("Webinaire sur la gestion des eaux pluviales", "Replay du webinaire sur la gestion des eaux pluviales"),
    ("La ville inaugure la charte des partenaires", "L'aménageur inaugure la charte des partenaires"),
    ("Réhabilitation de 240 logements sociaux", "Réhabilitation de 120 logements sociaux"),
    ("Le Cerema publie un guide sur les sols", "L'Ademe publie un guide sur les sols"),
    ("Un guide sur les sols vivants en ville", "Un guide sur les toitures vivantes en ville"),
    ("Appel à projets", "Appel à projets"),
    ("Agenda", "Agenda"),
    ("Fonds vert", "Fonds vert"),
    ("Journée technique du 12 mars sur la ville perméable", "Journée technique du 19 mars sur la ville perméable"),
    ("Cycle eau et ville : infiltrer la pluie", "Cycle eau et ville : stocker la pluie"),
    ("Deux quartiers labellisés en Occitanie", "Trois projets labellisés en Normandie"),
    ("Le vélo en ville moyenne", "La marche en ville moyenne"),
    ("Châteauroux engage son ÉcoProjet de centre-ville", "Châteaubriant engage son ÉcoProjet de centre-ville"),
    ("Inscriptions à la formation aménagement durable", "Formation aménagement durable"),
    ("Visite du quartier de la Fraternité", "Visite du quartier de la Liberté"),
    ("Concertation : que disent les habitants du projet ?", "Évaluation : que disent les habitants du projet ?"),
    ("Un guide sur les sols vivants en ville moyenne", "Demain, une étude sur les sols vivants en ville moyenne"),
    ("2027", "2027"),
]


def a_notice(title: str, source: str = "a", **given: object) -> Notice:
    return Notice(**{"id": 1, "source": source, "title": title, "at": MARCH} | given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_story_told_twice(one: str, other: str) -> None:
    a, b = a_notice(one), a_notice(other, "b", id=2, at=MARCH + timedelta(days=2))
    assert same_story(a, b)
    assert same_story(b, a)
    assert Stories([a]).add(b) == a.id


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_stories(one: str, other: str) -> None:
    a, b = a_notice(one), a_notice(other, "b", id=2)
    assert not same_story(a, b)
    assert not same_story(b, a)


TITLE = "Îlots de chaleur : un guide pour les communes"


@pytest.mark.parametrize(("days", "same"), [(0, True), (10, True), (11, False)])
def test_what_comes_long_after_is_another_story(days: int, same: bool) -> None:
    later = a_notice(TITLE, "b", id=2, at=MARCH + timedelta(days=days))
    assert same_story(a_notice(TITLE), later) is same


@pytest.mark.parametrize(("days", "same"), [(3, True), (4, False)])
def test_one_source_repeating_its_title_is_its_weekly_rubric(days: int, same: bool) -> None:
    later = a_notice(TITLE, id=2, at=MARCH + timedelta(days=days))
    assert same_story(a_notice(TITLE), later) is same


def test_one_source_does_not_say_the_same_in_longer_words() -> None:
    longer = f"{TITLE} et leurs habitants"
    assert same_story(a_notice(TITLE), a_notice(longer, "b", id=2))
    assert not same_story(a_notice(TITLE), a_notice(longer, id=2))


def test_one_address_is_one_story_when_half_the_words_remain() -> None:
    link = "https://www.exemple.fr/actualite/friches/?utm_source=rss#haut"
    a = a_notice("Friches : un fonds pour trente projets", link=link)
    corrected = a_notice("Friches : un fonds pour quarante projets", id=2, link="http://exemple.fr/actualite/friches")
    assert same_story(a, corrected)
    assert not same_story(a, a_notice("Le vélo en ville moyenne", id=2, link=link))
    assert not same_story(a, a_notice("Friches : un fonds pour quarante projets", id=2))


SUMMARY = (
    "Trente collectivités ont travaillé pendant deux ans avec les habitants et les services techniques "
    "pour rendre les cours d'école fraîches, plantées et ouvertes à tous."
)


def test_one_text_under_two_titles_is_one_story() -> None:
    a = a_notice("Des cours d'école fraîches et ouvertes", summary=SUMMARY)
    b = a_notice("Cours d'école : fraîches, plantées, partagées", "b", id=2, summary=SUMMARY + " Lire la suite")
    assert same_story(a, b)
    assert not same_story(a, a_notice(b.title, "b", id=2))
    assert not same_story(a, a_notice("Le vélo en ville moyenne", "b", id=2, summary=SUMMARY))
    assert not same_story(a, a_notice(b.title, "b", id=2, summary="Lire la suite"))


AT_NINE = datetime(2027, 3, 18, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "given", "same"),
    [
        ("Rencontre du réseau eau et ville", {"place": "Rennes (35)"}, True),
        ("Rencontre régionale du réseau eau et ville", {"place": "35000 Rennes, salle des fêtes"}, True),
        ("Rencontre du réseau eau et ville", {"place": "Salle des fêtes, Brest"}, False),
        ("Rencontre du réseau eau et ville", {"place": "Rennes", "start": AT_NINE + timedelta(days=1)}, False),
        ("Rencontre du réseau eau et ville", {"place": "Rennes", "start": date(2027, 3, 18)}, True),
        ("Rencontre du réseau eau et ville", {}, True),
        ("Visite d'une ferme urbaine", {"place": "Rennes"}, False),
        ("Rencontre du réseau eau et ville", {"start": None}, False),
        ("Réseau eau et ville : la rencontre de printemps des élus", {"link": "https://exemple.fr/eau"}, True),
        ("Visite d'une ferme urbaine", {"link": "https://exemple.fr/eau"}, False),
    ],
)
def test_gatherings(title: str, given: dict[str, object], same: bool) -> None:
    a = a_notice(
        "Rencontre du réseau eau et ville",
        start=AT_NINE,
        place="Les Champs libres, Rennes",
        link="https://exemple.fr/eau",
    )
    b = a_notice(title, "b", **{"id": 2, "start": AT_NINE} | given)
    assert same_story(a, b) is same
    assert same_story(b, a) is same


def test_occurrences_of_one_calendar_entry_are_one_story() -> None:
    first = a_notice("Atelier compost", guid="17@exemple.fr", start=AT_NINE)
    second = a_notice("Atelier compost", guid="17@exemple.fr", start=AT_NINE + timedelta(days=7), id=2)
    assert same_story(first, second)
    assert not same_story(first, a_notice("Atelier vélo", guid="17@exemple.fr", start=AT_NINE, id=2))
    assert not same_story(first, a_notice("Atelier compost", "b", guid="17@exemple.fr", start=second.start, id=2))


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://www.exemple.fr/a/b/?pk_campaign=x&id=2&fbclid=z#c", "exemple.fr/a/b?id=2"),
        ("http://exemple.fr/spip.php?article12&var_mode=calcul", "exemple.fr/spip.php?article12="),
        ("https://exemple.fr/?p=12", "exemple.fr?p=12"),
        ("https://exemple.fr/", ""),
        ("/relatif", ""),
        ("http://[", ""),
        (None, ""),
    ],
)
def test_link_key(link: str | None, key: str) -> None:
    assert link_key(link) == key


def test_stories_keep_the_number_of_the_oldest() -> None:
    stories = Stories([a_notice(TITLE, id=4, story=3)])
    assert stories.add(a_notice(f"{TITLE} - Ministère de la Ville", "b", id=7)) == 3
    assert stories.add(a_notice("Le vélo en ville moyenne progresse", "b", id=8)) == 8
    assert stories.add(a_notice(TITLE, "c", id=9)) == 3
    assert stories.add(a_notice("autre chose", "c", id=9)) == 3


def test_stories_read_from_kept_news() -> None:
    news = News(5, 5, "a", "Cerema", True, "g", TITLE, None, None, MARCH, summary="s", place="p")
    assert Notice.of(news) == a_notice(TITLE, id=5, at=MARCH, guid="g", summary="s", place="p", story=5)


VOCABULARY = """
guide friche lyon Nantes eau pluviales quartier écoquartier logement social vélo nature ville acte 1 2 n° 12 publie
le la des : - | Cerema Ministère inauguration inaugure résultats 2026 2027 première II
"""
WORDS = st.sampled_from(VOCABULARY.split())
TITLES = st.one_of(st.lists(WORDS, max_size=9).map(" ".join), st.text(max_size=40))
NOTICES = st.builds(
    Notice,
    id=st.integers(1, 10_000),
    source=st.sampled_from("abc"),
    title=TITLES,
    at=st.integers(0, 14).map(lambda days: MARCH + timedelta(days=days)),
    link=st.one_of(st.none(), st.sampled_from(["https://exemple.fr/1", "https://exemple.fr/2"]), st.text(max_size=20)),
    summary=st.one_of(st.just(""), st.just(SUMMARY), st.text(max_size=20)),
    guid=st.sampled_from(["", "1"]),
    start=st.one_of(st.none(), st.sampled_from([AT_NINE, date(2027, 3, 18), AT_NINE + timedelta(days=1)])),
    place=st.sampled_from(["", "Lyon", "Nantes", "12 rue de la Paix, Lyon"]),
)


@given(NOTICES, NOTICES)
def test_sameness_has_no_direction(a: Notice, b: Notice) -> None:
    assert same_story(a, a)
    assert same_story(a, b) == same_story(b, a)


@given(st.lists(NOTICES, max_size=12, unique_by=lambda notice: notice.id))
def test_the_index_finds_what_comparing_all_would_find(notices: list[Notice]) -> None:
    stories = Stories()
    given_: dict[int, int] = {}
    for i, notice in enumerate(notices):
        expected = min((given_[n.id] for n in notices[:i] if same_story(n, notice)), default=notice.id)
        given_[notice.id] = expected
        assert stories.add(notice) == expected
