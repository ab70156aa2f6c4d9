"""A backup is one moment of the database, made while others write; what is put back is all of it (promise 82)."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from club.people import Person
from storage.backup import back_up, check, restore
from storage.migrate import HEAD
from storage.owner import own
from storage.store import Store
from storage.trouble import StorageTrouble
from tests.kit.memory import add_source, counts, put, send
from tests.kit.program import Program
from tests.kit.revisions import make_database, revisions, rows_of


def file_of(store: Store) -> Path:
    return Path(str(store.engine.url.database))


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def say(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as base, base:
        for statement in statements:
            base.execute(statement)


async def test_a_copy_made_while_others_write_is_one_moment(store: Store, now: datetime, tmp_path: Path) -> None:
    stopping = asyncio.Event()

    async def write() -> int:
        number = 0
        while not stopping.is_set():
            async with store.begin() as tx:  # two rows in two tables, or none
                await tx.people.meet(Person("telegram", str(number), "Ana"), now)
                await tx.journal.note(now, "met", f"person={number}")
            number += 1
            await asyncio.sleep(0)
        return number

    writing = asyncio.create_task(write())
    copies = [tmp_path / f"copy{number}" for number in range(5)]
    for copy in copies:
        await asyncio.to_thread(back_up, store.engine.url.render_as_string(), copy)
    stopping.set()
    written = await writing
    seen = [await rows_of(url_of(copy)) for copy in copies]
    assert all(rows["person"] == rows["journal"] == rows["account"] <= written for rows in seen)
    assert [rows["person"] for rows in seen] == sorted(rows["person"] for rows in seen)


async def test_what_is_put_back_elsewhere_is_all_of_it(store: Store, now: datetime, tmp_path: Path) -> None:
    async with store.begin() as tx:
        await add_source(tx, "dreal", now)
        await tx.people.meet(Person("telegram", "42", "Ana"), now)
    await put(store, now, "gone", "waits")
    assert await send(store, now) == "gone"
    copy = tmp_path / "copy.sqlite3"
    made = back_up(store.engine.url.render_as_string(), copy)
    assert (made.revision, made.size, copy.stat().st_mode & 0o777) == (HEAD, copy.stat().st_size, 0o600)
    assert (await check(copy)).revision == HEAD

    elsewhere = url_of(tmp_path / "other" / "hub.sqlite3")
    with pytest.raises(StorageTrouble) as mistyped:
        await restore(elsewhere, copy)
    assert mistyped.value.key == "storage-folder"
    done = await restore(elsewhere, copy, own_folder=True)
    assert (done.held, done.replaced) == (1, None)
    assert await rows_of(elsewhere) == await rows_of(store.engine.url.render_as_string())
    found = await Store.open(elsewhere)
    assert file_of(found).stat().st_mode & 0o777 == 0o600
    assert await counts(found) == {"sent": 1, "uncertain": 1}  # it may have left since
    await put(found, now, "next")
    assert await send(found, now + timedelta(seconds=1)) == "next"
    await found.close()


async def test_what_gives_way_is_kept(store: Store, now: datetime, tmp_path: Path) -> None:
    url, copy = store.engine.url.render_as_string(), tmp_path / "copy"
    back_up(url, copy)
    await put(store, now, "later")
    await store.close()
    first = await restore(url, copy)
    second = await restore(url, copy)
    assert first.replaced != second.replaced
    assert first.replaced
    assert (await rows_of(url))["delivery"] == 0
    assert (await rows_of(url_of(first.replaced)))["delivery"] == 1
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


async def test_a_broken_database_gives_way_too(store: Store, now: datetime, tmp_path: Path) -> None:
    url, file, copy = store.engine.url.render_as_string(), file_of(store), tmp_path / "copy"
    await put(store, now, "kept")
    back_up(url, copy)
    await store.close()
    file.write_bytes(b"\xff" * 8192)
    Path(f"{file}-wal").write_bytes(b"what another database had to say")
    done = await restore(url, copy)
    assert done.replaced
    assert done.replaced.read_bytes() == b"\xff" * 8192
    assert (await rows_of(url))["delivery"] == 1


async def test_stopped_at_the_last_step_there_is_still_a_database(
    store: Store, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, copy = store.engine.url.render_as_string(), tmp_path / "copy"
    back_up(url, copy)
    await put(store, now, "kept")
    await store.close()

    def refuse(*paths: object) -> None:
        raise OSError("killed here")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="killed here"):
        patch.setattr(Path, "replace", refuse)
        await restore(url, copy)
    assert (await rows_of(url))["delivery"] == 1


async def test_nothing_is_put_back_under_a_running_hub(store: Store, tmp_path: Path) -> None:
    url, copy = store.engine.url.render_as_string(), tmp_path / "copy"
    async with own(store) as worker:
        back_up(url, copy)
        with pytest.raises(StorageTrouble) as refused:
            await restore(url, copy)
    assert (refused.value.key, refused.value.values) == ("storage-owned", {"pid": str(worker.number)})


async def test_nor_under_a_command_that_reads(
    store: Store, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.backup.BUSY_SECONDS", 0.05)
    url, copy = store.engine.url.render_as_string(), tmp_path / "copy"
    back_up(url, copy)
    await put(store, now, "kept")
    async with store.read() as tx:
        await tx.outbox.counts()
        with pytest.raises(StorageTrouble) as refused:
            await restore(url, copy)
    assert refused.value.key == "storage-locked"
    assert await counts(store) == {"pending": 1}


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "backup-newer"),
        ("DELETE FROM alembic_version", "backup-foreign"),
        ("DROP TABLE alembic_version", "backup-foreign"),
        ("DROP TABLE delivery", "backup-foreign"),
        ("CREATE TABLE more (x)", "backup-foreign"),
        ("CREATE TRIGGER t AFTER INSERT ON journal BEGIN DELETE FROM person; END", "backup-foreign"),
        ("CREATE VIEW v AS SELECT * FROM person", "backup-foreign"),
        ("INSERT INTO account VALUES ('telegram', '42', 99)", "backup-broken"),
    ],
)
async def test_what_is_not_ours_is_refused(
    store: Store, now: datetime, tmp_path: Path, statement: str, key: str
) -> None:
    url, copy = store.engine.url.render_as_string(), tmp_path / "copy"
    back_up(url, copy)
    say(copy, statement)
    await put(store, now, "kept")
    before = copy.read_bytes()
    for attempt in (restore(url, copy), check(copy)):
        with pytest.raises(StorageTrouble) as refused:
            await attempt
        assert (refused.value.key, refused.value.values["file"]) == (key, str(copy))
    assert await counts(store) == {"pending": 1}
    assert copy.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04../../etc/passwd", b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_files_that_are_no_database_are_refused(store: Store, tmp_path: Path, content: bytes) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(content)
    with pytest.raises(StorageTrouble) as refused:
        await restore(store.engine.url.render_as_string(), copy)
    assert refused.value.key == "backup-foreign"


async def test_a_copy_with_damaged_pages_is_refused(store: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(store.engine.url.render_as_string(), copy)
    content = bytearray(copy.read_bytes())
    content[8192:40960] = b"\xff" * 32768
    copy.write_bytes(content)
    with pytest.raises(StorageTrouble) as refused:
        await restore(store.engine.url.render_as_string(), copy)
    assert refused.value.key == "backup-broken"


@pytest.mark.parametrize("revision", revisions())
async def test_a_backup_of_an_earlier_program_is_brought_up_to_date(tmp_path: Path, revision: str) -> None:
    old, new = url_of(tmp_path / "old"), url_of(tmp_path / "new")
    await make_database(old, revision)
    before = await rows_of(old)
    assert (await restore(new, tmp_path / "old")).copy.revision == revision
    after = await rows_of(new)
    assert {name: after[name] for name in before} == before == await rows_of(old)
    await (await Store.open(new)).close()
    assert {file.name for file in tmp_path.iterdir() if "before" in file.name} == set()


@pytest.fixture
def ecohub(tmp_path: Path) -> Program:
    return Program(tmp_path)


async def test_beside_a_running_hub(ecohub: Program) -> None:
    missing = await ecohub("backup", "copie.sqlite3")
    assert (missing.code, "n’existe pas" in missing.err) == (1, True)
    async with ecohub.running():
        made = await ecohub("backup", "copie.sqlite3")
        assert made.code == 0
        assert made.out.startswith("Sauvegarde faite et relue : copie.sqlite3 (")
        running = await ecohub("restore", "copie.sqlite3")
        assert (running.code, "Le hub tourne déjà" in running.err) == (1, True)


async def test_a_backup_goes_nowhere_but_in_a_new_file(ecohub: Program) -> None:
    assert (await ecohub("collect")).code == 0
    assert (await ecohub("backup", "copie.sqlite3")).code == 0
    again = await ecohub("backup", "copie.sqlite3")
    assert (again.code, "copie.sqlite3 : un fichier porte déjà ce nom" in again.err) == (1, True)
    nowhere = await ecohub("backup", "ailleurs/copie.sqlite3")
    assert (nowhere.code, "ailleurs/copie.sqlite3 : ce chemin n’existe pas" in nowhere.err) == (1, True)


async def test_put_back_as_an_operator_types_it(ecohub: Program) -> None:
    assert (await ecohub("collect")).code == 0
    assert (await ecohub("backup", "copie.sqlite3")).code == 0
    checked = await ecohub("restore", "--check", "copie.sqlite3")
    assert (checked.code, "peut être remise en place" in checked.out) == (0, True)
    done = await ecohub("restore", "copie.sqlite3")
    assert done.code == 0
    assert "Celle d’avant est gardée à côté" in done.out
    async with ecohub.running() as (_, ready):
        assert ready.startswith("prêt")


async def test_a_server_has_its_own_tools(ecohub: Program) -> None:
    ecohub.configure('[database]\nurl = "postgresql+asyncpg://localhost/hub"\n')
    (ecohub.folder / "copie.sqlite3").touch()
    for words in (("backup", "autre"), ("restore", "copie.sqlite3")):
        refused = await ecohub(*words)
        assert (refused.code, "pg_dump" in refused.err) == (1, True)
