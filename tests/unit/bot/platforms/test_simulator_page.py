from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from lxml import html

from club.dialogue import Attachment, Message, Request
from club.filetype import LARGEST
from club.markup import as_text
from club.people import Place
from tests.kit.tabs import PEOPLE, House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    await made.start()
    yield made
    await made.stop()


async def page(house: House) -> Any:
    async with house.web.get(f"{house.home}/") as answer:
        return html.fromstring(await answer.text())


async def test_the_page_has_the_names_of_the_contract(house: House) -> None:
    shown = await page(house)
    assert shown.get("lang") == "fr"
    regions = {shown.get_element_by_id(one.get("aria-labelledby")).text: one for one in shown.iter("section")}
    assert list(regions) == ["Personnes", "Canaux", "Conversation privée"]
    labels = {label.text: shown.get_element_by_id(label.get("for")).tag for label in shown.iter("label")}
    assert labels == {"Écrire dans": "select", "Message": "textarea"}
    assert [button.text for button in shown.iter("button")].count("Envoyer") == 1
    assert shown.get_element_by_id("words").get("maxlength") == "4000"
    assert [log.get("aria-live") for log in shown.xpath('//*[@role="log"]')] == ["polite", "polite"]
    assert not shown.xpath("//*[@style or @onclick]")
    assert not shown.xpath("//script[not(@src) and not(@type='application/json')]")


async def test_the_page_knows_people_channels_and_the_commands_of_each(house: House) -> None:
    town = json.loads((await page(house)).get_element_by_id("town").text)
    assert [(person["id"], person["name"]) for person in town["people"]] == [(one.id, one.name) for one in PEOPLE]
    assert [[name for name, _ in person["commands"]] for person in town["people"]] == [
        ["aide"],
        ["aide", "file"],
        ["aide"],
    ]
    assert town["channels"] == [{"id": "actualites", "name": "actualités"}]
    assert town["words"]["only_you"] == "visible par vous seul·e"


