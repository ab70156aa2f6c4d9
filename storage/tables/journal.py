"""Who decided what, when; and the few settings that the hub makes for itself."""

from sqlalchemy import JSON, Column, Integer, String, Table, Text

from storage.columns import Utc
from storage.tables.base import METADATA

journal = Table(
    "journal",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Utc, nullable=False, index=True),
    Column("person_id", Integer),  # no foreign key: the journal outlives an erasure, as a pseudonym
    Column("action", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("detail", JSON, nullable=False),
)

setting = Table(
    "setting",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
