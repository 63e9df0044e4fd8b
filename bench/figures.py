"""How a figure is taken and told: medians and percentiles, CPU time where the machine is shared."""

import gc
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec

from config.process import settle

Say = Callable[[str], None]
"""Told of progress, a line at a time."""


class Figure(msgspec.Struct, frozen=True):
    """One row: how often something was measured, and what came out."""

    name: str
    unit: str
    count: int
    median: float
    p99: float
    largest: float
    goal: str = ""

    def cells(self) -> tuple[str, ...]:
        """As a table shows it."""
        numbers = (told(value) for value in (self.median, self.p99, self.largest))
        return (self.name, str(self.count), *numbers, self.unit, self.goal)


HEADINGS = ("what", "n", "median", "p99", "max", "unit", "goal")


class Part(msgspec.Struct, frozen=True):
    """One table of figures, with what a reader has to know of it."""

    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()


def figure(name: str, values: Sequence[float], unit: str, goal: str = "") -> Figure:
    """A row from measurements. Raises `ValueError` if there is none."""
    if not values:
        message = f"{name}: nothing was measured"
        raise ValueError(message)
    return Figure(name, unit, len(values), percentile(values, 0.5), percentile(values, 0.99), max(values), goal)


def rate(name: str, values: Sequence[float], unit: str, goal: str = "") -> Figure:
    """A row for something of which more is better, measured a few times: a P99 of it would say nothing."""
    return Figure(name, unit, len(values), percentile(values, 0.5), math.nan, max(values), goal)


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; `share` between 0 and 1."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def told(value: float) -> str:
    """Three digits that count."""
    if math.isnan(value):
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def clock_cost() -> float:
    """What reading the thread's CPU clock twice costs, microseconds."""
    costs = []
    for _ in range(20_000):
        before = time.thread_time_ns()
        costs.append((time.thread_time_ns() - before) / 1000)
    return percentile(costs, 0.5)


@contextmanager
def settled_memory() -> Iterator[None]:
    """What is there now is not looked at by the garbage collector again, as in a process that has run for a while."""
    usual = gc.get_threshold()
    settle()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


def times(scale: float, full: int, least: int = 3) -> int:
    """How often to measure, at a scale of the full measurement."""
    return max(least, round(full * scale))
