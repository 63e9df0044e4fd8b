"""A database that is down delays nothing: facts are spooled, and written when it is back; none is lost or doubled."""

import asyncio
import os
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from acd.edge.database import Database, DatabaseMisconfigured
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.edge.spool import Spool
from acd.events import AgentStateChanged, CenterEvent, InteractionStarted
from acd.model import InteractionId, PhoneKind
from acd.people.agents import NotReady, Ready
from acd.recovery.survivors import Survivors
from acd.remembered import AgentRemembered
from tests.acd.edge.history.books import counted, everything, nobody_listens
from tests.acd.edge.history.calls import ANNA, answered_call, day, started
from tests.acd.edge.history.test_spool import files_of_at_most
from tests.parts.postgres import PostgresServer

TELLER = """
import asyncio, sys
from pathlib import Path
from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.spool import Spool
from tests.acd.edge.history.calls import day

async def main(url, folder, seed):
    history = History(Database(url), Spool(Path(folder)))
    await history.start()
    for number, event in enumerate(day(int(seed), 3000)[0]):
        history.told(event)
        if number % 20 == 0:
            while history.queued:
                await asyncio.sleep(0.002)
            print(number, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server of this module's own: it is stopped and started all the time."""
    with PostgresServer() as server:
        yield server


async def until(what: str, history: History, *, ready: bool) -> None:
    """Wait for storage to notice."""
    async with asyncio.timeout(30):
        while history.ready is not ready:  # noqa: ASYNC110 - it has no event to wait for
            await asyncio.sleep(0.02)
    assert bool(history.reason) is not ready, what


async def tell_slowly(history: History, events: list[CenterEvent], seconds: float) -> float:
    """Tell evenly over that time. Returns the longest time that one telling took."""
    longest = 0.0
    for number, event in enumerate(events):
        before = time.perf_counter()
        history.told(event)
        longest = max(longest, time.perf_counter() - before)
        if number % 25 == 24:
            await asyncio.sleep(25 * seconds / len(events))
    return longest


async def test_a_server_that_stops_and_starts_again(server: PostgresServer, tmp_path: Path) -> None:
    database = Database(server.new_database())
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    events, expected = day(3, 1500)
    telling = asyncio.create_task(tell_slowly(history, events, 4.0))
    await asyncio.sleep(1.0)
    await asyncio.to_thread(server.stop)
    await until("stopped", history, ready=False)
    await asyncio.sleep(1.0)
    assert history.spooled > 0
    assert history.lag > 0.5
    await asyncio.to_thread(server.start)
    assert await telling < 0.5, "nobody waits for the server, which was away for longer"
    assert await history.flush(30.0)
    assert history.ready
    assert await counted(HistoryReader(database)) == expected
    assert (history.lost, history.unreadable, history.spooled, history.lag) == (0, 0, 0, 0.0)
    assert len((await everything(database))["interactions"]) == 1500
    await history.stop()
    await database.close()


async def test_a_server_that_is_killed_and_one_that_freezes(server: PostgresServer, tmp_path: Path) -> None:
    database = Database(server.new_database())
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    events, expected = day(4, 900)
    telling = asyncio.create_task(tell_slowly(history, events, 3.0))
    await asyncio.sleep(0.5)
    await asyncio.to_thread(server.kill)
    await until("killed", history, ready=False)
    await asyncio.to_thread(server.start)
    await until("started", history, ready=True)
    server.freeze()
    await asyncio.sleep(1.0)
    server.thaw()
    assert await telling < 0.5, "nobody waits for the server, which was away for longer"
    assert await history.flush(30.0)
    assert await counted(HistoryReader(database)) == expected
    await history.stop()
    await database.close()


