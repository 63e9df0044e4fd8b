"""Which nodes of flows callers have visited, and which version of each flow a revision has."""

from alembic import op
from sqlalchemy import JSON, Column, Double, Integer, String

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the time before, nothing is known but what callers did."""
    op.create_table(
        "visits",
        Column("interaction", String, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("flow", String, nullable=False),
        Column("version", String, nullable=False),
        Column("node", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("entered", Double, nullable=False),
        Column("came", String, nullable=False),
        Column("left", Double),
        Column("way", String, nullable=False),
        Column("no_inputs", Integer, nullable=False),
        Column("no_matches", Integer, nullable=False),
    )
    op.add_column("revisions", Column("flows", JSON(none_as_null=True)))


def downgrade() -> None:
    """As before."""
    with op.batch_alter_table("revisions") as batch:
        batch.drop_column("flows")
    op.drop_table("visits")
