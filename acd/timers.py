"""Deadlines of the brain. Time is an argument; a deadline is set, moved or dropped by its key."""

from collections.abc import Hashable, Iterable, Iterator
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

MOST_VOID = 100
"""Void entries that the heap may hold beside as many as there are deadlines. A queue's longest wait lies far ahead and
is dropped with almost every call, so without a limit each call would leave an entry behind until then."""


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
        if len(self._heap) > 2 * len(self._deadlines) + MOST_VOID:
            self._tidy_up()

    def drop(self, key: Key) -> None:
        """`key` is not due any more."""
        self._deadlines.pop(key, None)

    def drop_all(self, keys: Iterable[Key]) -> None:
        """None of these is due any more."""
        forget = self._deadlines.pop
        for key in keys:
            forget(key, None)

    def set_or_drop(self, key: Key, at: float | None) -> None:
        """`key` is due at `at`; None: not at all."""
        if at is None:
            self.drop(key)
        else:
            self.set(key, at)

    def next(self) -> float | None:
        """When the next key is due; None if none is."""
        heap = self._heap
        while heap and self._deadlines.get(heap[0][2]) != heap[0][0]:
            heappop(heap)
        return heap[0][0] if heap else None

    def take_due(self, now: float) -> Key | None:
        """Takes out the key that is due first; None if none is due yet.

        One at a time, because what follows from one deadline may drop the next.
        """
        at = self.next()
        if at is None or at > now:
            return None
        _, _, key = heappop(self._heap)
        del self._deadlines[key]
        return key

    def _tidy_up(self) -> None:
        self._heap = [entry for entry in self._heap if self._deadlines.get(entry[2]) == entry[0]]
        heapify(self._heap)

    def __iter__(self) -> Iterator[Key]:
        """What is due at some time, in no order."""
        return iter(self._deadlines)

    def __contains__(self, key: Key) -> bool:
        """Whether `key` has a deadline."""
        return key in self._deadlines

    def __len__(self) -> int:
        return len(self._deadlines)
