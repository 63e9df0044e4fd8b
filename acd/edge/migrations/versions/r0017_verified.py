"""Whether callers have proved who they are."""

from alembic import op
from sqlalchemy import Boolean, Column, false

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of contacts before it was not kept; nothing is claimed."""
    op.add_column("interactions", Column("verified", Boolean, nullable=False, server_default=false()))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("interactions") as batch:
        batch.drop_column("verified")
