"""How long a caller waits for nothing: from the moment at which an agent is free to the INVITE at his phone.

Callwright, Asterisk's own queue, and a bare ARI loop, in turn, on the same Asterisk, with SIP phones on both sides.
Callwright runs in a process of its own, complete: history in SQLite, logs, a desktop open for each agent. Times are
taken at the phones, so that all that happens in between is in them.
"""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.centre_process import CentreOrder
from bench.child import Child, Entered
from bench.dispatch_stages import Stages
from bench.figures import Figure, Part, Say, figure, percentile, times
from bench.floor import FloorOrder
from bench.joins import Joins
from bench.quiet import PATIENCE, Quiet
from bench.sip_phone import SoundSink
from bench.telephones import (
    CENTRE_NUMBER,
    CENTRE_PHONES,
    FLOOR_NUMBER,
    FLOOR_PHONES,
    QUEUE_NUMBER,
    QUEUE_PHONES,
    Rung,
    Team,
    Watcher,
    asterisk,
)
from config.settings import Ami, Ari, Pbx
from tests.journeys.desk import Desk, Value
from tests.parts.asterisk import Asterisk

HANG_UPS, ENTRIES, STAGES = 200, 100, 60
"""How often each is measured at full scale."""
PASSWORD = "correct horse battery"  # noqa: S105 - of a centre that lives for a minute
SEED = 1
SHARES = (0.5, 0.99, 1.0)
GOAL = "median <= 5, p99 <= 20"


class Teams(NamedTuple):
    """Who is measured."""

    ours: Team
    queue: Team
    floor: Team


class Entries(NamedTuple):
    """Who says when a caller has entered a queue."""

    ours: Child
    queue: Joins
    floor: Child


class Measured:
    """What came out, in milliseconds."""

    def __init__(self) -> None:
        self.ours: list[float] = []
        self.queue: list[float] = []
        self.floor: list[float] = []

    def added(self) -> float:
        """What we add to the bare loop, of the median."""
        return percentile(self.ours, 0.5) - percentile(self.floor, 0.5)

    def rows(self, what: str, goal: str) -> list[Figure]:
        """Each, and how many times as long app_queue takes as we do."""
        median, high, largest = (percentile(self.queue, share) / percentile(self.ours, share) for share in SHARES)
        return [
            figure(f"{what}: Callwright", self.ours, "ms", goal),
            figure(f"{what}: app_queue", self.queue, "ms"),
            figure(f"{what}: bare ARI loop", self.floor, "ms"),
            Figure(f"{what}: app_queue / Callwright", "times", len(self.ours), median, high, largest),
        ]


class Pops:
    """Watches that the screen pop is on the agent's screen before his phone rings."""

    def __init__(self, desks: dict[str, Desk]) -> None:
        self._desks = desks
        self._last = dict.fromkeys(desks, "")
        self._read = dict.fromkeys(desks, 0)
        self.ahead: list[float] = []
        """Milliseconds from pop to INVITE; negative where the INVITE was first."""

    def forget(self) -> None:
        """Begin with what comes from now on."""
        for name in self._desks:
            while self._next(name) is not None:
                self._take(name)

    async def check(self, rung: Rung) -> None:
        """The pop that belongs to this call; it may be gone from the screen again."""
        await self._desks[rung.phone].sees(lambda: self._next(rung.phone) is not None, "the next pop")
        self.ahead.append((rung.at - self._take(rung.phone)) * 1000)

    def _next(self, name: str) -> int | None:
        """Where in the desktop's history another interaction's pop is first seen."""
        times = self._desks[name].times
        fresh = (n for n in range(self._read[name], len(times)) if _pop(times[n][1]) not in {"", self._last[name]})
        return next(fresh, None)

    def _take(self, name: str) -> float:
        found = self._next(name)
        assert found is not None
        arrived, change = self._desks[name].times[found]
        self._read[name], self._last[name] = found + 1, _pop(change)
        return arrived

    def rows(self) -> list[Figure]:
        """How far ahead, and the share of the calls where it was."""
        share = 100 * sum(ahead > 0 for ahead in self.ahead) / len(self.ahead)
        return [
            figure("screen pop ahead of the INVITE", self.ahead, "ms"),
            Figure("screen pop before the INVITE", "% of calls", len(self.ahead), share, share, share, "100"),
        ]


