"""Gatherings that partners hold, what changed of them, who signed up, and which texts speak of what."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from club.gathering import Approval, Mode, Nature
from club.news import Status
from club.organisation import Family
from club.seats import Seat
from storage.columns import Utc, Word, Words
from storage.tables.base import METADATA

gathering = Table(
    "gathering",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("uid", String(128), nullable=False, unique=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    # The entry that shows it: written by the hub, or a partner's calendar's own.
    Column("entry_id", ForeignKey("entry.id", ondelete="SET NULL"), index=True),
    Column("title", Text, nullable=False),
    Column("starts_at", Utc, nullable=False, index=True),
    Column("ends_at", Utc),  # all-day: the end of its last day
    Column("all_day", Boolean, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("nature", Word(Nature), nullable=False),
    Column("mode", Word(Mode), nullable=False),
    Column("venue", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("link_private", Boolean, nullable=False),
    Column("page", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("topics", Words, nullable=False),
    Column("regions", Words, nullable=False),
    Column("terms", JSON, nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("approval", Word(Approval), nullable=False),
    Column("reason", Text, nullable=False),
    Column("series", Integer, nullable=False),  # the number of its first date; 0 = alone
    Column("sequence", Integer, nullable=False),
    Column("author", Integer, nullable=False),  # no foreign key: a gathering outlives an erasure
    Column("made_at", Utc, nullable=False),
    Column("changed_at", Utc, nullable=False),
    sqlite_autoincrement=True,  # « EVT-0412 » is said to people: never another one's
)
Index("ix_gathering_series", gathering.c.series)

# What a gathering was before each change, so that « 9 h 30 → 10 h » can be told, once for changes close in time.
gathering_change = Table(
    "gathering_change",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("gathering_id", ForeignKey("gathering.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Utc, nullable=False),
    Column("by", Integer),  # the person; null = the partner's own calendar
    Column("before", JSON, nullable=False),
    Column("told", Boolean, nullable=False),  # those concerned were told, or nobody is to be
)

signup = Table(
    "signup",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("gathering_id", ForeignKey("gathering.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("private", Text, nullable=False),  # where this person is told
    Column("family", Word(Family), nullable=False),
    Column("seat", Word(Seat), nullable=False),
    Column("rank", Integer, nullable=False),  # order of arrival; a new one after a withdrawal
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("shares_name", Boolean, nullable=False),
    Column("shares_organisation", Boolean, nullable=False),
    Column("consent", String(16), nullable=False),  # the version of the wording that was shown
    Column("needs", Text, nullable=False),
    Column("answers", Words, nullable=False),
    Column("reminded", Integer, nullable=False),  # how many reminders left
    Column("made_at", Utc, nullable=False),
    Column("came_at", Utc),
    UniqueConstraint("gathering_id", "person_id"),
)

# Which texts speak of a subject (« gathering:12 »): their letters say where each was shown and under which reference.
shown = Table(
    "shown",
    METADATA,
    Column("subject", String(64), primary_key=True),
    Column("body_id", ForeignKey("digest_body.id", ondelete="CASCADE"), primary_key=True, index=True),
)
