"""What flows look up beside customers, what they create, PINs, and wrong ones."""

from alembic import op
from sqlalchemy import JSON, Column, Double, Integer, String, Text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("pins", "payments", "products", "promotions", "orders", "tickets", "outbox")


def upgrade() -> None:
    """No customer has a class or a PIN yet, and nothing is sold."""
    op.add_column("crm_customers", Column("customer_class", String, nullable=False, server_default=""))
    op.add_column("crm_bills", Column("issued", String, nullable=False, server_default=""))
    _pins()
    _shop()
    _made()


def _pins() -> None:
    op.create_table("crm_pins", Column("customer", String, primary_key=True), Column("hash", String, nullable=False))
    op.create_table(
        "wrong_pins",
        Column("customer", String, primary_key=True),
        Column("tries", JSON, nullable=False),
        Column("forgotten_at", Double, nullable=False),
    )
    op.create_index("ix_wrong_pins_forgotten_at", "wrong_pins", ["forgotten_at"])


def _shop() -> None:
    op.create_table(
        "crm_payments",
        Column("number", String, primary_key=True),
        Column("customer", String, nullable=False),
        Column("date", String, nullable=False),
        Column("amount", String, nullable=False),
        Column("currency", String, nullable=False),
        Column("method", String, nullable=False),
    )
    op.create_index("ix_crm_payments_customer", "crm_payments", ["customer"])
    op.create_table(
        "crm_products",
        Column("code", String, primary_key=True),
        Column("name", JSON, nullable=False),
        Column("description", JSON, nullable=False),
        Column("price", String, nullable=False),
        Column("currency", String, nullable=False),
        Column("stock", Integer, nullable=False),
        Column("expected", String, nullable=False),
    )
    op.create_table(
        "crm_promotions",
        Column("customer_class", String, primary_key=True),
        Column("name", JSON, nullable=False),
        Column("text", JSON, nullable=False),
        Column("until", String, nullable=False),
    )
    op.create_table(
        "crm_orders",
        Column("number", String, primary_key=True),
        Column("customer", String, nullable=False),
        Column("status", String, nullable=False),
        Column("placed", String, nullable=False),
        Column("expected", String, nullable=False),
    )
    op.create_index("ix_crm_orders_customer", "crm_orders", ["customer"])


def _made() -> None:
    op.create_table(
        "crm_tickets",
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("once", String),
        Column("kind", String, nullable=False, server_default="ticket"),
        Column("customer", String, nullable=False),
        Column("status", String, nullable=False),
        Column("subject", JSON, nullable=False),
        Column("text", Text, nullable=False, server_default=""),
        Column("details", JSON, nullable=False),
        Column("opened", Double, nullable=False),
    )
    op.create_index("ix_crm_tickets_once", "crm_tickets", ["once"], unique=True)
    op.create_index("ix_crm_tickets_customer", "crm_tickets", ["customer"])
    op.create_table(
        "crm_outbox",
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("once", String, nullable=False),
        Column("customer", String, nullable=False),
        Column("recipient", String, nullable=False),
        Column("text", Text, nullable=False),
        Column("at", Double, nullable=False),
    )
    op.create_index("ix_crm_outbox_once", "crm_outbox", ["once"], unique=True)
    op.create_index("ix_crm_outbox_customer", "crm_outbox", ["customer"])


def downgrade() -> None:
    """It is forgotten."""
    op.drop_table("wrong_pins")
    for table in TABLES:
        op.drop_table(f"crm_{table}")
    with op.batch_alter_table("crm_bills") as bills:
        bills.drop_column("issued")
    with op.batch_alter_table("crm_customers") as customers:
        customers.drop_column("customer_class")
