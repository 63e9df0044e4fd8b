"""What came of a simulated day: every caller's stay in a queue, and what every agent did when."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

import msgspec

from acd.model import AgentId, QueueName, SegmentOutcome
from acd.people.agents import AfterCallWork, AgentState, Busy, LoggedOut, NotReady, Ready, Reserved


class Doing(Enum):
    """What an agent is paid for at a moment."""

    HANDLING = auto()
    """Reserved, talking, writing up."""
    READY = auto()
    AWAY = auto()
    """On a break, or put to NotReady by the centre."""


class Stay(NamedTuple):
    """One caller's stay in one queue. `agent` is empty if nobody answered; times in seconds."""

    caller: int
    """Which of the day's callers."""
    queue: QueueName
    entered: float
    wait: float
    outcome: SegmentOutcome
    agent: AgentId | str
    cause: str = ""
    """Why he left it, where a rule or a key led him out."""


class Span(NamedTuple):
    """What an agent did from `since` to `until`."""

    agent: AgentId
    doing: Doing
    since: float
    until: float


class Outcome(msgspec.Struct, frozen=True):
    """A day that is over."""

    stays: Sequence[Stay]
    """In the order in which they ended."""
    spans: Sequence[Span]
    blocked: int
    """Callers who heard the busy tone of a full trunk."""
    unqueued: int
    """Callers who came to no queue: outside the opening hours."""


def doing(state: AgentState) -> Doing | None:
    """What a state counts as; None for nothing at all."""
    match state:
        case Reserved() | Busy() | AfterCallWork():
            return Doing.HANDLING
        case Ready():
            return Doing.READY
        case NotReady():
            return Doing.AWAY
        case LoggedOut():
            return None
