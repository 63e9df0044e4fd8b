"""Counts wrong PINs in the centre's database, whatever the CRM does itself: over all calls, and beyond a restart.

The table is made by the one history of the schema (`acd/edge/migrations`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from sqlalchemy import JSON, Column, Double, MetaData, String, Table, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crm_bridge.lockout import forgotten_at, is_locked, still_counted

TIMEOUT = 1.5
"""Seconds that a question may take: a caller waits."""

metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"})

wrong_pins = Table(
    "wrong_pins",
    metadata,
    Column("customer", String, primary_key=True),
    Column("tries", JSON, nullable=False),
    Column("forgotten_at", Double, nullable=False, index=True),
)


class Try(NamedTuple):
    """One that counts as wrong until it is taken back."""

    customer: str
    at: float
    last: bool
    """Whether the customer is locked with it."""


class WrongPins:
    """Of all customers of one process; `now` is UTC. Each call raises `ConnectionError` if the database does not answer
    in time: then nobody can be let in."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], float]) -> None:
        self._engine = engine
        self._now = now
        self._one_by_one = asyncio.Lock()

    async def begin(self, customer: str) -> Try | None:
        """Count a try for that customer number, whether there is such a customer or not. None: he is locked."""
        async with self._transaction() as connection:
            now = self._now()
            await connection.execute(delete(wrong_pins).where(wrong_pins.c.forgotten_at <= now))
            tries = still_counted(await _tries(connection, customer), now)
            if is_locked(tries):
                return None
            tries = (*tries, now)
            await _put(connection, customer, tries)
            return Try(customer, now, is_locked(tries))

    async def take_back(self, one: Try) -> None:
        """Nobody knows whether it was right."""
        async with self._transaction() as connection:
            tries = await _tries(connection, one.customer)
            if one.at in tries:
                place = tries.index(one.at)
                await _put(connection, one.customer, (*tries[:place], *tries[place + 1 :]))

    async def forget(self, customer: str) -> None:
        """He has shown that he knows it; or somebody lets him try again."""
        async with self._transaction() as connection:
            await connection.execute(delete(wrong_pins).where(wrong_pins.c.customer == customer))

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with asyncio.timeout(TIMEOUT), self._one_by_one, self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError, ValueError) as error:  # ValueError: text that no database takes
            raise ConnectionError("wrong PINs cannot be counted") from error


async def _tries(connection: AsyncConnection, customer: str) -> tuple[float, ...]:
    found = await connection.execute(select(wrong_pins.c.tries).where(wrong_pins.c.customer == customer))
    return tuple(found.scalar_one_or_none() or ())


async def _put(connection: AsyncConnection, customer: str, tries: tuple[float, ...]) -> None:
    await connection.execute(delete(wrong_pins).where(wrong_pins.c.customer == customer))
    if tries:
        row = {"customer": customer, "tries": list(tries), "forgotten_at": forgotten_at(tries)}
        await connection.execute(wrong_pins.insert(), [row])
