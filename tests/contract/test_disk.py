"""A disk that is full, a file that is locked, damaged or read-only: said in words, nothing lost, work goes on when it
can (promises 47–50). Real programs, and real disks where this machine lets us make one."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.fakes.telegram import TOKEN, Telegram
from tests.fakes.telegram_http import serve
from tests.kit.memory import until
from tests.kit.program import ROOT, Partners, Program, plain_blanks, serve_partners

ANA = 1001
FEED = '<rss version="2.0"><channel><title>Flux</title>{}</channel></rss>'
HOLD = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE');"


def feed(count: int) -> str:
    items = (f"<item><title>Nouvelle {n} {'x' * 400}</title><guid>n{n}</guid></item>" for n in range(count))
    return FEED.format("".join(items))


@pytest.fixture
async def partners() -> AsyncIterator[Partners]:
    async with serve_partners() as made:
        yield made


@pytest.fixture
def ecohub(tmp_path: Path) -> Program:
    return Program(tmp_path)


def count(ecohub: Program, table: str) -> int:
    with closing(sqlite3.connect(ecohub.database)) as base:
        return int(base.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


@dataclass
class Disk:
    """Room for the program's files: none left while `full`."""

    process: Process

    def set_full(self, full: bool) -> None:
        most = 1 if full else -1
        psutil.Process(self.process.pid).rlimit(psutil.RLIMIT_FSIZE, (most, -1))


async def test_people_are_told_while_the_disk_is_full_and_served_after(ecohub: Program) -> None:
    network = Telegram()
    network.user(ANA, "Ana")

    async def told(words: str) -> None:
        async def shown() -> bool:
            return any(words in text for text in network.texts(ANA))

        await until(shown)

    async with serve(network) as api:
        ecohub.configure(f'[telegram]\ntoken = "{TOKEN}"\napi_url = "{api}"\n')
        process = await ecohub.start("run")
        assert process.stdout
        await process.stdout.readline()
        network.say(ANA, "/start")
        await told("Bonjour Ana")
        disk = Disk(process)
        disk.set_full(True)
        network.say(ANA, "/abonner Bretagne")
        await told("Je ne peux rien noter en ce moment : rien n’a changé.")
        disk.set_full(False)
        network.say(ANA, "/abonner Bretagne")
        await told("Étape 1/2")
        process.terminate()
        _, log = await process.communicate()
    assert process.returncode == 0
    assert b"why=storage-full" in log
    assert b"Traceback" not in log
    assert not any("Traceback" in text or "Réf." in text for text in network.texts(ANA))


async def test_a_pass_that_fills_the_disk_stops_and_goes_on_later(ecohub: Program, partners: Partners) -> None:
    partners.pages |= {"a": feed(5), "b": feed(5)}
    ecohub.configure(partners.config({"A": "a", "B": "b"}))
    assert (await ecohub("collect", "--all")).code == 0
    assert count(ecohub, "entry") == 10
    partners.pages |= {"a": feed(2000), "b": feed(6)}
    code, said = await in_little_room(ecohub)
    assert code == 0
    assert "– A : La machine du Club n’a plus de place pour lire cette réponse ; le site n’y est pour rien." in said
    assert count(ecohub, "entry") == 11

    partners.pages |= {"a": feed(300), "b": feed(6)}
    code, said = await in_little_room(ecohub)
    assert code == 1
    assert f"Le fichier {ecohub.database} ne peut plus grandir : le disque est plein" in said
    assert "Libérez de la place, puis recommencez." in said
    assert "Traceback" not in said
    assert count(ecohub, "entry") >= 11
    assert (await ecohub("check")).code == 0
    with closing(sqlite3.connect(ecohub.database)) as base, base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        base.execute("UPDATE source SET claimed_until = NULL")  # as two minutes would
    assert (await ecohub("collect", "--all")).code == 0
    assert count(ecohub, "entry") == 306


async def in_little_room(ecohub: Program) -> tuple[int, str]:
    """What a pass says that may write no file beyond 110 KiB, or 220 with another shell."""
    limited = ["sh", "-c", 'ulimit -f 220; exec "$@"', "sh", sys.executable, "-m", "bot", "collect", "--all"]
    process = await asyncio.create_subprocess_exec(
        *limited,
        cwd=ecohub.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "ECOHUB_FAQ__ENABLED": "false"},
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, plain_blanks((out + err).decode())


