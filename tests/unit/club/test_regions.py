"""Regions as people name them."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from club.refusal import Refused
from club.regions import Regions
from club.texts import Texts

REGIONS = Regions.load()


def test_the_eighteen_regions_and_their_departments() -> None:
    codes = {region.code for region in REGIONS.regions}
    assert " ".join(sorted(codes)) == "01 02 03 04 06 11 24 27 28 32 44 52 53 75 76 84 93 94"
    assert len(REGIONS.departments) == 101
    assert {department.region for department in REGIONS.departments.values()} == codes
    assert all(ZoneInfo(region.zone) for region in REGIONS.regions)
    assert REGIONS.region("04").zone == "Indian/Reunion"
    with pytest.raises(KeyError):
        REGIONS.region("05")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        *((alias, (region.code,)) for region in REGIONS.regions for alias in (region.name, *region.aliases)),
        *((f"FR-{iso}", (region.code,)) for region in REGIONS.regions for iso in region.iso),
        ("Réunion", ("04",)),
        ("ile-de-france", ("11",)),
        ("Provence Alpes Cote d’Azur", ("93",)),
        ("région Bretagne", ("53",)),
        ("Gironde", ("75",)),
        ("Loire-Atlantique", ("52",)),
        ("2A", ("94",)),
        ("35000", ("53",)),
        ("20090", ("94",)),
        ("97410", ("04",)),
        ("FR", ()),
        ("national", ()),
        ("OM", ("01", "02", "03", "04", "06")),
        ("Outre-mer", ("01", "02", "03", "04", "06")),
    ],
)
def test_find_region(text: str, codes: tuple[str, ...]) -> None:
    assert REGIONS.find_region(text) == codes


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("13", "region-ambiguous"),
        ("76", "region-ambiguous"),
        (" 4 ", "region-ambiguous"),
        ("FR-75", "region-ambiguous"),
        ("ocitanie", "region-unknown-near"),
        ("bretagnes", "region-unknown-near"),
        ("Bavière", "region-unknown"),
        ("98800", "region-unknown"),
        ("", "region-unknown"),
    ],
)
def test_what_is_refused_is_said(text: str, key: str) -> None:
    with pytest.raises(Refused) as refused:
        REGIONS.find_region(text)
    assert refused.value.key == key
    assert text.strip() in Texts().plain(key, **refused.value.values)


def test_departments() -> None:
    assert REGIONS.of_department("2b") == "94"
    assert REGIONS.of_department("20") == "94"
    assert REGIONS.of_department("975") is None
    assert REGIONS.of_postcode("97500") is None
    assert REGIONS.of_postcode("3500") is None


@given(st.text())
def test_whatever_is_typed(text: str) -> None:
    try:
        codes = REGIONS.find_region(text)
    except Refused as refused:
        assert refused.key in Texts()
    else:
        assert all(REGIONS.region(code) for code in codes)
