"""When an entry was last seen in its document and a person last acted: on this depends what is kept (promise 76)."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"

# A column without a value needs a default while it is filled.
_LONG_AGO = "1970-01-01 00:00:00.000000"


def upgrade() -> None:
    seen = sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False, server_default=_LONG_AGO)
    op.add_column("entry", seen)
    op.execute("UPDATE entry SET last_seen_at = changed_at")
    acted = sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False, server_default=_LONG_AGO)
    op.add_column("person", acted)
    op.execute("UPDATE person SET acted_at = met_at")
    op.add_column("person", sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "warned_at")
    op.drop_column("person", "acted_at")
    op.drop_column("entry", "last_seen_at")
