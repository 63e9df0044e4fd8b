"""How long an agent has been in each state today."""

from collections.abc import Mapping
from typing import get_args

import msgspec

from acd.people.agents import AfterCallWork, AgentState, Busy, LoggedOut, Ready, Reserved, tag

_TAGS: Mapping[type[AgentState], str] = {kind: tag(kind) for kind in get_args(AgentState)}
_WORK = frozenset({tag(Reserved), tag(Busy), tag(AfterCallWork)})
_READY, _OUT = tag(Ready), tag(LoggedOut)


class PastDay(msgspec.Struct, frozen=True):
    """What an agent had done today when this process began."""

    times: Mapping[str, float]
    """Seconds by state."""
    handled: int = 0
    """Talks."""
    talked: float = 0.0
    """Seconds, of talks that were over."""


class Durations:
    """Seconds by state. They begin anew at midnight."""

    __slots__ = ("_since", "_state", "over")

    def __init__(self) -> None:
        self.over: dict[str, float] = {}
        """Of stays that are over."""
        self._state = _OUT
        self._since = 0.0

    @property
    def since(self) -> float:
        """When the present stay began, or the day if that is later; 0 if he has not been here yet."""
        return self._since

    def change(self, state: AgentState, now: float) -> None:
        """He is in this state from now on."""
        self._end(now)
        self._state, self._since = _TAGS[type(state)], now

    def new_day(self, now: float) -> None:
        """It is midnight."""
        self.over = {}
        self._since = now if self._since else 0.0

    def take_up(self, earlier: Mapping[str, float]) -> None:
        """Add what was before this process."""
        for state, seconds in earlier.items():
            self.over[state] = self.over.get(state, 0.0) + seconds

    def until(self, now: float) -> dict[str, float]:
        """With the present stay."""
        running = max(0.0, now - self._since) if self._since else 0.0
        return {**self.over, self._state: self.over.get(self._state, 0.0) + running}

    def _end(self, now: float) -> None:
        if self._since:
            self.over[self._state] = self.over.get(self._state, 0.0) + max(0.0, now - self._since)


def worked_and_staffed(seconds: dict[str, float]) -> tuple[float, float]:
    """Seconds of reserved to wrap-up, and of those and idle readiness: their quotient is the occupancy."""
    worked = sum(time for state, time in seconds.items() if state in _WORK)
    return worked, worked + seconds.get(_READY, 0.0)
