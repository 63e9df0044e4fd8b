"""The tables of the embedded CRM. They are made by the one history of the schema (`acd/edge/migrations`)."""

from sqlalchemy import JSON, Boolean, Column, Double, Integer, MetaData, String, Table, Text

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})

customers = Table(
    "crm_customers",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("company", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("currency", String, nullable=False),
    Column("url", String, nullable=False),
    Column("owner", String, nullable=False, server_default=""),
    Column("customer_class", String, nullable=False, server_default=""),
)

contact_numbers = Table(
    "crm_contact_numbers",
    metadata,
    Column("number", String, primary_key=True),
    Column("customer", String, primary_key=True, index=True),
)

bills = Table(
    "crm_bills",
    metadata,
    Column("number", String, primary_key=True),
    Column("customer", String, nullable=False, index=True),
    Column("due", String, nullable=False),
    Column("amount", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("paid", Boolean, nullable=False),
    Column("issued", String, nullable=False, server_default=""),
)

contacts = Table(
    "crm_contacts",
    metadata,
    Column("interaction", String, primary_key=True),
    Column("customer", String, nullable=False, index=True),
    Column("at", Double, nullable=False),
    Column("channel", String, nullable=False),
    Column("summary", Text, nullable=False),
    Column("facts", JSON(none_as_null=True)),
)

pins = Table(
    "crm_pins",
    metadata,
    Column("customer", String, primary_key=True),
    Column("hash", String, nullable=False),
)

payments = Table(
    "crm_payments",
    metadata,
    Column("number", String, primary_key=True),
    Column("customer", String, nullable=False, index=True),
    Column("date", String, nullable=False),
    Column("amount", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("method", String, nullable=False),
)

products = Table(
    "crm_products",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", JSON, nullable=False),
    Column("description", JSON, nullable=False),
    Column("price", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("stock", Integer, nullable=False),
    Column("expected", String, nullable=False),
)

promotions = Table(
    "crm_promotions",
    metadata,
    Column("customer_class", String, primary_key=True),
    Column("name", JSON, nullable=False),
    Column("text", JSON, nullable=False),
    Column("until", String, nullable=False),
)

orders = Table(
    "crm_orders",
    metadata,
    Column("number", String, primary_key=True),
    Column("customer", String, nullable=False, index=True),
    Column("status", String, nullable=False),
    Column("placed", String, nullable=False),
    Column("expected", String, nullable=False),
)

tickets = Table(
    "crm_tickets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("once", String, unique=True, index=True),
    Column("kind", String, nullable=False, server_default="ticket"),
    Column("customer", String, nullable=False, index=True),
    Column("status", String, nullable=False),
    Column("subject", JSON, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("details", JSON, nullable=False),
    Column("opened", Double, nullable=False),
)

outbox = Table(
    "crm_outbox",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("once", String, nullable=False, unique=True, index=True),
    Column("customer", String, nullable=False, index=True),
    Column("recipient", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Double, nullable=False),
)
