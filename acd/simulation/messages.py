"""Messages that callers have left, on a simulated day: work for agents, in which nobody is on the line.

When one is wanted and what it takes is decided before the day, as with callers; who gets it, and when, the brain says.
"""

from collections.abc import Sequence
from functools import partial

import msgspec

from acd.center import ContactCenter
from acd.events import AgentStateChanged
from acd.model import AgentId, InteractionId, QueueName, RequestId, VoicemailId
from acd.people.agents import Busy, Reserved
from acd.requests import AnswerCall, FinishWrapUp
from acd.simulation.staffing import Clock
from acd.told import TaskWanted
from cti.model import CallerId

_NOBODY = RequestId("simulated")


class LeftMessage(msgspec.Struct, frozen=True):
    """One of them."""

    about: VoicemailId
    at: float
    """When it was left, seconds since the Unix epoch."""
    queue: QueueName
    number: str
    contact: InteractionId
    """In which it was left."""
    pick_up: float
    """Seconds until the agent who is asked takes it."""
    work: float
    """Seconds from then on until it is done."""


class Messages:
    """All of a day."""

    def __init__(self, messages: Sequence[LeftMessage], center: ContactCenter, clock: Clock) -> None:
        self._messages = {one.about: one for one in messages}
        self._center = center
        self._clock = clock

    def expect(self) -> None:
        """These will be left."""
        for one in self._messages.values():
            wanted = TaskWanted(one.about, one.queue, CallerId(one.number), one.at, one.contact)
            self._clock.at(one.at, partial(self._clock.tell, wanted))

    def changed(self, event: AgentStateChanged) -> None:
        """The brain says what an agent is now."""
        state = event.state
        if not isinstance(state, Reserved | Busy):
            return
        task = self._center.tasks.get(state.interaction)
        if task is None:
            return
        message = self._messages[task.about]
        if isinstance(state, Reserved):
            self._clock.at(self._clock.now + message.pick_up, partial(self._takes, event.agent, state))
        else:
            self._clock.at(self._clock.now + message.work, partial(self._is_done, event.agent, state))

    def _takes(self, agent: AgentId, asked: Reserved) -> None:
        work = self._center.agents[agent].standing.on(asked.interaction)
        if isinstance(work, Reserved) and work.reservation == asked.reservation:
            self._clock.tell(AnswerCall(_NOBODY, agent))

    def _is_done(self, agent: AgentId, does: Busy) -> None:
        if isinstance(self._center.agents[agent].standing.on(does.interaction), Busy):
            self._clock.tell(FinishWrapUp(_NOBODY, agent, does.interaction))
