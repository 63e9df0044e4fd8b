"""Leaves a CRM that fails alone for a while, then tries it with one question.

closed --5 failures in a row--> open --10 s--> half open (one question) --answered--> closed
                                  ^                     |
                                  +------- failed ------+
"""

import msgspec

FAILURES = 5
PAUSE = 10.0
"""Seconds."""


class Closed(msgspec.Struct, frozen=True):
    """Questions are asked; so many have failed in a row."""

    failures: int = 0


class Open(msgspec.Struct, frozen=True):
    """Nothing is asked."""

    until: float


class HalfOpen(msgspec.Struct, frozen=True):
    """One question is out; its answer decides. It counts as failed at `until`."""

    until: float


BreakerState = Closed | Open | HalfOpen


class Breaker:
    """The state for one CRM. `now` is seconds of any clock that does not go back."""

    def __init__(self) -> None:
        self.state: BreakerState = Closed()

    def allows(self, now: float) -> bool:
        """May this question be asked? If so, `succeeded` or `failed` must follow."""
        match self.state:
            case Closed():
                return True
            case Open(until) | HalfOpen(until) if now >= until:
                self.state = HalfOpen(now + PAUSE)
                return True
            case _:
                return False

    def succeeded(self) -> None:
        """A question was answered."""
        self.state = Closed()

    def failed(self, now: float) -> None:
        """A question was not answered."""
        match self.state:
            case Closed(failures) if failures + 1 < FAILURES:
                self.state = Closed(failures + 1)
            case _:
                self.state = Open(now + PAUSE)
