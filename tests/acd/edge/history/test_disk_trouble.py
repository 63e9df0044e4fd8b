"""The spool's folder is taken away while the centre runs, and comes back: told, survived, and nothing is lost."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.edge.spool import Spool
from acd.model import InteractionId
from tests.acd.edge.history.calls import answered_call


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing tells of it but time
            await asyncio.sleep(0.02)


async def test_a_spool_that_is_gone_for_a_while(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    try:
        (tmp_path / "spool").rename(tmp_path / "elsewhere")
        for event in answered_call(InteractionId("i1"), 1_800_000_000.0):
            history.told(event)
        await until(lambda: "No such file" in history.reason)
        assert not history.ready
        (tmp_path / "elsewhere").rename(tmp_path / "spool")
        assert await history.flush(15.0)
        assert await HistoryReader(database).interaction(InteractionId("i1")) is not None
    finally:
        await history.stop()
        await database.close()