@pytest.mark.parametrize("path", ["/", "/style.css", "/script.js", "/posts.js", "/commands.js", "/nowhere"])
async def test_every_answer_is_closed_to_other_sites(house: House, path: str) -> None:
    async with house.web.get(house.home + path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.status == (404 if path == "/nowhere" else 200)


@pytest.mark.parametrize("name", ["script.js", "posts.js", "commands.js"])
async def test_the_script_never_writes_markup(house: House, name: str) -> None:
    async with house.web.get(f"{house.home}/{name}") as answer:
        script = await answer.text()
    assert not [
        word for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(") if word in script
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:{port}.evil.example"},
    ],
)
async def test_another_site_neither_presses_nor_listens(house: House, headers: dict[str, str]) -> None:
    heard = []

    async def answer(request: Request) -> None:
        heard.append(request)

    await house.stop()
    await house.start(answer)
    headers = {name: value.format(port=house.simulator.port) for name, value in headers.items()}
    said = {"update": "update-0001", "person": "ana", "place": "ana", "words": "x"}
    async with house.web.post(f"{house.home}/say", json=said, headers=headers) as refused:
        assert refused.status == 403
        assert "ouvrez l’adresse" in await refused.text()
    with pytest.raises(aiohttp.WSServerHandshakeError) as closed:
        await house.web.ws_connect(f"{house.home}/live", headers=headers)
    assert closed.value.status == 403
    async with house.web.get(f"{house.home}/", headers=headers) as read:
        assert read.status == (403 if "Host" in headers else 200)
    assert heard == []


async def test_the_other_name_of_this_machine_is_welcome(house: House) -> None:
    local = f"localhost:{house.simulator.port}"
    said = {"update": "update-0001", "person": "ana", "place": "ana", "words": "x"}
    headers = {"Host": local, "Origin": f"http://{local}"}
    async with house.web.post(f"{house.home}/say", json=said, headers=headers) as answer:
        assert answer.status == 202


async def test_a_taken_port_is_told_and_leaves_nothing_open(house: House, tmp_path: Path) -> None:
    late = House(tmp_path / "other")
    with pytest.raises(OSError, match="in use"):
        await late.start(port=house.simulator.port)
    await late.start()
    await late.stop()


PIXEL = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("kind", "name", "served", "how"),
    [
        ("image/png", "mois.png", "image/png", "inline"),
        ("text/csv", "inscrits.csv", "application/octet-stream", "attachment"),
        ("text/html", "page.html", "application/octet-stream", "attachment"),
        ("text/javascript", "a.js", "application/octet-stream", "attachment"),
        ("image/svg+xml", "a.svg", "application/octet-stream", "attachment"),
    ],
)
async def test_what_a_post_carries_is_taken_home_and_never_runs(
    house: House, kind: str, name: str, served: str, how: str
) -> None:
    tab = await house.open()
    carried = Message(as_text("Voici"), attachments=(Attachment(name, kind, PIXEL, "Un mot"),))
    await house.simulator.send(Place("simulator", "ana"), carried, "k")
    [post] = (await tab.until_text("Voici"))["posts"]
    [one] = post["attachments"]
    assert one["picture"] is (how == "inline")
    assert (one["title"], one["name"], one["alt"]) == (f"{name} (1 ko)", name, "Un mot")
    async with house.web.get(house.home + one["address"]) as answer:
        assert await answer.read() == PIXEL
        assert answer.content_type == served
        assert answer.headers["Content-Disposition"] == f'{how}; filename="{name}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_same_file_keeps_its_address_and_another_has_none(house: House) -> None:
    tab, ana = await house.open(), Place("simulator", "ana")
    carried = Message(as_text("Voici"), attachments=(Attachment("a.csv", "text/csv", b"a"),))
    ref = await house.simulator.send(ana, carried, "k")
    await house.simulator.send(ana, carried, "k")
    first = (await tab.until_text("Voici"))["posts"]
    await house.simulator.edit(ana, ref, carried.bearing(Attachment("b.csv", "text/csv", b"a")))
    second = (await tab.until(lambda news: bool(news["posts"])))["posts"]
    assert [post["seq"] for post in first] == [post["seq"] for post in second]
    [same], [also_same, other] = first[0]["attachments"], second[0]["attachments"]
    assert same == also_same
    assert other["address"] != same["address"]
    for address in ("/files/", "/files/1", f"{same['address']}x", "/files/..%2Fscript.js"):
        async with house.web.get(house.home + address) as answer:
            assert answer.status == 404
    async with house.web.get(house.home + same["address"], headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403


async def test_a_file_of_a_form_is_kept_under_a_safe_name_and_a_handle(house: House) -> None:
    async with house.web.post(f"{house.home}/files", params={"name": "../é.png"}, data=PIXEL) as answer:
        assert answer.status == 200
        network, _, address = (await answer.text()).partition(":")
    assert network == "simulator"
    async with house.web.get(f"{house.home}/files/{address}") as answer:
        assert await answer.read() == PIXEL
        assert answer.content_type == "image/png"
        assert answer.headers["Content-Disposition"] == 'inline; filename="e.png"'
    async with house.web.post(f"{house.home}/files", params={"name": "a.png"}, data=b"<svg><script/></svg>") as answer:
        address = (await answer.text()).partition(":")[2]
    async with house.web.get(f"{house.home}/files/{address}") as answer:
        assert answer.content_type == "application/octet-stream"


async def test_a_file_that_is_too_large_or_comes_from_elsewhere_is_not_kept(house: House) -> None:
    async with house.web.post(f"{house.home}/files", data=io.BytesIO(bytes(LARGEST + 1))) as answer:
        assert answer.status == 413
        assert "dépasse 10 Mo" in await answer.text()
    evil = {"Origin": "http://evil.example"}
    async with house.web.post(f"{house.home}/files", data=b"a", headers=evil) as answer:
        assert answer.status == 403
