"""What is remembered of videos whose description is kept, and of messages in their chats."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "known_video",
        sa.Column("video", sa.String(), nullable=False),
        sa.Column("own_title", sa.Text(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("begins", instant, nullable=True),
        sa.Column("ends", instant, nullable=True),
        sa.Column("finished_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("video", name="pk_known_video"),
    )
    op.create_table(
        "chat_post",
        sa.Column("video", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("video", "item", name="pk_chat_post"),
    )


def downgrade() -> None:
    op.drop_table("chat_post")
    op.drop_table("known_video")
