"""How long callers would have waited who were answered before they gave up: what the others say of it.

Of who hung up we know his patience; of who was answered only that it was longer than his wait. The estimate of Kaplan
and Meier (1958) counts both; a caller's unknown patience is drawn from it, given that it is longer than his wait.
Beyond the longest wait at which anybody has given up, nobody does.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import groupby
from operator import neg
from random import Random


class Survival:
    """The patience of the callers of one queue."""

    def __init__(self, waits: Iterable[tuple[float, bool]]) -> None:
        """How long each has waited, in seconds, and whether he gave up then."""
        ordered = sorted(waits)
        left = len(ordered)
        still = 1.0
        self._at: list[float] = []
        self._still: list[float] = []
        for wait, those in groupby(ordered, key=lambda one: one[0]):
            gave_up = [gone for _, gone in those]
            if any(gave_up):
                still *= 1 - sum(gave_up) / left
                self._at.append(wait)
                self._still.append(still)
            left -= len(gave_up)

    def still_there(self, wait: float) -> float:
        """The share of callers who would wait longer than that."""
        place = bisect_right(self._at, wait)
        return self._still[place - 1] if place else 1.0

    def drawn(self, longer_than: float, random: Random) -> float:
        """Some caller's patience, who has waited so long; infinite if the day does not tell."""
        target = random.random() * self.still_there(longer_than)
        first = max(bisect_right(self._at, longer_than), bisect_left(self._still, -target, key=neg))
        return self._at[first] if first < len(self._at) else math.inf
