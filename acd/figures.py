"""What the queues have done today, counted as segments end, and the ledger that proves nothing was lost.

The counts are sums over segments, never over PBX counters, so they can be taken up again after a restart from the
segments in storage. Definitions: docs/figures.md.
"""

import msgspec

from acd.model import SegmentOutcome
from acd.sketch import WaitSketch


class Tally(msgspec.Struct):
    """Sums over the closed segments of one queue. Waits are seconds."""

    answered: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    callback_requested: int = 0
    overflowed: int = 0
    withdrawn: int = 0
    failed: int = 0
    answered_in_time: int = 0
    """Answered within the queue's service level threshold."""
    callback_in_time: int = 0
    answered_wait: float = 0.0
    """Sum of the waits of answered segments."""
    waits: WaitSketch = msgspec.field(default_factory=WaitSketch)
    """Of answered segments."""

    @property
    def closed(self) -> int:
        """How many segments have an outcome."""
        return (
            self.answered
            + self.abandoned
            + self.short_abandoned
            + self.callback_requested
            + self.overflowed
            + self.withdrawn
            + self.failed
        )

    def add(self, outcome: SegmentOutcome, wait: float, threshold: float) -> None:
        """Count one more closed segment."""
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)
        if outcome is SegmentOutcome.ANSWERED:
            self.answered_wait += wait
            self.waits.add(wait)
            self.answered_in_time += wait <= threshold
        elif outcome is SegmentOutcome.CALLBACK_REQUESTED:
            self.callback_in_time += wait <= threshold

    def service_level(self) -> float | None:
        """Answered in time / (closed - short abandoned - callback in time); None before the first."""
        counted = self.closed - self.short_abandoned - self.callback_in_time
        return self.answered_in_time / counted if counted else None

    def asa(self) -> float | None:
        """Average speed of answer: mean wait of answered segments, seconds; None before the first."""
        return self.answered_wait / self.answered if self.answered else None

    def merge(self, other: "Tally") -> None:
        """Add all of another tally to this one."""
        for field in self.__struct_fields__:
            setattr(self, field, getattr(self, field) + getattr(other, field))


class QueueFigures:
    """One queue's live figures of today."""

    __slots__ = ("entered", "tally")

    def __init__(self) -> None:
        self.entered = 0
        self.tally = Tally()

    def service_level(self) -> float | None:
        """Answered in time / (closed - short abandoned - callback in time); None before the first."""
        return self.tally.service_level()

    def asa(self) -> float | None:
        """Average speed of answer: mean wait of answered segments, seconds; None before the first."""
        return self.tally.asa()

    def balanced(self, still_open: int) -> bool:
        """The ledger: what entered is what has an outcome and what is still here."""
        return self.entered == self.tally.closed + still_open

    def take_up(self, earlier: Tally) -> None:
        """Add what was closed today before this process began."""
        self.entered += earlier.closed
        self.tally.merge(earlier)

    def new_day(self, still_open: int) -> None:
        """Start again at midnight; who still waits or talks belongs to the new day."""
        self.entered = still_open
        self.tally = Tally()
