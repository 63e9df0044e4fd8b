"""Why a stay in a queue overflowed, what wait was predicted and told, and who wants to be called back."""

from alembic import op
from sqlalchemy import Column, Double, Integer, String

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of stays before, nothing of this is known."""
    op.add_column("segments", Column("cause", String, nullable=False, server_default=""))
    op.add_column("segments", Column("place", Integer))
    for name in ("predicted", "told_at", "told_low", "told_high"):
        op.add_column("segments", Column(name, Double))
    op.create_table(
        "later_callbacks",
        Column("segment", String, primary_key=True),
        Column("interaction", String, nullable=False),
        Column("queue", String, nullable=False),
        Column("number", String, nullable=False),
        Column("requested", Double, nullable=False),
    )
    op.create_index("ix_later_callbacks_interaction", "later_callbacks", ["interaction"])
    op.create_index("ix_later_callbacks_requested", "later_callbacks", ["requested"])


def downgrade() -> None:
    """As before."""
    op.drop_table("later_callbacks")
    with op.batch_alter_table("segments") as batch:
        for name in ("told_high", "told_low", "told_at", "predicted", "place", "cause"):
            batch.drop_column(name)
