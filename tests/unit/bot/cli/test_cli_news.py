"""What the command line does with sources, news and letters: the real program, partners' pages on loopback."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from storage.migrate import HEAD
from tests.kit.program import Partners, Program, free_port, serve_partners

KEYS = [
    "source",
    "id",
    "title",
    "link",
    "published",
    "start",
    "end",
    "place",
    "status",
    "summary",
    "story",
    "topics",
    "regions",
]
TODAY = datetime.now(UTC).replace(microsecond=0)
WEDNESDAY = (TODAY + timedelta(days=30)).date()


def rss(*items: str, title: str = "Partenaire") -> str:
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def item(title: str, link: str = "https://p.fr/1", guid: str = "g1", summary: str = "") -> str:
    return (
        f"<item><title><![CDATA[{title}]]></title><link>{link}</link><guid isPermaLink='false'>{guid}</guid>"
        f"<description><![CDATA[{summary}]]></description><pubDate>{format_datetime(TODAY)}</pubDate></item>"
    )


AGENDA = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//FR
BEGIN:VEVENT
UID:visite@p.fr
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Paris:{WEDNESDAY:%Y%m%d}T093000
DTEND;TZID=Europe/Paris:{WEDNESDAY:%Y%m%d}T120000
RRULE:FREQ=DAILY;COUNT=2
SUMMARY:Visite de quartier
LOCATION:Toulouse
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:salon@p.fr
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:{WEDNESDAY:%Y%m%d}
DTEND;VALUE=DATE:{WEDNESDAY + timedelta(days=2):%Y%m%d}
SUMMARY:Salon
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")

CHANNEL = """
[simulator]
enabled = true
port = {port}
[[channels]]
name = "Actus"
place = "simulator:actus"
cadence = "intervalle"
minutes = 10000
[[channels]]
name = "Eau"
place = "simulator:eau"
topics = ["eau"]
cadence = "intervalle"
minutes = 10000
"""


@pytest.fixture
def ecohub(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
async def partners() -> AsyncIterator[Partners]:
    async with serve_partners() as made:
        yield made


async def entries(ecohub: Program, *more: str) -> Any:
    done = await ecohub("entries", "--json", *more)
    assert (done.code, done.err) == (0, "")
    return done.json


def journal(ecohub: Program) -> list[tuple[str, Any]]:
    with closing(sqlite3.connect(ecohub.database)) as database:
        rows = database.execute("SELECT action, detail FROM journal ORDER BY id").fetchall()
    return [(action, json.loads(detail)) for action, detail in rows]


# collect and entries


async def test_a_pass_says_what_failed_and_why(ecohub: Program, partners: Partners) -> None:
    partners.pages = {"bon": rss(item("Un"), item("Deux", guid="g2")), "page": "<!DOCTYPE html><html></html>"}
    ecohub.configure(
        partners.config({"Bonne": "bon", "Perdue": "perdu", "Page": "page", "Privée": "http://127.0.0.1:9/x"})
    )
    done = await ecohub("collect")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "4 sources lues : 2 nouveautés.",
        "3 sources en échec :",
        "– Page : Aucun flux ni agenda n’a été trouvé sur cette page. Cherchez sur le site un lien « RSS », « Atom » ou"
        " « Agenda (ICS) » et donnez cette adresse, ou demandez-la au partenaire.",
        "– Perdue : Il n’y a rien à cette adresse (code 404). Vérifiez-la auprès du partenaire.",
        "– Privée : Adresse refusée : 127.0.0.1 mène à un réseau privé, que le Club ne visite pas."
        " Donnez une adresse publique.",
    ]
    again = await ecohub("collect")
    assert again.out.startswith("Aucune source à lire pour le moment.")
    partners.pages["perdu"] = rss(item("Trois"))
    whole = (await ecohub("collect", "--all", "--json")).json
    assert {name: whole[name] for name in ("visited", "failed", "unchanged", "new")} == {
        "visited": 4,
        "failed": 2,
        "unchanged": 1,
        "new": 1,
    }
    assert [(one["name"], one["status"], bool(one["error"])) for one in whole["sources"]] == [
        ("Bonne", "ok", False),
        ("Page", "error", True),
        ("Perdue", "ok", False),
        ("Privée", "blocked", True),
    ]


async def test_unreadable_entries_are_counted_by_source(ecohub: Program, partners: Partners) -> None:
    good = {"id": "1", "title": "Bonne", "content_text": "x"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [good, 3, "non"]}
    partners.pages = {
        "deux": json.dumps(feed),
        "une": json.dumps({**feed, "items": [good, []]}),
        "bon": rss(item("Un")),
    }
    ecohub.configure(partners.config({"Deux": "deux", "Une": "une", "Bonne": "bon"}))
    done = await ecohub("collect")
    assert done.out.splitlines()[1:] == [
        "3 entrées illisibles ont été laissées de côté.",
        "– Deux : 2 entrées illisibles",
        "– Une : 1 entrée illisible",
    ]
    partners.pages["deux"] = json.dumps({**feed, "items": [good, 3]})
    assert (await ecohub("collect", "--all", "--json")).json["unreadable"] == {"Deux": 1}


async def test_new_guids_and_tracking_at_each_visit_are_no_news(ecohub: Program, partners: Partners) -> None:
    ecohub.configure(partners.config({"Actus": "rss"}))
    for visit in range(3):
        link = "https://p.fr/un?utm_source=flux&amp;utm_id={}"
        partners.pages["rss"] = rss(
            item("Un", link.format(visit), f"g{visit}"), item("Deux", link.format(visit), f"h{visit}")
        )
        done = (await ecohub("collect", "--all", "--json")).json
        assert (done["new"], done["changed"]) == ((0, 0) if visit else (2, 0))
    shown = (await entries(ecohub, "--all"))["entries"]
    assert sorted((one["id"], one["title"]) for one in shown) == [("g2", "Un"), ("h2", "Deux")]


async def test_trying_what_holds_nothing_names_no_other_command(ecohub: Program, partners: Partners) -> None:
    past = AGENDA.replace(f"{WEDNESDAY:%Y%m%d}", "20200101").replace(
        f"{WEDNESDAY + timedelta(days=2):%Y%m%d}", "20200102"
    )
    partners.pages = {"ics": past, "rss": rss()}
    ecohub.configure(partners.config({}))
    calendar = await ecohub("sources", "test", partners.url("ics"))
    assert (calendar.code, calendar.out.splitlines()[-1]) == (0, "Aucun évènement à venir dans cet agenda.")
    feed = await ecohub("sources", "test", partners.url("rss"))
    assert (feed.code, feed.out.splitlines()[-1]) == (0, "Aucune entrée à cette adresse pour le moment.")


async def test_entries_are_as_the_contract_says(ecohub: Program, partners: Partners) -> None:
    partners.pages = {
        "rss": rss(item("Récupérer l’eau de pluie en Occitanie", "javascript:alert(1)", "urn:x:1", "<b>Un</b> résumé")),
        "ics": AGENDA,
    }
    ecohub.configure(partners.config({"Actus": "rss", "Agenda": "ics", "Perdue": "perdu"}))
    before = await entries(ecohub)
    assert before == {
        "entries": [],
        "sources": [{"name": n, "status": "ok", "error": None} for n in ("Actus", "Agenda", "Perdue")],
    }
    await ecohub("collect")
    shown = await entries(ecohub)
    assert list(shown) == ["entries", "sources"]
    assert all(list(one) == KEYS for one in shown["entries"])
    assert [(one["name"], one["status"]) for one in shown["sources"]] == [
        ("Actus", "ok"),
        ("Agenda", "ok"),
        ("Perdue", "error"),
    ]
    assert shown["sources"][2]["error"].startswith("Il n’y a rien à cette adresse")

    news = next(one for one in shown["entries"] if one["source"] == "Actus")
    assert news["id"] == "urn:x:1"
    assert news["title"] == "Récupérer l’eau de pluie en Occitanie"
    assert (news["link"], news["summary"], news["regions"]) == (None, "Un résumé", ["76"])
    assert datetime.fromisoformat(news["published"]) == TODAY
    assert news["topics"] and all(isinstance(number, int) for number in news["topics"])
    assert isinstance(news["story"], int)
    assert [news[key] for key in ("start", "end", "place", "status")] == [None] * 4

    visits = [one for one in shown["entries"] if one["id"] == "visite@p.fr"]
    days = {WEDNESDAY.isoformat(), (WEDNESDAY + timedelta(days=1)).isoformat()}
    assert {one["start"][:10] for one in visits} == days and len(visits) == 2
    assert all(datetime.fromisoformat(one["start"]).utcoffset() is not None for one in visits)
    assert {one["start"][11:16] for one in visits} == {"09:30"} and {one["end"][11:16] for one in visits} == {"12:00"}
    assert {(one["place"], one["status"], one["published"]) for one in visits} == {("Toulouse", "cancelled", None)}
    salon = next(one for one in shown["entries"] if one["id"] == "salon@p.fr")
    assert (salon["start"], salon["end"]) == tuple(sorted(days))
    assert (salon["status"], salon["place"]) == ("confirmed", "")


async def test_thirty_days_or_everything(ecohub: Program, partners: Partners) -> None:
    partners.pages = {"rss": rss(item("Vieux", guid="v"), item("Neuf", guid="n"))}
    ecohub.configure(partners.config({"Actus": "rss"}))
    await ecohub("collect")
    with closing(sqlite3.connect(ecohub.database)) as base, base:
        base.execute("UPDATE entry SET seen_at = '2020-01-01 00:00:00.000000' WHERE guid = 'v'")
    assert [one["id"] for one in (await entries(ecohub))["entries"]] == ["n"]
    assert {one["id"] for one in (await entries(ecohub, "--all"))["entries"]} == {"v", "n"}


async def test_titles_are_text_in_the_table(ecohub: Program, partners: Partners) -> None:
    partners.pages = {"rss": rss(item("[bold]Gras[/bold] [link=x]"))}
    ecohub.configure(partners.config({"Actus": "rss", "Perdue": "perdu"}))
    assert "Aucune entrée." in (await ecohub("entries")).out
    await ecohub("collect")
    done = await ecohub("entries")
    assert "[bold]Gras[/bold] [link=x]" in done.out
    assert "1 source en échec :\n– Perdue : " in done.out


async def test_a_stray_folder_pauses_nothing(ecohub: Program, partners: Partners, tmp_path: Path) -> None:
    ecohub.configure(partners.config({"Actus": "rss"}))
    await ecohub("entries")
    (tmp_path / "config.toml").unlink()
    assert (await ecohub("sources", "list", "--json")).json["sources"][0]["paused"] is None
    ecohub.configure(partners.config({}))
    assert "retiré du fichier" in (await ecohub("sources", "list", "--json")).json["sources"][0]["paused"]


# sources


async def test_a_source_is_added_once(ecohub: Program, partners: Partners) -> None:
    ecohub.configure(partners.config({"Du fichier": "rss"}))
    words = ("sources", "add", partners.url("agenda"), "--name", "Agenda", "--kind", "ics", "--region", "Occitanie")
    done = await ecohub(*words, "--partner", "DREAL", "--trusted")
    assert (done.code, done.err) == (0, "")
    listed = (await ecohub("sources", "list", "--json")).json["sources"]
    assert [one["name"] for one in listed] == ["Agenda", "Du fichier"]
    wanted = {"url": partners.url("agenda"), "kind": "ics", "region": "76", "partner": "DREAL", "trusted": True}
    assert wanted.items() <= listed[0].items()
    assert (listed[0]["origin"], listed[1]["origin"]) == ("chat", "config")
    assert (listed[0]["status"], listed[0]["error"], listed[0]["visited"]) == ("ok", None, None)
    for url, name in ((partners.url("autre"), "Agenda"), (partners.url("rss#x"), "Neuve")):
        again = await ecohub("sources", "add", url, "--name", name)
        assert (again.code, again.out) == (1, "")
        assert again.err.startswith("Rien n’est ajouté")
    piped = (await ecohub("sources", "list")).out.splitlines()
    assert all(len(line.split("\t")) == 4 for line in piped)  # one line a source, for other programs
    assert "pas encore lue" in piped[0]
    assert listed[0]["url"] in {line.split("\t")[3] for line in piped}
    [of_file, added] = journal(ecohub)
    assert of_file == ("source.imported", {"by": "config", "before": {}, "after": {"names": ["Du fichier"]}})
    assert (added[0], added[1]["by"], added[1]["before"]) == ("source.added", "cli", {})
    assert {"name": "Agenda", "address": partners.url("agenda")}.items() <= added[1]["after"].items()


@pytest.mark.parametrize(
    ("url", "more", "code", "said"),
    [
        ("http://10.0.0.1/rss", (), 1, "Adresse refusée : 10.0.0.1 mène à un réseau privé"),
        ("http://[::1]/rss", (), 1, "Adresse refusée : ::1 mène à un réseau privé"),
        ("http://2130706433/", (), 1, "Adresse refusée"),
        ("ftp://x.fr/rss", (), 1, "Adresse refusée : elle doit commencer par http"),
        ("https://moi:secret@x.fr/", (), 1, "elle contient un identifiant"),
        ("https://x.fr/", ("--region", "Atlantide"), 2, "--region : « Atlantide » trouvé ; attendu : une région"),
    ],
)
async def test_what_is_refused_says_why(ecohub: Program, url: str, more: tuple[str, ...], code: int, said: str) -> None:
    done = await ecohub("sources", "add", url, "--name", "X", *more)
    assert (done.code, done.out) == (code, "")
    assert said in done.err and "secret" not in done.err
    assert not ecohub.database.exists()


async def test_lists_come_in_and_go_out(ecohub: Program, tmp_path: Path) -> None:
    ecohub.configure('[[sources]]\nname = "Actus"\nurl = "https://a.fr/rss"\n')
    (tmp_path / "liste.opml").write_text(
        '<opml version="2.0"><body><outline text="Cerema &amp; Cie">'
        '<outline text="Actus" xmlUrl="https://cerema.fr/rss"/><outline text="Autre nom" xmlUrl="https://a.fr/rss"/>'
        '</outline><outline text="Dedans" xmlUrl="http://192.168.1.1/"/>'
        '<outline text="Rien" xmlUrl="mailto:x"/></body></opml>'
    )
    done = await ecohub("sources", "import", "liste.opml")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "1 source ajoutée, 1 déjà connue, 2 refusées."
    assert "– Dedans : Adresse refusée" in done.out and "– Rien : Adresse refusée" in done.out
    exported = etree.fromstring((await ecohub("sources", "export")).out.encode())
    rows = [(one.get("text"), one.get("xmlUrl")) for one in exported.iter("outline")]
    assert rows == [
        ("Actus", "https://a.fr/rss"),
        ("Cerema & Cie", None),
        ("Actus (cerema.fr)", "https://cerema.fr/rss"),
    ]
    (tmp_path / "retour.opml").write_bytes(etree.tostring(exported))
    back = await ecohub("sources", "import", "retour.opml")
    assert back.out == "Aucune source ajoutée, 2 déjà connues, 0 refusée.\n"
    assert [(action, detail["by"], detail["after"]) for action, detail in journal(ecohub)] == [
        ("source.imported", "config", {"names": ["Actus"]}),
        ("source.imported", "cli", {"names": ["Actus (cerema.fr)"]}),
    ]


async def test_a_hostile_list_is_refused(ecohub: Program, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "liste.opml").write_text(
        f'<!DOCTYPE opml [<!ENTITY a SYSTEM "file://{tmp_path}/secret">]>'
        '<opml><body><outline text="&a;" xmlUrl="http://a.fr/"/></body></opml>'
    )
    done = await ecohub("sources", "import", "liste.opml")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Cette liste OPML déclare des entités")


async def test_trying_a_source_promises_no_other_try(ecohub: Program) -> None:
    port = free_port()
    ecohub.configure(f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n')
    done = await ecohub("sources", "test", f"http://127.0.0.1:{port}/")
    assert (done.code, done.out) == (1, "")
    assert done.err == "Le site refuse la connexion. Il est peut-être en panne.\n"


async def test_trying_a_source_keeps_nothing(ecohub: Program, partners: Partners) -> None:
    partners.pages = {"rss": rss(item("L’eau en ville"), item("Un marché", "https://p.fr/2", "g2"), title="La revue")}
    ecohub.configure(partners.config({}))
    done = await ecohub("sources", "test", partners.url("rss"), "--json")
    assert (done.code, done.err) == (0, "")
    shown = done.json
    assert all(list(one) == KEYS for one in shown["entries"])
    assert [one["id"] for one in shown["entries"]] == ["g1", "g2"]
    assert shown["entries"][0]["topics"]
    assert [one["story"] for one in shown["entries"]] == [1, 2]
    assert shown["sources"] == [{"name": partners.url("rss"), "status": "ok", "error": None}]
    assert (await ecohub("sources", "test", partners.url("rss"))).out.startswith("La revue : 2 articles, 0 évènement.")
    lost = await ecohub("sources", "test", partners.url("perdu"), "--json")
    assert (lost.code, lost.json["entries"], lost.json["sources"][0]["status"]) == (1, [], "error")
    assert lost.json["sources"][0]["error"] in lost.err
    private = await ecohub("sources", "test", "http://127.0.0.1:9/")
    assert (private.code, private.out) == (1, "") and "réseau privé" in private.err
    assert not ecohub.database.exists()


async def test_a_page_is_enough(ecohub: Program, partners: Partners) -> None:
    flux = partners.url("flux")
    partners.pages = {
        "page": f'<!DOCTYPE html><html lang="fr"><link rel="alternate" type="application/rss+xml" href="{flux}">'
        f'<link rel="alternate" type="text/calendar" title="Agenda" href="{partners.url("agenda")}"></html>',
        "flux": rss(item("Une ferme urbaine"), title="La revue"),
    }
    ecohub.configure(partners.config({"Revue": "page"}))
    tried = await ecohub("sources", "test", partners.url("page"))
    assert tried.code == 0
    assert f"Flux trouvé sur cette page : {flux}\n" in tried.out
    assert f"– Agenda (agenda) : {partners.url('agenda')}\n" in tried.out and "La revue : 1 article" in tried.out
    [row] = (await ecohub("sources", "test", partners.url("page"), "--json")).json["sources"]
    assert (row["feed_url"], row["kind"], len(row["others"])) == (flux, "feed", 1)
    assert (await ecohub("collect")).code == 0
    [row] = (await ecohub("sources", "list", "--json")).json["sources"]
    assert (row["url"], row["feed_url"], row["moved_to"]) == (partners.url("page"), flux, None)
    assert f"(flux trouvé : {flux})" in (await ecohub("sources", "list")).out
    exported = etree.fromstring((await ecohub("sources", "export")).out.encode())
    assert [one.get("xmlUrl") for one in exported.iter("outline")] == [flux]
    assert (await ecohub("sources", "add", flux, "--name", "Encore")).code == 0
    doubled = f"! Sources qui lisent la même adresse, {flux} : Encore, Revue. Gardez-en une."
    assert doubled in (await ecohub("check")).out


# digest


async def test_a_letter_is_previewed_sent_once_and_delivered(ecohub: Program, partners: Partners) -> None:
    partners.pages = {"rss": rss(item("Une ferme urbaine"))}
    ecohub.configure(partners.config({"Revue": "rss"}, CHANNEL.format(port=free_port())))
    empty = await ecohub("digest", "preview")
    assert "Actus (simulator:actus)" in empty.out and "Rien ne partirait." in empty.out
    assert "Aucune lettre nouvelle." in (await ecohub("digest", "send", "--all")).out
    async with ecohub.running():
        collected = await ecohub("collect", "--all")  # beside the hub, which may have been first, and be filing still
        assert collected.code == 0
        async with asyncio.timeout(30):
            while not (shown := await _shown(ecohub))[0]["lines"]:
                pass
        assert [(one["channel"], one["place"], one["platform"]) for one in shown] == [
            ("Actus", "simulator:actus", "simulator")
        ]
        assert [(line["title"], line["section"], line["relays"]) for line in shown[0]["lines"]] == [
            ("Une ferme urbaine", "news", [])
        ]
        assert "Une ferme urbaine" in shown[0]["text"] and shown[0]["rest"] == []
        sent = await ecohub("digest", "send", "--channel", "Actus")
        assert (sent.code, sent.err) == (0, "") and sent.out.startswith("1 lettre composée.\n")
        partners.pages["rss"] = rss(item("Une ferme urbaine"), item("Un marché", "https://p.fr/2", "g2"))
        await ecohub("collect", "--all")
        again = await ecohub("digest", "send", "--all")
        assert again.out.startswith("Actus : déjà envoyée pour ce créneau, rien n’est ajouté.\nAucune lettre nouvelle.")
        assert await _delivered(ecohub, 1) == [("actus", "sent")]


async def _shown(ecohub: Program) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await ecohub("digest", "preview", "--json", "--channel", "Actus")).json["channels"]
    return found


async def _delivered(ecohub: Program, count: int) -> list[tuple[str, str]]:
    """Where letters went and how they are, once so many are sent."""
    async with asyncio.timeout(60):
        while True:
            with closing(sqlite3.connect(ecohub.database)) as base:
                rows = base.execute("SELECT place, state FROM delivery").fetchall()
            if sum(state == "sent" for _, state in rows) >= count:
                return rows
            await asyncio.sleep(0.05)


async def test_channels_are_called_by_their_names(ecohub: Program, partners: Partners) -> None:
    ecohub.configure(partners.config({}, CHANNEL.format(port=free_port())))
    done = await ecohub("digest", "preview", "--channel", "Inconnu")
    assert (done.code, done.out) == (2, "")
    assert "aucun canal actif ne s’appelle « Inconnu ». Canaux actifs : Actus, Eau." in done.err


async def test_without_channels_there_is_nobody_to_send_to(ecohub: Program) -> None:
    for words in (("preview",), ("send", "--all")):
        done = await ecohub("digest", *words)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("Aucun canal ne reçoit la lettre.")
    shown = await ecohub("digest", "preview", "--json")
    assert (shown.code, shown.json) == (1, {"channels": []})


async def test_a_preview_shows_where_addresses_lead(ecohub: Program, partners: Partners) -> None:
    mixed = "аdeme.fr"
    partners.pages = {"rss": rss(item(f"Voir https://{mixed}/eau"))}
    ecohub.configure(partners.config({"Revue": "rss"}, CHANNEL.format(port=free_port())))
    await ecohub("digest", "preview")  # channels receive what comes after they are known
    await ecohub("collect")
    shown = await ecohub("digest", "preview", "--channel", "actus")
    told = (await ecohub("digest", "preview", "--json", "--channel", "ACTÛS")).json["channels"][0]["text"]
    for text in (shown.out, told):
        assert "xn--deme" in text and mixed not in text


async def test_migrating_twice_is_harmless(ecohub: Program) -> None:
    first, second = await ecohub("migrate"), await ecohub("migrate")
    assert (first.code, first.out) == (second.code, second.out)
    assert first.out == f"La base {ecohub.database} est à jour (révision {HEAD}).\n"
