"""The brain against the formulas: Erlang-C and Erlang-A at up to 90 % occupancy, through the simulated day.

Each row of the reference is a run of its own, with six or four figures, each with its 99 % interval. Of hundreds of
intervals some miss by chance: one in a hundred may. So two things are asked: that about 99 of 100 hold the exact
value, and that all do if each is made so wide (Bonferroni) that all together hold with 99 %.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from acd.model import QueueName
from acd.simulation.estimates import estimate, student_t
from bench.figures import Figure, Part, Say, figure, percentile, times
from bench.steady import BATCHES, Sort, Stream, alike, batches, callers, simulated

REFERENCE = Path(__file__).parents[1] / "tests" / "acd" / "simulation" / "data" / "erlang_reference.json"
CALLS = 20_000
"""For each row, and more where the system is slow to forget."""
BUSIEST = 0.9
CONFIDENCE = 0.99
WAITING = 2_500
"""Callers of a row who wait, at least: where hardly anybody does, 20,000 callers say nothing of how long."""
FEWEST = 6
"""Rows that are looked at at any scale."""
FORGOTTEN = 6.0
"""Times the relaxation that a batch lasts, at least."""

C_FIGURES = {"p_wait": "p_wait", "mean_wait": "asa_s", "in_time": "sl", "occupancy": "occupancy"}
A_FIGURES = {
    "p_wait": "p_wait",
    "p_abandon": "p_abandon",
    "mean_wait": "mean_wait_all_s",
    "mean_wait_answered": "asa_served_s",
    "in_time": "sl_served_in_T_over_offered",
    "occupancy": "occupancy",
}


class Row(NamedTuple):
    """One row of the reference; `exact` is by the names of `bench.steady.Batch`."""

    formula: str
    agents: int
    stream: Stream
    exact: Mapping[str, float]
    relaxation: float
    """Arrivals within which the system forgets, about."""

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.formula}, {self.agents} agents, {self.exact['occupancy']:.0%} busy"


class Deviation(NamedTuple):
    """How far a figure is from the exact value, in half-widths of its 99 % interval."""

    row: Row
    figure: str
    by: float


def rows() -> list[Row]:
    """Those of the reference at which a simulation comes to rest."""
    reference: Mapping[str, Any] = msgspec.json.decode(REFERENCE.read_bytes())
    found = [_row("Erlang-C", one, C_FIGURES) for one in reference["erlang_c"]]
    found += [_row("Erlang-A", one, A_FIGURES) for one in reference["erlang_a"]]
    return [row for row in found if row.exact["occupancy"] <= BUSIEST]


def _row(formula: str, one: Mapping[str, Any], names: Mapping[str, str]) -> Row:
    aht, load = one["aht_s"], one["offered_load"]
    patience = one.get("mean_patience_s", math.inf)
    stream = Stream((Sort(QueueName("q"), load / aht),), aht, patience)
    exact = {ours: one[theirs] for ours, theirs in names.items()}
    occupancy = exact["occupancy"]
    # Who gives up shortens the memory to about the mean time of a talk.
    relaxation = load if patience < math.inf else occupancy / (1 - math.sqrt(occupancy)) ** 2
    return Row(formula, one["agents"], stream, exact, relaxation)


def deviations(row: Row, count: int, seed: int) -> Iterator[Deviation]:
    """Of all figures of one row, from a run of `count` callers."""
    those = callers(row.stream, count, seed)
    found = batches(those, simulated(alike(row.agents), those), row.agents)
    for name, exact in row.exact.items():
        of = estimate([getattr(batch, name) for batch in found], CONFIDENCE)
        yield Deviation(row, name, abs(of.mean - exact) / of.half_width if of.half_width else math.inf)


def allowed(tests: int) -> float:
    """How many half-widths a figure may be off if all of so many together shall hold with 99 %."""
    together = 1 - (1 - CONFIDENCE) / tests
    return student_t(together, BATCHES - 1) / student_t(CONFIDENCE, BATCHES - 1)


def measured(scale: float, seed: int = 1) -> Iterator[Deviation]:
    """All rows; a few of them at less than a tenth of the full scale."""
    every = rows()
    step = len(every) / times(min(1.0, 10 * scale), len(every), FEWEST)
    for number in range(round(len(every) / step)):
        row = every[int(number * step)]
        count = max(CALLS, BATCHES * FORGOTTEN * row.relaxation, WAITING / row.exact["p_wait"])
        yield from deviations(row, times(scale, round(count), 20 * BATCHES), seed + number)


def run(scale: float, say: Say) -> Part:
    """The table."""
    found: list[Deviation] = []
    told = None
    for one in measured(scale):
        if one.row is not told:
            told = one.row
            say(told.name)
        found.append(one)
    figures: list[Figure] = []
    limit = f"max <= {allowed(len(found)):.2f}"
    for formula, names in (("Erlang-C", C_FIGURES), ("Erlang-A", A_FIGURES)):
        for name in names:
            by = [one.by for one in found if one.row.formula == formula and one.figure == name]
            figures.append(figure(f"{formula}: {name}, off by", by, "half-widths", limit))
    held = [100.0 * (one.by <= 1) for one in found]
    share = sum(held) / len(held)
    figures.append(Figure("99 % intervals that hold the exact value", "%", len(held), share, math.nan, share, "99"))
    worst = max(found, key=lambda one: one.by)
    note = (
        f"{len({id(one.row) for one in found})} rows at up to {BUSIEST:.0%} occupancy, {len(found)} figures, in "
        f"half-widths of each one's own 99 % interval ({BATCHES} batches, Student's t). The goal is that of all "
        "figures together (Bonferroni, 99 %). "
        f"P90: {percentile([one.by for one in found], 0.9):.2f}. Farthest off: {worst.figure} of {worst.row.name}."
    )
    return Part("The simulated day against Erlang's formulas", tuple(figures), (note,))
