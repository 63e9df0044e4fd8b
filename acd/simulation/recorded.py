"""A day as it was, as storage tells it: who called, what became of him, and what the agents did when."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

import msgspec

from acd.model import AgentId, InteractionId, OverflowCause, PhoneKind, QueueName, SegmentOutcome
from acd.people.agents import DOWN, AfterCallWork, Busy, LoggedOut, NotReady, Ready, Reserved, tag
from acd.people.occupancy import PastWork
from acd.plan import AgentPlan
from acd.simulation.messages import LeftMessage
from acd.simulation.people import Break, Shift
from cti.model import NodeName

_NOT_READY, _READY, _RESERVED = tag(NotReady), tag(Ready), tag(Reserved)
_AWAY = {tag(LoggedOut), DOWN}
_WORKING = {tag(Busy), tag(AfterCallWork)}

_UNRULED = {SegmentOutcome.CALLBACK_REQUESTED, SegmentOutcome.WITHDRAWN, SegmentOutcome.FAILED}

SOONER = 0.002
"""Seconds by which a break and the way home are wished for before they began: who went on a break when his call was
over had wished for it before, and would get another call otherwise if the clocks differ by a hair."""

OTHER_WORK = "other work"
"""What an agent does, in the replay, who had a call or a task in hand then that is not replayed."""


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
    stayed: float = 0.0
    """From his first entry to the end of his last wait."""
    talk: float | None = None
    wrap_up: float | None = None
    pick_up: float | None = None
    connect: float = 0.0
    """From the agent's answer to two-way audio."""
    rang: float = 0.0
    """For how long a phone rang for him that was not answered before he left."""
    cause: str = ""
    """Why he left the last queue, where a rule or a key led him out."""
    missed: tuple[float, ...] = ()
    """Of each agent who did not take it, how long it rang until he declined; infinite: it rang out."""

    @property
    def left_by_himself(self) -> bool:
        """Whether he left it for what no rule decides: a key, or a fault of the lines."""
        return self.outcome in _UNRULED or self.cause == OverflowCause.KEY.value


class RecordedState(msgspec.Struct, frozen=True):
    """What an agent was from `since` to `until`; `cause` is the reason of a break, or the interaction he worked for."""

    agent: AgentId
    state: str
    cause: str
    since: float
    until: float
    phone: PhoneKind | None = None


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
    messages: Mapping[InteractionId, LeftMessage] = {}
    """What callers had left and agents have seen to that day, by the task as which an agent had it in hand."""
    past: Mapping[AgentId, PastWork] = {}
    """What those who were at work at the start had done before."""


def shifts_of(day: RecordedDay, agents: Mapping[AgentId, AgentPlan]) -> list[Shift]:
    """When these agents worked that day: from their log-in to their log-out, with their breaks.

    That somebody was away because he had missed a call is no break: it is for the rules to say what a miss costs. That
    he had a call or a task in hand which is not among the day's calls is one.
    """
    order = {agent: place for place, agent in enumerate(agents)}
    answered: dict[str, AgentId | str] = {call.interaction: call.agent for call in day.calls}
    messages = set(day.messages)
    found: list[Shift] = []
    for agent, states in groupby(day.states, key=lambda state: state.agent):
        if agent in order:
            found.extend(_of_one(day, agent, list(states), answered | dict.fromkeys(messages, agent)))
    return sorted(found, key=lambda shift: (shift.start, order[shift.agent]))


def back_after(day: RecordedDay, usual: float) -> float:
    """How long an agent was away after a miss: the median of the day; `usual` if nobody missed a call."""
    lengths = sorted(state.until - state.since for state in day.states if _is_miss(day, state))
    return lengths[len(lengths) // 2] if lengths else usual


def _is_miss(day: RecordedDay, state: RecordedState) -> bool:
    return state.state == _NOT_READY and state.cause in day.misses


def _of_one(
    day: RecordedDay, agent: AgentId, states: Sequence[RecordedState], answered: Mapping[str, AgentId | str]
) -> Iterator[Shift]:
    for at_work, those in groupby(states, key=lambda state: state.state not in _AWAY):
        stay = list(those)
        begun = next((place for place, state in enumerate(stay) if state.state != _NOT_READY), None)
        if not at_work or begun is None:
            continue
        work = stay[begun:]
        before = stay[0].since <= day.start
        yield Shift(
            agent,
            stay[0].since,
            max(stay[-1].until - SOONER, stay[0].since),
            tuple(_breaks(day, work, answered)),
            work[0].since - stay[0].since,
            stay[0].phone,
            tuple(state.until - state.since for state in work if _is_miss(day, state)),
            day.past.get(agent) if before else None,
        )


def _breaks(
    day: RecordedDay, states: Sequence[RecordedState], answered: Mapping[str, AgentId | str]
) -> Iterator[Break]:
    """One after the other; each has its own reason, also where they follow at once."""
    lasting = [state for state in states if state.until > state.since]
    for previous, state in pairwise([None, *lasting]):
        if state is None:
            continue
        if state.state == _NOT_READY and not _is_miss(day, state):
            reason = state.cause
        elif _is_other_work(state, answered):
            reason = OTHER_WORK
        else:
            continue
        from_ready = previous is None or previous.state == _READY
        yield Break(state.since - (0.0 if from_ready else SOONER), state.until - state.since, reason)


def _is_other_work(state: RecordedState, answered: Mapping[str, AgentId | str]) -> bool:
    if state.state == _RESERVED:
        return state.cause not in answered
    return state.state in _WORKING and answered.get(state.cause) != state.agent
