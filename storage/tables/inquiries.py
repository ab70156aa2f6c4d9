"""Questions that went to a person, until they are answered."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from storage.columns import Utc
from storage.tables.base import METADATA

inquiry = Table(
    "inquiry",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("private", Text, nullable=False),  # where its author is told
    Column("question", Text, nullable=False),
    Column("department", String(3), nullable=False),  # "" until it is known
    Column("state", String(16), nullable=False),  # draft, open, answered
    Column("places", JSON, nullable=False),  # where its card was put
    Column("reminded", Integer, nullable=False),  # how often
    Column("made_at", Utc, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", Utc),
    Column("answered_by", Integer),  # no foreign key: an answer outlives an erasure
    sqlite_autoincrement=True,  # « Q-118 » is said to people: never another question's
)
