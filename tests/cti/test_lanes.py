"""Lanes: the oldest first in each, side by side otherwise."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_asyncio

from cti.edge.backoff import Backoff
from cti.edge.lanes import Lanes


@pytest_asyncio.fixture
async def lanes() -> AsyncIterator[Lanes]:
    lanes = Lanes()
    yield lanes
    await lanes.close()


async def test_jobs_that_share_a_lane_run_one_by_one_in_order(lanes: Lanes) -> None:
    random = Random(7)
    busy: set[str] = set()
    order: dict[str, list[int]] = {name: [] for name in "abcd"}

    def job(number: int, names: tuple[str, ...]) -> None:
        async def work() -> None:
            assert busy.isdisjoint(names)
            busy.update(names)
            for name in names:
                order[name].append(number)
            await asyncio.sleep(random.random() / 1000)
            busy.difference_update(names)

        lanes.put(names, work)

    for number in range(200):
        job(number, tuple(random.sample("abcd", random.randint(1, 3))))
    async with asyncio.timeout(5):
        while len(lanes):  # noqa: ASYNC110 -- lanes have nothing to wait for; nobody but a test wants it
            await asyncio.sleep(0.01)
    assert sum(map(len, order.values())) > 200
    assert all(numbers == sorted(numbers) for numbers in order.values())


async def test_a_job_that_waits_makes_nobody_wait_who_shares_no_lane(lanes: Lanes) -> None:
    never, done = asyncio.Event(), asyncio.Event()

    async def waits() -> None:
        await never.wait()

    async def works() -> None:
        done.set()

    lanes.put("a", waits)
    lanes.put("ab", waits)
    lanes.put("c", works)
    await asyncio.wait_for(done.wait(), 1)
    assert len(lanes) == 2


async def test_closing_drops_what_waits_and_stops_what_runs(lanes: Lanes) -> None:
    started, finished = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        started.set()
        await asyncio.sleep(10)
        finished.set()

    lanes.put("a", work)
    lanes.put("a", work)
    await started.wait()
    await lanes.close()
    assert len(lanes) == 0
    assert not finished.is_set()


@pytest.mark.parametrize("seed", range(5))
def test_backoff_grows_to_two_seconds_and_starts_anew(seed: int) -> None:
    backoff = Backoff(Random(seed))
    delays = [backoff.next() for _ in range(12)]
    assert 0.05 <= delays[0] <= 0.1
    assert all(1.0 <= delay <= 2.0 for delay in delays[5:])
    backoff.reset()
    assert backoff.next() <= 0.1
