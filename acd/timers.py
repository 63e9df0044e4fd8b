"""Deadlines of the brain. Time is an argument; a deadline is set, moved or dropped by its key."""

from collections.abc import Hashable
from heapq import heappop, heappush
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Timers(Generic[Key]):
    """One deadline per key, in a heap with lazy deletion: an entry whose deadline is not the key's any more is void."""

    def __init__(self) -> None:
        self._deadlines: dict[Key, float] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._count = 0

    def set(self, key: Key, at: float) -> None:
        """`key` is due at `at` (and at no other time)."""
        if self._deadlines.get(key) == at:
            return
        self._deadlines[key] = at
        self._count += 1
        heappush(self._heap, (at, self._count, key))

    def drop(self, key: Key) -> None:
        """`key` is not due any more."""
        self._deadlines.pop(key, None)

    def next(self) -> float | None:
        """When the next key is due; None if none is."""
        heap = self._heap
        while heap and self._deadlines.get(heap[0][2]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else None

    def due(self, now: float) -> list[Key]:
        """Takes out all keys that are due, earliest first."""
        keys: list[Key] = []
        while (at := self.next()) is not None and at <= now:
            _, _, key = heappop(self._heap)
            del self._deadlines[key]
            keys.append(key)
        return keys

    def __len__(self) -> int:
        return len(self._deadlines)
