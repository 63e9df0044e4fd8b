"""The books of storage, read in two ways: the ledger, and every row of every table."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from acd.edge.database import Database
from acd.edge.history_reader import HistoryReader
from acd.edge.tables import metadata
from acd.events import CenterEvent


async def counted(reader: HistoryReader) -> Counter[tuple[str, str]]:
    """How many segments of each (queue, outcome) the ledger has. It must balance."""
    ledger = await reader.ledger(0.0)
    assert ledger.balanced, ledger
    found: Counter[tuple[str, str]] = Counter()
    for queue in ledger.queues:
        found[queue.queue, "still_open"] = queue.still_open
        found.update({(queue.queue, outcome.value): count for outcome, count in queue.outcomes.items()})
    return +found


async def nobody_listens(_events: Sequence[CenterEvent]) -> None:
    """To what was closed because nobody was there when it ended."""


async def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row, in order of its key."""
    found = {}
    async with database.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = await connection.execute(select(table).order_by(*table.primary_key.columns))
            found[table.name] = [dict(row._mapping) for row in rows]
    return found
