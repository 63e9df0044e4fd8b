"""One simulated day: the real brain on a virtual clock, and around it a PBX that does at once what it is told.

Nothing here decides who gets a call: the brain does, by the same messages as in production. What happens next is in a
heap of things to come, beside the brain's own deadlines; the clock jumps from one to the next.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from heapq import heappop, heappush
from typing import Any

from acd.center import ContactCenter, Message
from acd.events import AgentStateChanged, InteractionClosed, InteractionStarted, SegmentClosed
from acd.floor import Output
from acd.model import InteractionId
from acd.plan import AgentPlan, CenterPlan
from acd.revision import Revision, RevisionId
from acd.simulation.messages import LeftMessage, Messages
from acd.simulation.outcome import Outcome, Stay
from acd.simulation.people import Caller, Habits, Shift
from acd.simulation.shortcuts import Way, has_way, with_shortcuts
from acd.simulation.staffing import GOING_HOME, Staff
from acd.told import PlanChanged
from cti.commands import Bridge, HangUp, Play, ReturnToDialplan, Ring, StopPlayback
from cti.events import CallArrived, LegAnswered, LegEnded, LegReturned, LegsBridged, PbxSynchronized, PlaybackEnded
from cti.model import CallerId, CallId, HangupCause, LegId, NodeName, PlaybackId

PATIENT = 2 * 3600.0
"""Seconds after the last arrival and the last shift, when whoever still waits hangs up: nobody will come."""

_REVISION = Revision(RevisionId("simulated"), "", "", {})

Hear = Callable[[Output], None]
"""Told of everything that the brain says, such as storage is."""


class _Line:
    """A caller on the telephone."""

    __slots__ = ("caller", "index", "rings", "talking")

    def __init__(self, index: int, caller: Caller) -> None:
        self.index = index
        self.caller = caller
        self.rings = 0
        self.talking = False


class World:
    """Everything of one day but the brain. `hear` is told what the brain says.

    `later`: plans that take the first one's place during the day, each with the time from which on it is in force. A
    caller's way must be one of the plan that is in force when he comes.
    """

    def __init__(
        self,
        plan: CenterPlan,
        callers: Sequence[Caller],
        shifts: Sequence[Shift],
        habits: Habits = Habits(),  # noqa: B008 - frozen
        hear: Hear | None = None,
        later: Sequence[tuple[float, CenterPlan]] = (),
        messages: Sequence[LeftMessage] = (),
    ) -> None:
        ways = sorted({Way(caller.entry_point, caller.queue) for caller in callers})
        reasons = [GOING_HOME, *(pause.reason for shift in shifts for pause in shift.breaks)]
        plans = [
            with_shortcuts(one, [way for way in ways if has_way(one, way)], reasons)
            for one in (plan, *(other for _, other in later))
        ]
        self.center = ContactCenter(plans[0], "simulated")
        self.now = min([*(caller.at for caller in callers[:1]), *(shift.start for shift in shifts)], default=0.0)
        self._node = most_common_node(plan)
        self._callers = callers
        self._habits = habits
        self._hear = hear
        self._todo: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = 0
        self._lines: dict[LegId, _Line] = {}
        self._rung: set[LegId] = set()
        self._prompts: dict[PlaybackId, LegId] = {}
        self._who: dict[InteractionId, _Line] = {}
        self._by_call: dict[CallId, _Line] = {}
        self._stays: list[Stay] = []
        self._blocked = 0
        self._queued: set[int] = set()
        agents = {name: agent for one in plans for name, agent in one.agents.items()}
        self._staff = Staff(agents, habits, self)
        self._messages = Messages(messages, self.center, self)
        self._does: Mapping[type, Callable[[Any], None]] = {
            Ring: self._ring,
            Bridge: self._bridge,
            HangUp: self._hang_up,
            ReturnToDialplan: self._return,
            Play: self._play,
            StopPlayback: self._stop,
            InteractionStarted: self._started,
            InteractionClosed: self._closed,
            SegmentClosed: self._stayed,
            AgentStateChanged: self._agent_changed,
        }
        for (at, _), other in zip(later, plans[1:], strict=True):
            self.at(at, partial(self.tell, PlanChanged(other, _REVISION)))
        self._begin(agents.values(), shifts)

    # -- time ------------------------------------------------------------------------------------------------------

    def tell(self, message: Message) -> None:
        """Tell the brain, and do what it says."""
        self._follow(self.center.receive(message, self.now))

    def at(self, when: float, do: Callable[[], None]) -> None:
        """Something to come; what is due at once comes in the order in which it was said."""
        self._serial += 1
        heappush(self._todo, (max(when, self.now), self._serial, do))

    def run(self, tell_progress: Callable[[int], None] | None = None) -> Outcome:
        """The whole day. `tell_progress` gets the number of callers who have come, now and then."""
        todo, center = self._todo, self.center
        steps = 0
        while todo:
            deadline = center.next_deadline()
            if deadline is None or todo[0][0] <= deadline:
                self.now, _, do = heappop(todo)
                do()
            else:
                self.now = max(self.now, deadline)
                self._follow(center.tick(self.now))
            steps += 1
            if tell_progress is not None and steps % 1000 == 0:
                tell_progress(self._arrived)
        self._staff.close()
        unqueued = len(self._callers) - self._blocked - len(self._queued)
        return Outcome(self._stays, self._staff.spans, self._blocked, unqueued)

    def caller_of(self, interaction: InteractionId) -> int:
        """Which of the callers an interaction is that is not over. Raises `KeyError`."""
        return self._who[interaction].index

    def _begin(self, agents: Iterable[AgentPlan], shifts: Sequence[Shift]) -> None:
        self._arrived = 0
        nodes = {phone.node for agent in agents for phone in agent.phones}
        nodes |= {caller.node for caller in self._callers if caller.node}
        for node in sorted(nodes | {self._node}):
            self.tell(PbxSynchronized(node, ()))
        self._staff.expect(shifts)
        self._messages.expect()
        ends = [shift.end for shift in shifts] + [caller.at for caller in self._callers[-1:]]
        self.at(max(ends, default=self.now) + PATIENT, self._night)
        self._await_next()

    def _follow(self, outputs: Sequence[Output]) -> None:
        does = self._does
        for one in outputs:
            if (do := does.get(type(one))) is not None:
                do(one)
        if self._hear is not None:
            for one in outputs:
                self._hear(one)

    # -- callers ---------------------------------------------------------------------------------------------------

    def _await_next(self) -> None:
        if self._arrived < len(self._callers):
            self.at(self._callers[self._arrived].at, self._arrive)

    def _arrive(self) -> None:
        index = self._arrived
        caller = self._callers[index]
        self._arrived += 1
        self._await_next()
        if self._habits.lines and len(self._lines) >= self._habits.lines:
            self._blocked += 1
            return
        leg = LegId(f"{caller.node or self._node}/in-{index}")
        line = self._lines[leg] = _Line(index, caller)
        self._by_call[CallId(leg)] = line
        number = caller.number or f"+999{index:08d}"
        way = Way(caller.entry_point, caller.queue)
        if caller.patience < math.inf:
            self.at(self.now + caller.patience, lambda: self._gives_up(leg))
        self.tell(CallArrived(CallId(leg), leg, CallerId(number), way.number))

    def _gives_up(self, leg: LegId) -> None:
        line = self._lines.get(leg)
        if line is not None and not line.talking:
            self._leaves(leg)

    def _leaves(self, leg: LegId) -> None:
        if self._lines.pop(leg, None) is not None:
            self.tell(LegEnded(leg, HangupCause.NORMAL))

    def _night(self) -> None:
        for leg in list(self._lines):
            self._leaves(leg)

    # -- the PBX ---------------------------------------------------------------------------------------------------

    def _ring(self, command: Ring) -> None:
        line = self._by_call[command.call]
        leg = command.leg
        self._rung.add(leg)
        missed = line.caller.missed
        line.rings += 1
        if line.rings > len(missed):
            self.at(self.now + line.caller.pick_up, lambda: self._pick_up(leg))
        elif missed[line.rings - 1] < math.inf:
            self.at(self.now + missed[line.rings - 1], lambda: self._decline(leg))

    def _pick_up(self, leg: LegId) -> None:
        if leg in self._rung:
            self.tell(LegAnswered(leg))

    def _decline(self, leg: LegId) -> None:
        if leg in self._rung:
            self._rung.discard(leg)
            self.tell(LegEnded(leg, HangupCause.REJECTED))

    def _bridge(self, command: Bridge) -> None:
        line = self._lines.get(command.leg)
        if line is None:
            return
        heard = self.now + line.caller.connect
        self.at(heard, lambda: self.tell(LegsBridged(command.call, (command.leg, *command.others))))
        if not line.talking:
            line.talking = True
            self.at(heard + line.caller.talk, lambda: self._leaves(command.leg))

    def _hang_up(self, command: HangUp) -> None:
        leg = command.leg
        if leg in self._rung or leg in self._lines:
            self._rung.discard(leg)
            self._lines.pop(leg, None)
            self.at(self.now, lambda: self.tell(LegEnded(leg, command.cause)))

    def _return(self, command: ReturnToDialplan) -> None:
        """Somebody outside has him: he is nobody's caller any more."""
        if self._lines.pop(command.leg, None) is not None:
            self.at(self.now, lambda: self.tell(LegReturned(command.leg)))

    def _play(self, command: Play) -> None:
        self._prompts[command.playback] = command.leg
        self.at(self.now + self._habits.prompt, lambda: self._prompt_over(command.playback))

    def _stop(self, command: StopPlayback) -> None:
        self.at(self.now, lambda: self._prompt_over(command.playback))

    def _prompt_over(self, playback: PlaybackId) -> None:
        leg = self._prompts.pop(playback, None)
        if leg is not None and leg in self._lines:
            self.tell(PlaybackEnded(leg, playback))

    # -- what the brain tells --------------------------------------------------------------------------------------

    def _started(self, event: InteractionStarted) -> None:
        self._who[event.interaction] = self._by_call[event.call]

    def _closed(self, event: InteractionClosed) -> None:
        self._who.pop(event.interaction, None)
        self._by_call.pop(event.call, None)

    def _stayed(self, event: SegmentClosed) -> None:
        index = self._who[event.interaction].index
        self._queued.add(index)
        agent = event.agents[0] if event.agents else ""
        self._stays.append(Stay(index, event.queue, event.entered, event.wait, event.outcome, agent, event.cause))

    def _agent_changed(self, event: AgentStateChanged) -> None:
        self._staff.changed(event, self._wrap_up_of)
        self._messages.changed(event)

    def _wrap_up_of(self, interaction: InteractionId) -> float:
        line = self._who.get(interaction)
        return line.caller.wrap_up if line is not None else 0.0


def most_common_node(plan: CenterPlan) -> NodeName:
    """The PBX at which most agents have their first phone."""
    nodes = Counter(agent.phones[0].node for agent in plan.agents.values())
    return nodes.most_common(1)[0][0] if nodes else NodeName("pbx1")
