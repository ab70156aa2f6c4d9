"""The look before the reading: what is refused, and by which words."""

import pytest

from club.news import SourceTrouble
from connectors.sources.scan import ATTRIBUTES, DEPTH, ELEMENTS, ITEMS, TITLE, scan


def feed(inside: str) -> str:
    return f"<rss><channel>{inside}</channel></rss>"


def attributes(count: int) -> str:
    return "<a " + " ".join(map('b{}="c"'.format, range(count))) + "/>"


@pytest.mark.parametrize(
    ("xml", "key"),
    [
        (feed("<a>" * DEPTH), "trouble-deep"),
        (feed("<item/>" * (ITEMS + 1)), "trouble-many"),
        (feed(attributes(ATTRIBUTES + 1)), "trouble-heavy"),
        (feed("<a/>" * (ELEMENTS + 1)), "trouble-heavy"),
        (feed(f"<item><title>{'a' * (TITLE + 1)}</title></item>"), "trouble-title-long"),
        ("<html><body/></html>", "trouble-html"),
        ("<note/>", "trouble-not-feed"),
        ("", "trouble-empty"),
        ("bonjour", "trouble-empty"),
    ],
)
def test_what_is_refused(xml: str, key: str) -> None:
    with pytest.raises(SourceTrouble) as trouble:
        scan(xml)
    assert trouble.value.key == key


def test_what_is_just_within_the_bounds_is_read() -> None:
    assert scan(feed("<a>" * (DEPTH - 2) + "</a>" * (DEPTH - 2))) is None
    assert scan(feed("<item/>" * ITEMS)) is None
    assert scan(feed(attributes(ATTRIBUTES))) is None
    assert scan(feed(f"<item><title>{'a' * TITLE}</title></item>")) is None


def test_a_fault_is_told_at_its_line() -> None:
    assert scan("<rss>\n<channel>\n<item></title>\n</channel></rss>") == 3
    assert scan("<rss>\n<channel>\n<item>") == 3
    assert scan("<feed xmlns='http://www.w3.org/2005/Atom'>\n<entry/></feed>") is None


def test_a_hostile_document_is_left_at_its_first_excess() -> None:
    # Were it read to its end, the fault at the end would be told instead.
    with pytest.raises(SourceTrouble) as trouble:
        scan(feed("<a>" * 200_000 + "<!>"))
    assert trouble.value.key == "trouble-deep"
