"""Runs a scenario a number of times, with the same callers for each of the centres."""

from collections.abc import Callable, Sequence
from functools import cached_property

import msgspec

from acd.plan import CenterPlan
from acd.simulation.figures import Estimates, Measured, differences, estimates, measured
from acd.simulation.world import World
from config.simulation.drawing import callers_of
from config.simulation.scenario import Scenario
from config.simulation.uncollected import uncollected

Progress = Callable[[float], None]
"""Told how much is done, 0 to 1."""


class Centre(msgspec.Struct, frozen=True, dict=True):
    """One centre, and what its days came to."""

    name: str
    plan: CenterPlan
    days: tuple[Measured, ...]
    blocked: int
    """Over all days: callers who found all lines busy."""
    unqueued: int
    """The same: callers outside the opening hours."""

    @cached_property
    def figures(self) -> Estimates:
        """Over all days. Worked out once: a page asks for them a hundred times for each queue."""
        return estimates(self.days)


class Runs(msgspec.Struct, frozen=True):
    """A scenario that was run."""

    scenario: Scenario
    seed: int
    centres: tuple[Centre, ...]
    """One, or two to be compared."""

    @property
    def changes(self) -> Estimates:
        """What the second centre has more than the first, day by day with the same callers."""
        one, other = self.centres
        return differences(one.days, other.days)


def run(scenario: Scenario, plans: Sequence[tuple[str, CenterPlan]], seed: int, days: int, tell: Progress) -> Runs:
    """All days of all centres; the names are for the report."""
    work = days * len(plans)
    kept: list[list[Measured]] = [[] for _ in plans]
    lost = [[0, 0] for _ in plans]
    for day in range(days):
        callers = callers_of(scenario, seed, day)
        for which, (_, plan) in enumerate(plans):
            done = day * len(plans) + which

            def arrived(count: int, done: int = done, of: int = len(callers)) -> None:
                tell((done + count / max(of, 1)) / work)

            with uncollected():
                outcome = World(plan, callers, scenario.shifts_in(plan), scenario.habits).run(arrived)
                kept[which].append(measured(outcome, plan, scenario.grid))
            lost[which][0] += outcome.blocked
            lost[which][1] += outcome.unqueued
            tell((done + 1) / work)
    centres = [
        Centre(name, plan, tuple(figures), blocked, unqueued)
        for (name, plan), figures, (blocked, unqueued) in zip(plans, kept, lost, strict=True)
    ]
    return Runs(scenario, seed, tuple(centres))
