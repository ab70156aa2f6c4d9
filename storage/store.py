"""The door of the memory: open a database, begin a transaction, find the nouns in it."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.agenda import Agenda
from storage.barred import BarredPlaces
from storage.drafts import Drafts
from storage.editions import Editions
from storage.engine import LOOKING, make_engine
from storage.episodes import Episodes
from storage.errands import Errands
from storage.faq_entries import FaqEntries
from storage.gatherings import Gatherings
from storage.inquiries import Inquiries
from storage.issues import Issues
from storage.journal import Journal
from storage.migrate import bring_up_to_date
from storage.needs import Needs
from storage.news import NewsShelf
from storage.organisations import Organisations
from storage.outbox import Outbox
from storage.people import People
from storage.personal import Personal
from storage.proposals import Proposals
from storage.questions import Questions
from storage.queues import Queues
from storage.shown import ShownSubjects
from storage.signups import Signups
from storage.sources import Sources
from storage.subscriptions import Subscriptions
from storage.traces import Traces
from storage.trouble import NotKept, StorageTrouble

# PostgreSQL's usual transaction sees a new moment at each statement.
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Transaction:
    """One transaction and what can be done in it, by noun."""

    def __init__(self, connection: AsyncConnection, on_work: Callable[[], None]) -> None:
        self.connection = connection
        self.people = People(connection)
        self.personal = Personal(connection)
        self.drafts = Drafts(connection)
        self.journal = Journal(connection)
        self.sources = Sources(connection)
        self.episodes = Episodes(connection)
        self.news = NewsShelf(connection)
        self.subscriptions = Subscriptions(connection)
        self.outbox = Outbox(connection, on_work)
        self.editions = Editions(connection, on_work)
        self.issues = Issues(connection)
        self.errands = Errands(connection, on_work)
        self.proposals = Proposals(connection)
        self.questions = Questions(connection)
        self.inquiries = Inquiries(connection)
        self.faq_entries = FaqEntries(connection)
        self.traces = Traces(connection)
        self.queues = Queues(connection)
        self.organisations = Organisations(connection)
        self.gatherings = Gatherings(connection)
        self.signups = Signups(connection)
        self.shown = ShownSubjects(connection)
        self.agenda = Agenda(connection)
        self.needs = Needs(connection)
        self.barred = BarredPlaces(connection)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[None]:
        """A part that is undone alone, with NotKept, when the database refuses its values; the rest goes on."""
        try:
            async with self.connection.begin_nested():
                yield
        except DBAPIError as error:
            if isinstance(error, OperationalError) or error.connection_invalidated:
                raise  # the disk is full, the server is gone: nothing can go on
            raise NotKept from error


class Store:
    """An open database, up to date. `begin()` writes; `read()` sees one moment and never waits for a writer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.letters = asyncio.Event()  # set when a transaction that wrote a letter or an errand is committed

    @classmethod
    async def open(cls, url: str, *, migrate: bool | None = None, own_folder: bool = False) -> Store:
        """Open and, on SQLite (or when `migrate` says so), bring the schema up to date. A SQLite file that is missing
        is created; its folder only when it is the hub's own.

        Raises StorageTrouble when the database is newer than the program, older on PostgreSQL, unreadable or away.
        """
        parsed = make_url(url)
        on_sqlite = parsed.get_backend_name() == "sqlite"
        if on_sqlite:
            _prepare_file(url, own_folder=own_folder)
        try:
            await bring_up_to_date(parsed, migrate=on_sqlite if migrate is None else migrate)
        except OperationalError as error:
            raise _explain(error, parsed) from error
        except DatabaseError as error:
            if not on_sqlite:
                raise
            raise StorageTrouble("storage-corrupt", file=str(parsed.database)) from error
        except OSError as error:
            raise StorageTrouble("storage-away", url=parsed.render_as_string()) from error
        return cls(make_engine(parsed))

    @property
    def on_sqlite(self) -> bool:
        """True on the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A transaction that is committed when the block ends well, undone when it raises.

        Raises StorageTrouble when another program keeps the SQLite file to itself for too long.
        """
        wrote: list[bool] = []
        async with self.engine.connect() as connection:
            try:
                await connection.begin()
            except OperationalError as error:
                raise _explain(error, self.engine.url) from error
            yield Transaction(connection, lambda: wrote.append(True))
            await connection.commit()
        if wrote:
            # Everybody who waits holds the old event; those who come later wait for the next letter.
            self.letters.set()
            self.letters = asyncio.Event()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction for looking only; on SQLite it does not wait for writers (choice S4)."""
        async with self.engine.connect() as connection:
            await connection.execution_options(**(LOOKING if self.on_sqlite else _SNAPSHOT))
            yield Transaction(connection, lambda: None)
            await connection.rollback()

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()


def missing_file(url: str, *, own_folder: bool) -> Path | None:
    """The SQLite file of this address when it is still to be created; nothing is written.

    Raises StorageTrouble when it cannot be: its folder does not exist either, so the address is mistyped, or is a file.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database:
        raise StorageTrouble("storage-no-file")
    path = Path(parsed.database)
    if path.exists():
        return None
    if path.parent.exists() and not path.parent.is_dir():
        in_the_way = FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        raise StorageTrouble("storage-file", file=str(path), why=in_the_way.strerror) from in_the_way
    if not path.parent.exists() and not own_folder:
        raise StorageTrouble("storage-folder", file=str(path), folder=str(path.parent))
    return path


def _prepare_file(url: str, *, own_folder: bool) -> None:
    """The database file, for its owner only (promise 53)."""
    missing = missing_file(url, own_folder=own_folder)
    path = missing or Path(str(make_url(url).database))
    try:
        if missing is None:
            os.close(os.open(path, os.O_RDWR))
        else:
            path.parent.mkdir(exist_ok=True)
            _create_file(path)
    except OSError as error:
        raise StorageTrouble("storage-file", file=str(path), why=error.strerror or "") from error


def _create_file(path: Path) -> None:
    """An empty database that is in WAL mode when it appears: switching later fails beside another program, and does
    not wait for it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    os.close(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(beside)) as database:
            database.execute("PRAGMA journal_mode=WAL")
        with suppress(FileExistsError):  # another program was first, and did the same
            os.link(beside, path)
    finally:
        beside.unlink()


def _explain(error: OperationalError, url: URL) -> StorageTrouble:
    if "locked" in str(error.orig):
        return StorageTrouble("storage-locked", file=str(url.database))
    return StorageTrouble("storage-away", url=url.render_as_string())
