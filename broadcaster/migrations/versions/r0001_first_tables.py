"""The first tables: snapshot, as-run, journal, description revisions, quota ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)
serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("show", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("show", name="pk_snapshot"),
    )
    op.create_table(
        "as_run",
        sa.Column("show", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("airing", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cue", sa.String(), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("exhibitor", sa.String(), nullable=True),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("planned_start", instant, nullable=True),
        sa.Column("expected_start", instant, nullable=True),
        sa.Column("actual_start", instant, nullable=True),
        sa.Column("actual_end", instant, nullable=True),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("show", "item", "airing", name="pk_as_run"),
    )
    op.create_index("ix_as_run_show_day", "as_run", ["show", "day"])
    op.create_table(
        "journal",
        sa.Column("id", serial, nullable=False),
        sa.Column("show", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
    )
    op.create_index("ix_journal_show_id", "journal", ["show", "id"])
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_table(
        "description_revision",
        sa.Column("id", serial, nullable=False),
        sa.Column("show", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_description_revision"),
    )
    op.create_index("ix_description_revision_show_id", "description_revision", ["show", "id"])
    op.create_table(
        "quota_ledger",
        sa.Column("id", serial, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quota_ledger"),
    )
    op.create_index("ix_quota_ledger_at", "quota_ledger", ["at"])


def downgrade() -> None:
    for table in ("quota_ledger", "description_revision", "journal", "as_run", "snapshot"):
        op.drop_table(table)
