"""Sources that people found and offer: what was read there, who decides, what was decided."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from club.news import SourceKind
from storage.columns import Utc, Word
from storage.tables.base import METADATA

proposal = Table(
    "proposal",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("private", Text, nullable=False),  # where its author is told; "" once erased
    Column("state", String(16), nullable=False),  # found, waiting, accepted, refused
    Column("url", Text, nullable=False),
    Column("kind", Word(SourceKind), nullable=False),
    Column("name", Text, nullable=False),
    Column("partner", Text, nullable=False),
    Column("region", String(2), nullable=False),
    Column("sample", JSON, nullable=False),  # titles of what was read there
    Column("made_at", Utc, nullable=False),
    Column("decided_at", Utc),
    Column("decided_by", Integer),  # no foreign key: a decision outlives an erasure
    Column("reason", Text, nullable=False),
    Column("source_id", ForeignKey("source.id", ondelete="SET NULL"), index=True),
)
