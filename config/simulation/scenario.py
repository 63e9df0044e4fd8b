"""A scenario: a made-up day, ready to be drawn from."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from acd.model import AgentId
from acd.plan import CenterPlan
from acd.simulation.figures import Grid
from acd.simulation.people import Break, Habits, Shift
from acd.simulation.shortcuts import Way, ways_of
from config.simulation.distributions import AnyDistribution
from config.simulation.shapes import CallsEntry, ScenarioFile, ShiftEntry
from ivr.files.shapes import Path, Reader


class Calls(msgspec.Struct, frozen=True):
    """One sort of call; `arrivals` are means, one for each interval."""

    name: str
    way: Way
    arrivals: tuple[float, ...]
    patience: AnyDistribution
    talk: AnyDistribution
    wrap_up: AnyDistribution


class Scenario(msgspec.Struct, frozen=True):
    """A day, for as many runs as are wanted."""

    day: date
    zone: str
    grid: Grid
    calls: tuple[Calls, ...]
    shifts: tuple[Shift, ...]
    answer_after: AnyDistribution
    missed: float
    habits: Habits

    def shifts_in(self, plan: CenterPlan) -> Sequence[Shift]:
        """Those of the agents of one centre."""
        return [shift for shift in self.shifts if shift.agent in plan.agents]


def scenario_of(file: ScenarioFile, plan: CenterPlan, agents: Collection[AgentId], reader: Reader) -> Scenario:
    """The day that a file describes, in the centre's zone, for these agents. What is wrong is noted at the reader."""
    clock = _Clock(file, plan.zone, reader)
    begin, end = clock.span(file.hours, ("hours",))
    length = file.interval * 60.0
    grid = Grid(begin, length, max(1, round((end - begin) / length)))
    if abs(grid.count * length - (end - begin)) > 1:
        reader.note(("interval",), f"{file.hours} is no whole number of intervals of {file.interval} minutes")
    calls = [_calls(name, entry, plan, grid, clock, reader) for name, entry in file.calls.items()]
    shifts = file.shifts or {"all": ShiftEntry()}
    return Scenario(
        day=clock.day,
        zone=plan.zone,
        grid=grid,
        calls=tuple(one for one in calls if one is not None),
        shifts=tuple(_shifts(shifts, file, agents, grid, clock, reader)),
        answer_after=file.answer_after,
        missed=file.missed,
        habits=Habits(back_after=file.back_after, lines=file.lines),
    )


class _Clock:
    """Times of the scenario's day. What ends before it begins goes on into the next day."""

    def __init__(self, file: ScenarioFile, zone: str, reader: Reader) -> None:
        self._zone = ZoneInfo(zone)
        self._reader = reader
        try:
            self.day = date.fromisoformat(file.day)
        except ValueError:
            reader.note(("day",), f"{file.day!r} is not in the calendar")
            self.day = date(2027, 3, 1)

    def at(self, clock: str) -> float:
        """Seconds since the Unix epoch."""
        hour, _, minute = clock.partition(":")
        begin = datetime.combine(self.day + timedelta(days=int(hour) // 24), time(int(hour) % 24, int(minute)))
        return begin.replace(tzinfo=self._zone).timestamp()

    def span(self, times: str, path: Path) -> tuple[float, float]:
        """From when to when."""
        first, _, last = times.partition("-")
        begin, end = self.at(first), self.at(last)
        if begin == end:
            self._reader.note(path, f"{times!r} is no time at all")
        return begin, end if end > begin else end + 86_400


def _calls(name: str, entry: CallsEntry, plan: CenterPlan, grid: Grid, clock: _Clock, reader: Reader) -> Calls | None:
    ways = [
        way for way in ways_of(plan) if entry.entry_point in ("", way.entry_point) and entry.queue in ("", way.queue)
    ]
    if not ways:
        number = f"the number {entry.entry_point!r}" if entry.entry_point else "no number"
        said = f"{number} does not lead to the queue {entry.queue!r}" if entry.entry_point else ""
        reader.note(("calls", name), said or f"{number} of the centre leads to the queue {entry.queue!r}")
        return None
    return Calls(name, ways[0], _arrivals(name, entry, grid, clock, reader), entry.patience, entry.talk, entry.wrap_up)


def _arrivals(name: str, entry: CallsEntry, grid: Grid, clock: _Clock, reader: Reader) -> tuple[float, ...]:
    if not isinstance(entry.arrivals, Mapping):
        return (float(entry.arrivals),) * grid.count
    means = [0.0] * grid.count
    times = ((clock.at(since), mean) for since, mean in entry.arrivals.items())
    for since, mean in sorted((at if at >= grid.start else at + 86_400, mean) for at, mean in times):
        first = round((since - grid.start) / grid.length)
        if first >= grid.count or abs(first * grid.length + grid.start - since) > 1:
            reader.note(("calls", name, "arrivals"), "each time must be the beginning of an interval of the day")
            continue
        means[first:] = [float(mean)] * (grid.count - first)
    return tuple(means)


def _shifts(
    entries: Mapping[str, ShiftEntry],
    file: ScenarioFile,
    agents: Collection[AgentId],
    grid: Grid,
    clock: _Clock,
    reader: Reader,
) -> list[Shift]:
    found: list[Shift] = []
    for name, entry in entries.items():
        path: Path = ("shifts", name)
        begin, end = clock.span(entry.hours or file.hours, (*path, "hours"))
        if end <= grid.start and begin + 86_400 < grid.start + grid.count * grid.length:  # after midnight
            begin, end = begin + 86_400, end + 86_400
        breaks = []
        for reason, times in entry.breaks.items():
            leaves, returns = clock.span(times, (*path, "breaks", reason))
            if leaves < begin:
                leaves, returns = leaves + 86_400, returns + 86_400
            if returns > end:
                reader.note((*path, "breaks", reason), "this break is not within the shift")
            breaks.append(Break(leaves, returns - leaves, reason))
        for agent in entry.agents or agents:
            shift = Shift(AgentId(agent), begin, end, tuple(breaks))
            if any(other.agent == agent and other.start < end and begin < other.end for other in found):
                reader.note(path, f"{agent!r} has another shift at the same time")
            found.append(shift)
    return found
