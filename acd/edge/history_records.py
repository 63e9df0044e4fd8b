"""What storage tells: one interaction with all that belongs to it, and the ledger that proves that nothing was lost.

Times are seconds since the Unix epoch, UTC. What is not over yet has `ended` None.
"""

from collections.abc import Mapping

import msgspec

from acd.model import AgentId, InteractionId, PathStep, QueueName, ReservationId, SegmentId, SegmentOutcome
from acd.routing.explanation import Explanation
from cti.model import CallId


class StoredSegment(msgspec.Struct, frozen=True):
    """A stay in a queue."""

    id: SegmentId
    queue: QueueName
    entered: float
    ended: float | None
    outcome: SegmentOutcome | None
    wait: float | None
    agents: tuple[AgentId, ...]
    cause: str = ""
    """Why he left, of an overflow or a callback: a value of `OverflowCause`."""
    place: int | None = None
    """His place at entry, and the wait predicted from it; None if there was no prediction."""
    predicted: float | None = None
    told_at: float | None = None
    """When he was told a range of seconds for the first time, and the range; None if he was not."""
    told_low: float | None = None
    told_high: float | None = None
    workers: int | None = None
    """Agents at work for him at entry, where a wait was predicted."""


class StoredCallback(msgspec.Struct, frozen=True):
    """A caller who left a queue and wants to be called back."""

    segment: SegmentId
    interaction: InteractionId
    queue: QueueName
    number: str
    requested: float


class StoredReservation(msgspec.Struct, frozen=True):
    """An agent was held; `decision` says why he, and is None if the event that told it was lost."""

    id: ReservationId
    segment: SegmentId
    agent: AgentId
    made: float
    ended: float | None
    outcome: str | None
    cause: str
    decision: Explanation | None


class StoredTalk(msgspec.Struct, frozen=True):
    """Two-way audio with an agent."""

    segment: SegmentId
    agent: AgentId
    started: float
    ended: float | None
    ended_by: str | None


class StoredWrapUp(msgspec.Struct, frozen=True):
    """An agent's classification."""

    agent: AgentId
    code: str
    note: str
    at: float
    solved: bool | None = None


class StoredAction(msgspec.Struct, frozen=True):
    """What a supervisor has done; empty where it was about no agent."""

    name: str
    verb: str
    agent: AgentId
    before: str
    after: str
    at: float


class StoredVisit(msgspec.Struct, frozen=True):
    """A visit of a node of a flow (`ivr.dialogue.visits.NodeVisit`)."""

    flow: str
    version: str
    node: str
    kind: str
    entered: float
    left: float | None
    way: str
    no_inputs: int
    no_matches: int


class StoredInteraction(msgspec.Struct, frozen=True):
    """Everything about one contact, each list in order of time."""

    id: InteractionId
    call: CallId
    caller_number: str
    caller_name: str
    dialled: str
    entry_point: str
    started: float
    ended: float | None
    outcome: str | None
    cause: str
    customer: str
    path: tuple[PathStep, ...]
    segments: tuple[StoredSegment, ...]
    reservations: tuple[StoredReservation, ...]
    talks: tuple[StoredTalk, ...]
    wrap_ups: tuple[StoredWrapUp, ...]
    actions: tuple[StoredAction, ...] = ()
    visits: tuple[StoredVisit, ...] = ()
    verified: bool = False
    """Whether he has proved that he is that customer."""


class OpenInteraction(msgspec.Struct, frozen=True):
    """A contact that is not over, as far as storage knows."""

    id: InteractionId
    call: CallId
    started: float


class StateInterval(msgspec.Struct, frozen=True):
    """How long an agent was in one state. `cause` is the reason of a break, or the interaction that he worked for."""

    agent: AgentId
    state: str
    cause: str
    since: float
    ended: float | None


class QueueLedger(msgspec.Struct, frozen=True):
    """Of the segments of one queue entered in the period: how many they are, how they ended, how many have not."""

    queue: QueueName
    entered: int
    outcomes: Mapping[SegmentOutcome, int]
    still_open: int

    @property
    def balanced(self) -> bool:
        """Entries are the sum of the outcomes and of who is still there."""
        return self.entered == sum(self.outcomes.values()) + self.still_open


class Ledger(msgspec.Struct, frozen=True):
    """The books of a period. `leaks` counts rows that are open although their interaction is closed, by table."""

    queues: tuple[QueueLedger, ...]
    leaks: Mapping[str, int]

    @property
    def balanced(self) -> bool:
        """Every queue adds up and nothing leaks."""
        return all(queue.balanced for queue in self.queues) and not any(self.leaks.values())
