"""How many agents worked for a caller when his wait was predicted: the next process learns from that."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of stays before, it is not known."""
    op.add_column("segments", Column("workers", Integer))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("segments") as batch:
        batch.drop_column("workers")
