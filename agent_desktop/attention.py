"""The time during which we could have heard somebody.

While our process stands still (a stopped virtual machine, a swapping host) no ping leaves it and no pong is read. Who
counts that time puts out everybody when it goes on, although all of them answered. So this clock stands still as well.
"""

LONGEST = 1.0
"""Seconds that may pass between two looks; what is more was a standstill. We look four times a second."""


class Attention:
    """A clock that only moves forward, and at most `LONGEST` beyond our last look. Times of other clocks are given
    to it in seconds."""

    def __init__(self, clock: float) -> None:
        self._attended = 0.0
        self._looked = clock

    def at(self, clock: float) -> float:
        """How long we have been attentive, when the other clock shows `clock`."""
        return self._attended + min(clock - self._looked, LONGEST)

    def look(self, clock: float) -> None:
        """Somebody looks after the screens now."""
        self._attended = self.at(clock)
        self._looked = clock
