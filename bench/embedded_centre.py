"""The embedded PBX with the real links and the real brain: how many calls a second a load test can hope for."""

import asyncio
import time
from collections.abc import Sequence
from typing import NamedTuple

from acd.center import ContactCenter
from acd.edge.clock import Clock
from acd.edge.runtime import Runtime
from acd.events import InteractionClosed
from acd.floor import Output
from acd.model import AgentId, PhoneKind, RequestId
from acd.requests import BecomeReady, LogIn
from acd.told import DesktopConnected
from bench.centre_process import plan
from bench.pbx_process import LINES, NUMBER, SETTINGS, PbxProcess
from cti.edge.ari import AriLink
from cti.edge.ari_rest import AriAddress
from cti.edge.counters import Tally
from cti.edge.simulated_voice import SimulatedVoice
from cti.model import NodeName

NODE = NodeName("pbx1")
AGENTS = [f"phone-{number}" for number in range(LINES)]
IN_QUEUE = 5
"""Callers who wait, so that no agent is ever without a call."""
TALK = 0.01
PATIENCE = 60.0


class Whole(NamedTuple):
    """What came out."""

    calls_a_second: float
    """By the clock."""
    cpu: float
    """Seconds of the links' and the brain's CPU time per call."""


class _Callers:
    """For each call that ends another one begins, until there were enough."""

    def __init__(self, pbx: PbxProcess, calls: int) -> None:
        self._pbx = pbx
        self._left = calls
        self._under_way = 0
        self.done = asyncio.Event()

    def dial(self) -> None:
        if self._left:
            self._left -= 1
            self._under_way += 1
            self._pbx.dial()

    def told(self, outputs: Sequence[Output], _: float) -> None:
        for one in outputs:
            if isinstance(one, InteractionClosed):
                self._under_way -= 1
                self.dial()
                if not self._under_way:
                    self.done.set()


async def with_the_centre(calls: int) -> Whole:
    """So many calls from dialling to hang-up, as many at a time as there are agents, and a few who wait."""
    runtime = Runtime(ContactCenter(plan(NUMBER, AGENTS, NODE), "bench"), Clock())
    async with PbxProcess(TALK) as pbx, asyncio.timeout(PATIENCE):
        address = AriAddress(pbx.url, SETTINGS.user, SETTINGS.password)
        link = AriLink(NODE, address, runtime.post, SimulatedVoice(), Tally())
        runtime.senders[NODE] = link.send
        callers = _Callers(pbx, calls)
        runtime.others.append(callers.told)
        running = asyncio.create_task(link.run())
        await _everybody_ready(runtime)
        cpu, began = time.process_time(), time.perf_counter()
        for _ in range(LINES + IN_QUEUE):
            callers.dial()
        await callers.done.wait()
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        runtime.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return Whole(calls / took, cpu / calls)


async def _everybody_ready(runtime: Runtime) -> None:
    while not runtime.center.pbx_connected.get(NODE):  # noqa: ASYNC110 - once, at the start
        await asyncio.sleep(0.01)
    for agent in map(AgentId, AGENTS):
        runtime.post(DesktopConnected(agent))
        runtime.post(LogIn(RequestId("log-in"), agent, PhoneKind.DESK))
        runtime.post(BecomeReady(RequestId("ready"), agent))
