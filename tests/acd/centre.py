"""Drives a `ContactCenter` by hand: a clock that the test moves, and words for what callers, agents and the PBX do."""

from collections.abc import Sequence
from typing import TypeVar

from acd.calls.interactions import Interaction
from acd.center import ContactCenter, Message
from acd.floor import Output
from acd.model import AgentId, InteractionId, PhoneKind, QueueName, RequestId, VoicemailId
from acd.people.agents import AgentState
from acd.plan import CenterPlan
from acd.requests import BecomeReady, LogIn
from acd.told import DesktopConnected, TaskWanted
from cti.commands import Play, Ring
from cti.events import (
    CallArrived,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegsBridged,
    PbxSynchronized,
    PlaybackEnded,
)
from cti.model import CallerId, CallId, HangupCause, LegId
from tests.acd.company import BILLING, NODE, SERVICE_NUMBER, company

Kind = TypeVar("Kind")


class Centre:
    """A centre with a connected PBX and nobody logged in, at noon."""

    def __init__(self, plan: CenterPlan | None = None, instance: str = "t1", now: float = 1_800_000_000.0) -> None:
        self.center = ContactCenter(plan or company(), instance)
        self.now = now
        self._instance = instance
        self.said: list[Output] = []
        self._calls = 0
        self._requests = 0

    def successor(self, seconds: float = 0.0) -> "Centre":
        """The next process, some time later: it knows nothing of this one, but its calls have other names."""
        centre = type(self)(self.center.plan, f"{self._instance}'", self.now + seconds)
        centre._calls, centre._requests = self._calls, self._requests
        return centre

    # -- time and messages -----------------------------------------------------------------------------------------

    def tell(self, message: Message) -> Sequence[Output]:
        """One message, now."""
        outputs = self.center.receive(message, self.now)
        self.said.extend(outputs)
        return outputs

    def wait(self, seconds: float) -> Sequence[Output]:
        """Let time pass, with a tick at every deadline."""
        until = self.now + seconds
        outputs: list[Output] = []
        while (deadline := self.center.next_deadline()) is not None and deadline <= until:
            self.now = max(self.now, deadline)
            outputs.extend(self.tick())
        self.now = until
        self.said.extend(outputs)
        return outputs

    def tick(self) -> Sequence[Output]:
        """What is due now."""
        return self.center.tick(self.now)

    def nothing_is_due(self) -> bool:
        """Whether no deadline is left but those that go on as long as somebody is ready."""
        return {kind for kind, _ in self.center._floor.timers} <= {"busyness"}

    def last(self, kind: type[Kind]) -> Kind:
        """The latest output of that kind."""
        return [one for one in self.said if isinstance(one, kind)][-1]

    def every(self, kind: type[Kind]) -> list[Kind]:
        """All outputs of that kind, oldest first."""
        return [one for one in self.said if isinstance(one, kind)]

    # -- the PBX and callers ---------------------------------------------------------------------------------------

    def connect(self) -> Sequence[Output]:
        """The PBX is there and empty."""
        return self.tell(PbxSynchronized(NODE, ()))

    def dial(self, number: str = SERVICE_NUMBER, caller: str = "+493012345") -> LegId:
        """A call arrives; gives its leg."""
        self._calls += 1
        leg = LegId(f"{NODE}/in-{self._calls}")
        self.tell(CallArrived(CallId(leg), leg, CallerId(caller), number))
        return leg

    def press(self, leg: LegId, key: str) -> Sequence[Output]:
        """The caller presses a key."""
        return self.tell(KeyPressed(leg, key))

    def prompt_ends(self, leg: LegId) -> Sequence[Output]:
        """The prompt that was started last comes to its end."""
        return self.tell(PlaybackEnded(leg, [p for p in self.every(Play) if p.leg == leg][-1].playback))

    def call_billing(self) -> LegId:
        """A caller who presses 1 and is in the billing queue."""
        leg = self.dial()
        self.press(leg, "1")
        return leg

    def leave(self, about: str, queue: QueueName = BILLING, before: float = 0.0) -> Sequence[Output]:
        """A message that a caller left so many seconds ago can be heard."""
        contact, caller = InteractionId(f"of-{about}"), CallerId("+493012345", "Ann")
        return self.tell(TaskWanted(VoicemailId(about), queue, caller, self.now - before, contact))

    def answer(self, ring: Ring | None = None) -> Sequence[Output]:
        """The phone that rings (last) is picked up."""
        return self.tell(LegAnswered((ring or self.last(Ring)).leg))

    def connect_call(self, customer: LegId) -> Ring:
        """The phone that rings is picked up and there is two-way audio."""
        ring = self.last(Ring)
        self.answer(ring)
        self.tell(LegsBridged(ring.call, (customer, ring.leg)))
        return ring

    def hang_up(self, leg: LegId, cause: HangupCause = HangupCause.NORMAL) -> Sequence[Output]:
        """A leg ends."""
        return self.tell(LegEnded(leg, cause))

    def interaction(self, leg: LegId) -> Interaction:
        """The one interaction of that customer leg."""
        (found,) = [one for one in self.center.interactions.values() if one.leg == leg]
        return found

    # -- agents ----------------------------------------------------------------------------------------------------

    def request_id(self) -> RequestId:
        """A new one."""
        self._requests += 1
        return RequestId(f"q{self._requests}")

    def ready(self, *names: str) -> None:
        """These agents log in at their desk phone and say Ready."""
        for name in names:
            self.tell(DesktopConnected(AgentId(name)))
            self.tell(LogIn(self.request_id(), AgentId(name), PhoneKind.DESK))
            self.tell(BecomeReady(self.request_id(), AgentId(name)))

    def state(self, name: str) -> AgentState:
        """What the agent is doing."""
        return self.center.agents[AgentId(name)].state

    def waiting(self, queue: str) -> tuple[InteractionId, ...]:
        """Who is in that queue."""
        (found,) = [one for one in self.center.queues.values() if one.plan.name == queue]
        return found.waiting
