"""The same with many: fifty agents who all talk, and two hundred callers who wait and hear Asterisk's music.

Only one competitor's people are on the telephone at a time, as one company's are; they take turns, some dozens of
hang-ups each, so that whatever else the machine does meets all of them. One agent hangs up at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from bench.competitors import Competitors, Measured, Teams
from bench.dispatch_stages import Stages
from bench.figures import Figure, Say, times
from bench.pops import Pops
from bench.quiet import PATIENCE, Quiet
from bench.telephones import Rung, Team, names

AGENTS, WAITING = 50, 200
TURNS, HANG_UPS, STAGES = 2, 100, 60
"""How often each competitor's turn comes, and how many hang-ups are measured in one, at full scale."""
IDLE = 0.6
"""Share of the processors' time. Music for two hundred callers keeps Asterisk busy for half of one processor's."""
SEED = 2
GOAL = "median <= 6, p99 <= 25"

Round = Callable[[], Awaitable[Rung]]


class Crowd:
    """The parts of this measurement; a tenth of all measurements has all its people, a trial has few."""

    def __init__(self, scale: float) -> None:
        people = min(1.0, scale * 10)
        self._agents, self._waiting = times(people, AGENTS, 2), times(people, WAITING, 2)
        self._turns, self._hang_ups = times(people, TURNS, 1), times(scale * TURNS, HANG_UPS, 2)
        self._recorded = times(scale, STAGES, 2)
        self._quiet = Quiet(people * PATIENCE, IDLE)
        self._random = Random(SEED)
        self.phones = names(self._agents)

    async def measure(self, competitors: Competitors, say: Say) -> tuple[list[Figure], str]:
        """Everything, in turn; and what is to be said of it."""
        what = f"{self._agents} agents, {self._waiting} waiting"
        async with competitors.teams(self._waiting) as teams:
            say(f"{what}: hang-up to the next caller's INVITE, {self._hang_ups} of each")
            async with (
                competitors.centre("figures") as ours,
                competitors.floor(),
                competitors.desks(ours) as desks,
            ):
                measured, pops = Measured(), Pops(desks)
                for turn in range(self._turns):
                    await self._turn(teams, pops, measured, self._share(turn))
                    say(f"{len(measured.ours)} of {self._hang_ups}")
            say(f"{what}: the way of our messages, recorded")
            stages = await self._stages(competitors, teams.ours)
        rows = [
            *measured.rows(f"{what}: hang-up to the next INVITE", GOAL),
            *pops.rows(f"{what}: "),
            *stages.rows(f"{what}, "),
        ]
        note = f"With {what}, Callwright adds {measured.added():.1f} ms to the bare loop's median. {self._quiet.told()}"
        return rows, note

    def _share(self, turn: int) -> int:
        """How many hang-ups of all belong to one turn."""
        return self._hang_ups * (turn + 1) // self._turns - self._hang_ups * turn // self._turns

    async def _turn(self, teams: Teams, pops: Pops, measured: Measured, count: int) -> None:
        async def ours() -> Rung:
            rung = await teams.ours.next_call()
            await pops.check(rung)
            return rung

        async def queue() -> Rung:
            # app_queue looks every second; what comes before must not be in step with that.
            await asyncio.sleep(self._random.uniform(0.0, 1.0))
            return await teams.queue.next_call()

        await self._rounds(teams.ours, ours, measured.ours, count, pops.forget)
        await self._rounds(teams.floor, teams.floor.next_call, measured.floor, count)
        await self._rounds(teams.queue, queue, measured.queue, count)

    async def _rounds(
        self, team: Team, one: Round, into: list[float], count: int, ready: Callable[[], None] = lambda: None
    ) -> None:
        await team.fill()
        ready()
        for _ in range(count):
            await self._quiet.wait()
            into.append((await one()).milliseconds)
        await team.empty()

    async def _stages(self, competitors: Competitors, team: Team) -> Stages:
        async with competitors.centre("stages", record=True) as child, competitors.desks(child):
            stages = Stages(child.started.anchor)

            async def one() -> Rung:
                stages.rung.append(await team.next_call())
                return stages.rung[-1]

            await self._rounds(team, one, [], self._recorded)
        stages.read(competitors.trace("stages"))
        return stages
