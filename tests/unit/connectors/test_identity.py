"""What makes an entry the same at the next visit (promise 18)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from club.news import Item
from connectors.sources.identity import KEPT, identify, known_by, newest, occurrence

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


def item(guid: str = "", link: str | None = None, title: str = "Titre", published: datetime | None = NOW) -> Item:
    return Item(guid=guid, identity="", title=title, link=link, published=published)


def identities(*items: Item) -> list[str]:
    return [entry.identity for entry in identify(items)]


def same(one: Item, other: Item) -> bool:
    return identities(one) == identities(other)


def test_a_guid_outlives_its_link_and_its_title() -> None:
    assert same(item("1 x", "https://a.fr/1"), item("1 x", "https://a.fr/1-bis", "Titre corrigé"))
    assert not same(item("1 x", "https://a.fr/1"), item("2 x", "https://a.fr/1"))


def test_a_guid_that_is_an_address_survives_the_move_to_https_and_its_session() -> None:
    assert same(item("http://www.a.fr/spip.php?article1"), item("https://a.fr/spip.php?article1"))
    assert same(item("https://a.fr/1?PHPSESSID=1&utm_source=x"), item("https://a.fr/1?PHPSESSID=2"))
    assert same(item("12 at http://www.site.fr"), item("12 at https://site.fr/"))
    assert not same(item("12 at https://site.fr"), item("13 at https://site.fr"))
    assert not same(item("https://a.fr/#1"), item("https://a.fr/#2"))


def test_without_guid_the_link_counts_then_title_and_date() -> None:
    assert same(item(link="http://A.fr/1?utm_source=x"), item(link="https://a.fr/1/", title="Autre"))
    assert same(item("https://a.fr/1", "https://a.fr/1"), item("", "https://a.fr/1"))
    assert same(item(title="Un  titre"), item(title="un titre"))
    assert not same(item(title="Un"), item(title="Deux"))
    assert not same(item(published=NOW), item(published=NOW - timedelta(days=1)))


def test_a_guid_copied_on_every_entry_is_no_identity() -> None:
    entries = [item("modèle", f"https://a.fr/{number}", f"Titre {number}") for number in range(3)]
    first = identities(*entries)
    assert len(set(first)) == 3
    assert identities(*reversed(entries)) == first[::-1]


def test_links_that_all_lead_home_are_no_identity() -> None:
    entries = [item("", "https://a.fr/", f"Titre {number}") for number in range(3)]
    assert len(set(identities(*entries))) == 3


def test_the_same_entry_twice_is_one() -> None:
    assert len(identify([item("1"), item("1"), item("2")])) == 2


GUIDS = st.sampled_from(["", "a", "b", "https://a.fr/1", "http://www.a.fr/1/", "7 at https://a.fr"])
LINKS = st.sampled_from([None, "https://a.fr/1", "https://a.fr/2", "https://a.fr/2#b", "https://b.fr/"])
TITLES = st.sampled_from(["", "Un", "Deux"])
DATES = st.sampled_from([None, NOW, NOW - timedelta(days=1)])
ITEMS = st.lists(st.builds(item, GUIDS, LINKS, TITLES, DATES), max_size=8)


@given(ITEMS, st.randoms())
def test_identities_are_unique_in_a_document_and_stable_under_order(entries: list[Item], random: object) -> None:
    found = identify(entries)
    assert len({entry.identity for entry in found}) == len(found) == len(set(entries))
    by_entry = {replace(entry, identity=""): entry.identity for entry in found}
    random.shuffle(entries)  # type: ignore[attr-defined]
    assert {replace(entry, identity=""): entry.identity for entry in identify(entries)} == by_entry


def test_the_newest_are_kept_in_the_document_s_order() -> None:
    dates = [NOW - timedelta(minutes=number % 7) for number in range(KEPT + 100)]
    kept = newest(range(len(dates)), dates, NOW)
    assert len(kept) == KEPT
    assert kept == sorted(kept)
    left = set(range(len(dates))) - set(kept)
    assert min(dates[i] for i in kept) >= max(dates[i] for i in left)


def test_an_occurrence_is_known_by_the_instant_whatever_its_zone() -> None:
    assert occurrence("a", NOW) == occurrence("a", NOW.astimezone())
    assert occurrence("a", NOW) != occurrence("a", NOW + timedelta(days=7))
    assert occurrence("a", NOW) != occurrence("b", NOW)


def test_what_made_the_identity_is_known_again() -> None:
    shared = "https://a.fr/"
    by_guid, by_link, by_title, other = identify(
        [
            item("7 x", "https://a.fr/1"),
            item(link="https://a.fr/2"),
            item(link=shared, title="Une nouvelle"),
            item(link=shared, title="Une autre"),
        ]
    )
    assert [known_by(one) for one in (by_guid, by_link)] == ["guid", "link"]
    assert known_by(by_title) == known_by(other) != ""
    assert known_by(replace(by_guid, guid="8 y")) == ""
