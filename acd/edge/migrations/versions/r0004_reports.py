"""Indices that reports need: agents' time by day, the after-call work for a contact, a caller's next contact."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WRAP_UP = text("state = 'after_call_work'")


def upgrade() -> None:
    """No row is changed."""
    op.create_index("ix_agent_states_since", "agent_states", ["since"])
    op.create_index(
        "ix_agent_states_wrap_up",
        "agent_states",
        ["cause", "agent", "since"],
        sqlite_where=_WRAP_UP,
        postgresql_where=_WRAP_UP,
    )
    op.create_index("ix_interactions_caller_number", "interactions", ["caller_number", "started"])
    op.create_index("ix_reservations_segment", "reservations", ["segment"])


def downgrade() -> None:
    """Without them reports are slow."""
    op.drop_index("ix_reservations_segment", "reservations")
    op.drop_index("ix_interactions_caller_number", "interactions")
    op.drop_index("ix_agent_states_wrap_up", "agent_states")
    op.drop_index("ix_agent_states_since", "agent_states")
