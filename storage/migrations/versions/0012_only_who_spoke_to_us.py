"""Who talked in a group where the hub is, and never to it, was kept by name: they go (promise 70). Whoever has a role,
agreed to be written to, receives or received something, began, asked, decided or left a line in the journal stays."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_person = sa.table("person", sa.column("id", sa.Integer), sa.column("consent_at"), sa.column("warned_at"))
_account = sa.table("account", sa.column("platform"), sa.column("ident"), sa.column("person_id", sa.Integer))
# What only somebody who spoke to the hub leaves, or whom somebody named to it.
_TRACES = {
    "grant": ("person_id",),
    "subscription": ("person_id",),
    "draft": ("person_id",),
    "errand": ("person_id",),
    "inquiry": ("person_id", "answered_by"),
    "proposal": ("person_id", "decided_by"),
    "faq_entry": ("author", "decided_by"),
    "journal": ("person_id",),
}
_LETTERS = ("subscription", "delivery")


def upgrade() -> None:
    met = [_column(name, column) for name, columns in _TRACES.items() for column in columns]
    kept = sa.union(
        sa.select(_person.c.id).where(sa.or_(_person.c.consent_at.is_not(None), _person.c.warned_at.is_not(None))),
        *(sa.select(column).where(column.is_not(None)) for column in met),
        *map(_written_to, _LETTERS),
    )
    # By hand, children first: on SQLite foreign keys are off while it is migrated.
    op.execute(sa.delete(_account).where(_account.c.person_id.not_in(kept)))
    op.execute(sa.delete(_person).where(_person.c.id.not_in(kept)))


def _column(table: str, name: str) -> sa.ColumnClause[int]:
    return sa.table(table, sa.column(name, sa.Integer)).c[name]


def _written_to(name: str) -> sa.Select[tuple[int]]:
    """Whose private talk something was written to."""
    letters = sa.table(name, sa.column("platform"), sa.column("place"))
    theirs = sa.tuple_(_account.c.platform, _account.c.ident).in_(sa.select(letters.c.platform, letters.c.place))
    return sa.select(_account.c.person_id).where(theirs)


def downgrade() -> None:
    """Who went is not known any more; nothing else changed."""
