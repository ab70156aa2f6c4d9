"""What the journal keeps of a change, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.changes import LONGEST, change, of_source, tell
from club.markup import plain_line
from club.news import Source
from club.texts import Texts


def told(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [plain_line(line).replace("\u00a0", " ") for line in tell(change(before, after), Texts())]


def test_what_changed_is_told_as_it_was_and_as_it_is() -> None:
    before = of_source(Source("Ademe", "https://a.test/", region="76"), "journal-is-read")
    after = of_source(Source("Ademe", "https://b.test/", partner="Ademe", trusted=True), "paused-left-config")
    assert told(before, after) == [
        "– Nom : Ademe",
        "– Adresse : https://a.test/ → https://b.test/",
        "– Partenaire : rien → Ademe",
        "– Région : Occitanie → toute la France",
        "– De confiance : non → oui",
        "– État : lue → en pause : retiré du fichier de configuration",
    ]


def test_what_is_new_is_told_without_a_before_and_without_what_it_lacks() -> None:
    assert told({}, of_source(Source("Ademe", "https://a.test/"), "journal-is-read")) == [
        "– Nom : Ademe",
        "– Adresse : https://a.test/",
        "– État : lue",
    ]


def test_what_is_no_more_is_told() -> None:
    assert told({"address": "https://a.test/"}, {}) == ["– Adresse : https://a.test/"]


def test_a_line_of_before_changes_were_kept_says_nothing_more() -> None:
    assert tell({"by": "admin", "role": "partner"}, Texts()) == []


def test_what_is_long_is_cut_and_what_people_write_stays_words() -> None:
    assert told({}, {"answer": "mot " * 100}) == [f"– Réponse : {'mot ' * 24}mot…"]
    assert len("mot " * 24 + "mot…") <= LONGEST
    assert told({}, {"answer": "journal-is-read\n{ $count } *gras*"}) == [
        "– Réponse : journal-is-read { $count } *gras*"
    ]


def test_many_sources_are_counted() -> None:
    assert told({}, {"names": list("abcdef")}) == ["– Noms : a, b, c, d, e et une autre"]
    assert told({}, {"names": list("abcdefg")}) == ["– Noms : a, b, c, d, e et 2 autres"]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://ana:secret@site.test/flux", "https://…site.test/flux"),
        (
            "https://site.test/private-0123456789abcdef0123456789abcdef/basic.ics",
            "https://site.test/private-…/basic.ics",
        ),
        ("https://site.test/?ical=1&key=a1b2c3d4e5f6a1b2c3d4e5", "https://site.test/?ical=1&key=…"),
        ("https://site.test/2027/03/reconversion-des-friches-urbaines-et-rurales", ""),
        ("https://site.test/spip.php?page=backend&id_rubrique=1234", ""),
        ("https://site.test/flux_des_evenements_2027_regionaux.xml", ""),
    ],
)
def test_keys_within_an_address_are_not_kept(url: str, kept: str) -> None:
    assert of_source(Source("Site", url), "journal-is-read")["address"] == (kept or url)
