"""The brain in short simulated runs against what theory says; `python -m bench erlang quality` has the long ones."""

import math
from statistics import pstdev

import pytest

from acd.model import QueueName
from acd.simulation.outcome import Doing, Span
from bench.erlang import Row, allowed, deviations, rows
from bench.quality import alone, mean_waits
from bench.steady import DAWN, Sort, Stream, alike, callers, handled, occupancies, simulated

CALLS = 4_000
SOME = [row for row in rows() if 0.1 < row.exact["p_wait"] < 0.5 and row.agents < 40][::5]


@pytest.mark.parametrize("row", SOME, ids=lambda row: row.name.replace(" ", "-"))
def test_erlangs_formulas(row: Row) -> None:
    found = list(deviations(row, CALLS, seed=3))
    assert len(found) == len(row.exact)
    most = allowed(len(SOME) * len(found))
    assert [one for one in found if one.by > most] == []


def test_the_mean_wait_is_the_same_whoever_comes_first() -> None:
    found = mean_waits(10, 9.0, 1_000, fixed=True, seed=1)
    assert len(found) == 4
    first = found["in order of arrival"][0]
    assert first > 1
    assert all(math.isclose(wait, first, rel_tol=1e-9) for wait, _ in found.values())


@pytest.mark.parametrize(("preset", "most"), [("longest_idle", 0.012), ("least_busy", 0.006), ("random", 1.0)])
def test_agents_who_are_alike_are_as_busy(preset: str, most: float) -> None:
    """In so short a run they differ more than in the long one; by chance they would differ more still."""
    those = callers(Stream((Sort(QueueName("q"), 9.0 / 180),), 180.0), 5_000, seed=1)
    spread = pstdev(occupancies(those, simulated(alike(10, preset), those)))
    assert spread < most
    assert preset != "random" or spread > 0.006


def test_what_is_handled_in_a_slot() -> None:
    agent = next(iter(alike(1).agents))
    spans = [Span(agent, doing, DAWN + a, DAWN + b) for doing, a, b in SPANS]
    times = [DAWN + at for at in (10.0, 20.0, 40.0)]
    assert handled(spans, times) == [4.0 + 2.0, 5.0 + 1.0]


SPANS = (
    (Doing.HANDLING, 0.0, 14.0),
    (Doing.READY, 14.0, 18.0),
    (Doing.HANDLING, 18.0, 25.0),
    (Doing.AWAY, 25.0, 39.0),
    (Doing.HANDLING, 39.0, 50.0),
)


def test_groups_that_share_only_the_lines() -> None:
    """With lines enough, each group is Erlang's own: 15 agents, 14 Erlang, and nobody is lost."""
    exact = alone(900)
    assert exact["occ"] == pytest.approx(14 / 15, rel=1e-3)
    assert exact["asa_s"] == pytest.approx(exact["p_wait"] * 600 / (15 - 14), rel=0.02)
    fewer = alone(120)
    assert fewer["asa_s"] < exact["asa_s"]
    assert fewer["asa_s"] == pytest.approx(183.26, abs=0.01)
