"""Sources with their health, and the entries they gave."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from club.news import Health, Origin, Problem, SourceKind, Status
from storage.columns import Utc, Word, Words
from storage.tables.base import METADATA

source = Table(
    "source",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("kind", Word(SourceKind), nullable=False),
    Column("partner", Text, nullable=False),
    Column("region", String(2), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("trusted", Boolean, nullable=False),
    Column("origin", Word(Origin), nullable=False),
    Column("paused", String(64), nullable=False),  # text key of the reason; "" = visited
    # What the last visit left
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_digest", String(64)),
    Column("moved_to", Text),
    Column("moved_since", Utc),  # at the same new address
    Column("moved_visits", Integer, nullable=False),  # in a row
    Column("feed_url", Text),  # found on the page at `url`; null = nothing had to be looked for
    Column("feed_kind", Word(SourceKind)),
    Column("sought_at", Utc),  # when it was last looked for
    Column("rhythm", Integer),  # minutes between two entries, as their dates tell
    Column("news_at", Utc),  # when something new last came
    Column("empties", Integer, nullable=False),  # visits in a row that found a once full feed empty
    Column("parsed_at", Utc),  # a calendar must be read again now and then: its window moves
    Column("visit_at", Utc, nullable=False, index=True),
    Column("claimed_until", Utc),  # a visit under way; a dead visitor's claim ends by itself
    Column("visited_at", Utc),
    Column("succeeded_at", Utc),
    Column("failing_since", Utc),
    Column("failures", Integer, nullable=False),  # in a row
    Column("gone", Integer, nullable=False),  # answers 410 in a row (promise 8)
    Column("health", Word(Health), nullable=False),
    Column("trouble", String(64), nullable=False),  # text key; "" = none
    Column("trouble_values", JSON, nullable=False),
    Column("deadly", Boolean, nullable=False),  # its document ended the reader: it goes last (choice C18)
)

# A bad time of a source that people were told of: told once, and its end once (choice A12).
episode = Table(
    "episode",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Word(Problem), nullable=False),
    Column("began_at", Utc, nullable=False),
    Column("told_at", Utc),  # null: not yet, since nearly everything failed then
    Column("ended_at", Utc),
)
OPEN = episode.c.ended_at.is_(None)
Index("ix_episode_open", episode.c.source_id, episode.c.kind, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)

entry = Table(
    "entry",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("identity", String(128), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("guid", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text),
    Column("published", Utc),
    Column("summary", Text, nullable=False),
    Column("categories", Words, nullable=False),
    Column("language", String(16), nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("last_seen_at", Utc, nullable=False),  # in its document, within a month
    Column("changed_at", Utc, nullable=False),
    # Events only
    Column("starts_at", Utc),
    Column("ends_at", Utc),  # all-day: the end of its last day
    Column("all_day", Boolean, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("place", Text, nullable=False),
    Column("status", Word(Status)),
    Column("was_at", Utc),  # when it was to begin before it moved
    Column("sequence", Integer, nullable=False),
    # What the hub made of it; kept_at is null until it is filed
    Column("filed", Boolean, nullable=False),
    Column("kept_at", Utc),
    Column("story", Integer),
    Column("topics", Words, nullable=False),
    Column("regions", Words, nullable=False),
    UniqueConstraint("source_id", "identity"),
)
Index("ix_entry_kept_at", entry.c.kept_at)
Index("ix_entry_story", entry.c.story)
Index("ix_entry_starts_at", entry.c.starts_at)
Index("ix_entry_unfiled", entry.c.id, sqlite_where=entry.c.filed.is_(False), postgresql_where=entry.c.filed.is_(False))
