"""A copy of the embedded database in one file: made while the hub runs, checked, put back (promise 82).

A backup is a SQLite file and nothing else: it holds no names of files, so none can lead out of its folder.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from storage.engine import BUSY_SECONDS
from storage.health import key_of
from storage.migrate import HEAD, bring_up_to_date
from storage.owner import locked
from storage.store import missing_file
from storage.tables import METADATA
from storage.trouble import StorageTrouble

BEFORE = ".before-restore"  # what the database that gives way is called


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was looked over whole: its file, the revision of its tables, its size in bytes."""

    file: Path
    revision: str
    size: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, where the database is kept that gave way (None = there was none), and how many letters that
    waited in the backup were set aside."""

    copy: Copy
    replaced: Path | None
    held: int


def back_up(url: str, file: Path) -> Copy:
    """Write what is committed at this moment into a new file, readable by its owner only; the hub may go on.

    Raises StorageTrouble when the database is not a file or not sound, FileExistsError rather than write over.
    """
    database = _file_of(url)
    if not database.is_file():
        raise StorageTrouble("storage-missing", file=str(database))
    if file.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file))
    with _beside(file) as made:
        with _understood(file):
            _copy(database, made)
        copy = _look_over(made, database)
        made.replace(file)  # whole at once, or not at all
    return replace(copy, file=file)


async def check(file: Path) -> Copy:
    """The backup, if `restore` would take it; it is read only."""
    with tempfile.TemporaryDirectory(prefix="ecohub.") as folder, _beside(Path(folder) / "check") as made:
        return await _prepare(file, made)


async def restore(url: str, file: Path, *, own_folder: bool = False) -> Restored:
    """Put the backup in the database's place, brought up to date; what was there stays beside, as `.before-restore`.

    A folder that is missing is made when it is the hub's own. Letters that waited when the backup was made may have
    left since: they are set aside as uncertain. Raises StorageTrouble when the hub runs, or when the file is no backup,
    or one of a newer program; then nothing has changed.
    """
    database = _file_of(url)
    missing_file(url, own_folder=own_folder)
    database.parent.mkdir(exist_ok=True)
    with locked(database), _beside(database) as made:
        copy = await _prepare(file, made)
        with _understood(database):
            held = _hold_letters(made)
            replaced = _set_aside(database) if database.exists() else None
        made.replace(database)
    return Restored(copy, replaced, held)


def _file_of(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise StorageTrouble("backup-postgres")
    if not parsed.database:
        raise StorageTrouble("storage-no-file")
    return Path(parsed.database).resolve()


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """An empty file in the same folder, for its owner only; whatever is left of it goes with the block."""
    made = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error
    try:
        yield made
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{made}{end}").unlink(missing_ok=True)


@contextmanager
def _understood(file: Path) -> Iterator[None]:
    """What SQLite refuses inside the block, said of this file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        key = key_of(str(error))
        if key is None:
            raise
        raise StorageTrouble(key, file=str(file)) from error


def _copy(origin: Path, made: Path) -> None:
    """SQLite's own online copy, as one file without a log beside it."""
    if not origin.is_file():  # a pipe would be waited for
        raise StorageTrouble("backup-foreign", file=str(origin))
    with closing(_read_only(origin)) as source, closing(sqlite3.connect(made)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)


def _look_over(made: Path, named: Path) -> Copy:
    """The copy, read from end to end; StorageTrouble about `named` when it is not a whole database of ours."""
    with closing(sqlite3.connect(made)) as base:
        base.execute("PRAGMA trusted_schema=OFF")
        try:
            sound = base.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
            kinds = {row[0] for row in base.execute("SELECT type FROM sqlite_master")}
            if not kinds <= {"table", "index"}:  # a view or a trigger would act in our name
                raise StorageTrouble("backup-foreign", file=str(named))
            revision = base.execute("SELECT version_num FROM alembic_version").fetchone()
            linked = not base.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as error:
            key = "backup-broken" if "malformed" in str(error) else "backup-foreign"
            raise StorageTrouble(key, file=str(named)) from error
    if not (sound and linked):
        raise StorageTrouble("backup-broken", file=str(named))
    if not revision:
        raise StorageTrouble("backup-foreign", file=str(named))
    return Copy(named, str(revision[0]), made.stat().st_size)


async def _prepare(file: Path, made: Path) -> Copy:
    """A copy of the backup that this program can open, tables up to date."""
    try:
        _copy(file, made)
    except sqlite3.DatabaseError as error:
        key = "storage-full" if key_of(str(error)) == "storage-full" else "backup-foreign"
        raise StorageTrouble(key, file=str(made.parent if key == "storage-full" else file)) from error
    copy = _look_over(made, file)
    if copy.revision > HEAD:
        raise StorageTrouble("backup-newer", file=str(file), found=copy.revision, known=HEAD)
    try:
        await bring_up_to_date(URL.create("sqlite+aiosqlite", database=str(made)), migrate=True, keep_copy=False)
    except StorageTrouble:
        raise
    except Exception as error:  # tables that only pretend to be ours
        raise StorageTrouble("backup-foreign", file=str(file)) from error
    with closing(sqlite3.connect(made)) as base:
        base.execute("PRAGMA journal_mode=WAL")  # as every database of ours (storage.store)
        found = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if {name for name in found if not name.startswith("sqlite_")} != {*METADATA.tables, "alembic_version"}:
        raise StorageTrouble("backup-foreign", file=str(file))
    return copy


def _hold_letters(made: Path) -> int:
    with closing(sqlite3.connect(made)) as base, base:
        held = base.execute(
            "UPDATE delivery SET state = 'uncertain', worker = NULL, doubtful = 1, error = 'restored'"
            " WHERE state IN ('pending', 'sending')"
        ).rowcount
        base.execute("UPDATE lane SET ready = 0")
    return held


def _set_aside(database: Path) -> Path:
    """Keep the database under another name; its own name stays, so that there is one at every instant."""
    names = (Path(f"{database}{BEFORE}{end}") for end in ("", *(f"-{n}" for n in range(2, 1000))))
    aside = next(name for name in names if not name.exists())
    log = Path(f"{database}-wal")
    try:
        with closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as base:
            base.execute("PRAGMA journal_mode=DELETE")  # all of it in one file; refused while others have it open
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StorageTrouble("storage-locked", file=str(database)) from error
    except sqlite3.DatabaseError:
        pass  # a broken file is kept as it is
    os.link(database, aside)
    with suppress(FileNotFoundError):
        log.rename(f"{aside}-wal")
    Path(f"{database}-shm").unlink(missing_ok=True)
    return aside
