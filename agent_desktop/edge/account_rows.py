"""Passwords' hashes and login sessions in the centre's database: what `AccountStore` asks for, on SQLAlchemy.

The tables are made by the one history of the schema (`acd/edge/migrations`).
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Column, Double, MetaData, String, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from acd.model import UserId

TIMEOUT = 5.0
"""Seconds that a question may take: somebody waits in front of a login page."""

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})

accounts = Table(
    "desktop_accounts",
    metadata,
    Column("user", String, primary_key=True),
    Column("hash", String, nullable=False),
)

sessions = Table(
    "desktop_sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("user", String, nullable=False),
    Column("expires", Double, nullable=False, index=True),
)


class AccountRows:
    """An `AccountStore`. Each call raises `ConnectionError` if the database does not answer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get_hash(self, user: UserId) -> str | None:
        """See `AccountStore`."""
        async with self._transaction() as connection:
            found = await connection.execute(select(accounts.c.hash).where(accounts.c.user == user))
            return found.scalar_one_or_none()

    async def set_hash(self, user: UserId, hashed: str) -> None:
        """See `AccountStore`."""
        async with self._transaction() as connection:
            await _put(connection, accounts, {"user": user, "hash": hashed})

    async def replace_hash(self, user: UserId, old: str, new: str) -> None:
        """See `AccountStore`."""
        is_still_old = (accounts.c.user == user) & (accounts.c.hash == old)
        async with self._transaction() as connection:
            await connection.execute(update(accounts).where(is_still_old).values(hash=new))

    async def add_session(self, token_hash: str, user: UserId, expires: float) -> None:
        """See `AccountStore`."""
        async with self._transaction() as connection:
            await _put(connection, sessions, {"token_hash": token_hash, "user": user, "expires": expires})

    async def find_session(self, token_hash: str) -> tuple[UserId, float] | None:
        """See `AccountStore`."""
        question = select(sessions.c.user, sessions.c.expires).where(sessions.c.token_hash == token_hash)
        async with self._transaction() as connection:
            row = (await connection.execute(question)).one_or_none()
        return None if row is None else (UserId(row.user), row.expires)

    async def drop_session(self, token_hash: str) -> None:
        """See `AccountStore`."""
        async with self._transaction() as connection:
            await connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))

    async def drop_sessions(self, user: UserId) -> Sequence[str]:
        """See `AccountStore`."""
        async with self._transaction() as connection:
            dropped = delete(sessions).where(sessions.c.user == user).returning(sessions.c.token_hash)
            return (await connection.execute(dropped)).scalars().all()

    async def live_sessions(self, now: float) -> frozenset[str]:
        """See `AccountStore`."""
        async with self._transaction() as connection:
            found = await connection.execute(select(sessions.c.token_hash).where(sessions.c.expires > now))
            return frozenset(found.scalars())

    async def drop_expired(self, now: float) -> int:
        """Forget the sessions that have expired; how many. Once a day is often enough."""
        async with self._transaction() as connection:
            done = await connection.execute(delete(sessions).where(sessions.c.expires <= now))
            return done.rowcount

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with asyncio.timeout(TIMEOUT), self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            # The driver's text may hold the values of the statement; the cause keeps it for whoever debugs.
            raise ConnectionError("the database does not answer") from error


async def _put(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> None:
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    key = [column.name for column in table.primary_key.columns]
    written = {name: insert.excluded[name] for name in values if name not in key}
    await connection.execute(insert.values(values).on_conflict_do_update(index_elements=key, set_=written))
