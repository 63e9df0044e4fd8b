"""Writes facts of the centre into the database: rows of one kind in one statement, a batch in one transaction."""

import asyncio
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Double, Insert, Update, bindparam, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.history_facts import Fact, Gap
from acd.edge.history_gaps import write_gap
from acd.edge.history_rows import Kind, Verb, rows_of
from acd.edge.tables import agent_states

_AT_ONCE = 25
"""Rows per statement, and facts between two looks at the event loop: preparing them holds it up for a millisecond."""


async def write_facts(connection: AsyncConnection, facts: Sequence[Fact]) -> None:
    """Upsert all rows of the facts. Raises what the driver raises; then nothing of it must be committed."""
    rows: dict[Kind, list[dict[str, Any]]] = {}
    for number, fact in enumerate(facts, start=1):
        if isinstance(fact, Gap):  # after all that was told before it, and before what comes after it
            await _write_rows(connection, rows)
            rows = {}
            await write_gap(connection, fact)
        else:
            for row in rows_of(fact):
                rows.setdefault(row.kind, []).append(row.values)
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
    await _write_rows(connection, rows)


async def _write_rows(connection: AsyncConnection, rows: Mapping[Kind, Sequence[dict[str, Any]]]) -> None:
    # What only updates comes after what makes the row that it updates.
    for kind in sorted(rows, key=lambda kind: kind.verb is not Verb.PUT):
        statement = _statement(kind, connection.dialect.name)
        values = rows[kind]
        for start in range(0, len(values), _AT_ONCE):
            chunk = values[start : start + _AT_ONCE]
            if kind.verb is not Verb.PUT:
                chunk = [_prefixed(row) for row in chunk]
            await connection.execute(statement, chunk)


@functools.cache
def _statement(kind: Kind, dialect: str) -> Insert | Update:
    match kind.verb:
        case Verb.PUT:
            return _upsert(kind, dialect)
        case Verb.NOTE:
            return _update(kind)
        case Verb.END_EARLIER:
            return _end_earlier()


def _upsert(kind: Kind, dialect: str) -> Insert:
    insert = postgresql.insert(kind.table) if dialect == "postgresql" else sqlite.insert(kind.table)
    key = [column.name for column in kind.table.primary_key.columns]
    written = {name: insert.excluded[name] for name in kind.columns if name not in key}
    if not written:  # that there is one is all that is told
        return insert.on_conflict_do_nothing(index_elements=key)
    not_back = None
    if kind.newer:
        there = kind.table.c[kind.newer]
        not_back = or_(there.is_(None), there <= insert.excluded[kind.newer])
    return insert.on_conflict_do_update(index_elements=key, set_=written, where=not_back)


def _update(kind: Kind) -> Update:
    key = [column.name for column in kind.table.primary_key.columns]
    statement: Update = update(kind.table).where(*(kind.table.c[name] == bindparam(f"new_{name}") for name in key))
    return statement.values({name: bindparam(f"new_{name}") for name in kind.columns if name not in key})


def _end_earlier() -> Update:
    ended: BindParameter[float] = bindparam("new_ended", type_=Double())
    earlier = (
        agent_states.c.agent == bindparam("new_agent"),
        agent_states.c.ended.is_(None),
        agent_states.c.since < ended,
    )
    return update(agent_states).where(*earlier).values(ended=ended)


def _prefixed(row: dict[str, Any]) -> dict[str, Any]:
    """An UPDATE's own parameters may not be named as its columns are."""
    return {f"new_{name}": value for name, value in row.items()}
