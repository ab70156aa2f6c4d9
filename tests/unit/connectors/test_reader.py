"""The child process: what it is given, how it is ended, and that its death costs one document at most."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from club.news import Harvest, Source, SourceTrouble
from club.texts import Texts
from connectors.reader import Reader
from connectors.sources.document import Document
from connectors.sources.wire import SIZE, frame, pack, request_to_json

ROOT = Path(__file__).parents[3]
SOURCE = Source("Partenaire", "https://exemple.fr/rss")

# What the child does is the document itself; the title tells what it saw.
STAND_IN = """
import os, sys, time
from club.news import Harvest, SourceKind, SourceTrouble
from connectors.sources.child import serve

def parse(document, source):
    order = document.body.decode("utf-8", "surrogateescape")
    if order == "loop":
        sum(iter(int, 1))  # never ends, inside C
    if order == "wait":
        time.sleep(60)
    if order == "die":
        os._exit(1)
    if order == "memory":
        bytearray(2**30)
    if order == "bug":
        1 / 0
    if order == "deep":
        parse(document, source)
    if order == "trouble":
        raise SourceTrouble("trouble-status", blocked=True, code=404)
    if order == "noise":
        print("noise"); os.write(1, b"noise"); os.write(2, b"NOISE")
    seen = {"pid": os.getpid(), "path": sys.path[0], "secret": os.environ.get("ECOHUB_TELEGRAM__TOKEN", "")}
    return Harvest(SourceKind.FEED, title=str(seen.get(order, f"{source.name} {len(order)}")))

