"""Long reports over HTTP: calls do not wait for them, and nobody counts on when nobody is there any more."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import aiohttp
import pytest

from acd.edge.database import Database
from acd.edge.report_process import ReportProcesses, outline_of
from acd.edge.reports import Reports, Wanted
from acd.reports.calendar import Every, Range
from acd.reports.export import csv_text, json_text
from acd.reports.report import By
from tests.acd.company import company
from tests.agent_desktop.office import Browser, office

AT = 1_793_606_400.0
DAY = "2026-11-02"
CALLS = 12_000


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """With a busy day."""
    file = tmp_path / "centre.db"
    database = Database(f"sqlite:///{file}")
    await database.prepare()
    rows = [(f"s{n}", f"i{n}", "billing", AT + n, AT + n + 9, "answered", 9.0) for n in range(CALLS)]
    with sqlite3.connect(file) as connection:
        connection.executemany(
            "INSERT INTO segments (id, interaction, queue, entered, ended, outcome, wait) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
    connection.close()
    yield database
    await database.close()


def processes() -> list[str]:
    """Our children that make reports."""
    children = [
        child for tasks in Path("/proc/self/task").glob("*/children") for child in tasks.read_text("ascii").split()
    ]
    lines = [Path(f"/proc/{child}/cmdline") for child in children]
    return [str(line) for line in lines if line.exists() and b"report_process" in line.read_bytes()]


async def test_calls_do_not_wait_for_a_long_report(database: Database) -> None:
    async with office(database=database) as centre, Browser(centre) as sam:
        await sam.log_in("sam")
        began = time.thread_time()
        async with sam.http.get(f"/api/reports?from={DAY}&every=day") as response:
            report = await response.json()
        assert report["whole"]["figures"]["entered"] == CALLS
        assert time.thread_time() - began < 0.4, "the event loop has counted"


async def test_who_goes_away_ends_the_work(database: Database) -> None:
    async with office(database=database) as centre, Browser(centre) as sam:
        await sam.log_in("sam")
        asking = asyncio.ensure_future(sam.http.get(f"/api/reports?from={DAY}"))
        async with asyncio.timeout(10):
            while not processes():  # noqa: ASYNC110 - the system tells nobody
                await asyncio.sleep(0.005)
            asking.cancel()
            while processes():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        async with sam.http.get(f"/api/reports?from={DAY}&every=day") as response:
            assert response.status == 200, "it is the next one's turn"


@pytest.mark.parametrize("by", By)
async def test_that_process_knows_all_that_a_report_needs(database: Database, by: By) -> None:
    plan = company()
    wanted = Wanted(Range(date.fromisoformat(DAY), date.fromisoformat(DAY)), Every.HOUR, by)
    expected = await Reports(database, lambda: plan).report(wanted, AT + 86_400)
    assert outline_of(plan).plan().teams == plan.teams
    async with ReportProcesses(database, lambda: plan).report(wanted, AT + 86_400, "json") as pieces:
        assert b"".join([piece async for piece in pieces]) == json_text(expected)
    async with ReportProcesses(database, lambda: plan).report(wanted, AT + 86_400, "csv") as pieces:
        assert b"".join([piece async for piece in pieces]) == csv_text(expected).encode()


@pytest.fixture
def many_lines(database: Database, tmp_path: Path) -> Database:
    """With a line for each call: more than all buffers on the way take."""
    with sqlite3.connect(tmp_path / "centre.db") as connection:
        connection.execute("UPDATE segments SET queue = id")
    connection.close()
    return database


async def test_a_report_that_breaks_off_is_not_taken_for_a_whole_one(many_lines: Database) -> None:
    async with office(database=many_lines) as centre, Browser(centre) as sam:
        await sam.log_in("sam")
        async with sam.http.get(f"/api/reports?from={DAY}") as response:
            (making,) = processes()
            os.kill(int(Path(making).parent.name), signal.SIGKILL)
            with pytest.raises(aiohttp.ClientError):
                await response.read()


async def test_who_does_not_read_his_report_keeps_nobody_waiting(many_lines: Database) -> None:
    async with office(database=many_lines, read_within=5.0) as centre, Browser(centre) as sam:
        await sam.log_in("sam")
        async with sam.http.get(f"/api/reports?from={DAY}") as response:
            async with asyncio.timeout(60), sam.http.get(f"/api/reports?from={DAY}&by=centre") as another:
                assert (await another.json())["whole"]["figures"]["entered"] == CALLS
            with pytest.raises(aiohttp.ClientError):
                await response.read()
