"""Things to be done later, in virtual time: nothing here waits, the owner asks when to come back."""

import heapq
from collections.abc import Callable


class Timer:
    """One thing to be done; `cancel` makes it not happen."""

    __slots__ = ("action", "at")

    def __init__(self, at: float, action: Callable[[], None]) -> None:
        self.at = at
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Forget it. The heap drops the entry when its time comes, which is cheaper than searching it now."""
        self.action = None


class Timers:
    """Timers in the order of their times; those of one moment in the order in which they were set."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._count = 0

    def at(self, moment: float, action: Callable[[], None]) -> Timer:
        """Do `action` at `moment`, seconds since the epoch."""
        self._count += 1
        timer = Timer(moment, action)
        heapq.heappush(self._heap, (moment, self._count, timer))
        return timer

    def next_deadline(self) -> float | None:
        """When the first timer is due; `None` if none is set."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: float) -> Timer | None:
        """The first timer that is due at `now`, taken out; `None` when no more is."""
        deadline = self.next_deadline()
        if deadline is None or deadline > now:
            return None
        return heapq.heappop(self._heap)[2]
