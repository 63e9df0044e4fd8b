"""The spool's folder is taken away while the centre runs, and comes back: told, survived, and nothing is lost."""

import asyncio
from pathlib import Path

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.edge.spool import Spool
from acd.model import InteractionId
from tests.acd.edge.history.calls import answered_call


async def test_a_spool_that_is_gone_for_a_while(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    try:
        (tmp_path / "spool").rename(tmp_path / "elsewhere")
        for event in answered_call(InteractionId("i1"), 1_800_000_000.0):
            history.told(event)
        async with asyncio.timeout(10):
            while history.ready:  # noqa: ASYNC110 - nothing tells of it but time
                await asyncio.sleep(0.02)
        assert "No such file" in history.reason
        (tmp_path / "elsewhere").rename(tmp_path / "spool")
        assert await history.flush(15.0)
        assert history.ready
        assert await HistoryReader(database).interaction(InteractionId("i1")) is not None
    finally:
        await history.stop()
        await database.close()
