"""`sources why`: what the operator reads about a link."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.program import Program, serve_partners

FEED = (
    '<rss version="2.0"><channel><title>Flux</title><item><title>Eaux pluviales à Rennes</title>'
    "<guid>n1</guid><link>https://site.test/eau</link></item></channel></rss>"
)


@pytest.fixture
def ecohub(tmp_path: Path) -> Program:
    return Program(tmp_path)


async def test_a_link_is_explained_for_every_channel(ecohub: Program) -> None:
    async with serve_partners() as partners:
        partners.pages["flux"] = FEED
        channel = '[[channels]]\nname = "Bretagne"\nplace = "simulator:bretagne"\nregions = ["Occitanie"]'
        ecohub.configure(partners.config({"Le site": "flux"}, channel))
        await ecohub("collect", "--all")
    told = await ecohub("sources", "why", "http://www.site.test/eau?utm_source=x", "--json")
    assert told.code == 0
    [entry] = told.json["entries"]
    assert (entry["id"], entry["source"]) == ("n1", "Le site")
    reasons = {step["stage"]: step["reason"] for step in entry["steps"]}
    assert reasons["identity"] == "why-known-guid"
    assert reasons["regions"] == "why-region-said"
    letter = next(step["text"] for step in entry["steps"] if step["stage"] == "letter")
    assert letter == "Canal « Bretagne » — Laissé : cela concerne une autre région que les vôtres."
    said = await ecohub("sources", "why", "https://site.test/autre")
    assert said.code == 1
    assert "Aucun article connu n’a ce lien, sur site.test." in said.out
    assert "Connu sur ce site : Eaux pluviales à Rennes" in said.out
    nowhere = await ecohub("sources", "why", "https://ailleurs.test/autre")
    assert "Ajoutez-en une : ecohub sources add ADRESSE --name NOM" in nowhere.out
    assert "/source" not in nowhere.out
