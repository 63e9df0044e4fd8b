"""Who was in which team from when on."""

from alembic import op
from sqlalchemy import JSON, Column

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the time before, nothing is known."""
    op.add_column("revisions", Column("teams", JSON(none_as_null=True)))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("revisions") as batch:
        batch.drop_column("teams")
