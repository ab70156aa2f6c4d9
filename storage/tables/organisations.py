"""Organisations, and invitations to act in the name of one."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from club.organisation import Family
from storage.columns import Utc, Word, Words
from storage.tables.base import METADATA

organisation = Table(
    "organisation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", String(160), nullable=False, unique=True),  # one spelling, whatever people type
    Column("family", Word(Family), nullable=False),
    Column("regions", Words, nullable=False),
    Column("trusted", Boolean, nullable=False),
)

invitation = Table(
    "invitation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),  # of the code: the code itself is never kept
    Column("made_by", Integer, nullable=False),  # no foreign key: it outlives an erasure
    Column("made_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_by", Integer),
    Column("used_at", Utc),
)
