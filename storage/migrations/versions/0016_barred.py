"""Places that refuse for a while have a row, and editions say since when they tell. Channels that were paused because
they could not be written to are asked again, once: until now a passing refusal paused them too."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "barred",
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=256), nullable=False),
        sa.Column("thread", sa.String(length=128), nullable=False),
        sa.Column("why", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("platform", "place", "thread", name=op.f("pk_barred")),
    )
    op.add_column("issue", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE subscription SET paused = '' WHERE person_id IS NULL AND paused = 'paused-unreachable'")


def downgrade() -> None:
    op.drop_column("issue", "since")
    op.drop_table("barred")
