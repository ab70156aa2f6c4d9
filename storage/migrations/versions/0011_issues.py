"""Editions are kept as their lines, so that all of them can be read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=96), nullable=False),
        sa.Column("signature", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("rest", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("slot", "signature", name=op.f("uq_issue_slot_signature")),
        sa.UniqueConstraint("name", name=op.f("uq_issue_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_issue_sent_at"), "issue", ["sent_at"], unique=False)


def downgrade() -> None:
    op.drop_table("issue")
