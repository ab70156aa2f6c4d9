"""What notices are about: a table of titles labelled by hand, and places that only look like places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.regions import Regions
from club.topics import Topics
from digest.classify import clues_of, regions_of, topics_of

TOPICS = Topics.load()
REGIONS = Regions.load()

# Our own titles, labelled by reading them, before the table of words was tried on them: the main commitment first.
LABELLED: list[tuple[str, set[int]]] = [
    ("Eaux pluviales : la ville déconnecte ses toitures du réseau", {19}),
    ("Une noue à la place du parking : retour sur trois hivers", {19}),
    ("Réutiliser les eaux usées pour arroser les stades", {19}),
    ("Rouvrir la rivière sous le boulevard : le pari d'une ville moyenne", {19}),
    ("Sécheresse : des quartiers apprennent à consommer moins d'eau potable", {19, 16}),
    ("Les martinets nichent de nouveau sous les toits de la cité", {20}),
    ("Trame noire : un plan pour rallumer les étoiles", {20}),
    ("Sols vivants : mesurer avant de creuser", {20}),
    ("Renaturation d'une ancienne voie rapide en parc", {20}),
    ("Planter mille arbres, mais lesquels ?", {20}),
    ("Forêt urbaine : le mode d'emploi des petites communes", {20}),
    ("Végétaliser les façades sans abîmer les murs", {20}),
    ("Îlots de chaleur : une carte pour trente villes", {16}),
    ("Inondations : construire avec le risque plutôt que contre lui", {16}),
    ("Confort d'été : des logements frais sans climatiser", {16}),
    ("Trait de côte : préparer le recul d'un quartier littoral", {16}),
    ("Résilience : ce que la tempête a appris aux aménageurs", {16}),
    ("Réseau de chaleur : la géothermie raccorde 3 000 logements", {17}),
    ("Autoconsommation collective : le quartier partage son électricité", {17}),
    ("Panneaux photovoltaïques sur les toits de l'école", {17}),
    ("Rénovation énergétique d'une tour en site occupé", {17}),
    ("Passoires thermiques : un bailleur accélère", {17, 7}),
    ("RE2020 : premiers bilans dans les opérations d'aménagement", {17}),
    ("Réemploi : les portes de l'hôpital trouvent une seconde vie", {18}),
    ("Compost de quartier : dix ans de tas partagés", {18}),
    ("Une ressourcerie ouvre dans l'ancienne poste", {18}),
    ("Déconstruction sélective : le diagnostic PEMD pas à pas", {18}),
    ("Zéro déchet : un immeuble se lance le défi", {18}),
    ("Vélo : la carte des coupures à résorber", {14}),
    ("Rue aux écoles : fermer la rue, ouvrir le jeu", {14}),
    ("Stationnement : un silo pour libérer les pieds d'immeubles", {14}),
    ("Covoiturage et autopartage dans les quartiers périurbains", {14}),
    ("Piétons d'abord : le centre-ville passe en zone apaisée", {14}),
    ("Jumeau numérique : simuler le quartier avant de le bâtir", {15}),
    ("Open data : les plans locaux d'urbanisme lisibles par tous", {15}),
    ("Des capteurs pour comprendre le bruit de la place", {15, 8}),
    ("Inclusion numérique : un conseiller au pied des tours", {15}),
    ("Paille, chanvre et terre crue : bâtir avec le sous-sol et les champs", {13}),
    ("Ferme urbaine : des légumes sur le toit du gymnase", {13}),
    ("Filière bois local : l'école qui vient de la forêt communale", {13}),
    ("Circuits courts : la cantine change de fournisseurs", {13}),
    ("Commerces de proximité : la foncière publique fait ses comptes", {12}),
    ("La ville du quart d'heure à l'épreuve du périurbain", {12}),
    ("Une maison de santé en rez-de-chaussée", {12}),
    ("Insertion professionnelle : les clauses sociales des chantiers", {11}),
    ("Un tiers-lieu réunit artisans et coopératives", {11}),
    ("Économie sociale et solidaire : des locaux à loyers modérés", {11}),
    ("Patrimoine : l'ancienne filature raconte le quartier", {10}),
    ("Bâti ancien : réparer sans dénaturer", {10}),
    ("Cité-jardin : cent ans d'histoire ouvrière", {10}),
    ("Qualité architecturale : que demander aux promoteurs ?", {9}),
    ("Paysage : dessiner la lisière entre ville et champs", {9}),
    ("Espaces publics : la place redevient un salon", {9}),
    ("Santé : marcher plus, respirer mieux", {8}),
    ("Qualité de l'air aux abords des crèches", {8}),
    ("Bruit : des façades qui protègent", {8, 9}),
    ("Habitat intergénérationnel : étudiants et anciens sous le même toit", {7}),
    ("Mixité sociale : ce que disent les nouveaux voisins", {7}),
    ("Logement social : cent familles emménagent", {7}),
    ("Handicap : une rue que tout le monde peut prendre", {7}),
    ("HLM : l'organisme ouvre ses jardins au quartier", {7}),
    ("Friche militaire : un morceau de ville à inventer", {6}),
    ("Zéro artificialisation : trois méthodes pour compter les hectares", {6}),
    ("Revitalisation du centre-bourg : dix logements au-dessus des boutiques", {6}),
    ("Densité : l'apprivoiser par la maquette", {6}),
    ("Évaluation : les habitants notent leur quartier", {5, 3}),
    ("Vingt indicateurs pour suivre un projet urbain", {5}),
    ("Labellisation : la commission rend ses avis", {5}),
    ("Coût global : convaincre son conseil municipal", {4}),
    ("Bilan d'aménagement : équilibrer sans densifier à tout prix", {4}),
    ("Concertation : sortir des réunions du soir", {3}),
    ("Budget participatif : le jardin l'emporte sur le terrain de boules", {3}),
    ("Balade urbaine avec les riverains du canal", {3}),
    ("Maîtrise d'usage : former les habitants relais", {3}),
    ("Gouvernance : qui décide quand l'aménageur s'en va ?", {2}),
    ("Comité de pilotage : moins de réunions, plus de terrain", {2}),
    ("Diagnostic de territoire : écouter avant de dessiner", {1}),
    ("Projet de territoire : partir des besoins des habitants", {1}),
    # About no commitment in particular, or with words that deceive.
    ("Mise à l'eau du nouveau bac fluvial", set()),
    ("Le Club vous souhaite une bonne année et une bonne santé", set()),
    ("Les inscriptions au congrès sont ouvertes", set()),
    ("Une nouvelle directrice à la tête de l'établissement", set()),
    ("Mise en place d'un nouvel organigramme", set()),
    ("Le ministre en déplacement ministériel à Dijon", set()),
    ("Offres d'emploi du mois", set()),
    ("Les voeux du président du réseau", set()),
]


def test_the_table_of_words_agrees_with_a_reader() -> None:
    claimed = right = wanted = first = told = 0
    for title, labels in LABELLED:
        found = topics_of(title, "", (), TOPICS)
        claimed += len(found)
        right += len(labels & set(found))
        wanted += len(labels)
        told += bool(labels)
        first += bool(found) and found[0] in labels
    precision, recall = right / claimed, right / wanted
    figures = f"precision {precision:.2f}, recall {recall:.2f}, first right {first / told:.2f}"
    assert min(precision, recall) >= 0.85, figures
    assert first / told >= 0.95, figures


@pytest.mark.parametrize("title", [title for title, labels in LABELLED if not labels])
def test_words_that_deceive(title: str) -> None:
    assert topics_of(title, "", (), TOPICS) == ()


def test_the_title_weighs_more_than_the_summary() -> None:
    found = topics_of("Compost de quartier", "On y vient à vélo, par la piste cyclable, ou en tramway.", (), TOPICS)
    assert found[0] == 18
    assert topics_of("Nouvelles du quartier", "On y vient à vélo, par la piste cyclable.", (), TOPICS) == (14,)
    assert topics_of("Nouvelles du quartier", "On y vient à vélo.", (), TOPICS) == ()
    assert topics_of("Nouvelles du quartier", "", ("Vélo",), TOPICS) == (14,)


def test_only_the_beginning_of_a_long_article_counts() -> None:
    assert topics_of("Nouvelles", "mot " * 300 + "vélo tramway covoiturage", (), TOPICS) == ()


def test_at_most_four() -> None:
    title = "Vélo, compost, biodiversité, canicule, patrimoine, numérique, santé"
    assert len(topics_of(title, "", (), TOPICS)) == 4


@pytest.mark.parametrize(
    ("title", "regions"),
    [
        ("Occitanie : dix bourgs retenus", ("76",)),
        ("Un écoquartier livré en Pays-de-la-Loire", ("52",)),
        ("Rennes et Nantes comparent leurs quartiers", ("52", "53")),
        ("Aubagne (13) ouvre son parc", ("93",)),
        ("Une école à Sainte-Marie (974)", ("04",)),
        ("Porto-Vecchio (2A) plante", ("94",)),
        ("Un bailleur du Finistère rénove", ("53",)),
        ("Aix-en-Provence et Lyon", ("84", "93")),
        ("Saint-Quentin-en-Yvelines mesure le bruit", ("11",)),
        ("Région Sud : un appel à projets", ("93",)),
        ("L’Île-Saint-Denis : un quartier fluvial", ("11",)),
        ("À La Réunion, une place à l'ombre", ("04",)),
        ("La Réunion : une place à l'ombre", ("04",)),
        ("Un atelier à Tours sur les sols", ("24",)),
        ("Tours : un parc sur les voies", ("24",)),
        ("Un logement dans la Creuse", ("75",)),
        ("RENNES : UN PARC", ("53",)),
        # What only looks like a place.
        ("Réunion publique sur le projet", ()),
        ("La Réunion publique du quartier", ()),
        ("Compte rendu de la réunion du Club", ()),
        ("Tours de logements : quel avenir ?", ()),
        ("Quel avenir pour les tours ?", ()),
        ("Paris 2024 : que reste-t-il du village ?", ()),
        ("Dix ans après l'Accord de Paris", ()),
        ("De 14 h à 16 h, heure de Paris", ()),
        ("Le pari de la densité dans un centre-ville du nord", ()),
        ("Le Nord et le Sud se parlent", ()),
        ("Centre ancien : trois îlots à soigner", ()),
        ("Une somme rondelette pour l'aube d'un projet", ()),
        ("L'exemple de la Grande-Bretagne", ()),
        ("Vingt projets (20) et douze villes (12)", ()),
        ("Lyon, Nantes, Lille, Brest et Paris lauréates", ()),
        ("Journée nationale à Lyon", ()),
        ("Webinaire : Rennes raconte son quartier", ()),
    ],
)
def test_regions_in_a_title(title: str, regions: tuple[str, ...]) -> None:
    assert regions_of(title, "", "", "", REGIONS) == regions


@pytest.mark.parametrize(
    ("place", "regions"),
    [
        ("12 rue des Lilas, 35000 Rennes", ("53",)),
        ("Saint-Pierre, 97410", ("04",)),
        ("Ajaccio 20090", ("94",)),
        ("salle des fêtes, tours", ("24",)),
        ("visioconférence", ()),
        ("En ligne", ()),
        ("Bruxelles", ()),
        ("", ()),
    ],
)
def test_regions_of_a_place(place: str, regions: tuple[str, ...]) -> None:
    assert regions_of("Visite", "", place, "", REGIONS) == regions


def test_the_source_knows_its_region() -> None:
    assert regions_of("Journée à Lyon", "", "Lyon", "44", REGIONS) == ("44",)


def test_a_summary_places_only_when_it_names_one_region() -> None:
    assert regions_of("Visite", "Le quartier de Vitré, en Bretagne", "", "", REGIONS) == ("53",)
    assert regions_of("Visite", "Entre Lyon et Nantes", "", "", REGIONS) == ()
    assert regions_of("Visite à Lyon", "Les élus de Nantes", "", "", REGIONS) == ("84",)


@given(st.text(), st.text(), st.text(), st.lists(st.text(max_size=10), max_size=3))
def test_whatever_is_written(title: str, summary: str, place: str, categories: list[str]) -> None:
    numbers = topics_of(title, summary, categories, TOPICS)
    assert len(numbers) <= 4
    assert len(set(numbers)) == len(numbers)
    assert all(TOPICS.commitment(number) for number in numbers)
    regions = regions_of(title, summary, place, "", REGIONS)
    assert len(regions) <= 3
    assert all(REGIONS.region(code) for code in regions)


def test_the_words_that_speak_for_a_commitment_are_told() -> None:
    clues = clues_of("Désimperméabiliser une cour", "Les eaux pluviales y sont infiltrées.", ("Eau",), TOPICS)
    assert {"eau", "eaux pluviales"} <= set(clues[19])
    assert clues_of("Bonjour", "", (), TOPICS) == {}


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_filed_has_its_words(title: str, summary: str) -> None:
    assert set(topics_of(title, summary, (), TOPICS)) <= clues_of(title, summary, (), TOPICS).keys()
