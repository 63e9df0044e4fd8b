"""A day as it was, as storage tells it: who called, what became of him, and what the agents did when."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from acd.model import AgentId, InteractionId, QueueName, SegmentOutcome
from acd.people.agents import SIGNED_IN, LoggedOut, NotReady, tag
from acd.plan import CenterPlan
from acd.simulation.people import Break, Shift
from cti.model import NodeName

_OUT, _NOT_READY = tag(LoggedOut), tag(NotReady)


class RecordedCall(msgspec.Struct, frozen=True):
    """A caller who came to a queue. Durations are seconds; None: there was none, or it is not known."""

    interaction: InteractionId
    dialled: str
    number: str
    node: NodeName
    queue: QueueName
    """The first that he came to."""
    entered: float
    last_queue: QueueName
    """The one in which it ended, with this outcome after this wait."""
    outcome: SegmentOutcome
    wait: float
    agent: AgentId | str
    talk: float | None = None
    wrap_up: float | None = None
    pick_up: float | None = None
    missed: int = 0
    """Agents who let it ring out, or declined."""


class RecordedState(msgspec.Struct, frozen=True):
    """What an agent was from `since` to `until`; `cause` is the reason of a break, or the interaction he worked for."""

    agent: AgentId
    state: str
    cause: str
    since: float
    until: float


class RecordedDay(msgspec.Struct, frozen=True):
    """From `start` to `end`, seconds since the Unix epoch."""

    start: float
    end: float
    calls: Sequence[RecordedCall]
    """In the order of their entries."""
    states: Sequence[RecordedState]
    """Agent by agent, in order of time."""
    misses: frozenset[str]
    """Why agents were put to NotReady that day who did not take a call."""


def shifts_of(day: RecordedDay, plan: CenterPlan) -> list[Shift]:
    """When the agents of a plan worked that day: from their first Ready to their log-out, with their breaks.

    That somebody was away because he had missed a call is no break: it is for the rules to say what a miss costs.
    """
    order = {agent: place for place, agent in enumerate(plan.agents)}
    found: list[Shift] = []
    for agent, states in groupby(day.states, key=lambda state: state.agent):
        if agent in order:
            found.extend(_of_one(agent, list(states), day.misses))
    return sorted(found, key=lambda shift: (shift.start, order[shift.agent]))


def back_after(day: RecordedDay, usual: float) -> float:
    """How long an agent was away after a miss: the median of the day; `usual` if nobody missed a call."""
    lengths = sorted(
        state.until - state.since for state in day.states if state.state == _NOT_READY and state.cause in day.misses
    )
    return lengths[len(lengths) // 2] if lengths else usual


def _of_one(agent: AgentId, states: Sequence[RecordedState], misses: frozenset[str]) -> Iterator[Shift]:
    for at_work, those in groupby(states, key=lambda state: state.state != _OUT):
        if not at_work:
            continue
        stay = list(those)
        while stay and stay[0].state == _NOT_READY and stay[0].cause == SIGNED_IN:
            stay.pop(0)
        if stay:
            breaks = (
                Break(state.since, state.until - state.since, state.cause)
                for state in stay
                if state.state == _NOT_READY and state.cause not in misses and state.until > state.since
            )
            yield Shift(agent, stay[0].since, stay[-1].until, tuple(breaks))


class Difference(msgspec.Struct, frozen=True):
    """One caller, as it was and as it would have been."""

    call: RecordedCall
    queue: QueueName
    outcome: SegmentOutcome
    agent: AgentId | str
    wait: float

    def kinds(self, tolerance: float) -> Iterator[str]:
        """What would have been another: `outcome`, `queue`, `agent`; the `wait` by more than so many seconds."""
        if self.outcome is not self.call.outcome:
            yield "outcome"
        if self.queue != self.call.last_queue:
            yield "queue"
        if self.agent != self.call.agent:
            yield "agent"
        if abs(self.wait - self.call.wait) > tolerance:
            yield "wait"


KINDS: Mapping[str, str] = {
    "outcome": "another outcome",
    "queue": "another queue",
    "agent": "another agent",
    "wait": "another wait",
}
"""What `Difference.kinds` gives, in words."""