async def told_until_killed(url: str, folder: Path, lines: int) -> int:
    """A process tells the day of seed 5 and is killed after that many acknowledgements. The last fact acknowledged."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TELLER, url, str(folder), "5"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert process.stdout is not None
    reached = 0
    for _ in range(lines):
        line = await process.stdout.readline()
        reached = int(line) if line.strip().isdigit() else reached  # the rest is its log
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    return reached


@pytest.mark.parametrize("down", [True, False], ids=["down", "up"])
async def test_killed_again_and_again(server: PostgresServer, tmp_path: Path, *, down: bool) -> None:
    """Whatever was on the disk when it was acknowledged is in the database in the end, once."""
    url = server.new_database()
    if down:
        server.stop()
    told = day(5, 3000)[0]
    reached = max([await told_until_killed(url, tmp_path / "spool", lines) for lines in (20, 60, 40)])
    if down:
        server.start()
    database = Database(url)
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    assert history.spooled == 0
    rows = await everything(database)
    names = {row["id"] for row in rows["interactions"]}
    assert reached > 500
    assert {event.interaction for event in told[: reached + 1] if isinstance(event, InteractionStarted)} <= names
    for event in told[: reached + 1]:
        history.told(event)
    assert await history.flush(20.0)
    now = await everything(database)
    assert {table: found for table, found in now.items() if rows[table] != found} == {}
    await history.stop()
    await database.close()


async def test_a_database_that_is_down_at_the_start(server: PostgresServer, tmp_path: Path) -> None:
    url = server.new_database()
    await asyncio.to_thread(server.stop)
    first = History(Database(url), Spool(tmp_path / "spool"))
    await first.start()
    assert not first.ready
    assert "refused" in first.reason
    for event in answered_call("i1", 100.0):
        first.told(event)
    first.told(AgentStateChanged(ANNA, Ready(198.0), NotReady(300.0, "lunch"), PhoneKind.DESK))
    await first.stop()

    database = Database(url)
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    assert await history.agent_states() == [AgentRemembered(ANNA, NotReady(300.0, "lunch"), PhoneKind.DESK)]
    history.told(started("i2", 400.0))
    assert await history.close_orphans(Survivors(), 500.0, nobody_listens) == 0  # put off
    history.told(started("i3", 600.0))
    await asyncio.to_thread(server.start)
    await until("started", history, ready=True)
    assert await history.flush(20.0)
    await asyncio.sleep(0.1)
    reader = HistoryReader(database)
    assert [one.id for one in await reader.open_interactions()] == ["i3"]
    found = await reader.interaction(InteractionId("i2"))
    assert found is not None
    assert (found.outcome, found.cause) == ("failed", "lost while down")
    await history.stop()
    await database.close()
    await first._database.close()


async def test_a_wrong_setting_is_told_at_the_start(server: PostgresServer, tmp_path: Path) -> None:
    database = Database(server.url("nowhere"))
    history = History(database, Spool(tmp_path / "spool"))
    with pytest.raises(DatabaseMisconfigured, match="nowhere"):
        await history.start()
    await database.close()


async def test_a_schema_that_goes_missing_is_made_again(server: PostgresServer, tmp_path: Path) -> None:
    database = Database(server.new_database())
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    name = str(database.engine.url.database)
    server.sql("DROP SCHEMA public CASCADE", name)
    history.told(started("i1", 1.0))
    await until("dropped", history, ready=False)
    server.sql("CREATE SCHEMA public", name)
    assert await history.flush(20.0)
    assert [one.id for one in await HistoryReader(database).open_interactions()] == ["i1"]
    await history.stop()
    await database.close()


async def test_a_disk_that_is_full_while_the_database_is_there(server: PostgresServer, tmp_path: Path) -> None:
    database = Database(server.new_database())
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    events, expected = day(6, 300)
    with files_of_at_most(50_000):  # more than what pytest captures, less than the facts
        for event in events:
            history.told(event)
        assert await history.flush(20.0)
        assert history.spool_failures > 0
    assert await counted(HistoryReader(database)) == expected
    history.told(started("after", 1.0))
    assert await history.flush(20.0)
    assert history.spool_reason == ""
    assert history.lost == 0
    await history.stop()
    await database.close()


async def test_another_process_holds_the_lock_of_sqlite(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    history = History(database, Spool(tmp_path / "spool"))
    await history.start()
    other = sqlite3.connect(tmp_path / "centre.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    events, expected = day(7, 100)
    for event in events:
        history.told(event)
    await until("locked", history, ready=False)
    assert "locked" in history.reason
    other.execute("ROLLBACK")
    other.close()
    assert await history.flush(20.0)
    assert await counted(HistoryReader(database)) == expected
    await history.stop()
    await database.close()


async def test_drains_ten_times_faster_than_a_busy_centre_tells(server: PostgresServer, tmp_path: Path) -> None:
    """A centre of a thousand calls an hour tells about 5 facts a second."""
    events, _ = day(8, 3000)
    spool = Spool(tmp_path / "spool")
    for url in (server.new_database(), f"sqlite:///{tmp_path}/centre.db"):
        database = Database(url)
        await database.prepare()
        history = History(database, spool)
        await history.start()
        before = time.monotonic()
        for event in events:
            history.told(event)
        assert await history.flush(60.0)
        facts_per_second = history.written / (time.monotonic() - before)
        assert facts_per_second > 500
        await history.stop()
        await database.close()


def test_the_day_of_the_tests_has_every_ending() -> None:
    assert len({outcome for _, outcome in day(3, 1500)[1]}) == 7
    assert isinstance(day(3, 10)[1], Counter)
