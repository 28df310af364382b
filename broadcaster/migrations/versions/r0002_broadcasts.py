"""What is remembered of the broadcasts on YouTube."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "broadcast",
        sa.Column("show", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("video", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hand", sa.String(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("thumbnail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("show", "day", "number", name="pk_broadcast"),
    )


def downgrade() -> None:
    op.drop_table("broadcast")