async def hold(file: Path, then: str) -> Process:
    """Another program that keeps the file to itself."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", f"{HOLD} print('held', flush=True); {then}", str(file)), stdin=PIPE, stdout=PIPE
    )
    assert process.stdout
    await process.stdout.readline()
    return process


SOURCE = ("sources", "add", "https://www.exemple.fr/feed/", "--name", "Un")


async def test_a_file_that_is_locked_for_three_seconds_is_waited_for(ecohub: Program) -> None:
    assert (await ecohub("collect")).code == 0
    other = await hold(ecohub.database, "import time; time.sleep(3); c.execute('COMMIT')")
    assert (await ecohub(*SOURCE)).code == 0
    assert await other.wait() == 0
    assert count(ecohub, "source") == 1


async def test_a_file_that_stays_locked_is_said(ecohub: Program) -> None:
    assert (await ecohub("collect")).code == 0
    other = await hold(ecohub.database, "sys.stdin.read()")
    refused = await ecohub(*SOURCE)
    assert refused.code == 1
    assert f"Le fichier {ecohub.database} est occupé depuis trop longtemps par un autre programme." in refused.err
    assert (await ecohub("entries")).code in (0, 1)
    await other.communicate(b"")
    assert (await ecohub(*SOURCE)).code == 0


async def test_a_damaged_file_is_named_with_the_way_back(ecohub: Program) -> None:
    assert (await ecohub("collect")).code == 0
    assert (await ecohub("backup", "copie")).code == 0
    content = bytearray(ecohub.database.read_bytes())
    content[8192:40960] = b"\xff" * 32768
    ecohub.database.write_bytes(content)
    for words in ("run", "check"):
        refused = await ecohub(words)
        assert refused.code == 1
        assert f"Le fichier {ecohub.database} n’est pas une base de données lisible." in refused.said
        assert "ecohub restore FICHIER" in refused.said
    assert ecohub.database.read_bytes() == content
    assert (await ecohub("restore", "copie")).code == 0
    assert (await ecohub("check")).code == 0


def own_mounts() -> bool:
    """Whether this account may mount in a namespace of its own."""
    tried = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /tmp"]
    return bool(shutil.which("unshare")) and subprocess.run(tried, capture_output=True, check=False).returncode == 0


needs_mounts = pytest.mark.skipif(not own_mounts(), reason="no mounts in a namespace of one's own here")


async def in_mount(ecohub: Program, mount: str, *words: str) -> tuple[int, str]:
    """What the program says where `data` is mounted so."""
    script = f'{mount} && exec "$@"'
    process = await asyncio.create_subprocess_exec(
        *("unshare", "-rm", "sh", "-c", script, "sh", sys.executable, "-m", "bot", *words),
        cwd=ecohub.folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "ECOHUB_FAQ__ENABLED": "false"},
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, plain_blanks((out + err).decode())


@needs_mounts
async def test_a_disk_that_is_really_full(ecohub: Program, partners: Partners) -> None:
    partners.pages["a"] = feed(2000)
    ecohub.configure(partners.config({"A": "a"}))
    (ecohub.folder / "data").mkdir()
    code, said = await in_mount(ecohub, "mount -t tmpfs -o size=600k tmpfs data", "collect", "--all")
    assert code == 1
    assert "ne peut plus grandir : le disque est plein" in said
    assert "Traceback" not in said
    code, said = await in_mount(ecohub, "mount -t tmpfs -o size=40k tmpfs data", "run")
    assert code == 1
    assert "plein" in said
    assert "Traceback" not in said


@needs_mounts
@pytest.mark.parametrize("words", ["run", "check", "collect"])
async def test_a_file_that_cannot_be_written(ecohub: Program, words: str) -> None:
    assert (await ecohub("collect")).code == 0
    code, said = await in_mount(ecohub, "mount --bind data data && mount -o remount,ro,bind data", words)
    assert code == 1
    assert str(ecohub.database) in said
    assert "lecture seule" in said or "ne peut pas être écrit" in said
    assert "Traceback" not in said
