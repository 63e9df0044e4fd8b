"""Who looks after a customer."""

from alembic import op
from sqlalchemy import Column, String

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody does yet."""
    op.add_column("crm_customers", Column("owner", String, nullable=False, server_default=""))


def downgrade() -> None:
    """It is forgotten."""
    with op.batch_alter_table("crm_customers") as customers:
        customers.drop_column("owner")
