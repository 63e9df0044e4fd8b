"""Within how many seconds each queue's calls should have been answered, from when on."""

from alembic import op
from sqlalchemy import JSON, Column

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the time before, nothing is known."""
    op.add_column("revisions", Column("service_levels", JSON(none_as_null=True)))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("revisions") as batch:
        batch.drop_column("service_levels")
