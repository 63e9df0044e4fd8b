"""After-call work by contact, as it may be hidden behind another call; and for how many contacts an agent worked."""

from alembic import op
from sqlalchemy import Column, Double, Integer, String, text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_WRITING = text("state = 'after_call_work'")


def upgrade() -> None:
    """Of the time before, what was shown is known."""
    op.create_table(
        "after_call_work",
        Column("interaction", String, primary_key=True),
        Column("agent", String, primary_key=True),
        Column("since", Double, primary_key=True),
        Column("ended", Double, nullable=False),
    )
    op.execute(
        "INSERT INTO after_call_work (interaction, agent, since, ended) "
        "SELECT cause, agent, since, ended FROM agent_states WHERE state = 'after_call_work' AND ended IS NOT NULL"
    )
    op.drop_index("ix_agent_states_wrap_up", "agent_states")
    op.add_column("agent_states", Column("others", Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("agent_states") as batch:
        batch.drop_column("others")
    op.create_index(
        "ix_agent_states_wrap_up",
        "agent_states",
        ["cause", "agent", "since"],
        sqlite_where=_WRITING,
        postgresql_where=_WRITING,
    )
    op.drop_table("after_call_work")
