"""Twenty thousand events at once: they are all taken in, in order, and nobody else is kept waiting meanwhile."""

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from cti.edge.ami import AmiAddress
from cti.edge.ari_rest import AriAddress
from cti.edge.counters import Tally
from cti.edge.pbx import Pbx
from cti.events import AnyPbxEvent, CallArrived, KeyPressed, PbxSynchronized, PhoneReachable, PhoneUnreachable
from cti.simulator.settings import PbxSettings
from tests.cti.storm import EVENTS_OF_A_PHONE
from tests.cti.world import NODE, RecordingsOnly, running

EVENTS = 20_000
TIMES_AWAY = EVENTS // EVENTS_OF_A_PHONE
LONGEST_STALL = 0.05
"""Seconds more than without a storm. Others work on this machine, too, so there are as many storms as are needed."""
STORMS = 3


class StormyPbx:
    """The embedded PBX in its own process (see `storm`)."""

    def __init__(self, process: asyncio.subprocess.Process, ari: int, ami: int) -> None:
        settings = PbxSettings()
        self._process = process
        self.ari = AriAddress(f"http://127.0.0.1:{ari}/ari", settings.user, settings.password)
        self.ami = AmiAddress("127.0.0.1", ami, settings.ami_user, settings.ami_password)

    def storm(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")


@asynccontextmanager
async def stormy_pbx() -> AsyncIterator[StormyPbx]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.cti.storm", str(EVENTS), stdin=pipe, stdout=pipe
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ari, ami = (await process.stdout.readline()).split()
        yield StormyPbx(process, int(ari), int(ami))
    finally:
        process.stdin.close()
        await process.wait()


class Ticker:
    """Notes how late it comes: the time for which the loop has had no turn for it."""

    def __init__(self) -> None:
        self.latest = 0.0

    async def tick(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            self.latest = max(self.latest, time.perf_counter() - before - 0.001)

    async def latest_until(self, done: Callable[[], bool]) -> float:
        self.latest = 0.0
        async with asyncio.timeout(30):
            while not done():  # noqa: ASYNC110 -- there is an event for each of twenty thousand events
                await asyncio.sleep(0.01)
        return self.latest


async def test_a_storm_of_events_stalls_nobody() -> None:
    heard: list[AnyPbxEvent] = []
    tally = Tally()
    async with stormy_pbx() as there:
        pbx = Pbx(NODE, there.ari, there.ami, heard.append, RecordingsOnly(), tally)
        ticker = Ticker()
        async with running(pbx.run), running(ticker.tick):
            at_first = {PbxSynchronized, PhoneReachable, CallArrived}
            await ticker.latest_until(lambda: at_first <= {type(one) for one in heard})
            gc.collect()
            calm = time.perf_counter() + 0.5
            baseline = await ticker.latest_until(lambda: time.perf_counter() > calm)
            stalls: list[float] = []
            while len(stalls) < STORMS and (not stalls or min(stalls) - baseline >= LONGEST_STALL):
                heard.clear()
                there.storm()
                stalls.append(await ticker.latest_until(lambda: len(heard) >= EVENTS + 2 * TIMES_AWAY))
                assert whole(heard), "what is said in order is heard in order"
    assert min(stalls) - baseline < LONGEST_STALL, (baseline, stalls)
    assert (tally.total("ari_lost"), tally.total("ami_lost")) == (0, 0), "we were too slow for the PBX"


def whole(heard: Sequence[AnyPbxEvent]) -> bool:
    keys = sum(isinstance(one, KeyPressed) for one in heard)
    phone = [type(one) for one in heard if isinstance(one, PhoneReachable | PhoneUnreachable)]
    return keys == EVENTS and phone == [PhoneUnreachable, PhoneReachable] * TIMES_AWAY
