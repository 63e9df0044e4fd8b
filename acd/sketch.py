"""Quantiles of waits without keeping the waits: counts in buckets whose width grows with the wait.

A quantile is off by 2 % of itself at most, whatever the waits are, and a queue's day is 400 numbers at most.
Sketches of queues add up to that of the centre. (The idea is DDSketch's: Masson, Rim and Lee, 2019.)
"""

import math
from bisect import bisect_right
from itertools import accumulate

import msgspec

_GROWTH = 1.04
_LOG = math.log(_GROWTH)
SHORTEST = 0.1
"""Seconds; what is shorter counts as that."""


class WaitSketch(msgspec.Struct):
    """Of seconds."""

    buckets: dict[int, int] = {}
    """Waits up to `SHORTEST * _GROWTH ** key`, and longer than one key less."""

    def add(self, wait: float) -> None:
        """One more."""
        key = max(0, math.ceil(math.log(max(wait, SHORTEST) / SHORTEST) / _LOG))
        self.buckets[key] = self.buckets.get(key, 0) + 1

    def __add__(self, other: "WaitSketch") -> "WaitSketch":
        """Both together."""
        both = dict(self.buckets)
        for key, count in other.buckets.items():
            both[key] = both.get(key, 0) + count
        return WaitSketch(both)

    def quantile(self, share: float) -> float | None:
        """The wait below which `share` of them lie; between two of them, in proportion, as in reports. None without
        waits."""
        keys = sorted(self.buckets)
        if not keys:
            return None
        upto = list(accumulate(self.buckets[key] for key in keys))
        place = share * (upto[-1] - 1)
        rank = int(place)
        low, high = (_wait_of(keys[bisect_right(upto, one)]) for one in (rank, min(rank + 1, upto[-1] - 1)))
        return low + (high - low) * (place - rank)


def _wait_of(key: int) -> float:
    return float(SHORTEST * _GROWTH**key * 2 / (1 + _GROWTH)) if key else SHORTEST
