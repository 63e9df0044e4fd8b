"""How long a caller waits for nothing: from the moment at which an agent is free to the INVITE at his phone.

Callwright, Asterisk's own queue, and a bare ARI loop, in turn, on the same Asterisk, with SIP phones on both sides.
Callwright runs in a process of its own, complete: history in SQLite, logs, a desktop open for each agent. Times are
taken at the phones, so that all that happens in between is in them. Here two agents each have two callers who wait;
`crowd` is the same with many.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.child import Child, Entered
from bench.competitors import Competitors, Measured, Teams
from bench.crowd import Crowd
from bench.dispatch_stages import Stages
from bench.figures import Figure, Part, Say, times
from bench.joins import Joins
from bench.pops import Pops
from bench.quiet import PATIENCE, Quiet
from bench.telephones import Rung, Team, Watcher, asterisk, names

AGENTS, WAITING = 2, 2
HANG_UPS, ENTRIES, STAGES = 200, 100, 60
"""How often each is measured at full scale."""
SEED = 1
GOAL = "median <= 5, p99 <= 20"


class Entries(NamedTuple):
    """Who says when a caller has entered a queue."""

    ours: Child
    queue: Joins
    floor: Child


class House:
    """The parts of one measurement."""

    def __init__(self, competitors: Competitors, watcher: Watcher, quiet: Quiet) -> None:
        self._competitors = competitors
        self._watcher = watcher
        self._random = Random(SEED)
        self._quiet = quiet

    async def measure(self, scale: float, say: Say) -> tuple[list[Figure], str]:
        """Everything, in turn; and what is to be said of it."""
        async with self._competitors.teams(WAITING) as teams:
            rows, note = await self._compare(teams, scale, say)
            say("the way of our messages, recorded")
            stages = await self._stages(teams.ours, times(scale, STAGES, 2))
        return [*rows, *stages.rows()], note

    async def _compare(self, teams: Teams, scale: float, say: Say) -> tuple[list[Figure], str]:
        competitors = self._competitors
        async with (
            competitors.centre("figures") as ours,
            competitors.floor() as floor,
            Joins(self._watcher) as joins,
            competitors.desks(ours) as desks,
        ):
            pops = Pops(desks)
            count = times(scale, HANG_UPS, 2)
            say(f"hang-up to the next caller's INVITE, {count} of each")
            hang_ups = await self._hang_ups(teams, pops, count, say)
            count = times(scale, ENTRIES, 2)
            say(f"entry of a queue with a free agent to his INVITE, {count} of each")
            entries = await self._entries(teams, pops, Entries(ours, joins, floor), count)
        rows = [
            *hang_ups.rows("hang-up to the next INVITE", GOAL),
            *entries.rows("queue entry to INVITE", GOAL),
            *pops.rows(),
        ]
        note = (
            f"To the bare loop's median, Callwright adds {hang_ups.added():.1f} ms after a hang-up and "
            f"{entries.added():.1f} ms at the entry of a queue."
        )
        return rows, note

    async def _hang_ups(self, teams: Teams, pops: Pops, count: int, say: Say) -> Measured:
        measured = Measured()
        for team in teams:
            await team.fill()
        pops.forget()
        for number in range(count):
            # app_queue looks every second; what comes before must not be in step with that.
            await asyncio.sleep(self._random.uniform(0.1, 1.1))
            await self._quiet.wait()
            rung = await teams.ours.next_call()
            await pops.check(rung)
            measured.ours.append(rung.milliseconds)
            await self._quiet.wait()
            measured.floor.append((await teams.floor.next_call()).milliseconds)
            await asyncio.sleep(self._random.uniform(0.0, 0.5))
            measured.queue.append((await teams.queue.next_call()).milliseconds)
            if number % 50 == 49:
                say(f"{number + 1} of {count}")
        for team in teams:
            await team.empty()
        return measured

    async def _entries(self, teams: Teams, pops: Pops, entries: Entries, count: int) -> Measured:
        measured = Measured()
        pops.forget()
        for _ in range(count):
            await self._quiet.wait()
            rung = await teams.ours.new_call()
            await pops.check(rung)
            measured.ours.append((rung.at - await _entry(entries.ours, rung)) * 1000)
            rung = await teams.queue.new_call()
            measured.queue.append((rung.at - await entries.queue.after(rung.since)) * 1000)
            rung = await teams.floor.new_call()
            measured.floor.append((rung.at - await _entry(entries.floor, rung)) * 1000)
        return measured

    async def _stages(self, team: Team, count: int) -> Stages:
        competitors = self._competitors
        async with competitors.centre("stages", record=True) as child, competitors.desks(child):
            stages = Stages(child.started.anchor)
            await team.fill()
            for _ in range(count):
                await self._quiet.wait()
                stages.rung.append(await team.next_call())
            await team.empty()
        stages.read(competitors.trace("stages"))
        return stages


async def _entry(child: Child, rung: Rung) -> float:
    return (await child.hears(Entered, lambda entered: entered.at > rung.since)).at


async def _run(scale: float, say: Say) -> Part:
    quiet = Quiet(min(1.0, scale * 10) * PATIENCE)
    with tempfile.TemporaryDirectory(prefix="callwright-bench-") as folder:
        few = names(AGENTS)
        with asterisk(few) as (running, watcher):
            rows, note = await House(Competitors(running, few, Path(folder)), watcher, quiet).measure(scale, say)
        crowd = Crowd(scale)
        with asterisk(crowd.phones) as (running, _):
            many, told = await crowd.measure(Competitors(running, crowd.phones, Path(folder) / "crowd"), say)
    return Part("Dispatch: how soon the next phone rings", (*rows, *many), (f"{note} {quiet.told()}", told))


def run(scale: float, say: Say) -> Part:
    """All of it."""
    # The phones' events are stamped in Python: they must not wait long for another thread.
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0001)
    try:
        return asyncio.run(_run(scale, say))
    finally:
        sys.setswitchinterval(before)
