"""Entries of the knowledge base that were written in chat."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from storage.columns import Utc
from storage.tables.base import METADATA

faq_entry = Table(
    "faq_entry",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("state", String(16), nullable=False),  # waiting, checking, live, refused
    Column("question", Text, nullable=False),
    Column("variants", JSON, nullable=False),
    Column("answer", Text, nullable=False),
    Column("source", JSON, nullable=False),  # title, url, version
    Column("inquiry_id", ForeignKey("inquiry.id", ondelete="SET NULL"), index=True),
    Column("author", Integer, nullable=False),  # no foreign key: an entry outlives an erasure
    Column("made_at", Utc, nullable=False),
    Column("decided_by", Integer),
    Column("decided_at", Utc),
)
