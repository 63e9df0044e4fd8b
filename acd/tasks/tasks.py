"""Work that waits in a queue without anybody on the line: a message that a caller has left.

    waits --> offered (an agent is held, his screen asks him) --> in hand --> done
      ^          |  missed, declined                                 |
      +----------+---- given back, his screen is gone for long ------+

`TaskDistribution` moves it from stage to stage.
"""

from collections.abc import Iterable, Mapping

import msgspec

from acd.calls.interactions import WrapUp
from acd.calls.reservations import Reservation
from acd.model import AgentId, CustomerAnswer, CustomerPending, InteractionId, QueueName, VoicemailId
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

    __slots__ = (
        "about",
        "caller",
        "contact",
        "customer",
        "id",
        "missed_by",
        "queue",
        "returned_by",
        "since",
        "stage",
        "wrap_up",
    )

    def __init__(
        self,
        task: InteractionId,
        about: VoicemailId,
        queue: QueueName,
        caller: CallerId,
        since: float,
        contact: InteractionId,
    ) -> None:
        self.id = task
        self.about = about
        self.contact = contact
        """In which it was left; what is written about the task is written there."""
        self.queue = queue
        self.caller = caller
        self.since = since
        """When it was left; its place in the queue."""
        self.customer: CustomerAnswer = CustomerPending()
        self.stage: TaskStage = TaskWaits()
        self.missed_by: dict[AgentId, str] = {}
        self.returned_by: dict[AgentId, None] = {}
        """Who has given it back, and is not asked for it for a while."""
        self.wrap_up = WrapUp()


class Backlog(msgspec.Struct, frozen=True):
    """The tasks of a queue that nobody has in hand."""

    count: int
    oldest: float
    """When the first of them was left."""


def backlogs(tasks: Iterable[Task]) -> Mapping[QueueName, Backlog]:
    """Of each queue that has any."""
    found: dict[QueueName, Backlog] = {}
    for task in tasks:
        if not isinstance(task.stage, TaskInHand):
            of = found.get(task.queue, Backlog(0, task.since))
            found[task.queue] = Backlog(of.count + 1, min(of.oldest, task.since))
    return found
