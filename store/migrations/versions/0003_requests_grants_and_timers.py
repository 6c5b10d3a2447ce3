"""Requests, grants, timers, and who is told of what"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "case",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("open_key", sa.String(length=300), nullable=True),
        sa.Column("asker", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("open_key"),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_asker"), ["asker"], unique=False)
        batch_op.create_index("ix_case_phase_opened", ["phase", "opened_at"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_account_updated", ["account", "updated_at"], unique=False)

    op.create_table(
        "grant",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("tool", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_tool"), ["tool"], unique=False)

    op.create_table(
        "notice",
        sa.Column("topic", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("topic", "person"),
    )
    op.create_table(
        "preference",
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "stand_in",
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("stand_in", sa.String(length=320), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "timer",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timer_case"), ["case"], unique=False)
        batch_op.create_index(batch_op.f("ix_timer_due_at"), ["due_at"], unique=False)

    op.create_table(
        "waiting",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case", "person"),
    )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.create_index("ix_waiting_person_due", ["person", "due_at"], unique=False)

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_ref"), ["ref"], unique=False)
    with op.batch_alter_table("tool_version", schema=None) as batch_op:
        current = sa.text("until IS NULL")
        batch_op.create_index("ux_tool_version_current", ["name"], unique=True, sqlite_where=current, postgresql_where=current)
    op.execute("INSERT INTO version (name, number) VALUES ('grant', 0)")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("topic", sa.String(length=40), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("person", sa.String(length=320), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_outbox_topic"), ["topic"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_slack_id"), ["slack_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_teams_id"), ["teams_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_ref"))
    with op.batch_alter_table("tool_version", schema=None) as batch_op:
        batch_op.drop_index("ux_tool_version_current")
    op.execute("DELETE FROM version WHERE name = 'grant'")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_teams_id"))
        batch_op.drop_index(batch_op.f("ix_person_slack_id"))
        batch_op.drop_column("left_at")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_topic"))
        batch_op.drop_column("person")
        batch_op.drop_column("topic")

    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.drop_index("ix_waiting_person_due")

    op.drop_table("waiting")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timer_due_at"))
        batch_op.drop_index(batch_op.f("ix_timer_case"))

    op.drop_table("timer")
    op.drop_table("stand_in")
    op.drop_table("preference")
    op.drop_table("notice")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_tool"))
        batch_op.drop_index(batch_op.f("ix_grant_person"))

    op.drop_table("grant")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index("ix_draft_account_updated")

    op.drop_table("draft")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index("ix_case_phase_opened")
        batch_op.drop_index(batch_op.f("ix_case_asker"))

    op.drop_table("case")
