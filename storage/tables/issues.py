"""Editions that were sent: what their pages and their rest are shown from."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text, UniqueConstraint

from storage.columns import Utc, Words
from storage.tables.base import METADATA

# One a signature and slot, as the texts of letters. Lines are [section, entries] in reading order, an entry being a
# number, or a list of it and those that relay it: they are read by whole editions, and a slot may write thousands.
issue = Table(
    "issue",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("slot", String(96), nullable=False),
    Column("signature", String(160), nullable=False),
    Column("name", String(128), unique=True),  # the last part of its public address; null = persons only
    Column("title", Text, nullable=False),
    Column("topics", Words, nullable=False),
    Column("regions", Words, nullable=False),
    Column("lines", JSON, nullable=False),  # those of the letter itself
    Column("rest", JSON, nullable=False),  # those that did not fit
    Column("since", Utc),  # it tells what came after this instant, until `sent_at`; null = kept by an earlier program
    Column("sent_at", Utc, nullable=False, index=True),
    UniqueConstraint("slot", "signature"),
    sqlite_autoincrement=True,  # buttons of letters name it: never another one's number
)
