"""What storage tells the brain at the start of the process: what the last one knew."""

from collections.abc import Mapping, Sequence

from acd.events import CenterEvent
from acd.figures import Tally
from acd.model import AgentId, PastLeave, PastTalk, PhoneKind, QueueName
from acd.people.agents import AgentState
from acd.people.durations import PastDay
from acd.people.occupancy import PastWork
from acd.waiting.estimate import PastWait


class Restarted(CenterEvent, frozen=True):
    """At the start of the process, before anything else is remembered: the last one is known to have run until then."""

    alive: float


class AgentRemembered(CenterEvent, frozen=True):
    """At the start of the process: what an agent was when the last process ended."""

    agent: AgentId
    state: AgentState
    phone: PhoneKind


class QueuesRemembered(CenterEvent, frozen=True):
    """At the start of the process: for which queues which agents are not asked."""

    left: Mapping[AgentId, tuple[QueueName, ...]]


class FiguresRemembered(CenterEvent, frozen=True):
    """At the start of the process: what today's closed segments add up to so far."""

    figures: Mapping[QueueName, Tally]


class CallersRemembered(CenterEvent, frozen=True):
    """At the start of the process: with whom callers have talked, and who has hung up a moment ago; both in order of
    time. Said several times, with a part of it each."""

    talks: Sequence[PastTalk] = ()
    left: Sequence[PastLeave] = ()


class DayRemembered(CenterEvent, frozen=True):
    """At the start of the process: what the agents have done today before it."""

    past: Mapping[AgentId, PastDay]


class WorkRemembered(CenterEvent, frozen=True):
    """At the start of the process: how busy the agents have been in the last hour."""

    past: Mapping[AgentId, PastWork]


class WaitsRemembered(CenterEvent, frozen=True):
    """At the start of the process: how the waits of the last day came true, first the one that was over first."""

    past: Mapping[QueueName, Sequence[PastWait]]


Remembered = (
    Restarted
    | AgentRemembered
    | QueuesRemembered
    | FiguresRemembered
    | WorkRemembered
    | WaitsRemembered
    | CallersRemembered
    | DayRemembered
)
