"""Messages of callers: whose they are, where the file is, and who has heard them."""

from alembic import op
from sqlalchemy import Column, Double, String

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of its own."""
    op.create_table(
        "voicemails",
        Column("id", String, primary_key=True),
        Column("interaction", String, nullable=False),
        Column("node", String, nullable=False),
        Column("queue", String, nullable=False),
        Column("caller_number", String, nullable=False),
        Column("caller_name", String, nullable=False),
        Column("customer", String, nullable=False),
        Column("customer_name", String, nullable=False),
        Column("language", String, nullable=False),
        Column("began", Double, nullable=False),
        Column("ended", Double),
        Column("seconds", Double),
        Column("file", String, nullable=False, server_default=""),
        Column("lost_at", Double),
        Column("heard_at", Double),
        Column("heard_by", String, nullable=False, server_default=""),
        Column("done_at", Double),
        Column("done_by", String, nullable=False, server_default=""),
        Column("removed_at", Double),
        Column("removed_by", String, nullable=False, server_default=""),
    )
    op.create_index("ix_voicemails_interaction", "voicemails", ["interaction"])
    op.create_index("ix_voicemails_began", "voicemails", ["began"])


def downgrade() -> None:
    """The files stay in the data folder."""
    op.drop_table("voicemails")
