"""The longest stall of the event loop with a thousand agents at work.

The embedded PBX, the centre, and the browsers are a process each: a stall of the centre's loop is nobody else's.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Literal

import aiohttp

from agent_desktop.protocol import VERSION
from bench.child import Child, Stalls, Tickets
from bench.figures import Part, Say, figure, times
from bench.pbx_process import NUMBER, PbxProcess, as_settings
from bench.stall_centre import StallOrder
from config.process import allow_many_files

AGENTS, SECONDS = 1000, 600
TALK, WRAP_UP = 60.0, 10.0
LOAD = 1.02
"""Callers, as a share of what the agents can serve: a queue builds up slowly."""
SETTLING = 30.0
"""Seconds until everybody has begun and the first talks are over."""
SEED = 1
GOAL = "max <= 20"


class Browsers:
    """Desktops that are open and read what they are told."""

    def __init__(self, http: aiohttp.ClientSession, port: int) -> None:
        self._http = http
        self._base = f"http://127.0.0.1:{port}"
        self._reading: list[asyncio.Task[None]] = []

    async def open(self, ticket: str) -> "aiohttp.ClientWebSocketResponse[Literal[True]]":
        """One more."""
        socket = await self._http.ws_connect(f"{self._base}/ws", origin=self._base, max_msg_size=0)
        await socket.send_json({"type": "authenticate", "version": VERSION, "ticket": ticket})
        self._reading.append(asyncio.create_task(_read(socket)))
        return socket

    async def begin_work(self, ticket: str) -> None:
        """One more, whose agent wants calls at his desk phone."""
        socket = await self.open(ticket)
        await socket.send_json({"type": "request", "id": "1", "verb": "log_in", "phone": "desk"})
        await socket.send_json({"type": "request", "id": "2", "verb": "become_ready"})

    async def open_all(self, tickets: Sequence[str]) -> None:
        """All agents', and the supervisor's, which is the last."""
        await self.open(tickets[-1])
        for ticket in tickets[:-1]:
            await self.begin_work(ticket)

    def check(self) -> None:
        """Raises `ConnectionError` if one was put out."""
        if lost := sum(reading.done() for reading in self._reading):
            message = f"{lost} desktops were put out"
            raise ConnectionError(message)

    async def close(self) -> None:
        """All of them."""
        for reading in self._reading:
            reading.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)


async def _read(socket: "aiohttp.ClientWebSocketResponse[Literal[True]]") -> None:
    async for _ in socket:
        pass


async def stalls(agents: int, seconds: float, say: Say) -> Stalls:
    """Run that centre for so long, and as long before as it takes to begin."""
    allow_many_files()
    names = tuple(f"phone-{number}" for number in range(agents))
    settling = SETTLING * min(1.0, agents / AGENTS) + 1.0
    async with PbxProcess(TALK, agents) as pbx, aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        with tempfile.TemporaryDirectory(prefix="callwright-bench-") as folder:
            order = StallOrder(as_settings(pbx), NUMBER, names, WRAP_UP, f"{folder}/data", settling)
            async with Child("bench.stall_centre", order, Path(folder) / "log") as centre:
                began = time.monotonic()
                browsers = Browsers(http, centre.started.port)
                await browsers.open_all((await centre.hears(Tickets, lambda _: True, timeout=30.0)).tickets)
                say(f"{agents} desktops are open after {time.monotonic() - began:.0f} s")
                await _callers(pbx, agents, began + settling + seconds)
                browsers.check()
            # Only now: a thousand who leave in the same moment are not what is to be measured.
            await browsers.close()
            return await centre.hears(Stalls, lambda _: True)


async def _callers(pbx: PbxProcess, agents: int, until: float) -> None:
    random = Random(SEED)
    rate = LOAD * agents / (TALK + WRAP_UP)
    while time.monotonic() < until:
        await asyncio.sleep(random.expovariate(rate))
        pbx.dial()


def run(scale: float, say: Say) -> Part:
    """The figures."""
    agents, seconds = times(min(1.0, scale * 20), AGENTS, 10), times(scale, SECONDS, 2)
    say(f"{agents} agents for {seconds} s")
    found = asyncio.run(stalls(agents, seconds, say))
    rows = (
        figure("longest stall in each second", found.wall, "ms", GOAL),
        figure("longest stall in each second, of CPU time", found.cpu, "ms CPU", GOAL),
        figure("longest garbage collection in each second", found.collections or (0.0,), "ms"),
    )
    rate = LOAD * agents / (TALK + WRAP_UP)
    note = f"{agents} agents, each with his desktop open, a supervisor's board, {rate:.1f} calls a second."
    return Part("The event loop: how long it looks at nothing new", rows, (note,))
