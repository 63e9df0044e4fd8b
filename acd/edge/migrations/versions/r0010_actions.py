"""What supervisors have done, and for which queues agents are not asked."""

from alembic import op
from sqlalchemy import JSON, Column, Double, String

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the time before, nothing of this is known."""
    op.add_column("agent_states", Column("by", String, nullable=False, server_default=""))
    op.create_table(
        "agent_queues",
        Column("agent", String, primary_key=True),
        Column("left", JSON(none_as_null=True), nullable=False),
        Column("by", String, nullable=False),
        Column("at", Double, nullable=False),
    )
    op.create_table(
        "actions",
        Column("id", String, primary_key=True),
        Column("supervisor", String, nullable=False),
        Column("name", String, nullable=False),
        Column("verb", String, nullable=False),
        Column("interaction", String, nullable=False),
        Column("agent", String, nullable=False),
        Column("before", String, nullable=False),
        Column("after", String, nullable=False),
        Column("at", Double, nullable=False),
    )
    op.create_index("ix_actions_interaction", "actions", ["interaction"])
    op.create_index("ix_actions_at", "actions", ["at"])


def downgrade() -> None:
    """As before."""
    op.drop_table("actions")
    op.drop_table("agent_queues")
    with op.batch_alter_table("agent_states") as batch:
        batch.drop_column("by")
