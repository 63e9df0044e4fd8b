"""Brings facts into the database in one transaction; a fact that no database would take does not hold up the others."""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from acd.edge.database import Database
from acd.edge.history_facts import Fact, decoded, encoded
from acd.edge.history_orphans import TellLost, close_orphans
from acd.edge.history_sql import write_facts
from acd.edge.spool import Spool
from acd.recovery.survivors import Survivors

TIMEOUT = 15.0
"""Seconds for one transaction."""

log = structlog.stdlib.get_logger(__name__)


class _FactRefused(Exception):
    """Something in the facts themselves is not to the database's liking."""


class FactWriter:
    """Writes to `database`; what cannot be written is set aside in the spool's folder."""

    def __init__(self, database: Database, spool: Spool) -> None:
        self._database = database
        self._spool = spool

    async def write_lines(self, lines: Sequence[bytes]) -> int:
        """Write lines of the spool; returns how many had to be set aside. Raises what `write` raises."""
        facts = []
        for line in lines:
            if (fact := decoded(line)) is not None:
                facts.append(fact)
            else:
                await self._set_aside(line, "it cannot be read")
        return len(lines) - len(facts) + await self.write(facts)

    async def write(self, facts: Sequence[Fact]) -> int:
        """Write facts. Returns how many had to be set aside; raises the errors of `acd.edge.database`."""
        try:
            await self._transaction(facts)
            return 0
        except _FactRefused:
            refused = 0
        for fact in facts:
            try:
                await self._transaction([fact])
            except _FactRefused as error:
                refused += 1
                await self._set_aside(encoded(fact) or b"", str(error))
        return refused

    async def close_orphans(self, still: Survivors, at: float, tell: TellLost, alive: float) -> int:
        """See `acd.edge.history_orphans`. Raises the errors of `acd.edge.database`."""
        try:
            async with asyncio.timeout(TIMEOUT), self._database.engine.begin() as connection:
                closed = await close_orphans(connection, still, at, tell, alive)
            self._database.verify()
            return closed
        except (SQLAlchemyError, OSError) as error:
            raise self._database.explained(error) from error

    async def _transaction(self, facts: Sequence[Fact]) -> None:
        try:
            async with asyncio.timeout(TIMEOUT), self._database.engine.begin() as connection:
                await write_facts(connection, facts)
            self._database.verify()
        except (DataError, IntegrityError, ValueError, TypeError, OverflowError) as error:
            raise _FactRefused(type(error).__name__) from error
        except (PoolTimeout, OSError) as error:
            raise self._database.explained(error) from error
        except SQLAlchemyError as error:
            if type(error) is StatementError:  # a value that cannot even be handed to the driver
                raise _FactRefused(type(error.orig).__name__) from error
            raise self._database.explained(error) from error

    async def _set_aside(self, line: bytes, why: str) -> None:
        log.error("a fact cannot be stored and is set aside", why=why)
        try:
            await asyncio.to_thread(self._spool.set_aside, line)
        except OSError as error:
            log.error("nor can it be set aside", reason=error.strerror)  # noqa: TRY400 - it says it all
