"""Trainings that people ask for."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from storage.columns import Utc
from storage.tables.base import METADATA

need = Table(
    "need",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("private", Text, nullable=False),  # where this person is told
    Column("theme", String(64), nullable=False),  # a theme's code of topics.toml
    Column("region", String(8), nullable=False),  # INSEE code; "" = anywhere
    Column("made_at", Utc, nullable=False),
    Column("told_at", Utc),  # of a session; null: not yet
    UniqueConstraint("person_id", "theme", "region"),
)
