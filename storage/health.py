"""How a database is doing, and what its errors mean for the operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from storage.migrate import HEAD
from storage.owner import owner_of
from storage.store import Store
from storage.trouble import StorageTrouble

# What SQLite says of a file that it cannot use as a file; the first pattern that is found wins.
_SAID = (
    ("locked", "storage-locked"),
    ("malformed", "storage-corrupt"),
    ("not a database", "storage-corrupt"),
    ("readonly", "storage-readonly"),
    ("full", "storage-full"),
    ("unable to open", "storage-readonly"),
    ("disk I/O", "storage-full"),
    ("No space left", "storage-full"),  # PostgreSQL's word
)


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """A database that could be opened: its revision, and the pid of the hub that owns it ("" = none, or PostgreSQL)."""

    revision: str
    owner: str


@contextmanager
def explained(url: str) -> Iterator[None]:
    """What the database refuses inside the block is raised as StorageTrouble."""
    try:
        yield
    except DBAPIError as error:
        raise _explain(error, url) or error from error
    except StorageTrouble as trouble:
        if isinstance(trouble.__cause__, DBAPIError):
            raise _explain(trouble.__cause__, url) or trouble from trouble.__cause__
        raise


def key_in(error: BaseException | None) -> str | None:
    """The text that says what a database refused; None when the error is a fault of ours."""
    if isinstance(error, BaseExceptionGroup):
        return next((key for key in map(key_in, error.exceptions) if key), None)
    if isinstance(error, StorageTrouble):
        return error.key
    if isinstance(error, DBAPIError):
        return key_of(str(error.orig)) or ("storage-away" if error.connection_invalidated else None)
    return None


def key_of(said: str) -> str | None:
    """The text that says what SQLite said; None when it speaks of something else."""
    return next((key for pattern, key in _SAID if pattern in said), None)


def _explain(error: DBAPIError, url: str) -> StorageTrouble | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        away = StorageTrouble("storage-away", url=parsed.render_as_string())
        return away if error.connection_invalidated else None
    key = key_of(str(error.orig))
    return None if key is None else StorageTrouble(key, file=str(parsed.database))


async def examine(store: Store) -> DatabaseHealth:
    """Look the whole database over and prove that it can be written; StorageTrouble when it is not sound."""
    await look_over(store)
    async with store.begin() as tx:
        # Written and taken back: a full disk or a read-only copy shows now.
        await tx.connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
    return DatabaseHealth(HEAD, owner_of(Path(str(store.engine.url.database))) if store.on_sqlite else "")


async def look_over(store: Store) -> None:
    """Read every page of a SQLite file; StorageTrouble when one is damaged (promise 50)."""
    if store.on_sqlite:
        async with store.read() as tx:
            found = await tx.connection.scalar(text("PRAGMA quick_check(1)"))
        if found != "ok":
            raise StorageTrouble("storage-corrupt", file=str(store.engine.url.database))
