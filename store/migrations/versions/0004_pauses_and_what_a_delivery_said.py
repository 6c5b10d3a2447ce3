"""Pauses that platforms ask for, shared by all processes; and what a delivery said, to know a repeat from another one"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "pause",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("changes", sa.Boolean(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "changes"),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest", sa.String(length=16), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("digest")
    op.drop_table("pause")
