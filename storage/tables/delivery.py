"""The outbox: what is to be said, to whom, in which order and at which pace (decision 16)."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from storage.columns import Utc
from storage.tables.base import METADATA

# One text a signature and slot; deliveries refer to it.
digest_body = Table(
    "digest_body",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("slot", String(96), nullable=False),
    Column("signature", String(160), nullable=False),
    Column("message", JSON, nullable=False),
    Column("written_at", Utc, nullable=False),
    UniqueConstraint("slot", "signature"),
)

delivery = Table(
    "delivery",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("dedup_key", String(160), nullable=False, unique=True),
    Column("platform", String(16), nullable=False),
    Column("place", String(256), nullable=False),
    Column("thread", String(128), nullable=False),
    Column("body_id", ForeignKey("digest_body.id"), nullable=False, index=True),
    Column("subscription_id", ForeignKey("subscription.id", ondelete="SET NULL"), index=True),
    Column("priority", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # pending, sending, sent, dead, uncertain
    Column("attempts", Integer, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("worker", Integer),
    Column("platform_id", Text),  # the network's own reference of what was sent
    Column("parts_sent", Integer, nullable=False),
    Column("doubtful", Boolean, nullable=False),  # may have been sent before: a double is possible, and is marked
    Column("withdrawn", Boolean, nullable=False),  # what is on its way is not tried again (promise 45)
    Column("edits", Text),  # the network's reference of the message whose place it takes; null = a new one
    Column("instead", Text),  # where it is a new message when that cannot be done; null = nowhere
    Column("error", Text, nullable=False),
    Column("put_at", Utc, nullable=False),
    Column("sent_at", Utc),
)
# Literal, as SQLite takes a partial index only where it reads the very same condition.
PENDING = delivery.c.state == literal_column("'pending'")
SENDING = delivery.c.state == literal_column("'sending'")
Index(
    "ix_delivery_pending",
    delivery.c.platform,
    delivery.c.place,
    delivery.c.id,
    sqlite_where=PENDING,
    postgresql_where=PENDING,
)
Index("ix_delivery_sending", delivery.c.worker, sqlite_where=SENDING, postgresql_where=SENDING)

# One row a chat: its order, its spacing, its lock. ready = something is pending and nothing is in flight.
lane = Table(
    "lane",
    METADATA,
    Column("platform", String(16), primary_key=True),
    Column("place", String(256), primary_key=True),
    Column("ready", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),  # the lowest goes first: -priority of its most urgent letter
    Column("next_at", Utc, nullable=False),
    Column("set_at", Utc, nullable=False),  # when next_at was decided
)
Index("ix_lane_ready", lane.c.platform, lane.c.ready, lane.c.rank, lane.c.next_at, lane.c.place)

# The theoretical arrival time of a spacing limiter, shared by every worker, and when it was set, in seconds since the
# epoch.
bucket = Table(
    "bucket",
    METADATA,
    Column("platform", String(16), primary_key=True),
    Column("tat", Float, nullable=False),
    Column("set_at", Float, nullable=False),
)

# Updates that acted: the same one acts once (promise 33).
update_seen = Table(
    "update_seen",
    METADATA,
    Column("platform", String(16), primary_key=True),
    Column("update_id", String(128), primary_key=True),
    Column("seen_at", Utc, nullable=False, index=True),
)
