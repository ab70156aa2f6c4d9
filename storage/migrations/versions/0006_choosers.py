"""Where a question that is answered by choosing was shown last, so that it can be edited when it is left alone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("draft", sa.Column("shown", sa.String(length=256), nullable=True))
    op.add_column("draft", sa.Column("ref", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("draft", "ref")
    op.drop_column("draft", "shown")
