"""How busy an agent has been: handling time / staffed time over the last hour. A break never resets it."""

from collections import deque
from collections.abc import Sequence

import msgspec

WINDOW = 3600.0
"""Seconds looked back on."""

STEPS = 20
"""Occupancy is compared in steps of 5 points, so that seconds of difference do not decide."""


Span = tuple[float, float, bool]
"""From, until, and whether he was handling (else idle and ready)."""


class PastWork(msgspec.Struct, frozen=True):
    """What an agent did in the process before us."""

    spans: tuple[Span, ...]
    """Of the last hour, in order; what is missing was a break, or no work."""
    last_handled: float
    """When he last ended handled work, or began to work."""


class Occupancy:
    """Rolling share of handling time. Time on a break or logged out counts as neither."""

    __slots__ = ("_began", "_handling", "_idle", "_is_handling", "_is_staffed", "_past", "_since", "_usual")

    def __init__(self) -> None:
        self._past: deque[Span] = deque()
        self._handling = 0.0
        self._idle = 0.0
        self._since = 0.0
        self._is_staffed = False
        self._is_handling = False
        self._began = -WINDOW
        self._usual = 0.0

    def begin(self, now: float, usual: float) -> None:
        """He begins to work. If nothing is known of his last hour, what is missing of it counts as `usual` for `step`
        until an hour has passed."""
        _, staffed = self._hour(now)
        if not staffed:
            self._began, self._usual = now, usual

    def change(self, now: float, *, staffed: bool, handling: bool) -> None:
        """From `now` on the agent is idle and ready, handling (reserved to wrap-up), or neither."""
        if staffed is self._is_staffed and handling is self._is_handling:
            return  # from ringing to talking, say: one span
        if self._is_staffed and now > self._since:
            self._past.append((self._since, now, self._is_handling))
            self._add(now - self._since, self._is_handling)
        self._since, self._is_staffed, self._is_handling = now, staffed, handling

    def take_up(self, earlier: Sequence[Span]) -> None:
        """Spans before everything that is known here, in order."""
        if earlier:
            self._began = -WINDOW
        for start, end, handling in reversed(earlier):
            self._past.appendleft((start, end, handling))
            self._add(end - start, handling)

    def share(self, now: float) -> float:
        """Between 0 and 1; 0 for someone who has not been staffed in the last hour."""
        handling, staffed = self._hour(now)
        return handling / staffed if staffed > 0 else 0.0

    def step(self, now: float) -> int:
        """The share in steps of 5 points, 0 to 20; whoever has just begun is taken to be as busy as is usual."""
        handling, staffed = self._hour(now)
        missing = WINDOW - (now - self._began)
        if missing > 0:
            handling += missing * self._usual
            staffed += missing
        return int(handling / staffed * STEPS) if staffed > 0 else 0

    def _hour(self, now: float) -> tuple[float, float]:
        """Seconds of handling, and of handling or idling, in the last hour."""
        if self._past and self._past[0][0] < now - WINDOW:
            self._forget(now - WINDOW)
        handling, idle = self._handling, self._idle
        if self._is_staffed:
            running = max(0.0, min(now - self._since, WINDOW))
            if self._is_handling:
                handling += running
            else:
                idle += running
        return handling, handling + idle

    def _add(self, seconds: float, handling: bool) -> None:
        if handling:
            self._handling += seconds
        else:
            self._idle += seconds

    def _forget(self, before: float) -> None:
        past = self._past
        while past and past[0][0] < before:
            start, end, handling = past.popleft()
            if end <= before:
                self._add(start - end, handling)
            else:
                self._add(start - before, handling)
                past.appendleft((before, end, handling))
                break
        if not past:  # floats: an empty hour is exactly nothing
            self._handling = self._idle = 0.0
