"""What the company's files said, from when on, and who let that take effect."""

from alembic import op
from sqlalchemy import JSON, Column, Double, String, Text

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of what was before."""
    op.create_table(
        "revisions",
        Column("id", String, primary_key=True),
        Column("at", Double, nullable=False),
        Column("by", String, nullable=False),
        Column("summary", Text, nullable=False),
        Column("files", JSON(none_as_null=True), nullable=False),
    )
    op.create_index("ix_revisions_at", "revisions", ["at"])


def downgrade() -> None:
    """All revisions are forgotten."""
    op.drop_table("revisions")
