"""The figures of a simulated day: for the centre and each queue, over the day and in each of its intervals.

They mean what docs/figures.md says of the centre's own. A queue's occupancy is that of the agents who can serve it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import pstdev
from typing import NamedTuple

import msgspec

from acd.model import AgentId, QueueName, SegmentOutcome
from acd.plan import CenterPlan
from acd.reports.quantiles import quantile
from acd.routing.requirement import is_met
from acd.simulation.estimates import Estimate, estimate
from acd.simulation.outcome import Doing, Outcome, Span, Stay

WHOLE = -1
"""The interval that is the whole day."""
EVERYWHERE = QueueName("")
"""The queue that is all queues."""


class Place(NamedTuple):
    """Where and when a figure is taken."""

    queue: QueueName
    interval: int


class Grid(msgspec.Struct, frozen=True):
    """The intervals of a day: `count` of them, `length` seconds each, from `start` on."""

    start: float
    length: float
    count: int

    def index(self, at: float) -> int:
        """Which interval a moment is in; the first and the last reach on for ever."""
        return min(max(int((at - self.start) // self.length), 0), self.count - 1)


class Hours(NamedTuple):
    """One agent's work, in seconds."""

    handling: float
    staffed: float
    """Handling, and ready."""


class Figures(msgspec.Struct, frozen=True):
    """Of one place. Waits are seconds, those of callers who were answered; shares 0 to 1; NaN: there was nothing."""

    entered: float
    answered: float
    abandoned: float
    short_abandoned: float
    overflowed: float
    service_level: float
    mean_wait: float
    median_wait: float
    p90_wait: float
    abandon_rate: float
    occupancy: float
    """Handling time / (handling + ready) time, of all agents together."""
    occupancy_spread: float
    """The standard deviation of each one's own."""


NAMES = Figures.__struct_fields__

Measured = Mapping[Place, Figures]
"""One run."""
Estimates = Mapping[Place, Mapping[str, Estimate]]
"""Several."""


def measured(outcome: Outcome, plan: CenterPlan, grid: Grid) -> Measured:
    """All figures of one day."""
    stays: dict[Place, list[Stay]] = {}
    for stay in outcome.stays:
        interval = grid.index(stay.entered)
        for queue in (stay.queue, EVERYWHERE):
            for when in (interval, WHOLE):
                stays.setdefault(Place(queue, when), []).append(stay)
    work = _Work(outcome.spans, grid)
    found: dict[Place, Figures] = {}
    for queue in (EVERYWHERE, *plan.queues):
        agents = list(plan.agents) if queue == EVERYWHERE else able(plan, queue)
        for interval in (WHOLE, *range(grid.count)):
            place = Place(queue, interval)
            found[place] = _figures(stays.get(place, ()), plan, work.of(agents, interval))
    return found


def estimates(runs: Sequence[Measured]) -> Estimates:
    """Each figure over all runs."""
    return {place: {name: estimate([getattr(run[place], name) for run in runs]) for name in NAMES} for place in runs[0]}


def differences(one: Sequence[Measured], other: Sequence[Measured]) -> Estimates:
    """How much more it is in the other centre, run by run with the same callers, where both have the place."""
    return {
        place: {
            name: estimate([getattr(b[place], name) - getattr(a[place], name) for a, b in zip(one, other, strict=True)])
            for name in NAMES
        }
        for place in one[0]
        if place in other[0]
    }


def able(plan: CenterPlan, queue: QueueName) -> list[AgentId]:
    """Who can serve a queue, at its first step or a later one."""
    needs = [step.need for step in plan.queues[queue].steps]
    return [name for name, agent in plan.agents.items() if any(is_met(need, agent.skills) for need in needs)]


def _figures(stays: Sequence[Stay], plan: CenterPlan, work: Sequence[Hours]) -> Figures:
    count = dict.fromkeys(SegmentOutcome, 0)
    in_time = early = 0
    waits = []
    for stay in stays:
        count[stay.outcome] += 1
        quick = stay.wait <= plan.queues[stay.queue].service_level
        if stay.outcome is SegmentOutcome.ANSWERED:
            waits.append(stay.wait)
            in_time += quick
        elif stay.outcome is SegmentOutcome.CALLBACK_REQUESTED:
            early += quick
    waits.sort()
    entered = len(stays)
    meant = entered - count[SegmentOutcome.SHORT_ABANDONED]
    return Figures(
        entered=entered,
        answered=len(waits),
        abandoned=count[SegmentOutcome.ABANDONED],
        short_abandoned=count[SegmentOutcome.SHORT_ABANDONED],
        overflowed=count[SegmentOutcome.OVERFLOWED],
        service_level=_share(in_time, meant - early),
        mean_wait=math.fsum(waits) / len(waits) if waits else math.nan,
        median_wait=_quantile(waits, 0.5),
        p90_wait=_quantile(waits, 0.9),
        abandon_rate=_share(count[SegmentOutcome.ABANDONED], meant),
        occupancy=_share(math.fsum(one.handling for one in work), math.fsum(one.staffed for one in work)),
        occupancy_spread=pstdev(one.handling / one.staffed for one in work) if work else math.nan,
    )


class _Work:
    """Seconds of each agent in each interval: handling, and staffed ready time with it."""

    def __init__(self, spans: Sequence[Span], grid: Grid) -> None:
        self._handling: dict[AgentId, list[float]] = {}
        self._staffed: dict[AgentId, list[float]] = {}
        for span in spans:
            if span.doing is Doing.AWAY:
                continue
            staffed = self._staffed.setdefault(span.agent, [0.0] * grid.count)
            handling = self._handling.setdefault(span.agent, [0.0] * grid.count)
            for interval, seconds in _pieces(span, grid):
                staffed[interval] += seconds
                if span.doing is Doing.HANDLING:
                    handling[interval] += seconds

    def of(self, agents: Sequence[AgentId], interval: int) -> list[Hours]:
        """Of those of them who were at work."""
        found = []
        for agent in agents:
            staffed, handling = self._staffed.get(agent), self._handling.get(agent)
            if staffed is None or handling is None:
                continue
            one = (
                Hours(sum(handling), sum(staffed))
                if interval == WHOLE
                else Hours(handling[interval], staffed[interval])
            )
            if one.staffed > 0:
                found.append(one)
        return found


def _pieces(span: Span, grid: Grid) -> Iterator[tuple[int, float]]:
    first, last = grid.index(span.since), grid.index(span.until)
    for interval in range(first, last + 1):
        begin = span.since if interval == first else grid.start + interval * grid.length
        end = span.until if interval == last else grid.start + (interval + 1) * grid.length
        yield interval, end - begin


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan


def _quantile(ordered: Sequence[float], share: float) -> float:
    found = quantile(ordered, share)
    return math.nan if found is None else found
