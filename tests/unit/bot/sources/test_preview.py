"""What was found at an address, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.sources.preview import show_preview
from club.markup import plain
from club.news import Event, Harvest, Item, Preview, SourceKind
from club.texts import Texts

NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)


def shown(sight: Preview) -> str:
    return plain(show_preview(sight, Texts()))


def test_the_newest_come_first_and_the_undated_last() -> None:
    items = tuple(
        Item(title, title, title, None, published)
        for title, published in [("Sans date", None), ("Ancienne", NOON.replace(day=1)), ("Récente", NOON)]
    )
    said = shown(Preview("https://a.fr/", Harvest(SourceKind.FEED, "Le flux", items)))
    assert said.splitlines() == [
        "Le flux — fil d’actualités",
        "3 actualités, aucun évènement.",
        "mar. 9 mars · Récente",
        "lun. 1er mars · Ancienne",
        "Sans date",
    ]


def test_a_calendar_says_its_events_in_their_order() -> None:
    events = (
        Event("2", "2", "Atelier", NOON),
        Event("1", "1", "\u200b", date(2027, 3, 8)),
    )
    said = shown(Preview("https://a.fr/", Harvest(SourceKind.ICS, "Agenda", events=events, skipped=2)))
    assert "Aucune actualité, 2 évènements." in said
    assert "2 entrées sont illisibles" in said
    assert said.index("lun. 8 mars · (sans titre)") < said.index("mar. 9 mars · Atelier")


def test_where_it_was_found_and_what_else_there_is() -> None:
    sight = Preview(
        "https://a.fr/",
        Harvest(SourceKind.FEED),
        feed="https://a.fr/feed",
        others=(("Agenda", "https://a.fr/ical"),),
        moved="https://b.fr/",
    )
    said = shown(sight)
    assert said.startswith("https://a.fr/ — fil d’actualités")
    assert "Trouvé sur cette page : https://a.fr/feed" in said
    assert "Cette adresse a changé pour de bon : https://b.fr/" in said
    assert "Il n’y a rien à lire pour l’instant." in said
    assert "Aussi proposé par cette page : Agenda — https://a.fr/ical" in said
