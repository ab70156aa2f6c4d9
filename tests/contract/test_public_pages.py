"""What the web side shows of events and letters, on both databases; read back by our own readers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import feedparser
import pytest
from lxml import etree
from prometheus_client.parser import text_string_to_metric_families

from club.news import Source, SourceKind, Status
from club.subscription import Wish
from connectors.sources.document import Document
from connectors.sources.parsers import parse
from digest.curate import curate
from storage.store import Store
from tests.kit.memory import add_source, file_alone
from tests.kit.pages import NOW, SITE, VISIT, Pages, open_pages

HOSTILE = '</script><script>alert(1)</script> & "a" <b>\u202egnp.exe\u2028 é ]]> {{ 7*7 }}'


@pytest.fixture
async def pages(any_store: Store) -> AsyncIterator[Pages]:
    async with open_pages(any_store) as made:
        yield made


async def get(pages: Pages, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(pages.address + path, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, await answer.text(), {name.lower(): value for name, value in answer.headers.items()}


EVERY = ["/", "/evenements", "/lettres", "/widget", "/lettres.atom", "/lettres.json", "/agenda.ics", "/agenda.json",
         "/agenda.atom", "/widget.json", "/widget.js", "/style.css"]  # fmt: skip


@pytest.mark.parametrize("path", EVERY)
async def test_each_page_answers_with_and_without_anything_to_say(pages: Pages, path: str) -> None:
    assert (await get(pages, path))[0] == 200
    await pages.hold()
    await pages.send_letter()
    status, body, headers = await get(pages, path)
    assert status == 200
    assert "set-cookie" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    again = await get(pages, path, **{"If-None-Match": headers["etag"]})
    assert again[:2] == (304, "")
    assert (await get(pages, path))[1] == body  # byte for byte, while nothing changes


async def test_what_is_measured_is_read_by_the_library_of_prometheus(pages: Pages) -> None:
    async with pages.store.begin() as tx:
        await add_source(tx, 'Un "site"\nà part', NOW)
    status, body, headers = await get(pages, "/metrics")
    assert status == 200
    assert headers["content-type"].startswith("text/plain")
    read = {family.name: family for family in text_string_to_metric_families(body)}
    assert [one.value for one in read["ecohub_source_failures"].samples] == [0]
    assert {one.labels["state"]: one.value for one in read["ecohub_sources"].samples} == {"untried": 1}
    assert {one.labels["kind"] for one in read["ecohub_moderation_waiting"].samples} == {"source", "question", "event"}


async def test_the_first_page_tells_what_comes_and_what_was_sent(pages: Pages) -> None:
    number = await pages.hold()
    await pages.send_letter()
    _, body, _ = await get(pages, "/")
    assert "Visite du quartier des Prés" in body
    assert f'href="/evenements/{number}"' in body
    assert 'href="/lettres/2027-03-09-eau"' in body
    assert "jeudi 11 mars 2027" in body


async def test_a_letter_is_read_under_its_address(pages: Pages) -> None:
    await pages.hold()
    await pages.send_letter()
    status, body, _ = await get(pages, "/lettres/2027-03-09-eau")
    assert status == 200
    assert "Eau · Occitanie" in body
    assert "Visite du quartier des Prés" in body
    for unknown in ("/lettres/2027-03-10-eau", "/lettres/" + "a" * 5000, "/lettres/%00", "/lettres/é", "/lettres/A"):
        assert (await get(pages, unknown))[0] in (400, 404)


async def test_feeds_of_letters_are_read_by_others(pages: Pages) -> None:
    await pages.hold()
    await pages.send_letter()
    read = feedparser.parse((await get(pages, "/lettres.atom"))[1])
    assert not read.bozo
    assert [entry.link for entry in read.entries] == [f"{SITE}/lettres/2027-03-09-eau"]
    document = json.loads((await get(pages, "/lettres.json"))[1])
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["items"][0]["url"] == f"{SITE}/lettres/2027-03-09-eau"


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("region=76", True),
        ("region=occitanie", True),
        ("region=Bretagne", False),
        ("partner=ush", True),
        ("partner=Ademe", False),
        ("region=&theme=&partner=", True),
    ],
)
async def test_outlets_are_filtered(pages: Pages, query: str, is_found: bool) -> None:
    await pages.hold()
    for path in ("/agenda.ics", "/agenda.json", "/agenda.atom", "/evenements", "/widget.json"):
        status, body, _ = await get(pages, f"{path}?{query}")
        assert status == 200
        assert ("Visite du quartier" in body) is is_found, path


@pytest.mark.parametrize("query", ["region=nulle", "theme=rien", "theme=21", "region=" + "a" * 5000, "theme=%00"])
async def test_a_filter_that_is_not_known_has_no_page(pages: Pages, query: str) -> None:
    assert (await get(pages, f"/agenda.ics?{query}"))[0] in (400, 404)


@pytest.mark.parametrize("name", ["0", "9999999", "1x", "-1", "1.icsx", "1e3", "٣", "1" * 30, ".ics", "%00"])
async def test_an_event_that_is_not_there_has_no_page(pages: Pages, name: str) -> None:
    await pages.hold()
    assert (await get(pages, f"/evenements/{name}"))[0] in (400, 404)


def read(body: str, kind: SourceKind, now: datetime = NOW) -> list[tuple[object, ...]]:
    document = Document(body.encode(), f"{SITE}/evenements", "", now.astimezone(UTC))
    harvest = parse(document, Source("nous", f"{SITE}/agenda", kind))
    return [(one.title, one.start, one.end, one.place, one.status) for one in harvest.events]


async def test_what_is_typed_is_read_back_the_same(pages: Pages) -> None:
    number = await pages.hold()
    wanted = [(VISIT.title, VISIT.start, VISIT.end, VISIT.venue, Status.CONFIRMED)]
    assert read((await get(pages, "/agenda.ics"))[1], SourceKind.ICS) == wanted
    assert read((await get(pages, f"/evenements/{number}.ics"))[1], SourceKind.ICS) == wanted
    assert read((await get(pages, f"/evenements/{number}"))[1], SourceKind.PAGE) == wanted
    [told] = json.loads((await get(pages, "/agenda.json"))[1])["events"]
    assert (told["title"], told["place"], told["url"]) == (VISIT.title, VISIT.venue, f"{SITE}/evenements/{number}")
    assert datetime.fromisoformat(told["start"]) == VISIT.start


async def test_hostile_words_stay_words(pages: Pages) -> None:
    number = await pages.hold(replace(VISIT, title=HOSTILE[:90], venue=HOSTILE[:90], description=HOSTILE, uid="b2"))
    await pages.send_letter()
    for path in ("/", "/evenements", f"/evenements/{number}", "/lettres/2027-03-09-eau", "/widget"):
        _, body, headers = await get(pages, path)
        page = etree.HTML(body)
        scripts = [one.get("type") for one in page.iter("script")]
        assert set(scripts) <= {"application/ld+json"}, path
        assert "49" not in "".join(page.xpath("//h1//text()"))
        assert "script-src" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
    assert not feedparser.parse((await get(pages, "/agenda.atom"))[1]).bozo
    json.loads((await get(pages, "/agenda.json"))[1])
    assert len(read((await get(pages, "/agenda.ics"))[1], SourceKind.ICS)) == 1


async def test_a_link_that_is_for_those_who_signed_up_is_nowhere(pages: Pages) -> None:
    secret = "https://visio.example/secret-17"
    number = await pages.hold(replace(VISIT, link=secret, link_private=True, uid="c3"))
    for path in (*EVERY, f"/evenements/{number}", f"/evenements/{number}.ics"):
        assert "secret-17" not in (await get(pages, path))[1], path


async def test_the_widget_weighs_less_than_15_kb(pages: Pages) -> None:
    for number in range(12):
        await pages.hold(replace(VISIT, title=f"Visite {number} " + "du quartier " * 8, uid=f"w{number}"))
    weights = [len((await get(pages, path))[1].encode()) for path in ("/widget.js", "/widget.json")]
    assert sum(weights) < 15_000


async def test_what_is_over_leaves_the_pages_and_stays_at_its_address(pages: Pages) -> None:
    number = await pages.hold()
    pages.now = NOW + timedelta(days=5)
    assert "Visite du quartier" not in (await get(pages, "/evenements"))[1]
    assert (await get(pages, f"/evenements/{number}"))[0] == 200


async def test_what_a_partner_gives_back_is_neither_announced_nor_counted_again(pages: Pages) -> None:
    """A partner, or a third one, republishes our calendar and our feed."""
    number = await pages.hold()
    before = (await get(pages, "/agenda.json"))[1]
    ours = (await get(pages, "/agenda.ics"))[1]
    feed = (await get(pages, "/agenda.atom"))[1]
    async with pages.store.begin() as tx:
        for name, body, kind in (("Tiers", ours, SourceKind.ICS), ("Autre", feed, SourceKind.FEED)):
            origin = await add_source(tx, name, NOW)
            document = Document(body.encode(), "https://tiers.example/x", "", NOW.astimezone(UTC))
            await tx.news.keep([(origin, parse(document, Source(name, "https://tiers.example/x", kind)))], NOW)
        await file_alone(tx, NOW)
        entries = await tx.news.entries(None)
    assert len(entries) == 3
    chosen = curate(entries, Wish(), NOW - timedelta(hours=1), NOW)
    assert [line.news.id for line in chosen.lines] == [number]
    assert chosen.lines[0].relays == ()
    assert sorted(one.reason for one in chosen.verdicts) == ["reason-echo", "reason-echo", "reason-kept"]
    assert (await get(pages, "/agenda.json"))[1] == before
