"""Time for the brain: UTC that never steps back, whatever happens to the machine's clock."""

import time


class Clock:
    """Seconds since the Unix epoch, UTC: the wall clock as it was at the start, moved on by the monotonic clock."""

    def __init__(self) -> None:
        self._anchor = time.time() - time.monotonic()

    def now(self) -> float:
        """The time of this process; differences are true durations."""
        return self._anchor + time.monotonic()

    def skew(self) -> float:
        """How far the machine's wall clock has been moved since the start, seconds."""
        return time.time() - self.now()
