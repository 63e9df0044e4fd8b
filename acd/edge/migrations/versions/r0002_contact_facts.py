"""What is known of a contact, beside the line that sums it up in English."""

from alembic import op
from sqlalchemy import JSON, Column

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Contacts that are there already keep their line."""
    op.add_column("crm_contacts", Column("facts", JSON(none_as_null=True)))


def downgrade() -> None:
    """The line stays."""
    op.drop_column("crm_contacts", "facts")