serve(parse)
"""


def document(order: str) -> Document:
    return Document(order.encode(), SOURCE.url, "text/xml", datetime(2027, 3, 9, tzinfo=UTC))


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    return "stand_in"


@pytest.fixture
async def reader(stand_in: str) -> AsyncIterator[Reader]:
    reader = Reader(stand_in, deadline=20.0)
    yield reader
    await reader.close()


@pytest.fixture
async def hasty(stand_in: str) -> AsyncIterator[Reader]:
    reader = Reader(stand_in, deadline=1.0)
    yield reader
    await reader.close()


async def seen(reader: Reader, order: str) -> str:
    return (await reader.read(document(order), SOURCE)).title


async def pid_of(reader: Reader) -> int:
    return int(await seen(reader, "pid"))


async def trouble_of(reader: Reader, order: str) -> SourceTrouble:
    with pytest.raises(SourceTrouble) as caught:
        await reader.read(document(order), SOURCE)
    assert Texts().plain(caught.value.key, **caught.value.values)
    return caught.value


async def gone(pid: int) -> None:
    with suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.01)


async def test_one_child_reads_many(reader: Reader) -> None:
    pid = await pid_of(reader)
    assert pid != os.getpid()
    assert [await seen(reader, "x" * size) for size in (0, 1, 2_000_000)] == [
        f"Partenaire {size}" for size in (0, 1, 2_000_000)
    ]
    assert await asyncio.gather(*(seen(reader, "y" * size) for size in range(1, 30))) == [
        f"Partenaire {size}" for size in range(1, 30)
    ]
    assert await pid_of(reader) == pid


async def test_a_document_that_takes_too_long(hasty: Reader) -> None:
    pid = await pid_of(hasty)
    trouble = await trouble_of(hasty, "loop")
    assert (trouble.key, trouble.blocked) == ("trouble-parse-slow", False)
    assert not psutil.pid_exists(pid)
    assert await pid_of(hasty) != pid


async def test_a_document_that_kills(reader: Reader) -> None:
    assert (await trouble_of(reader, "die")).key == "trouble-parse-died"  # a new child
    assert await seen(reader, "abc") == "Partenaire 3"
    assert (await trouble_of(reader, "die")).key == "trouble-parse-died"  # one that has read before
    assert await seen(reader, "abc") == "Partenaire 3"


async def test_a_document_that_wants_too_much_memory(reader: Reader) -> None:
    pid = await pid_of(reader)
    assert (await trouble_of(reader, "memory")).key == "trouble-parse-died"
    assert await pid_of(reader) != pid


async def test_a_death_between_documents_costs_nothing(reader: Reader) -> None:
    for _ in range(3):
        pid = await pid_of(reader)
        os.kill(pid, signal.SIGKILL)
        assert await seen(reader, "abc") == "Partenaire 3"
    pid = await pid_of(reader)
    os.kill(pid, signal.SIGKILL)
    await gone(pid)
    assert await seen(reader, "abc") == "Partenaire 3"


async def test_troubles_and_bugs_come_through(reader: Reader, caplog: pytest.LogCaptureFixture) -> None:
    pid = await pid_of(reader)
    trouble = await trouble_of(reader, "trouble")
    assert (trouble.key, trouble.blocked, trouble.values) == ("trouble-status", True, {"code": 404})
    assert (await trouble_of(reader, "bug")).key == "trouble-parse-failed"
    assert (await trouble_of(reader, "deep")).key == "trouble-parse-failed"
    assert [record.levelname for record in caplog.records] == ["DEBUG"] * len(caplog.records)
    assert await pid_of(reader) == pid


async def test_noise_is_not_an_answer(reader: Reader, capfd: pytest.CaptureFixture[str]) -> None:
    assert await seen(reader, "noise") == "Partenaire 5"
    assert await seen(reader, "abc") == "Partenaire 3"
    assert capfd.readouterr() == ("", "")


async def test_a_cancelled_reading_leaves_no_answer_behind(reader: Reader) -> None:
    pid = await pid_of(reader)
    reading = asyncio.create_task(reader.read(document("loop"), SOURCE))
    waiting = asyncio.create_task(seen(reader, "abc"))
    await asyncio.sleep(0)
    reading.cancel()
    assert await waiting == "Partenaire 3"
    assert reading.cancelled()
    assert await pid_of(reader) != pid


async def test_it_ends_when_idle_and_when_closed(stand_in: str) -> None:
    reader = Reader(stand_in, deadline=20.0, idle=0.0)
    first = await pid_of(reader)
    await gone(first)
    second = await pid_of(reader)
    assert second != first
    await reader.close()
    await gone(second)
    await reader.close()


async def test_it_has_no_secrets_and_no_terminal(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECOHUB_TELEGRAM__TOKEN", "secret")
    assert await seen(reader, "secret") == ""
    assert os.getsid(await pid_of(reader)) != os.getsid(0)


async def test_the_working_directory_does_not_matter(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("json", "connectors", "stand_in"):
        (elsewhere / f"{name}.py").write_text("raise SystemExit('taken from the working directory')")
    monkeypatch.chdir(elsewhere)
    assert await seen(reader, "abc") == "Partenaire 3"
    assert await seen(reader, "path") not in ("", str(elsewhere))


async def test_a_program_that_does_not_start(capfd: pytest.CaptureFixture[str]) -> None:
    reader = Reader("no_such_program")
    assert (await trouble_of(reader, "abc")).key == "trouble-parse-failed"
    assert "no_such_program" in capfd.readouterr().err
    await reader.close()


def by_hand(stand_in: str) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", stand_in], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    assert child.stdout is not None
    ready = pack({})
    assert child.stdout.read(len(ready)) == ready
    return child


def test_it_ends_with_its_parent(stand_in: str) -> None:
    with by_hand(stand_in) as child:
        child.communicate()  # what the end of a parent looks like: stdin closes
        assert child.returncode == 0


@pytest.mark.parametrize(("order", "ended_by"), [("loop", signal.SIGPROF), ("wait", signal.SIGALRM)])
def test_it_ends_while_reading_although_its_parent_is_gone(stand_in: str, order: str, ended_by: signal.Signals) -> None:
    with by_hand(stand_in) as child:
        child.communicate(pack(request_to_json(document(order), SOURCE, 0.01)) + frame(order.encode()))
        assert child.returncode == -ended_by


async def test_the_real_parsers() -> None:
    feed = b"""<rss version="2.0"><channel><title>Partenaire</title><link>https://exemple.fr/</link>
        <item><title>\xc3\x8elot de fra\xc3\xaecheur</title><link>https://exemple.fr/1</link><guid>1</guid></item></channel></rss>"""
    reader = Reader(deadline=20.0)
    try:
        harvest: Harvest = await reader.read(document(feed.decode()), SOURCE)
    finally:
        await reader.close()
    assert [(item.title, item.link) for item in harvest.items] == [("Îlot de fraîcheur", "https://exemple.fr/1")]


def test_a_frame_says_its_length() -> None:
    assert frame(b"abc") == (3).to_bytes(SIZE) + b"abc"