def _pop(change: Mapping[str, Value]) -> str:
    """The interaction whose pop a change brings to the screen, if it does."""
    return str((change.get("pop") or {}).get("interaction", ""))


class House:
    """The parts of one measurement."""

    def __init__(self, running: Asterisk, watcher: Watcher, folder: Path, quiet: Quiet) -> None:
        self._asterisk = running
        self._watcher = watcher
        self._folder = folder
        self._random = Random(SEED)
        self._quiet = quiet

    async def measure(self, scale: float, say: Say) -> Part:
        """Everything, in turn."""
        running = self._asterisk
        with SoundSink() as sound:
            async with (
                Team(running, sound, CENTRE_NUMBER, CENTRE_PHONES) as ours,
                Team(running, sound, QUEUE_NUMBER, QUEUE_PHONES) as queue,
                Team(running, sound, FLOOR_NUMBER, FLOOR_PHONES) as floor,
            ):
                rows, note = await self._compare(Teams(ours, queue, floor), scale, say)
                say("the way of our messages, recorded")
                stages = await self._stages(ours, times(scale, STAGES, 2))
        return Part("Dispatch: how soon the next phone rings", (*rows, *stages.rows()), (note, self._quiet.told()))

    async def _compare(self, teams: Teams, scale: float, say: Say) -> tuple[list[Figure], str]:
        async with (
            self._centre("figures", record=False) as ours,
            self._floor() as floor,
            Joins(self._watcher) as joins,
            _desks(ours) as desks,
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
        for team in (teams.ours, teams.queue, teams.floor):
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
        for team in (teams.ours, teams.queue, teams.floor):
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
        async with self._centre("stages", record=True) as child, _desks(child):
            stages = Stages(child.started.anchor)
            await team.fill()
            for _ in range(count):
                await self._quiet.wait()
                stages.rung.append(await team.next_call())
            await team.empty()
        (trace,) = (self._folder / "stages" / "traces").glob("*.jsonl")
        stages.read(trace)
        return stages

    def _centre(self, name: str, *, record: bool) -> Child:
        site = self._asterisk.site
        folder = self._folder / name
        pbx = Pbx(
            "pbx1",
            Ari(f"http://127.0.0.1:{site.http.port}", site.ari.user, site.ari.password),
            Ami("127.0.0.1", site.manager.port, site.ami.user, site.ami.password),
        )
        traces = str(folder / "traces") if record else ""
        order = CentreOrder(pbx, CENTRE_NUMBER, CENTRE_PHONES, PASSWORD, str(folder), traces)
        return Child("bench.centre_process", order, self._folder / f"{name}.log")

    def _floor(self) -> Child:
        ari = self._asterisk.site.ari
        order = FloorOrder(
            self._asterisk.ari_url, ari.user, ari.password, tuple(f"PJSIP/{name}" for name in FLOOR_PHONES)
        )
        return Child("bench.floor", order, self._folder / "floor.log")


@contextlib.asynccontextmanager
async def _desks(centre: Child) -> AsyncIterator[dict[str, Desk]]:
    """Each agent's desktop, open; he is ready as soon as his phone is registered."""
    async with contextlib.AsyncExitStack() as stack:
        desks: dict[str, Desk] = {}
        for name in CENTRE_PHONES:
            desk = await stack.enter_async_context(await Desk.open(centre.started.port, name, PASSWORD))
            await desk.begin_work()
            desks[name] = desk
        yield desks


async def _entry(child: Child, rung: Rung) -> float:
    return (await child.hears(Entered, lambda entered: entered.at > rung.since)).at


async def _run(scale: float, say: Say) -> Part:
    with asterisk() as (running, watcher), tempfile.TemporaryDirectory(prefix="callwright-bench-") as folder:
        quiet = Quiet(min(1.0, scale * 10) * PATIENCE)
        return await House(running, watcher, Path(folder), quiet).measure(scale, say)


def run(scale: float, say: Say) -> Part:
    """All of it."""
    # The phones' events are stamped in Python: they must not wait long for another thread.
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0001)
    try:
        return asyncio.run(_run(scale, say))
    finally:
        sys.setswitchinterval(before)
