"""After-call work that is not over, of agents who have several contacts at once."""

from alembic import op
from sqlalchemy import Double

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """It was told only when it was over."""
    with op.batch_alter_table("after_call_work") as batch:
        batch.alter_column("ended", existing_type=Double(), nullable=True)


def downgrade() -> None:
    """As before."""
    op.execute("DELETE FROM after_call_work WHERE ended IS NULL")
    with op.batch_alter_table("after_call_work") as batch:
        batch.alter_column("ended", existing_type=Double(), nullable=False)
