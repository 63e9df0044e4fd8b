"""How a figure is taken and printed: medians and percentiles, CPU time where the machine is shared."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; `share` between 0 and 1."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def line(name: str, values: Sequence[float], unit: str) -> str:
    """One row: count, median, P99, largest."""
    median, high, largest = percentile(values, 0.5), percentile(values, 0.99), max(values)
    return (
        f"{name:<58} n={len(values):<7} median {median:9.2f} {unit}  p99 {high:9.2f} {unit}  max {largest:9.2f} {unit}"
    )
