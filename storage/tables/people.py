"""Who we know, on which network, with which role; what they have half said."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from storage.columns import Utc
from storage.tables.base import METADATA

person = Table(
    "person",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("met_at", Utc, nullable=False),
    Column("acted_at", Utc, nullable=False),  # the last act, within a day
    Column("warned_at", Utc),  # when they were told that their subscriptions will end
    Column("consent_at", Utc),  # promise 71: the act, its wording, its network
    Column("consent_version", String(16)),
    Column("consent_platform", String(16)),
)

# Accounts of one person on several networks are rows of one person: merging them is an update (choice A19).
account = Table(
    "account",
    METADATA,
    Column("platform", String(16), primary_key=True),
    Column("ident", String(128), primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
)

grant = Table(
    "grant",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("role", Integer, nullable=False),
    Column("organisation", Text, nullable=False, default=""),
    Column("region", String(2), nullable=False, default=""),
    Column("until", Utc),
    Column("granted_at", Utc, nullable=False),
    Column("origin", String(16), nullable=False),
)

draft = Table(
    "draft",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("place", String(256), nullable=False),  # where it began, and where its steps are asked
    Column("route", String(64), nullable=False),
    Column("given", JSON, nullable=False),  # raw values by field name
    Column("asked", JSON, nullable=False),  # names of the fields to be asked, fixed at its start (choice A15)
    Column("step", Integer, nullable=False),  # index in asked; len(asked) = preview
    Column("active", Boolean, nullable=False),  # free words go to the active one
    Column("begun_at", Utc, nullable=False),
    Column("touched_at", Utc, nullable=False),
    Column("shown", String(256)),  # where a chooser was shown last, and the network's reference of it
    Column("ref", Text),
)
Index("ix_draft_person_id_place", draft.c.person_id, draft.c.place)
