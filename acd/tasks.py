"""Work that waits in a queue without anybody on the line: a message that a caller has left.

    waits --> offered (an agent is held, his screen asks him) --> in hand --> done
      ^          |  missed, declined                                 |
      +----------+------------- his screen is gone for long ---------+

`TaskDistribution` moves it from stage to stage.
"""

import msgspec

from acd.model import AgentId, CustomerAnswer, CustomerPending, InteractionId, QueueName, VoicemailId
from acd.reservations import Reservation
from cti.model import CallerId


class TaskWaits(msgspec.Struct, frozen=True):
    """For an agent."""


class TaskOffered(msgspec.Struct, frozen=True):
    """An agent is held for it."""

    held: Reservation


class TaskInHand(msgspec.Struct, frozen=True):
    """An agent does it."""

    agent: AgentId
    since: float


TaskStage = TaskWaits | TaskOffered | TaskInHand


class Task:
    """One of them. `id` stands where a call has its interaction."""

    __slots__ = ("about", "caller", "customer", "id", "missed_by", "queue", "since", "stage")

    def __init__(
        self,
        task: InteractionId,
        about: VoicemailId,
        queue: QueueName,
        caller: CallerId,
        since: float,
    ) -> None:
        self.id = task
        self.about = about
        self.queue = queue
        self.caller = caller
        self.since = since
        """When it was left; its place in the queue."""
        self.customer: CustomerAnswer = CustomerPending()
        self.stage: TaskStage = TaskWaits()
        self.missed_by: dict[AgentId, str] = {}
