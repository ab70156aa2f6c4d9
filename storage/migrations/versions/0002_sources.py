"""Where a page's feed was found, how long a redirect has been seen, how often a source gives news, its bad times."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("source", sa.Column("feed_url", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("feed_kind", sa.String(32), nullable=True))
    op.add_column("source", sa.Column("sought_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("moved_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("moved_visits", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("source", sa.Column("rhythm", sa.Integer(), nullable=True))
    op.add_column("source", sa.Column("news_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("empties", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE source SET moved_since = visited_at, moved_visits = 1 WHERE moved_to IS NOT NULL")
    op.create_table(
        "episode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_episode_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
    )
    op.create_index(
        "ix_episode_open",
        "episode",
        ["source_id", "kind"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("episode")
    for name in ("empties", "news_at", "rhythm", "moved_visits", "moved_since", "sought_at", "feed_kind", "feed_url"):
        op.drop_column("source", name)
