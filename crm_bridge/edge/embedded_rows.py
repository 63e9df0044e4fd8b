"""How rows of the embedded CRM are written."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crm_bridge.connector import CrmFailed


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """All or nothing. Raises `CrmFailed`."""
    try:
        async with engine.begin() as connection:
            yield connection
    except (SQLAlchemyError, OSError, ValueError) as error:  # ValueError: text that no database takes
        raise CrmFailed("the customers' database does not answer") from error


async def put(connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]], *, anew: bool = True) -> None:
    """Insert; `anew`: what is there already is written anew."""
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    key = [column.name for column in table.primary_key.columns]
    given = rows[0].keys() if rows else ()
    written = {name: insert.excluded[name] for name in given if name not in key}
    statement = (
        insert.on_conflict_do_update(index_elements=key, set_=written)
        if written and anew
        else insert.on_conflict_do_nothing(index_elements=key)
    )
    if rows:
        await connection.execute(statement, rows)


def stored(value: str) -> str:
    """PostgreSQL refuses NUL."""
    return value.replace("\0", "\ufffd")
