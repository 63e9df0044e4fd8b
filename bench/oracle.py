"""The proof of the matching: a million random steps at which it decides as a scan of everybody does.

The steps are those of the test (`tests.acd.random_matching`), with other seeds. The first disagreement ends the run and
names its seed, so that it can be made again.
"""

import math

from bench.figures import Figure, Part, Say, times
from tests.acd.random_matching import Pair

STEPS, STEPS_EACH = 1_000_000, 10_000
"""Altogether, and with one seed: the centre, its agents and requirements are others for each."""
FIRST_SEED = 1_000
"""The test has those below."""


class Disagreement(Exception):
    """The lists and the scan have decided differently."""


def run(scale: float, say: Say) -> Part:
    """All of it."""
    seeds = range(FIRST_SEED, FIRST_SEED + times(scale, STEPS // STEPS_EACH, 1))
    agents, calls, people = 0, 0, 0
    for seed in seeds:
        pair = _compared(seed)
        agents += pair.agents_for_calls
        calls += pair.calls_for_agents
        people += pair.agents
        if seed % 10 == 9 or seed == seeds[-1]:
            say(f"seeds {seeds[0]} to {seed}: {agents + calls:,} decisions alike")
    steps = len(seeds) * STEPS_EACH
    rows = (
        _count("random steps", steps, f">= {STEPS:,}"),
        _count("an agent for a call: the whole order of candidates compared", agents),
        _count("a call for an agent: compared", calls),
        _count("agents in all centres together", people),
        _count("decisions that differ", 0, "0"),
    )
    return Part("The oracle: equal decisions", rows, (f"Seeds {seeds[0]} to {seeds[-1]}, {STEPS_EACH:,} steps each.",))


def _compared(seed: int) -> Pair:
    pair = Pair(seed)
    for step in range(STEPS_EACH):
        try:
            pair.step()
        except AssertionError as error:
            message = f"seed {seed}, step {step}"
            raise Disagreement(message) from error
    return pair


def _count(what: str, count: int, goal: str = "") -> Figure:
    return Figure(what, "", 1, count, math.nan, count, goal)
