"""Places that refuse what is sent there, for a reason that may pass."""

from sqlalchemy import Column, Integer, String, Table

from storage.columns import Utc
from storage.tables.base import METADATA

barred = Table(
    "barred",
    METADATA,
    Column("platform", String(16), primary_key=True),
    Column("place", String(256), primary_key=True),
    Column("thread", String(128), primary_key=True),
    Column("why", String(64), nullable=False),  # a text key, unreachable-…
    Column("since", Utc, nullable=False),
    Column("tries", Integer, nullable=False),  # refusals that counted; 0 = it is said to be open again
    Column("tried_at", Utc, nullable=False),
    Column("again_at", Utc, nullable=False),
    Column("told_at", Utc),  # when those who hold the place were told; null = not yet
)
