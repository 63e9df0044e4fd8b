"""The tables of the first release: the centre's history, the desktop's accounts, the embedded CRM."""

from collections.abc import Sequence
from typing import Any

from alembic import op
from sqlalchemy import JSON, Boolean, Column, Double, Integer, PrimaryKeyConstraint, String, Text
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_JSON = JSON(none_as_null=True)


def upgrade() -> None:
    """Make the tables."""
    _history_of_interactions()
    _history_of_agents()
    _desktop()
    _crm()


def downgrade() -> None:
    """There is nothing before the first."""
    raise RuntimeError("the first release's tables are where history begins")


def _history_of_interactions() -> None:
    _table(
        "interactions",
        ["id"],
        _text("id"),
        _text("call"),
        _text("caller_number"),
        _text("caller_name"),
        _text("dialled"),
        _text("entry_point"),
        Column("started", Double, nullable=False, index=True),
        Column("ended", Double),
        Column("outcome", String),
        Column("cause", String, nullable=False, server_default=""),
        Column("customer", String, nullable=False, server_default="", index=True),
    )
    _index_of_open("interactions", "id")
    _table(
        "path_steps",
        ["interaction", "position"],
        _text("interaction"),
        Column("position", Integer, nullable=False),
        _text("node"),
        _text("label"),
        _text("said"),
    )
    _table(
        "segments",
        ["id"],
        _text("id"),
        _text("interaction", index=True),
        _text("queue"),
        Column("entered", Double, nullable=False, index=True),
        Column("ended", Double, index=True),
        Column("outcome", String),
        Column("wait", Double),
        Column("agents", _JSON),
    )
    _table(
        "talks",
        ["segment", "agent", "started"],
        _text("segment"),
        _text("agent"),
        Column("started", Double, nullable=False),
        _text("interaction", index=True),
        Column("ended", Double),
        Column("ended_by", String),
    )
    _table(
        "wrap_ups",
        ["interaction", "agent"],
        _text("interaction"),
        _text("agent"),
        _text("code"),
        _text("note", Text()),
        Column("at", Double, nullable=False),
    )


def _history_of_agents() -> None:
    _table(
        "reservations",
        ["id"],
        _text("id"),
        _text("interaction", index=True),
        _text("segment"),
        _text("agent"),
        Column("made", Double, nullable=False, index=True),
        Column("until", Double),
        Column("decision", _JSON),
        Column("ended", Double),
        Column("outcome", String),
        Column("cause", String, nullable=False, server_default=""),
    )
    _table(
        "agent_states",
        ["agent", "since", "state"],
        _text("agent"),
        Column("since", Double, nullable=False),
        _text("state"),
        _text("cause"),
        Column("phone", String),
        Column("ended", Double),
    )
    _index_of_open("agent_states", "agent")
    _table(
        "agents",
        ["agent"],
        _text("agent"),
        Column("since", Double, nullable=False),
        Column("state", _JSON, nullable=False),
        _text("phone"),
    )


def _desktop() -> None:
    _table("desktop_accounts", ["user"], _text("user"), _text("hash"))
    _table(
        "desktop_sessions",
        ["token_hash"],
        _text("token_hash"),
        _text("user"),
        Column("expires", Double, nullable=False, index=True),
    )


def _crm() -> None:
    _table(
        "crm_customers",
        ["id"],
        _text("id"),
        _text("name"),
        _text("language"),
        _text("company"),
        _text("note", Text()),
        _text("currency"),
        _text("url"),
    )
    _table("crm_contact_numbers", ["number", "customer"], _text("number"), _text("customer", index=True))
    _table(
        "crm_bills",
        ["number"],
        _text("number"),
        _text("customer", index=True),
        _text("due"),
        _text("amount"),
        _text("currency"),
        Column("paid", Boolean, nullable=False),
    )
    _table(
        "crm_contacts",
        ["interaction"],
        _text("interaction"),
        _text("customer", index=True),
        Column("at", Double, nullable=False),
        _text("channel"),
        _text("summary", Text()),
    )


def _text(name: str, kind: TypeEngine[str] | None = None, *, index: bool = False) -> Column[str]:
    return Column(name, kind or String(), nullable=False, index=index)


def _table(name: str, key: Sequence[str], *columns: Column[Any]) -> None:
    indexed = [column.name for column in columns if column.index]
    for column in columns:
        column.index = None
    op.create_table(name, *columns, PrimaryKeyConstraint(*key, name=f"pk_{name}"))
    for column_name in indexed:
        op.create_index(f"ix_{name}_{column_name}", name, [column_name])


def _index_of_open(table: str, column: str) -> None:
    """Of the rows that are not over, which are few among many."""
    still_open = Column("ended", Double).is_(None)
    op.create_index(f"ix_{table}_open", table, [column], sqlite_where=still_open, postgresql_where=still_open)
