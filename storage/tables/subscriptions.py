"""Who receives what, and when; which slots were served."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from club.news import Origin
from club.subscription import Rhythm
from storage.columns import Utc, Word, Words
from storage.tables.base import METADATA

schedule = Table(
    "schedule",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("rhythm", Word(Rhythm), nullable=False),
    Column("at", String(8), nullable=False),  # local time, 08:00:00
    Column("weekday", Integer, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("minutes", Integer, nullable=False),
    UniqueConstraint("rhythm", "at", "weekday", "zone", "minutes"),
)

# The truth about what was composed: the tick only asks (decision 16).
schedule_slot = Table(
    "schedule_slot",
    METADATA,
    Column("schedule_id", ForeignKey("schedule.id", ondelete="CASCADE"), primary_key=True),
    Column("slot_key", String(32), primary_key=True),
    Column("due_at", Utc, nullable=False),
    Column("composed_at", Utc, nullable=False),
    Column("skipped", Boolean, nullable=False),  # too late: its entries go into the next (promise 43)
)

subscription = Table(
    "subscription",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), index=True),  # null = a channel
    Column("platform", String(16), nullable=False),
    Column("place", String(256), nullable=False),
    Column("thread", String(128), nullable=False),
    Column("name", Text, nullable=False),
    Column("theme", String(32), nullable=False),
    Column("topics", Words, nullable=False),
    Column("regions", Words, nullable=False),
    Column("schedule_id", ForeignKey("schedule.id"), nullable=False, index=True),
    Column("watermark", Utc, nullable=False),
    Column("paused", String(64), nullable=False),
    Column("origin", Word(Origin), nullable=False),
    Column("created_at", Utc, nullable=False),
)
