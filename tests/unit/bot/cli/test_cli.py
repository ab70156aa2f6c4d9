"""The command line itself: help, usage, configuration, check, run. What it says of news is in test_cli_news.py."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import re
import signal
import socket
import sys
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from bot.app import serve
from bot.cli import main
from bot.hub.plan import Plan
from bot.platforms.simulator import SimulatorSection
from bot.platforms.simulator.network import Simulator
from club.people import Place
from storage.migrate import HEAD
from storage.store import Store
from tests.kit.program import ROOT, Done, Partners, Program, free_port, plain_blanks, serve_partners

COMMANDS = [
    "ask",
    "backup",
    "check",
    "collect",
    "demo",
    "digest",
    "entries",
    "migrate",
    "render",
    "restore",
    "run",
    "sources",
]
LOCALE = ROOT / "bot/cli/locale/fr/LC_MESSAGES"


@pytest.fixture
def ecohub(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
async def partners() -> AsyncIterator[Partners]:
    async with serve_partners() as made:
        yield made


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


# Help and usage: the same `main`, in this process, since there are many


@pytest.fixture
def types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], Done]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "fr")
    monkeypatch.delenv("ECOHUB_CONFIG", raising=False)
    handlers, level = logging.root.handlers[:], logging.root.level

    def type_words(words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["ecohub", *words.split()])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return Done(int(str(end.value.code or 0)), plain_blanks(said.out), plain_blanks(said.err))

    yield type_words
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    assert list(tmp_path.iterdir()) == []


def test_help_is_french_and_lists_what_is_built(types: Callable[[str], Done]) -> None:
    done = types("--help")
    assert done.code == 0
    assert done.out.startswith("Usage : ecohub ")
    assert re.findall(r"^  ([a-z]+)  ", done.out, re.MULTILINE) == COMMANDS
    assert "Affiche cette aide." in done.out
    assert not re.search(r"\b(Usage:|Commands|Show|Options:)|\.\.\.", done.out)


@pytest.mark.parametrize("command", [*COMMANDS, "sources add", "sources test", "digest preview", "digest send"])
def test_every_command_has_help(types: Callable[[str], Done], command: str) -> None:
    done = types(f"{command} -h")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage : ecohub {command} ")
    assert not re.search(r"required|INTEGER|<=|\.\.\.", done.out)
    assert types(f"{command} --help").out == done.out


async def test_help_waits_for_nothing_heavy(ecohub: Program) -> None:
    done = await ecohub.from_nothing("--help", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.err.splitlines()}
    assert "click" in imported
    assert not imported & {"aiohttp", "feedparser", "icalendar", "alembic", "sqlalchemy", "rich", "pydantic", "lxml"}


def test_the_version_is_the_project_s(types: Callable[[str], Done]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert types("--version").out == f"ecohub {version}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rum", "Erreur : Commande inconnue : « rum ». Vouliez-vous dire « run » ?"),
        ("--foo", "Erreur : Option inconnue : « --foo »."),
        ("work", "Commande inconnue"),
        ("run --port 3", "Option inconnue : « --port »."),
        ("sources", "Usage : ecohub sources "),
        ("sources wy x", "Commande inconnue"),
        ("sources add", "Il manque l’argument « ADRESSE »."),
        ("sources add http://x.fr/", "Il manque l’option « --name »."),
        (
            "sources add http://x.fr/ --name x --kind rss",
            "« rss » n’est pas l’une de ces valeurs : « auto », « feed », ",
        ),
        ("sources import nulle.opml", "Fichier « nulle.opml » : il n’existe pas."),
        ("sources import .", "Fichier « . » : c’est un dossier."),
        ("--config . run", "Valeur refusée pour « --config » : Fichier « . » : c’est un dossier."),
        ("sources add --nom l'eau d'ici", "Option inconnue : « --nom ». Vouliez-vous dire « --name » ?"),
        (
            "demo --port abc",
            "Valeur refusée pour « --port » : « abc » n’est pas un numéro de port : un nombre entier de 1 à 65535.",
        ),
        ("demo --port 70000", "« 70000 » n’est pas un numéro de port"),
        ("entries --json x", "Argument en trop : x"),
        ("digest send", "Dites à qui"),
        ("digest send --all --channel x", "Dites à qui"),
        ("collect --config", "attend une valeur"),
        ("collect --config absent.toml", "absent.toml : ce fichier n’existe pas."),
        ("--config absent.toml run", "absent.toml : ce fichier n’existe pas."),
    ],
)
def test_wrong_usage_is_2_and_french(types: Callable[[str], Done], words: str, said: str) -> None:
    done = types(words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not re.search(r"\b(Error|Usage:|Try|No such|Missing|Invalid)\b", done.err)


async def test_a_wrong_word_to_the_real_program(ecohub: Program) -> None:
    done = await ecohub.from_nothing("rum")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("Erreur : Commande inconnue : « rum ». Vouliez-vous dire « run » ?\n")


def _words(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    return {str(tuple(one.id)): tuple(one.string) for one in catalogue if one.id}


def test_the_compiled_words_are_those_of_the_catalogue() -> None:
    with (LOCALE / "messages.po").open("rb") as source, (LOCALE / "messages.mo").open("rb") as compiled:
        written, kept = read_po(source), read_mo(compiled)
    assert _words(kept) == _words(written)
    asked = {message for _, _, message, _, _ in extract_from_dir(Path(click.__file__).parent)}
    marked = {"required"}  # translated when it is shown
    assert all(one.id in asked | marked for one in written if isinstance(one.id, str) and one.id)


# Configuration

FAULTY = """
[fetch]
timeout = "vite"
max_byte = 3
[[channels]]
name = "A"
place = "irc:a"
"""


@pytest.mark.parametrize("command", ["run", "check", "sources list"])
async def test_every_fault_is_told_at_once(ecohub: Program, command: str) -> None:
    ecohub.configure(FAULTY)
    done = await ecohub(*command.split(), ECOHUB_FAQ__EMBEDING="e5")
    assert (done.code, done.out) == (2, "")
    lines = done.err.splitlines()
    assert len(lines) == 4
    assert "config.toml, ligne 3, [fetch] timeout : « vite » trouvé" in done.err
    assert "ligne 4" in done.err and "« max_bytes »" in done.err
    assert "ligne 7" in done.err
    assert "ECOHUB_FAQ__EMBEDING" in done.err and "ECOHUB_FAQ__EMBEDDING" in done.err
    assert not ecohub.database.exists()


async def test_a_file_named_by_the_environment_that_is_missing(ecohub: Program) -> None:
    done = await ecohub("run", ECOHUB_CONFIG="absent.toml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("absent.toml : ce fichier n’existe pas.")


async def test_the_option_wins_wherever_it_stands(ecohub: Program) -> None:
    ecohub.configure("[oups]")
    (ecohub.folder / "bon.toml").write_text('[[sources]]\nname = "Bonne"\nurl = "https://x.fr/"\n')
    for words in ("--config bon.toml sources list", "sources --config bon.toml list", "sources list --config bon.toml"):
        done = await ecohub(*words.split(), "--json")
        assert [one["name"] for one in done.json["sources"]] == ["Bonne"]


# Check

CHECKED = """
[telegram]
token = "123456:jeton-tres-secret"
api_url = "http://127.0.0.1:{silent}/bot"
[simulator]
enabled = true
port = {port}
[[channels]]
name = "Actus"
place = "simulator:actus"
[[channels]]
name = "Ailleurs"
place = "discord:123"
"""


async def test_check_without_configuration(ecohub: Program) -> None:
    done = await ecohub("check")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert all(line.startswith("✓ ") for line in lines)
    assert any(str(ecohub.database) in line and "n’existe pas encore" in line for line in lines)
    assert any("Sources : aucune" in line for line in lines)
    assert not list(ecohub.folder.iterdir())


async def test_check_of_a_database_that_is_there_leaves_nothing_beside_it(ecohub: Program) -> None:
    assert (await ecohub("migrate")).code == 0
    done = await ecohub("check")
    assert (done.code, done.err) == (0, "")
    assert f"{ecohub.database}, révision {HEAD}, lisible et modifiable" in done.out
    assert [one.name for one in ecohub.database.parent.iterdir()] == [ecohub.database.name]
    assert ecohub.database.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("command", ["run", "check", "entries"])
async def test_a_mistyped_folder_is_told_and_not_created(ecohub: Program, command: str) -> None:
    folder = ecohub.folder / "dnnees"
    ecohub.configure('[database]\nurl = "sqlite+aiosqlite:///dnnees/hub.sqlite3"\n')
    done = await ecohub(command)
    assert done.code == 1
    assert f"le dossier {folder} n’existe pas" in done.said and f"mkdir -p {folder}" in done.said
    assert not folder.exists()


async def test_check_of_a_mistyped_file_creates_nothing_and_run_does(ecohub: Program) -> None:
    (ecohub.folder / "base").mkdir()
    ecohub.configure(
        '[database]\nurl = "sqlite+aiosqlite:///base/hb.sqlite3"\n[[sources]]\nname = "A"\nurl = "https://a.fr/"\n'
    )
    done = await ecohub("check")
    assert done.code == 0
    assert "hb.sqlite3 n’existe pas encore" in done.out and "Sources : 1" in done.out
    assert not list((ecohub.folder / "base").iterdir())
    async with ecohub.running():
        assert (ecohub.folder / "base/hb.sqlite3").exists()


async def test_check_says_what_will_not_work(ecohub: Program) -> None:
    ecohub.configure(CHECKED.format(port=free_port(), silent=free_port()))
    done = await ecohub("check")
    assert (done.code, done.err) == (1, "")
    wrong = [line for line in done.out.splitlines() if line.startswith("✗ ")]
    assert len(wrong) == 2
    assert "« Ailleurs »" in wrong[0] and "[discord]" in wrong[0]
    assert "Telegram : le réseau ne répond pas" in wrong[1] and "[telegram]" in wrong[1]
    assert "✓ Canaux : 2" in done.out and "! Le simulateur" in done.out
    assert "jeton" not in done.said


async def test_check_finds_a_channel_in_a_simulator_that_is_off(ecohub: Program) -> None:
    ecohub.configure('[[channels]]\nname = "Actus"\nplace = "simulator:actus"\n')
    done = await ecohub("check")
    assert done.code == 1
    assert "✗ Canal « Actus » : le réseau Simulateur est éteint." in done.out


async def test_check_names_a_channel_that_refuses_for_now(ecohub: Program) -> None:
    ecohub.configure('[simulator]\nenabled = true\n[[channels]]\nname = "Actus"\nplace = "simulator:actus"\n')
    async with ecohub.running():
        pass
    store = await Store.open(f"sqlite+aiosqlite:///{ecohub.database}")
    async with store.begin() as tx:
        await tx.barred.bar(Place("simulator", "actus"), "unreachable-forbidden", datetime(2027, 3, 9, 9, tzinfo=UTC))
    await store.close()
    done = await ecohub("check")
    assert "! « Actus » : je ne peux pas y écrire depuis le" in done.out
    assert "on ne m’en donne pas le droit. Nouvel essai : mardi 9 mars" in done.out


async def test_check_finds_a_busy_port(ecohub: Program, busy_port: int) -> None:
    ecohub.configure(f"[simulator]\nenabled = true\nport = {busy_port}\n")
    done = await ecohub("check")
    assert done.code == 1
    assert f"✗ Le port {busy_port} est déjà pris" in done.out


UNUSED = """
[matrix]
homeserver = "https://m.fr"
user = "@e:m.fr"
token = "x"
[web]
port = 8081
public_url = "https://hub.exemple.fr"
[retention]
declined_months = 3
news_months = 3
deliveries_days = 10
[[sources]]
name = "Une page"
url = "https://p.fr/"
kind = "page"
"""


async def test_check_names_what_does_nothing_yet(ecohub: Program) -> None:
    ecohub.configure(UNUSED)
    (ecohub.folder / "config.toml").chmod(0o600)
    done = await ecohub("check")
    assert (done.code, done.err) == (0, "")
    noted = [line for line in done.out.splitlines() if line.startswith("! ")]
    assert [re.findall(r"\[\w+\](?: \w+)?|« [^»]+ »", line)[0] for line in noted] == [
        "[matrix] ne",
        "[retention] declined_months",
    ]


async def test_a_webhook_uses_the_web_section(ecohub: Program) -> None:
    ecohub.configure(
        f'[telegram]\ntoken = "1:a"\napi_url = "http://127.0.0.1:{free_port()}/bot"\n'
        'webhook_url = "https://p.fr/t"\n[web]\nport = 8081\n'
    )
    assert "[web]" not in (await ecohub("check")).out


# What the machine refuses


@pytest.mark.parametrize("kind", ["junk", "folder"])
async def test_a_simulator_s_file_that_is_something_else(ecohub: Program, kind: str) -> None:
    ecohub.configure(f"[simulator]\nenabled = true\nport = {free_port()}\n")
    file = ecohub.database.with_name("simulator.sqlite3")
    file.parent.mkdir()
    if kind == "folder":
        file.mkdir()
    else:
        file.write_text("Ceci n'est pas une base. " * 1000)
    for command in ("run", "check"):
        done = await ecohub(command)
        assert done.code == 1
        assert f"Le fichier {file} n’est pas la mémoire du simulateur." in done.said
    assert file.is_dir() or file.read_text().startswith("Ceci")


async def test_only_a_busy_port_is_called_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def start(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Simulator, "start", start)
    plan = Plan(
        f"sqlite+aiosqlite:///{tmp_path / 'hub.sqlite3'}",
        networks={"simulator": SimulatorSection(enabled=True, port=80)},
    )
    with pytest.raises(PermissionError) as caught:
        await serve(plan, lambda _: None)
    assert (caught.value.errno, caught.value.filename) == (errno.EACCES, "127.0.0.1:80")


@pytest.mark.parametrize("command", ["run", "check", "entries --json"])
async def test_a_file_that_is_no_database(ecohub: Program, command: str) -> None:
    ecohub.database.parent.mkdir()
    ecohub.database.write_text("Ceci n'est pas une base. " * 1000)
    done = await ecohub(*command.split())
    assert done.code == 1
    assert f"Le fichier {ecohub.database} n’est pas une base de données lisible." in done.said
    assert ecohub.database.read_text().startswith("Ceci")


@pytest.mark.parametrize("command", ["run", "check", "demo"])
async def test_a_folder_that_cannot_be(ecohub: Program, command: str) -> None:
    (ecohub.folder / "data").write_text("un fichier")
    (ecohub.folder / ".demo").write_text("un fichier")
    done = await ecohub(*command.split())
    assert done.code == 1
    assert "un fichier porte déjà ce nom" in done.said


async def test_the_unexpected_has_a_reference_and_its_trace_on_demand(ecohub: Program) -> None:
    (ecohub.folder / ".demo").mkdir()
    (ecohub.folder / ".demo/demonstration.json").write_text("{")
    done = await ecohub("demo", "--port", str(free_port()))
    assert (done.code, done.out) == (1, "")
    assert re.fullmatch(r"Un imprévu a arrêté la commande\. .* Réf\. [0-9A-F]{6}\n", done.err)
    process = await ecohub.start("--verbose", "demo", "--port", str(free_port()))
    _, err = await process.communicate()
    reference = re.search(r"Réf\. ([0-9A-F]{6})", err.decode())
    assert reference and f"reference={reference[1]}" in err.decode() and "JSONDecodeError" in err.decode()


async def test_a_pipe_that_is_closed_leaves_no_trace(ecohub: Program) -> None:
    ecohub.configure('[[sources]]\nname = "A"\nurl = "https://x.fr/"\n')
    for words in ("sources list --json", "sources list", "--help"):
        reading, writing = os.pipe()
        os.close(reading)
        process = await ecohub.start(*words.split(), stdout=writing)
        os.close(writing)
        _, err = await process.communicate()
        assert (process.returncode, err) == (1, b""), words


async def test_a_terminal_without_accents_still_gets_its_lines(ecohub: Program) -> None:
    process = await ecohub.start("check", PYTHONIOENCODING="latin-1")
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.startswith(b"? Configuration")


async def test_an_interruption_is_said_in_a_word(ecohub: Program, partners: Partners) -> None:
    partners.pages["lent"] = None
    ecohub.configure(partners.config({"Lente": "lent"}))
    process = await ecohub.start("collect")
    await partners.asked.wait()
    process.send_signal(signal.SIGINT)
    out, err = await process.communicate()
    assert (process.returncode, out, err.decode().strip()) == (1, b"", "Arrêté.")


# Run


async def test_run_without_configuration(ecohub: Program) -> None:
    async with ecohub.running() as (process, ready):
        assert ready == "prêt · aucun réseau configuré · aucune source · aucun canal\n"
        second = await ecohub("run")
        assert (second.code, second.out) == (1, "")
        assert f"Le hub tourne déjà sur cette base de données (processus {process.pid})." in second.err
        checked = await ecohub("check")
        assert checked.code == 0 and f"✓ Le hub tourne (processus {process.pid})." in checked.out
        process.terminate()
        async with asyncio.timeout(10):
            assert await process.wait() == 0
    assert "Le hub tourne" not in (await ecohub("check")).out


async def test_the_ready_line_counts_what_was_added_in_chat(ecohub: Program) -> None:
    ecohub.configure('[[sources]]\nname = "Du fichier"\nurl = "https://a.test/rss"\n')
    assert (await ecohub("sources", "add", "https://b.test/rss", "--name", "Ajoutée")).code == 0
    async with ecohub.running() as (_, ready):
        assert "2 sources" in ready
    ecohub.configure("[club]\n")  # what has left the file is paused
    async with ecohub.running() as (_, ready):
        assert "1 source ·" in ready


async def test_run_with_the_simulator(ecohub: Program) -> None:
    port = free_port()
    ecohub.configure(f"[simulator]\nenabled = true\nport = {port}\n")
    async with ecohub.running() as (process, ready):
        assert ready == f"prêt · simulateur http://127.0.0.1:{port}/ · aucune source · aucun canal\n"
        assert process.stdout
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        process.send_signal(signal.SIGINT)
        assert await process.stdout.read() == b""
        assert await process.wait() == 0


async def test_run_on_a_busy_port(ecohub: Program, busy_port: int) -> None:
    ecohub.configure(f"[simulator]\nenabled = true\nport = {busy_port}\n")
    done = await ecohub("run")
    assert (done.code, done.out) == (1, "")
    assert f"Le port {busy_port} est déjà pris par un autre programme." in done.err


async def test_demo_on_a_busy_port_names_the_way_out(ecohub: Program, busy_port: int) -> None:
    done = await ecohub("demo", "--port", str(busy_port))
    assert (done.code, done.out) == (1, "")
    assert f"Le port {busy_port} est déjà pris" in done.err and "PORT=" in done.err


async def test_a_reset_leaves_a_demonstration_that_runs(ecohub: Program) -> None:
    async with ecohub.running("demo", "--port", str(free_port())) as (process, _):
        done = await ecohub("demo", "--reset", "--port", str(free_port()))
        assert (done.code, done.out) == (1, "")
        assert f"(processus {process.pid})" in done.err
        assert {"ecohub.sqlite3", "simulator.sqlite3"} <= {one.name for one in (ecohub.folder / ".demo").iterdir()}
