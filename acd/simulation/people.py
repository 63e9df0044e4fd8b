"""Who takes part in a simulated day: callers with what they will do, agents with when they work.

All that chance decides about a caller is decided before the day begins and stands in his `Caller`. So two centres can
be run with the very same callers, and what then differs between them is the centres' own.
"""

import math

import msgspec

from acd.model import AgentId, PhoneKind, QueueName
from acd.people.occupancy import PastWork
from cti.model import NodeName


class Caller(msgspec.Struct, frozen=True):
    """One caller. Durations are seconds."""

    at: float
    """When he enters his queue, seconds since the Unix epoch."""
    entry_point: str
    """The number that he dials."""
    queue: QueueName
    """Where the flow leads him."""
    talk: float
    """How long he and the agent talk, whoever the agent is."""
    patience: float = math.inf
    """How long he waits before he hangs up."""
    wrap_up: float = 0.0
    """How long the agent needs afterwards; the queue's own limit ends it sooner."""
    pick_up: float = 0.0
    """From the ring to the agent's answer."""
    connect: float = 0.0
    """From the agent's answer to two-way audio."""
    missed: tuple[float, ...] = ()
    """How long it rings at each agent who does not take his call, before one answers; infinite: it rings out, a length:
    he declines."""
    kind: str = ""
    """What sort of call it is, for reports."""
    number: str = ""
    """His telephone number; empty: a new one."""
    node: NodeName = NodeName("")
    """The PBX that he comes to; empty: the one with most of the agents' phones."""


class Break(msgspec.Struct, frozen=True):
    """An agent does not work from `start` on (or from the end of the call that he has then) for `length` seconds."""

    start: float
    length: float
    reason: str


class Shift(msgspec.Struct, frozen=True):
    """When an agent works. Times are seconds since the Unix epoch."""

    agent: AgentId
    start: float
    end: float
    breaks: tuple[Break, ...] = ()
    ready_after: float = 0.0
    """Seconds from his log-in to his first Ready."""
    phone: PhoneKind | None = None
    """Which of his phones he takes; None: his first."""
    returns: tuple[float, ...] = ()
    """Seconds after which he says Ready again, for each call that he misses, in turn; then as is usual (`Habits`)."""
    past: PastWork | None = None
    """What he did before; None: nothing."""


class Habits(msgspec.Struct, frozen=True):
    """What holds for everybody in a simulated day."""

    back_after: float = 30.0
    """Seconds after which an agent who let a call ring out says Ready again."""
    prompt: float = 5.0
    """Seconds that a prompt takes."""
    lines: int = 0
    """Calls that the trunk can carry at once: who calls beyond hears the busy tone. 0: as many as there are."""
