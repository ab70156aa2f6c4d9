"""The simulator's own memory, as every network has one: what was posted, each key once, and what was heard."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import aiosqlite

from bot.platforms.base import NotOpen
from club.dialogue import Attachment, Form, Message
from club.markup import plain_line

_KEPT = 150  # posts of one place that a page receives when it opens

# `stamp` grows at each post and each replacement: what a page has not seen yet is what lies above its last stamp.
_TABLES = """
CREATE TABLE IF NOT EXISTS memory (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS post (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    stamp INTEGER NOT NULL UNIQUE,
    place TEXT NOT NULL,
    audience TEXT NOT NULL,
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS heard (id TEXT PRIMARY KEY, said TEXT NOT NULL, answered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS attachment (
    digest BLOB PRIMARY KEY, address TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL, data BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS heard_unanswered ON heard (id) WHERE NOT answered;
"""


@dataclass(frozen=True, slots=True)
class Post:
    """A message as the page shows it. `audience` is whose eyes only, `author` who spoke; "" = everyone, the hub."""

    seq: int
    stamp: int
    place: str
    audience: str
    author: str
    body: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is given to who has its address."""

    name: str
    kind: str
    data: bytes


class Posts:
    """The file. Each method is one statement, so that a kill at any instant leaves all of it or nothing."""

    def __init__(self, base: aiosqlite.Connection, memory: str) -> None:
        self._base = base
        self.memory = memory  # another one = another file: what pages know is worth nothing

    @classmethod
    async def open(cls, file: Path) -> Posts:
        """The memory in `file`, made with its folder when there is none; NotOpen when it is something else."""
        _make(file)
        try:
            return await cls._open(file)
        except sqlite3.Error as error:
            raise NotOpen("storage-simulator", file=str(file)) from error

    @classmethod
    async def _open(cls, file: Path) -> Posts:
        base = await aiosqlite.connect(file, isolation_level=None)
        base.row_factory = sqlite3.Row
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 5000"):
                await base.execute(f"PRAGMA {pragma}")
            await base.executescript(_TABLES)
            await base.execute(
                "INSERT INTO memory SELECT ? WHERE NOT EXISTS (SELECT 1 FROM memory)", (secrets.token_hex(8),)
            )
            [row] = await base.execute_fetchall("SELECT id FROM memory")
        except BaseException:
            await base.close()
            raise
        return cls(base, row[0])

    async def close(self) -> None:
        """Let go of the file."""
        await self._base.close()

    async def add(self, key: str, post: Post) -> int:
        """Keep the post, whose number and stamp are given here; the number of the one this key has already."""
        await self._base.execute_fetchall(
            "INSERT INTO post (key, stamp, place, audience, author, body, at)"
            " VALUES (?, (SELECT coalesce(max(stamp), 0) + 1 FROM post), ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (key, post.place, post.audience, post.author, json.dumps(post.body), post.at.isoformat()),
        )
        [row] = await self._base.execute_fetchall("SELECT seq FROM post WHERE key = ?", (key,))
        return int(row[0])

    async def replace(self, seq: int, body: Mapping[str, Any]) -> None:
        """Show this body instead; nothing happens when it is what is shown."""
        await self._base.execute_fetchall(
            "UPDATE post SET body = :body, stamp = (SELECT max(stamp) + 1 FROM post)"
            " WHERE seq = :seq AND body <> :body",
            {"body": json.dumps(body), "seq": seq},
        )

    async def find(self, ref: str) -> Post | None:
        """The post with this number, as text."""
        if not (ref.isascii() and ref.isdigit() and len(ref) < 16):
            return None
        rows = await self._base.execute_fetchall("SELECT * FROM post WHERE seq = ?", (int(ref),))
        return next(map(_post, rows), None)

    async def seen_by(self, person: str, after: int) -> list[Post]:
        """What this person may see and has not seen yet, the latest of each place."""
        rows = await self._base.execute_fetchall(
            "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY place ORDER BY seq DESC) AS nth"
            " FROM post WHERE stamp > ? AND audience IN ('', ?)) WHERE nth <= ? ORDER BY seq",
            (after, person, _KEPT),
        )
        return list(map(_post, rows))

    async def heads(self) -> dict[str, int]:
        """The stamp of what the hub said last to each person in private."""
        rows = await self._base.execute_fetchall(
            "SELECT place, max(stamp) FROM post WHERE audience = place AND author = '' GROUP BY place"
        )
        return {row[0]: row[1] for row in rows}

    async def keep(self, one: Attachment | StoredFile) -> str:
        """Keep the file; its address, which nobody guesses. The same one again keeps its address."""
        digest = blake2b(f"{one.name} {one.kind} ".encode() + one.data).digest()
        await self._base.execute_fetchall(
            "INSERT INTO attachment VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
            (digest, secrets.token_urlsafe(18), one.name, one.kind, one.data),
        )
        [row] = await self._base.execute_fetchall("SELECT address FROM attachment WHERE digest = ?", (digest,))
        return str(row[0])

    async def kept(self, address: str) -> StoredFile | None:
        """The attachment at this address."""
        rows = await self._base.execute_fetchall(
            "SELECT name, kind, data FROM attachment WHERE address = ?", (address,)
        )
        return next((StoredFile(*row) for row in rows), None)

    async def hear(self, update: str, said: str) -> bool:
        """Keep what was said until it is answered; False when it was heard before."""
        rows = await self._base.execute_fetchall(
            "INSERT INTO heard (id, said) VALUES (?, ?) ON CONFLICT (id) DO NOTHING RETURNING id", (update, said)
        )
        return bool(list(rows))

    async def answered(self, update: str) -> None:
        """What was said needs no more attention."""
        await self._base.execute_fetchall("UPDATE heard SET answered = 1, said = '' WHERE id = ?", (update,))

    async def unanswered(self) -> list[tuple[str, str]]:
        """Id and content of what was said and never answered: the program was stopped in between."""
        rows = await self._base.execute_fetchall("SELECT id, said FROM heard WHERE NOT answered ORDER BY rowid")
        return [(row["id"], row["said"]) for row in rows]


def is_sound(file: Path) -> bool:
    """Whether the file can be this memory: absent, or a whole database. Nothing is written."""
    if not file.exists():
        return True
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as base:
            [found] = base.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        return False
    return bool(found == "ok")


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)


def _post(row: sqlite3.Row) -> Post:
    return Post(
        seq=row["seq"],
        stamp=row["stamp"],
        place=row["place"],
        audience=row["audience"],
        author=row["author"],
        body=json.loads(row["body"]),
        at=datetime.fromisoformat(row["at"]),
    )


def body(message: Message, attached: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The message as kept and as the page draws it, tokens and form included, its attachments as given. What is wrong
    with an answer stands beside its field, and not above as well."""
    faults = {said for blank in message.form.blanks for said in blank.fault.split("\n")} if message.form else set()
    lines = [line for line in message.lines if not line or plain_line(line) not in faults]
    return {
        "lines": [[[span.text, span.bold, span.link] for span in line] for line in lines],
        "actions": [
            {"label": action.label, "token": action.token, "chosen": action.chosen, "box": message.is_box(action)}
            for action in message.actions
        ],
        "form": _form(message.form) if message.form else None,
        "attachments": list(attached),
    }


def _form(form: Form) -> dict[str, Any]:
    blanks = [asdict(blank) for blank in form.blanks]
    return {"title": form.title, "send": form.send, "token": form.action.token, "blanks": blanks}
