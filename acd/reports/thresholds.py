"""Within how many seconds a call should have been answered, when: figures of last month stay what they were when the
company has set itself another goal since.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

USUAL_THRESHOLD = 20.0
"""Seconds; of a queue of which nothing is known."""

Levels = Mapping[str, float]
"""Seconds by queue."""


class Thresholds:
    """Over all time. What is not known of the past is taken to have been as it was first."""

    def __init__(self, known: Sequence[tuple[float, Levels]], usual: float = USUAL_THRESHOLD) -> None:
        """`known`: since when, and what held from then on; in order of time. `usual`: of all other queues."""
        self._starts = [since for since, _ in known]
        self._levels = [levels for _, levels in known] or [{}]
        self._usual = usual

    def of(self, queue: str, entered: float) -> float:
        """Seconds, for who entered then."""
        number = max(0, bisect_right(self._starts, entered) - 1)
        return self._levels[number].get(queue, self._usual)
