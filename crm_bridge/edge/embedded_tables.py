"""The tables of the embedded CRM. They are made by the one history of the schema (`acd/edge/migrations`)."""

from sqlalchemy import JSON, Boolean, Column, Double, MetaData, String, Table, Text

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
