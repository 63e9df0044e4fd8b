"""Deadlines of the brain. Time is an argument; a deadline is set, moved or dropped by its key.

A calendar queue (Brown, "Calendar queues", 1988): what is due soon is in a heap, all else in buckets of some seconds
each, from which it can be taken out again at once. So no step ever looks at more than one bucket, though ten thousand
agents and callers have deadlines, most of which are dropped long before they are due.
"""

from collections.abc import Hashable, Iterable, Iterator
from heapq import heapify, heappop, heappush
from math import inf
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Entry = tuple[float, int, Key]
"""When, the how-manieth that was set (of two at the same time the first one comes first), and what."""

WIDTH = 2.0
"""Seconds of a bucket."""


class Timers(Generic[Key]):
    """One deadline per key; finite times."""

    def __init__(self) -> None:
        self._deadlines: dict[Key, float] = {}
        self._count = 0
        self._heap: list[Entry[Key]] = []
        """Up to the bucket `_opened`. An entry whose deadline is not the key's any more is void: there are no more of
        them than were set in the time of one bucket."""
        self._opened = -inf
        self._buckets: dict[float, dict[Key, Entry[Key]]] = {}
        """All later ones, by the number of the bucket."""
        self._later: list[float] = []
        """These numbers, as a heap."""
        self._first: float | None = None
        """When the first bucket's first one is due, if somebody has looked since it changed."""

    def set(self, key: Key, at: float) -> None:
        """`key` is due at `at` (and at no other time)."""
        before = self._deadlines.get(key)
        if before == at:
            return
        if before is not None:
            self.drop(key)
        self._deadlines[key] = at
        self._count += 1
        number = at // WIDTH
        if number <= self._opened:
            heappush(self._heap, (at, self._count, key))
            return
        bucket = self._buckets.get(number)
        if bucket is None:
            bucket = self._buckets[number] = {}
            heappush(self._later, number)
        bucket[key] = at, self._count, key
        if number == self._later[0]:
            self._first = None

    def drop(self, key: Key) -> None:
        """`key` is not due any more."""
        at = self._deadlines.pop(key, None)
        if at is None:
            return
        number = at // WIDTH
        if number > self._opened:
            del self._buckets[number][key]
            if at == self._first:
                self._first = None

    def drop_all(self, keys: Iterable[Key]) -> None:
        """None of these is due any more."""
        deadlines = self._deadlines
        for key in keys:
            if key in deadlines:
                self.drop(key)

    def set_or_drop(self, key: Key, at: float | None) -> None:
        """`key` is due at `at`; None: not at all."""
        if at is None:
            self.drop(key)
        else:
            self.set(key, at)

    def next(self) -> float | None:
        """When the next key is due; None if none is."""
        heap, deadlines = self._heap, self._deadlines
        while heap and deadlines.get(heap[0][2]) != heap[0][0]:
            heappop(heap)
        if heap:
            return heap[0][0]
        while self._later:
            if bucket := self._buckets[self._later[0]]:
                if self._first is None:
                    self._first = min(bucket.values())[0]
                return self._first
            del self._buckets[heappop(self._later)]
        return None

    def take_due(self, now: float) -> Key | None:
        """Takes out the key that is due first; None if none is due yet.

        One at a time, because what follows from one deadline may drop the next.
        """
        at = self.next()
        if at is None or at > now:
            return None
        if not self._heap:
            self._open()
        _, _, key = heappop(self._heap)
        del self._deadlines[key]
        return key

    def _open(self) -> None:
        self._opened = heappop(self._later)
        self._heap = list(self._buckets.pop(self._opened).values())
        heapify(self._heap)
        self._first = None

    def __iter__(self) -> Iterator[Key]:
        """What is due at some time, in no order."""
        return iter(self._deadlines)

    def __contains__(self, key: Key) -> bool:
        """Whether `key` has a deadline."""
        return key in self._deadlines

    def __len__(self) -> int:
        return len(self._deadlines)
