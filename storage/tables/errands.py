"""What was asked and needs the network: run outside any transaction, its result goes out as a letter."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from storage.columns import Utc
from storage.tables.base import METADATA

errand = Table(
    "errand",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("granted", Integer, nullable=False),  # the role that a network's own role gave when it was asked
    Column("private", Text, nullable=False),  # this person's private talk on that network
    Column("given", JSON, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("shown", Text),  # where the message that waits was shown; null = not told yet
    Column("ref", Text),  # the network's reference of it
    Column("not_before", Utc, nullable=False),
    Column("claimed_until", Utc),  # a runner at work; a dead one's claim ends by itself
    Column("attempts", Integer, nullable=False),
    sqlite_autoincrement=True,  # rows go once done, and their numbers, which name letters, must not come back
)
