"""Draws the callers of a day. Each sort of call has its own chance, so a change of one leaves the others alone."""

import math
from collections.abc import Iterator
from random import Random

from acd.simulation.people import Caller
from config.simulation.distributions import drawn
from config.simulation.scenario import Calls, Scenario


def callers_of(scenario: Scenario, seed: int, run: int) -> list[Caller]:
    """The callers of one run, in the order in which they come. The same seed and run give the same callers."""
    found: list[Caller] = []
    for calls in scenario.calls:
        random = Random(f"{seed}/{run}/{calls.name}")  # noqa: S311 - chance that can be repeated is wanted
        found.extend(_one_sort(scenario, calls, random))
    found.sort(key=lambda caller: caller.at)
    return found


def _one_sort(scenario: Scenario, calls: Calls, random: Random) -> Iterator[Caller]:
    for at in _times(scenario, calls, random):
        patience, talk, wrap_up, pick_up = (
            drawn(of, random) for of in (calls.patience, calls.talk, calls.wrap_up, scenario.answer_after)
        )
        yield Caller(
            at=at,
            entry_point=calls.way.entry_point,
            queue=calls.way.queue,
            talk=talk,
            patience=patience,
            wrap_up=wrap_up,
            pick_up=pick_up,
            missed=_missed(scenario.missed, random),
            kind=calls.name,
        )


def _times(scenario: Scenario, calls: Calls, random: Random) -> Iterator[float]:
    """A Poisson process whose rate is another in each interval."""
    grid = scenario.grid
    for interval, mean in enumerate(calls.arrivals):
        at = 0.0
        while mean > 0 and (at := at + random.expovariate(mean / grid.length)) < grid.length:
            yield grid.start + interval * grid.length + at


def _missed(share: float, random: Random) -> tuple[float, ...]:
    """Those in a row who let it ring out."""
    chance = 1.0 - random.random()
    return (math.inf,) * int(math.log(chance) / math.log(share)) if share > 0 else ()
