"""Questions that were judged, without who asked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "faq_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_question")),
        sa.UniqueConstraint("mark", name=op.f("uq_faq_question_mark")),
    )
    op.create_index(op.f("ix_faq_question_at"), "faq_question", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("faq_question")
