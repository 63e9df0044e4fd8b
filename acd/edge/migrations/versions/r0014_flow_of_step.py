"""In which flow a caller did something."""

from alembic import op
from sqlalchemy import Column, String

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was written down before does not tell."""
    op.add_column("path_steps", Column("flow", String, nullable=False, server_default=""))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("path_steps") as batch:
        batch.drop_column("flow")
