"""How long a simulated day takes: 1,000 agents with two skills each of four, and 100,000 calls, on one core."""

import time
from collections.abc import Sequence
from random import Random

from acd.model import QueueName
from acd.simulation.figures import Grid, measured
from acd.simulation.outcome import Outcome
from acd.simulation.people import Caller, Shift
from acd.simulation.world import World
from bench.brain import SKILLS, plan
from bench.figures import Figure, Part, Say, rate, times
from bench.steady import DAWN, NUMBER
from config.simulation.uncollected import uncollected

AGENTS, CALLS = 1000, 100_000
HOURS = 8.0
TALK, WRAP_UP, PATIENCE = 170.0, 15.0, 120.0
GOAL = 30.0
SMALLER = ((100, 10_000), (10, 1_000))
"""Agents and calls of the days beside it: how the costs grow."""


def callers(calls: int, seed: int) -> list[Caller]:
    """Spread evenly over the day."""
    random = Random(seed)
    found = [
        Caller(
            at=DAWN + random.random() * HOURS * 3600,
            entry_point=NUMBER,
            queue=QueueName(random.choice(SKILLS)),
            talk=random.expovariate(1 / TALK),
            patience=random.expovariate(1 / PATIENCE),
            wrap_up=random.expovariate(1 / WRAP_UP),
            pick_up=random.uniform(1, 5),
        )
        for _ in range(calls)
    ]
    return sorted(found, key=lambda caller: caller.at)


def day(agents: int, those: Sequence[Caller]) -> tuple[float, Outcome]:
    """CPU seconds of a whole day, figures included, and what came of it."""
    centre = plan(agents)
    end = DAWN + HOURS * 3600
    shifts = [Shift(name, DAWN, end) for name in centre.agents]
    before = time.process_time()
    with uncollected():
        outcome = World(centre, those, shifts).run()
        measured(outcome, centre, Grid(DAWN, 1800.0, round(HOURS * 2)))
    return time.process_time() - before, outcome


def run(scale: float, say: Say) -> Part:
    """The table."""
    figures: list[Figure] = []
    for agents, calls in ((AGENTS, CALLS), *SMALLER):
        of = times(scale, calls, 100)
        say(f"{agents} agents, {of} calls")
        took, outcome = day(agents, callers(of, seed=1))
        goal = f"<= {GOAL:.0f}" if (agents, of) == (AGENTS, CALLS) else ""
        figures.append(rate(f"a day of {agents:,} agents and {of:,} calls", [took], "s CPU", goal))
        figures.append(rate(f"the same, for each of {len(outcome.stays):,} stays", [took / of * 1e6], "us CPU"))
    return Part(
        "A simulated day", tuple(figures), ("One process, one core; the figures of the report are part of it.",)
    )
