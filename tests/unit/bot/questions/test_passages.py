"""What is searched where no entry answers: dropped texts and the partners' news, read again when they changed."""

from __future__ import annotations

import logging

import pytest

from bot.questions.passages import Shelving
from club.faq.knowledge import Knowledge
from tests.kit.stage import House


async def test_texts_and_news_are_within_reach_and_followed(house: House) -> None:
    known = Knowledge()
    shelving = Shelving(known, house.dropped)
    await shelving.run(house.hub)
    assert known.extracts("l’exposition itinérante") == ()
    house.dropped.mkdir()
    (house.dropped / "prets.md").write_text("Le Club prête une exposition itinérante.", "utf-8")
    await house.publish("Des noues plantées à Uzès")
    await shelving.run(house.hub)
    [loan] = known.extracts("l’exposition itinérante")
    assert (loan.title, loan.url, loan.day) == ("prets", "", None)
    [rain] = known.extracts("les noues plantées d’Uzès")
    assert rain.title == "Des noues plantées à Uzès"
    assert rain.url.startswith("https://partenaire.test/")
    assert rain.version
    assert rain.day == house.now.date()
    (house.dropped / "prets.md").unlink()
    await shelving.run(house.hub)
    assert known.extracts("l’exposition itinérante") == ()


async def test_a_text_that_cannot_be_read_is_named_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.dropped.mkdir()
    (house.dropped / "latin.txt").write_bytes(b"\xe9t\xe9")
    shelving = Shelving(Knowledge(), house.dropped)
    with caplog.at_level(logging.WARNING):
        await shelving.run(house.hub)
        await shelving.run(house.hub)
    assert [record.__dict__["file"] for record in caplog.records if record.message == "text not read"] == ["latin.txt"]
