"""Whom the sets in a decision speak of; decisions kept before name nobody and cannot be explained any more."""

from alembic import op
from sqlalchemy import JSON, Column, String

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was decided before was kept in another form."""
    op.create_table(
        "rosters",
        Column("id", String, primary_key=True),
        Column("agents", JSON(none_as_null=True), nullable=False),
    )
    op.execute("UPDATE reservations SET decision = NULL")


def downgrade() -> None:
    """The form before cannot be made from the new one."""
    op.drop_table("rosters")
    op.execute("UPDATE reservations SET decision = NULL")
