"""People, their sessions, machines' tokens, and what everybody did."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)
serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_account"),
    )
    op.create_table(
        "session",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("account", sa.String(40)),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(80), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("seen_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_session"),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name="fk_session_account_account", ondelete="CASCADE"),
    )
    op.create_index("ix_session_account", "session", ["account"])
    op.create_table(
        "token",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("created_by", sa.String(80), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("used_at", instant),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("key", name="uq_token_key"),
    )
    op.create_table(
        "deed",
        sa.Column("id", serial, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("via", sa.String(16), nullable=False),
        sa.Column("address", sa.String(80), nullable=False),
        sa.Column("act", sa.String(80), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deed"),
    )
    op.create_index("ix_deed_at", "deed", ["at"])
    op.create_index("ix_deed_who_id", "deed", ["who", "id"])
    op.create_index("ix_deed_act_id", "deed", ["act", "id"])


def downgrade() -> None:
    for table in ("deed", "token", "session", "account"):
        op.drop_table(table)
