"""The whole process is killed with -9 while calls wait and talk, and started again."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.journeys.conftest import CENTER
from tests.journeys.desk import Desk
from tests.journeys.house import PASSWORD
from tests.journeys.served import ServedCentre
from tests.journeys.stage import CallingCustomer, Stage

READOPTED = 5.0
"""Seconds from the start of the new process to the centre knowing all calls again; it is promised."""


@pytest_asyncio.fixture
async def centre(stage: Stage, tmp_path: Path) -> AsyncIterator[ServedCentre]:
    """A centre in its own process."""
    async with ServedCentre(tmp_path, CENTER, stage.pbx) as centre:
        await centre.set_passwords("anna", "ben", "sam")
        await centre.start()
        yield centre
        await centre.closes_its_books()
        await centre.stop()
        ledger = await centre.ledger()
        assert ledger.balanced, ledger


def numbers_waiting(board: Desk) -> list[str]:
    """Who is in the queue, first come first."""
    return [one["number"] for one in board.view["queue:billing"]["callers"]]


async def waits(stage: Stage, board: Desk, number: str) -> CallingCustomer:
    """A customer who asks for a person, and is in the queue."""
    customer = await stage.dial("1000", number)
    await board.sees(lambda: board.view["today"]["in_flow"] > 0, "a call", 10.0)
    await customer.can_be_heard()
    await customer.press("0")
    await board.sees(lambda: number in numbers_waiting(board), "him waiting", 10.0)
    return customer


async def test_nobody_is_hung_up_on_and_everybody_keeps_his_place(stage: Stage, centre: ServedCentre) -> None:
    board = await Desk.open(centre.port, "sam", PASSWORD)
    annas = await stage.phone("anna")
    anna = await Desk.open(centre.port, "anna", PASSWORD)
    await anna.begin_work()
    talker = await waits(stage, board, "+4930901850")
    talk = await annas.rings()
    await talk.answer()
    await talker.hears_agent("anna")
    waiters = [await waits(stage, board, f"+493090186{n}") for n in range(3)]

    await centre.kill()

    for customer in (talker, *waiters):
        assert not customer.is_over
    await talker.hears_agent("anna")
    await talk.hears_customer()
    await waiters[0].hears_music()
    stray = await stage.dial("1000", "+4930901899")
    await stray.hears_fallback()
    await stray.hang_up()

    assert await centre.start() < READOPTED
    await board.connect()
    await anna.connect()
    await anna.state("busy")
    assert numbers_waiting(board) == [f"+493090186{n}" for n in range(3)]
    await talk.hears_customer()

    bens = await stage.phone("ben")
    async with await Desk.open(centre.port, "ben", PASSWORD) as ben:
        await ben.begin_work()
        ringing = await bens.rings()
        assert ben.view["pop"]["caller"]["number"] == "+4930901860"
        await ringing.answer()
        await waiters[0].hears_agent("ben")
        await talker.hang_up()
        await anna.state("after_call_work")
        await anna.ask("become_ready")
        await annas.rings()
        assert anna.view["pop"]["caller"]["number"] == "+4930901861"
        for customer in waiters:
            assert not customer.is_over
            await customer.hang_up()
        await ben.state("after_call_work")
        await ben.ask("become_ready")
        await board.sees(lambda: not numbers_waiting(board), "an empty queue")
        today = (
            "entered",
            "answered",
        )  # those of the first process are read from the database, which may take a moment
        await board.sees(lambda: [board.view["queue:billing"][n] for n in today] == [4, 2], "today's figures", 10.0)
        await board.sees(lambda: board.view["today"]["ledger_ok"], "that the books add up")
    await board.close()
    await anna.close()


async def test_who_was_ready_is_ready_again_and_who_was_rung_is_asked_again(stage: Stage, centre: ServedCentre) -> None:
    board = await Desk.open(centre.port, "sam", PASSWORD)
    annas = await stage.phone("anna")
    anna = await Desk.open(centre.port, "anna", PASSWORD)
    await anna.begin_work()
    customer = await waits(stage, board, "+4930901870")
    first = await annas.rings()
    await centre.kill()
    await centre.start()
    await first.ended()
    await anna.connect()
    again = await annas.rings()
    await again.answer()
    await customer.hears_agent("anna")
    await customer.hang_up()
    await anna.state("after_call_work")
    await anna.ask("become_ready")
    await asyncio.sleep(0.2)  # what happened in the last 20 ms before a kill may be forgotten (docs/storage.md)
    await centre.kill()
    await centre.start()
    await anna.connect()
    await anna.state("ready")
    await anna.close()
    await board.close()


async def test_the_time_in_which_nobody_was_there_is_nobodys(stage: Stage, centre: ServedCentre) -> None:
    """Ready for a second, killed for four; the same with an orderly end."""
    anna = await Desk.open(centre.port, "anna", PASSWORD)
    await anna.begin_work()
    await asyncio.sleep(1.2)
    for end in (centre.kill, centre.stop):
        before = await times_of(centre, "anna")
        await end()
        await asyncio.sleep(4.0)
        await centre.start()
        await anna.connect()
        await anna.state("ready")
        after = await times_of(centre, "anna")
        assert after["down_time"] - before["down_time"] > 3.9
        there = ("ready_time", "break_time")
        assert sum(after[name] - before[name] for name in there) < after["down_time"] - before["down_time"]
    await anna.close()


async def times_of(centre: ServedCentre, agent: str) -> dict[str, float]:
    """Her times of today, as the report has them."""
    status, said = await centre.command("report", "--by", "agent", "--every", "day", "--format", "json")
    assert status == 0, said
    (line,) = [line for line in json.loads(said)["totals"] if line["name"] == agent]
    return {name: value for name, value in line["figures"].items() if name.endswith("_time")}
