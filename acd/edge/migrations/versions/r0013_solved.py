"""Whether agents say that a matter is settled."""

from alembic import op
from sqlalchemy import Boolean, Column

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was asked before."""
    op.add_column("wrap_ups", Column("solved", Boolean))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("wrap_ups") as batch:
        batch.drop_column("solved")
