"""How long the event loop looks at nothing new: what a hang-up waits for that comes in the worst moment.

Between two looks at its sockets the loop does whatever is ready, one thing after another, and the garbage collector
whatever it thinks due. The selector is asked at each look, so it is where the time in between can be taken.
"""

import gc
import selectors
import time
from collections.abc import Mapping
from typing import Literal

from bench.child import Stalls

MS = 1000.0


class WatchedSelector(selectors.DefaultSelector):
    """Keeps the longest time between two looks, for each second since `begin`."""

    def __init__(self) -> None:
        super().__init__()
        self._began = 0.0
        self._wall = self._cpu = 0.0
        self._longest: dict[int, tuple[float, float]] = {}
        self._collecting = 0.0
        self._collections: dict[int, float] = {}

    def begin(self) -> None:
        """From now on it counts."""
        self._longest.clear()
        self._collections.clear()
        self._began = self._wall = time.monotonic()
        self._cpu = time.thread_time()
        gc.callbacks.append(self._collected)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """The look."""
        if self._began:
            now = time.monotonic()
            second = int(now - self._began)
            wall, cpu = self._longest.get(second, (0.0, 0.0))
            self._longest[second] = max(wall, now - self._wall), max(cpu, time.thread_time() - self._cpu)
        found = super().select(timeout)
        self._wall, self._cpu = time.monotonic(), time.thread_time()
        return found

    def stalls(self) -> Stalls:
        """What there was."""
        gc.callbacks.remove(self._collected)
        longest = self._longest.values()
        return Stalls(
            tuple(wall * MS for wall, _ in longest),
            tuple(cpu * MS for _, cpu in longest),
            tuple(took * MS for took in self._collections.values()),
        )

    def _collected(self, phase: Literal["start", "stop"], _: Mapping[str, int]) -> None:
        now = time.monotonic()
        if phase == "start":
            self._collecting = now
        else:
            second = int(now - self._began)
            self._collections[second] = max(self._collections.get(second, 0.0), now - self._collecting)
