"""Organisations have a row; gatherings, their changes, who signed up; which texts speak of what."""

import sqlalchemy as sa
from alembic import op

from club.fold import fold

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.String(length=160), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("folded", name=op.f("uq_organisation_folded")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    op.create_index(op.f("ix_invitation_organisation_id"), "invitation", ["organisation_id"], unique=False)
    op.create_table(
        "shown",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["digest_body.id"], name=op.f("fk_shown_body_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subject", "body_id", name=op.f("pk_shown")),
    )
    op.create_index(op.f("ix_shown_body_id"), "shown", ["body_id"], unique=False)
    op.create_table(
        "gathering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=128), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("nature", sa.String(length=32), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("link_private", sa.Boolean(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("approval", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_gathering_entry_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_gathering_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering")),
        sa.UniqueConstraint("uid", name=op.f("uq_gathering_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_gathering_entry_id"), "gathering", ["entry_id"], unique=False)
    op.create_index(op.f("ix_gathering_organisation_id"), "gathering", ["organisation_id"], unique=False)
    op.create_index("ix_gathering_series", "gathering", ["series"], unique=False)
    op.create_index(op.f("ix_gathering_starts_at"), "gathering", ["starts_at"], unique=False)
    op.create_table(
        "gathering_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_gathering_change_gathering_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering_change")),
    )
    op.create_index(op.f("ix_gathering_change_gathering_id"), "gathering_change", ["gathering_id"], unique=False)
    op.create_table(
        "signup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("shares_name", sa.Boolean(), nullable=False),
        sa.Column("shares_organisation", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.String(length=16), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_signup_gathering_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signup_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup")),
        sa.UniqueConstraint("gathering_id", "person_id", name=op.f("uq_signup_gathering_id_person_id")),
    )
    op.create_index(op.f("ix_signup_person_id"), "signup", ["person_id"], unique=False)

    _name_organisations()


def _name_organisations() -> None:
    """A row for each organisation that a source, a role or a proposal names, however it is spelled; those whose
    sources are all trusted are."""
    connection = op.get_bind()
    named = sa.text("SELECT partner, trusted FROM source")
    found: dict[str, tuple[str, bool]] = {}
    for name, trusted in connection.execute(named):
        if fold(name):
            known = found.get(fold(name))
            found[fold(name)] = (known[0] if known else name, bool(trusted) and (known is None or known[1]))
    others = sa.text('SELECT organisation FROM "grant" UNION SELECT partner FROM proposal')
    for (name,) in connection.execute(others):
        if fold(name):
            found.setdefault(fold(name), (name, False))
    table = sa.table(
        "organisation",
        sa.column("name", sa.Text()),
        sa.column("folded", sa.String()),
        sa.column("family", sa.String()),
        sa.column("regions", sa.JSON()),
        sa.column("trusted", sa.Boolean()),
    )
    rows = [
        {"name": name, "folded": folded, "family": "other", "regions": [], "trusted": trusted}
        for folded, (name, trusted) in sorted(found.items())
    ]
    if rows:
        op.bulk_insert(table, rows)


def downgrade() -> None:
    for name in ("signup", "gathering_change", "gathering", "shown", "invitation", "organisation"):
        op.drop_table(name)
