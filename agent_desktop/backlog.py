"""Whether a browser reads what we send it: a desktop that reads nothing must cost the others nothing."""

from collections import deque

MOST_BYTES = 5_000_000
LONGEST = 10.0
"""Seconds a byte may wait on our side."""


class Backlog:
    """Watches one socket's outgoing bytes. Any clock will do, as long as it is always the same."""

    def __init__(self) -> None:
        self._written = 0
        self._marks: deque[tuple[float, int]] = deque()
        """When we looked, and how much had been written by then; those whose bytes have left are dropped."""

    def wrote(self, size: int) -> None:
        """So many bytes were handed to the socket."""
        self._written += size

    def too_slow(self, buffered: int, now: float) -> bool:
        """Look, about once a second: `buffered` bytes have not left yet. Is it time to give the reader up?"""
        if buffered > MOST_BYTES:
            return True
        left = self._written - buffered
        while self._marks and self._marks[0][1] <= left:
            self._marks.popleft()
        if buffered:
            self._marks.append((now, self._written))
        return bool(self._marks) and now - self._marks[0][0] > LONGEST
