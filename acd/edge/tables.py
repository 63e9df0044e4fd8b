"""What storage keeps of the centre: raw intervals with their causes, one table for each kind of interval.

Every figure is derived from these rows (docs/storage.md). Times are seconds since the Unix epoch, UTC, as
8-byte floats: the same number on SQLite and PostgreSQL, without a time zone to get wrong. There are no foreign
keys on purpose: a row may be written before the one it belongs to, when a crash lost the earlier event.
"""

from sqlalchemy import JSON, Boolean, Column, Double, Index, Integer, MetaData, String, Table, Text, false

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_JSON = JSON(none_as_null=True)

interactions = Table(
    "interactions",
    metadata,
    Column("id", String, primary_key=True),
    Column("call", String, nullable=False),
    Column("caller_number", String, nullable=False),
    Column("caller_name", String, nullable=False),
    Column("dialled", String, nullable=False),
    Column("entry_point", String, nullable=False),
    Column("started", Double, nullable=False, index=True),
    Column("ended", Double),
    Column("outcome", String),
    Column("cause", String, nullable=False, server_default=""),
    Column("customer", String, nullable=False, server_default="", index=True),
    Column("verified", Boolean, nullable=False, server_default=false()),
)
Index("ix_interactions_caller_number", interactions.c.caller_number, interactions.c.started)
Index(
    "ix_interactions_open",
    interactions.c.id,
    sqlite_where=interactions.c.ended.is_(None),
    postgresql_where=interactions.c.ended.is_(None),
)

path_steps = Table(
    "path_steps",
    metadata,
    Column("interaction", String, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("node", String, nullable=False),
    Column("label", String, nullable=False),
    Column("said", String, nullable=False),
    Column("flow", String, nullable=False, server_default=""),
)

visits = Table(
    "visits",
    metadata,
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

segments = Table(
    "segments",
    metadata,
    Column("id", String, primary_key=True),
    Column("interaction", String, nullable=False, index=True),
    Column("queue", String, nullable=False),
    Column("entered", Double, nullable=False, index=True),
    Column("ended", Double, index=True),
    Column("outcome", String),
    Column("wait", Double),
    Column("agents", _JSON),
    Column("cause", String, nullable=False, server_default=""),
    Column("place", Integer),
    Column("predicted", Double),
    Column("told_at", Double),
    Column("told_low", Double),
    Column("told_high", Double),
    Column("workers", Integer),
)

later_callbacks = Table(
    "later_callbacks",
    metadata,
    Column("segment", String, primary_key=True),
    Column("interaction", String, nullable=False, index=True),
    Column("queue", String, nullable=False),
    Column("number", String, nullable=False),
    Column("requested", Double, nullable=False, index=True),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", String, primary_key=True),
    Column("interaction", String, nullable=False, index=True),
    Column("segment", String, nullable=False, index=True),
    Column("agent", String, nullable=False),
    Column("made", Double, nullable=False, index=True),
    Column("until", Double),
    Column("decision", _JSON),
    Column("ended", Double),
    Column("outcome", String),
    Column("cause", String, nullable=False, server_default=""),
)

rosters = Table(
    "rosters",
    metadata,
    Column("id", String, primary_key=True),
    Column("agents", _JSON, nullable=False),
)

talks = Table(
    "talks",
    metadata,
    Column("segment", String, primary_key=True),
    Column("agent", String, primary_key=True),
    Column("started", Double, primary_key=True),
    Column("interaction", String, nullable=False, index=True),
    Column("ended", Double),
    Column("ended_by", String),
)

agent_states = Table(
    "agent_states",
    metadata,
    Column("agent", String, primary_key=True),
    Column("since", Double, primary_key=True, index=True),
    Column("state", String, primary_key=True),
    Column("cause", String, nullable=False),
    Column("phone", String),
    Column("ended", Double),
    Column("by", String, nullable=False, server_default=""),
    Column("others", Integer, nullable=False, server_default="0"),
)

Index(
    "ix_agent_states_open",
    agent_states.c.agent,
    sqlite_where=agent_states.c.ended.is_(None),
    postgresql_where=agent_states.c.ended.is_(None),
)

after_call_work = Table(
    "after_call_work",
    metadata,
    Column("interaction", String, primary_key=True),
    Column("agent", String, primary_key=True),
    Column("since", Double, primary_key=True),
    Column("ended", Double),
)

agents = Table(
    "agents",
    metadata,
    Column("agent", String, primary_key=True),
    Column("since", Double, nullable=False),
    Column("state", _JSON, nullable=False),
    Column("phone", String, nullable=False),
)

agent_queues = Table(
    "agent_queues",
    metadata,
    Column("agent", String, primary_key=True),
    Column("left", _JSON, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Double, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    Column("id", String, primary_key=True),
    Column("supervisor", String, nullable=False),
    Column("name", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("interaction", String, nullable=False, index=True),
    Column("agent", String, nullable=False),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    Column("at", Double, nullable=False, index=True),
)

voicemails = Table(
    "voicemails",
    metadata,
    Column("id", String, primary_key=True),
    Column("interaction", String, nullable=False, index=True),
    Column("node", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("caller_number", String, nullable=False),
    Column("caller_name", String, nullable=False),
    Column("customer", String, nullable=False),
    Column("customer_name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("began", Double, nullable=False, index=True),
    Column("ended", Double),
    Column("seconds", Double),
    Column("file", String, nullable=False, server_default=""),
    Column("lost_at", Double),
    Column("heard_at", Double),
    Column("heard_by", String, nullable=False, server_default=""),
    Column("done_at", Double),
    Column("done_by", String, nullable=False, server_default=""),
    Column("removed_at", Double),
    Column("removed_by", String, nullable=False, server_default=""),
)

wrap_ups = Table(
    "wrap_ups",
    metadata,
    Column("interaction", String, primary_key=True),
    Column("agent", String, primary_key=True),
    Column("code", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("solved", Boolean),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", Double, nullable=False, index=True),
    Column("by", String, nullable=False),
    Column("summary", Text, nullable=False),
    Column("files", _JSON, nullable=False),
    Column("teams", _JSON),
    Column("flows", _JSON),
    Column("service_levels", _JSON),
)
