"""Counts of what nobody looks at until it matters; config joins them to /metrics."""

from typing import Protocol


class Counters(Protocol):
    """Something that counts. Names are of the form `ari_events`, labels take few different values."""

    def count(self, name: str, **labels: str) -> None:
        """One more."""


class Tally:
    """Counters in memory, for tests and for a look from inside."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, tuple[tuple[str, str], ...]], int] = {}

    def count(self, name: str, **labels: str) -> None:
        """One more."""
        key = (name, tuple(sorted(labels.items())))
        self.counts[key] = self.counts.get(key, 0) + 1

    def total(self, name: str) -> int:
        """All that was counted under a name, whatever the labels."""
        return sum(count for (counted, _), count in self.counts.items() if counted == name)
