"""Somebody deletes or replaces the SQLite file under the running process: it is told, and no fact goes with it."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from acd.edge.database import Database, DatabaseMisconfigured
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.edge.spool import Spool
from tests.acd.edge.history.books import counted
from tests.acd.edge.history.calls import day
from tests.acd.edge.history.test_outage import until


class Kept:
    """Storage with a file in a folder, and a day of facts for it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "centre with % and ?.db"
        self.backup = folder / "backup.db"
        self.spool = folder / "spool"
        self.events, self.expected = day(3, 200)
        self.database = Database(f"sqlite:///{str(self.file).replace('?', '%3F')}")
        self.history = History(self.database, Spool(self.spool))

    async def tell_half(self, which: int) -> None:
        """The first (0) or second (1) half of the day."""
        half = len(self.events) // 2
        for event in self.events[which * half : (which + 1) * half if which == 0 else None]:
            self.history.told(event)
        if self.history.ready:
            await asyncio.sleep(0.1)

    def back_up(self) -> None:
        """As docs/storage.md says."""
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(self.backup)) as target:
            source.backup(target)

    def delete(self) -> None:
        """And nothing of what lies beside it."""
        self.file.unlink()


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    """It runs, and knows the first half of the day."""
    (tmp_path / "data").mkdir()
    kept = Kept(tmp_path / "data")
    await kept.history.start()
    await kept.tell_half(0)
    assert await kept.history.flush(20.0)
    kept.back_up()
    yield kept
    await kept.history.stop()
    await kept.database.close()


async def test_a_file_that_is_deleted_is_missed_and_its_backup_taken_up(kept: Kept) -> None:
    kept.delete()
    await kept.tell_half(1)
    await until("deleted", kept.history, ready=False)
    assert "deleted" in kept.history.reason
    assert not await kept.history.flush(0.5)
    assert not kept.file.exists(), "an empty one would hide what has happened"
    shutil.move(kept.backup, kept.file)
    await until("restored", kept.history, ready=True)
    assert await kept.history.flush(20.0)
    assert await counted(HistoryReader(kept.database)) == kept.expected


async def test_an_idle_process_notices_too(kept: Kept) -> None:
    kept.delete()
    with pytest.raises(DatabaseMisconfigured, match="deleted"):
        await kept.database.check()
    with pytest.raises(OperationalError):
        async with kept.database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    assert not kept.file.exists()


async def test_a_file_that_is_replaced_is_opened_anew(kept: Kept) -> None:
    """The log of the old file still lies beside it; SQLite would take its pages for the new one's."""
    with closing(sqlite3.connect(kept.backup)) as other:
        other.execute("CREATE TABLE mark AS SELECT 1 AS one")
        other.commit()
    await kept.tell_half(1)
    shutil.move(kept.backup, kept.file)
    with pytest.raises(DatabaseMisconfigured, match="replaced"):
        await kept.database.check()
    kept.history.told(kept.events[-1])
    await until("replaced", kept.history, ready=True)
    assert await kept.history.flush(20.0)
    async with kept.database.engine.connect() as connection:
        assert (await connection.execute(text("SELECT one FROM mark"))).scalar_one() == 1
        assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"


async def test_a_fact_that_went_into_a_file_without_a_name_is_written_again(kept: Kept) -> None:
    """Deleted after the look at it and before the commit: the spool keeps the facts until all is seen to be well."""
    async with kept.database.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        kept.delete()
        await connection.commit()
    with pytest.raises(DatabaseMisconfigured, match="deleted"):
        kept.database.verify()


async def test_after_a_restart_there_is_a_new_file_with_what_the_spool_held(kept: Kept, tmp_path: Path) -> None:
    kept.delete()
    await kept.tell_half(1)
    await until("deleted", kept.history, ready=False)
    await kept.history.stop(0.5)
    database = Database(f"sqlite:///{str(kept.file).replace('?', '%3F')}")
    history = History(database, Spool(kept.spool))
    await history.start()
    assert history.ready
    assert history.behind == 0
    assert kept.file.exists()
    found = await HistoryReader(database).ledger(0.0)
    assert sum(queue.entered for queue in found.queues) > 0
    async with database.engine.connect() as connection:
        assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"
    await history.stop()
    await database.close()
